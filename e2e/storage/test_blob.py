"""The unmodified azure-storage-blob against the Blob service.

Environment: AZURE_STORAGE_CONNECTION_STRING (`atelier env` prints it) and REQUESTS_CA_BUNDLE. Optional:
ATELIER_BLOB_URL, the account's address in another form, and ATELIER_TOKEN, a bearer token.
"""

import base64
import datetime
import hashlib
import os
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from azure.core import MatchConditions
from azure.core.credentials import AccessToken
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.storage.blob import (
    AccountSasPermissions,
    BlobBlock,
    BlobClient,
    BlobServiceClient,
    ContainerClient,
    ContainerSasPermissions,
    BlobSasPermissions,
    ContentSettings,
    ResourceTypes,
    generate_account_sas,
    generate_blob_sas,
    generate_container_sas,
)

CONNECTION = os.environ["AZURE_STORAGE_CONNECTION_STRING"]
PARTS = dict(part.split("=", 1) for part in CONNECTION.strip(";").split(";"))
KEY = PARTS["AccountKey"]
ACCOUNT = PARTS["AccountName"]
ENDPOINT = PARTS["BlobEndpoint"]
MIB = 1 << 20


def hour():
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)


@pytest.fixture(scope="module")
def service():
    with BlobServiceClient.from_connection_string(CONNECTION) as client:
        yield client


@pytest.fixture
def container(service):
    client = service.create_container("e2e-" + uuid.uuid4().hex)
    yield client
    client.delete_container()


def test_a_small_blob_comes_back_as_it_went(container):
    blob = container.get_blob_client("folder/a.txt")
    blob.upload_blob(
        b"hello",
        metadata={"Upload_Status": "completed"},
        content_settings=ContentSettings(content_type="text/plain", cache_control="no-cache"),
    )
    assert blob.download_blob().readall() == b"hello"
    properties = blob.get_blob_properties()
    assert properties.size == 5
    assert properties.metadata == {"upload_status": "completed"}
    assert properties.content_settings.content_type == "text/plain"
    assert properties.content_settings.cache_control == "no-cache"
    assert bytes(properties.content_settings.content_md5) == hashlib.md5(b"hello").digest()


def test_an_empty_blob(container):
    blob = container.upload_blob("empty", b"")
    assert blob.download_blob().readall() == b""
    assert blob.get_blob_properties().size == 0


def test_a_large_blob_goes_up_in_blocks_and_comes_back_in_ranges(container, tmp_path):
    source = tmp_path / "large.bin"
    chunk = os.urandom(MIB)
    with source.open("wb") as out:
        for i in range(70):
            out.write(i.to_bytes(4, "big") + chunk[4:])
    blob = container.get_blob_client("large.bin")
    with source.open("rb") as data:
        blob.upload_blob(data, max_concurrency=4)
    committed, uncommitted = blob.get_block_list("all")
    assert len(committed) > 10 and not uncommitted
    assert sum(block.size for block in committed) == 70 * MIB
    digest = hashlib.sha256()
    for part in blob.download_blob(max_concurrency=4).chunks():
        digest.update(part)
    assert digest.hexdigest() == hashlib.sha256(source.read_bytes()).hexdigest()
    # A range over the border of two blocks.
    size = committed[0].size
    whole = source.read_bytes()
    assert blob.download_blob(offset=size - 3, length=10).readall() == whole[size - 3 : size + 7]


def test_no_overwriting_unless_asked(container):
    blob = container.upload_blob("once", b"1")
    with pytest.raises(ResourceExistsError):
        blob.upload_blob(b"2")
    with pytest.raises(ResourceExistsError):
        blob.upload_blob(b"x" * (65 * MIB))  # by blocks
    blob.upload_blob(b"22", overwrite=True)
    assert blob.download_blob().readall() == b"22"


def test_conditions(container):
    blob = container.upload_blob("c", b"1")
    first = blob.get_blob_properties().etag
    blob.upload_blob(b"2", overwrite=True)
    with pytest.raises(ResourceModifiedError):
        blob.upload_blob(b"3", overwrite=True, etag=first, match_condition=MatchConditions.IfNotModified)
    with pytest.raises(ResourceModifiedError):
        blob.download_blob(etag=first, match_condition=MatchConditions.IfNotModified)
    current = blob.get_blob_properties().etag
    with pytest.raises(HttpResponseError) as error:
        blob.get_blob_properties(etag=current, match_condition=MatchConditions.IfModified)
    assert error.value.status_code == 304
    blob.delete_blob(etag=current, match_condition=MatchConditions.IfNotModified)


def test_one_of_many_racing_writers_wins(container):
    def write(i):
        try:
            container.upload_blob("race", str(i).encode())
            return str(i)
        except ResourceExistsError:
            return None

    with ThreadPoolExecutor(8) as pool:
        winners = [w for w in pool.map(write, range(16)) if w is not None]
    assert len(winners) == 1
    assert container.download_blob("race").readall() == winners[0].encode()


def test_listing_by_pages_and_by_folders(container):
    for name in ["a/1", "a/2", "a/b/3", "c", "d/4", "é", "z"]:
        container.upload_blob(name, b"x", metadata={"n": "1"})
    assert [b.name for b in container.list_blobs()] == ["a/1", "a/2", "a/b/3", "c", "d/4", "z", "é"]
    assert [b.name for b in container.list_blobs(name_starts_with="a/")] == ["a/1", "a/2", "a/b/3"]
    assert all(b.metadata == {"n": "1"} for b in container.list_blobs(include="metadata"))
    # The SDK puts the folders of a page before its blobs.
    assert sorted(b.name for b in container.walk_blobs()) == ["a/", "c", "d/", "z", "é"]
    pages = container.list_blobs(results_per_page=3).by_page()
    assert [len(list(page)) for page in pages] == [3, 3, 1]
    pages = container.walk_blobs(results_per_page=2).by_page()
    assert [[b.name for b in page] for page in pages] == [["a/", "c"], ["d/", "z"], ["é"]]


def test_odd_names(container):
    names = [
        "a b+c%20d&e=f?g#h",
        "x//y///z",
        "dots.../.hidden",
        "ünï/文件/😀",
        "a\\b:c*d|e<f>\"g'h",
        "/leading",
        "trailing/",
        "n" * 1024,
        "ctrl\x01\x1f",
    ]
    for name in names:
        client = container.get_blob_client(name)
        client.upload_blob(name.encode())
        assert client.download_blob().readall() == name.encode()
    assert sorted(b.name for b in container.list_blobs()) == sorted(names)
    for name in names:
        container.delete_blob(name)
    assert list(container.list_blobs()) == []


def test_properties_and_metadata_are_replaced(container):
    blob = container.upload_blob("p", b"1", metadata={"a": "1"})
    blob.set_blob_metadata({"b": "2"})
    blob.set_http_headers(ContentSettings(content_type="text/csv", content_encoding="gzip"))
    properties = blob.get_blob_properties()
    assert properties.metadata == {"b": "2"}
    assert properties.content_settings.content_type == "text/csv"
    assert properties.content_settings.content_encoding == "gzip"
    container.set_container_metadata({"owner": "me"})
    assert container.get_container_properties().metadata == {"owner": "me"}


def test_block_lists(container):
    blob = container.get_blob_client("blocks")
    for i in "abc":
        blob.stage_block(i, i.encode() * 3)
    blob.commit_block_list([BlobBlock("b"), BlobBlock("a")])
    assert blob.download_blob().readall() == b"bbbaaa"
    blob.stage_block("d", b"dd")
    blob.commit_block_list([BlobBlock("a"), BlobBlock("d"), BlobBlock("a")])
    assert blob.download_blob().readall() == b"aaaddaaa"
    with pytest.raises(HttpResponseError) as error:
        blob.commit_block_list([BlobBlock("c")])
    assert error.value.error_code == "InvalidBlockList"


def test_deleted_is_gone(container):
    blob = container.upload_blob("gone", b"1")
    blob.delete_blob()
    assert not blob.exists()
    with pytest.raises(ResourceNotFoundError):
        blob.download_blob()
    with pytest.raises(ResourceNotFoundError):
        blob.delete_blob()


def test_copy_within_the_account(container):
    source = container.upload_blob("from", b"copy me", metadata={"k": "v"})
    target = container.get_blob_client("to/é")
    assert target.start_copy_from_url(source.url)["copy_status"] == "success"
    assert target.download_blob().readall() == b"copy me"
    assert target.get_blob_properties().metadata == {"k": "v"}
    staged = container.get_blob_client("staged")
    staged.stage_block_from_url("1", source.url, source_offset=0, source_length=4)
    staged.commit_block_list([BlobBlock("1")])
    assert staged.download_blob().readall() == b"copy"


def test_a_wrong_md5_keeps_nothing(container):
    blob = container.get_blob_client("checked")
    blob.upload_blob(b"abc", validate_content=True)
    assert blob.download_blob(validate_content=True).readall() == b"abc"
    wrong = base64.b64encode(hashlib.md5(b"other").digest()).decode()
    with pytest.raises(HttpResponseError) as error:
        container.upload_blob("wrong", b"abc", headers={"Content-MD5": wrong})
    assert error.value.error_code == "Md5Mismatch"
    assert not container.get_blob_client("wrong").exists()


def test_a_container_signature_opens_that_container_only(service, container):
    sas = generate_container_sas(
        ACCOUNT,
        container.container_name,
        account_key=KEY,
        permission=ContainerSasPermissions(read=True, write=True, list=True),
        expiry=hour(),
    )
    client = ContainerClient(ENDPOINT, container.container_name, credential=sas)
    client.upload_blob("s", b"1")
    assert client.download_blob("s").readall() == b"1"
    assert [b.name for b in client.list_blobs()] == ["s"]
    with pytest.raises(HttpResponseError) as error:
        client.delete_blob("s")
    assert error.value.status_code == 403
    elsewhere = ContainerClient(ENDPOINT, "e2e-other", credential=sas)
    with pytest.raises(ClientAuthenticationError):
        list(elsewhere.list_blobs())


def test_a_blob_signature_reads_one_blob_and_ends(container):
    blob = container.upload_blob("one é", b"1")
    container.upload_blob("two", b"2")

    def signed(name, expiry):
        sas = generate_blob_sas(
            ACCOUNT,
            container.container_name,
            name,
            account_key=KEY,
            permission=BlobSasPermissions(read=True),
            expiry=expiry,
            content_disposition="attachment",
        )
        return sas

    good = BlobClient.from_blob_url(blob.url + "?" + signed("one é", hour()))
    assert good.download_blob().readall() == b"1"
    with pytest.raises(HttpResponseError):
        good.upload_blob(b"2", overwrite=True)
    other = container.get_blob_client("two")
    with pytest.raises(ClientAuthenticationError):
        BlobClient.from_blob_url(other.url + "?" + signed("one é", hour())).download_blob()
    past = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=1)
    with pytest.raises(ClientAuthenticationError):
        BlobClient.from_blob_url(blob.url + "?" + signed("one é", past)).download_blob()


def test_an_account_signature(service):
    sas = generate_account_sas(
        ACCOUNT,
        KEY,
        resource_types=ResourceTypes(service=True, container=True, object=True),
        permission=AccountSasPermissions(read=True, write=True, list=True, create=True, delete=True),
        expiry=hour(),
    )
    client = BlobServiceClient(ENDPOINT, credential=sas)
    made = client.create_container("e2e-" + uuid.uuid4().hex)
    assert made.container_name in [c.name for c in client.list_containers(name_starts_with="e2e-")]
    made.upload_blob("a", b"1")
    made.delete_container()


def test_a_wrong_key_or_none_is_refused(container):
    wrong = base64.b64encode(b"0" * 64).decode()
    client = ContainerClient(
        ENDPOINT, container.container_name, credential={"account_name": ACCOUNT, "account_key": wrong}
    )
    with pytest.raises(ClientAuthenticationError):
        list(client.list_blobs())
    with pytest.raises(ClientAuthenticationError):
        list(ContainerClient(ENDPOINT, container.container_name).list_blobs())


def test_every_form_of_the_address(container):
    base = ENDPOINT.rsplit("/", 1)[0]
    for address in [
        f"{base}/{ACCOUNT}.blob.core.windows.net",
        f"{base}/blob/{ACCOUNT}",
        os.environ.get("ATELIER_BLOB_URL", ENDPOINT),
    ]:
        # Left to itself the SDK signs with whatever it takes for the account's name.
        for credential in [KEY, {"account_name": ACCOUNT, "account_key": KEY}]:
            client = BlobServiceClient(address, credential=credential)
            name = uuid.uuid4().hex + " é"
            blob = client.get_blob_client(container.container_name, name)
            blob.upload_blob(b"1")
            assert blob.download_blob().readall() == b"1"
        sas = generate_container_sas(
            client.account_name,
            container.container_name,
            account_key=KEY,
            permission=ContainerSasPermissions(list=True),
            expiry=hour(),
        )
        assert list(ContainerClient(address, container.container_name, credential=sas).list_blobs())


@pytest.mark.skipif("ATELIER_TOKEN" not in os.environ, reason="ATELIER_TOKEN is not set")
def test_a_bearer_token(container):
    class Token:
        def get_token(self, *scopes, **options):
            return AccessToken(os.environ["ATELIER_TOKEN"], int(hour().timestamp()))

    client = ContainerClient(ENDPOINT, container.container_name, credential=Token())
    client.upload_blob("b", b"1")
    assert client.download_blob("b").readall() == b"1"
