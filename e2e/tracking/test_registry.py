"""The model registry with the unmodified MLflow client (2.22 and 3.x): stages, aliases, copies, prompts, webhooks, what was
in production, permanent deletion, artifacts in parts. Same variables as test_mlflow.py."""

import base64
import hashlib
import hmac
import http.server
import json
import os
import re
import threading
import time
import uuid

import mlflow
import pytest
import requests
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

THREE = int(mlflow.__version__.split(".")[0]) >= 3


@pytest.fixture(scope="module", autouse=True)
def server(request):
    if "MLFLOW_TRACKING_URI" not in os.environ:
        request.getfixturevalue("atelier")


@pytest.fixture()
def client():
    return MlflowClient()


@pytest.fixture()
def name():
    return "m-" + uuid.uuid4().hex[:8]


def own(method, path, **more):
    """A call of Atelier's own API beside MLflow's."""
    base, workspace = re.split("/mlflow/v[12].0", os.environ["MLFLOW_TRACKING_URI"])
    headers = {"Authorization": "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"]}
    answer = requests.request(method, base + workspace + "/atelier/" + path, headers=headers, timeout=60, **more)
    answer.raise_for_status()
    return answer.json()


def a_model(client, name, versions=1):
    """Versions of one run's files."""
    with mlflow.start_run() as run:
        mlflow.log_text("weights", "model/weights.txt")
    client.create_registered_model(name)
    source = f"{run.info.artifact_uri}/model"
    return run.info.run_id, [client.create_model_version(name, source, run.info.run_id) for _ in range(versions)]


def test_stages_make_room_and_aliases_move(client, name):
    a_model(client, name, 2)
    client.transition_model_version_stage(name, "1", "Production")
    client.transition_model_version_stage(name, "2", "production", archive_existing_versions=True)
    assert client.get_model_version(name, "1").current_stage == "Archived"
    assert [v.version for v in client.get_latest_versions(name, ["Production"])] in (["2"], [2])
    client.set_registered_model_alias(name, "champion", "1")
    client.set_registered_model_alias(name, "champion", "2")
    assert int(client.get_model_version_by_alias(name, "champion").version) == 2
    with pytest.raises(MlflowException, match="reserved"):
        client.set_registered_model_alias(name, "latest", "1")


def test_a_copy_is_a_version_of_the_same_files(client, name):
    a_model(client, name)
    copy = client.copy_model_version(f"models:/{name}/1", name + "-prod")
    assert copy.name == name + "-prod" and int(copy.version) == 1
    local = mlflow.artifacts.download_artifacts(f"models:/{name}-prod/1")
    assert open(os.path.join(local, "weights.txt")).read() == "weights"
    assert client.get_model_version_download_uri(name + "-prod", "1").startswith("mlflow-artifacts:/")


def test_a_renamed_model_keeps_versions_and_history(client, name):
    a_model(client, name)
    client.set_model_version_tag(name, "1", "t", "v")
    client.set_registered_model_alias(name, "champion", "1")
    client.rename_registered_model(name, name + "-b")
    assert client.get_model_version_by_alias(name + "-b", "champion").tags == {"t": "v"}
    whats = [change["what"] for change in own("GET", f"models/{name}-b/history")["value"]]
    assert whats == ["renamed", "alias champion", "created"]


def test_what_was_in_production_at_a_time(client, name):
    a_model(client, name, 2)
    client.set_registered_model_alias(name, "champion", "1")
    # Times of the history have milliseconds; the second change comes a request later.
    [first] = [c["at"] for c in own("GET", f"models/{name}/history")["value"] if c["what"] == "alias champion"]
    client.set_registered_model_alias(name, "champion", "2")

    def production(**query):
        found = own("GET", "models/production", params={"name": name, **query})["value"]
        return [(v["version"], [b["kind"] for b in v["because"]]) for v in found]

    assert production(at=first) == [("1", ["alias"])]
    assert production() == [("2", ["alias"])]
    assert production(aliases="other") == []


def test_searches_filter_order_and_page(client, name):
    a_model(client, name, 5)
    for version in ("2", "4"):
        client.set_model_version_tag(name, version, "good", "yes")
    found = client.search_model_versions(f"name = '{name}' AND tags.good = 'yes'", order_by=["version_number ASC"])
    assert [int(v.version) for v in found] == [2, 4]
    page = client.search_model_versions(f"name = '{name}'", max_results=3)
    rest = client.search_model_versions(f"name = '{name}'", max_results=3, page_token=page.token)
    assert [int(v.version) for v in page + rest] == [5, 4, 3, 2, 1] and not rest.token
    assert [m.name for m in client.search_registered_models(f"name LIKE '{name}%'")] == [name]


@pytest.mark.parametrize("source", [
    "file:///etc/passwd", "/etc/passwd", "../../etc", "mlflow-artifacts:/../../x", "mlflow-artifacts:/%2e%2e/x",
    "mlflow-artifacts:/%252e%252e/x", "http://h/..%2f..%2fx", "s3://b/../../x", "mlflow-artifacts:/0/x/artifacts/#/../y",
    "mlflow-artifacts://h/..\\..\\x", "file://localhost/etc#/x", "http://h/a/%00", "C:\\x",
])
def test_a_version_cannot_be_made_of_what_leaves_its_place(client, name, source):
    client.create_registered_model(name)
    with pytest.raises(MlflowException) as refused:
        client.create_model_version(name, source)
    assert refused.value.error_code == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize("path", [
    "..", "../x", "a/../../x", "%2e%2e/x", "a/%252e%252e/%252e%252e/x", "a%23/x", "%00", "/etc/passwd", "..%5c..%5cx",
    "file:%2f%2fetc", "a;/../../x",
])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_no_artifact_path_leaves_the_workspace(method, path):
    url = os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow-artifacts/artifacts/0/r/artifacts/" + path.replace("..", "%2e%2e")
    session = requests.Session()
    prepared = requests.Request(method, url, data=b"x" if method == "PUT" else None,
                                headers={"Authorization": "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"]}).prepare()
    prepared.url = url
    assert session.send(prepared, timeout=30, allow_redirects=False, verify=os.environ.get("REQUESTS_CA_BUNDLE", True)).status_code in (400, 404)


def test_permanent_delete_frees_what_nobody_needs(client, name):
    run, _ = a_model(client, name)
    client.log_text(run, "x" * 10000, "other.txt")
    client.delete_run(run)
    dry = own("POST", "mlflow/gc", json={"runIds": [run], "dryRun": True})
    assert client.get_run(run).info.lifecycle_stage == "deleted"
    freed = own("POST", "mlflow/gc", json={"runIds": [run]})
    assert freed == dry and freed["runs"] == [run] and freed["bytes"] == 10000
    assert "version 1 of model" in freed["kept"][0]["reason"]
    with pytest.raises(MlflowException, match="not found"):
        client.get_run(run)
    assert os.listdir(mlflow.artifacts.download_artifacts(f"models:/{name}/1")) == ["weights.txt"]


def test_a_large_artifact_goes_and_comes_in_parts(client, tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD", "true")
    monkeypatch.setenv("MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD", "true")
    monkeypatch.setenv("MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE", str(5 << 20))
    monkeypatch.setenv("MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE", str(5 << 20))
    monkeypatch.setenv("MLFLOW_MULTIPART_DOWNLOAD_CHUNK_SIZE", str(3 << 20))
    big = tmp_path / "big.bin"
    big.write_bytes(os.urandom(1 << 20) * 17 + b"the end")
    with mlflow.start_run() as run:
        mlflow.log_artifact(str(big), "models")
    got = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="models/big.bin", dst_path=str(tmp_path / "to"))
    assert hashlib.sha256(open(got, "rb").read()).digest() == hashlib.sha256(big.read_bytes()).digest()
    assert [f.file_size for f in client.list_artifacts(run.info.run_id, "models")] == [big.stat().st_size]


def test_prompts_with_every_call_of_the_client(client, name):
    if not THREE:
        prompts_of_2_22(client, name)
        return
    from mlflow import genai

    first = genai.register_prompt(name=name, template="Hi {{who}}", commit_message="one", tags={"a": "b"})
    second = genai.register_prompt(name=name, template=[{"role": "user", "content": "Hello {{who}}"}], commit_message="two")
    assert (first.version, second.version) == (1, 2)
    assert genai.load_prompt(name, version=1).format(who="you") == "Hi you"
    assert genai.load_prompt(f"prompts:/{name}/2").template[0]["content"] == "Hello {{who}}"
    genai.set_prompt_alias(name, alias="production", version=1)
    assert genai.load_prompt(f"prompts:/{name}@production").version == 1
    genai.delete_prompt_alias(name, alias="production")
    genai.set_prompt_tag(name, "team", "x")
    assert genai.get_prompt_tags(name)["team"] == "x"
    genai.delete_prompt_tag(name, "team")
    genai.set_prompt_version_tag(name, 1, "k", "v")
    assert genai.load_prompt(name, version=1).tags["k"] == "v"
    genai.delete_prompt_version_tag(name, 1, "k")
    assert name in [p.name for p in genai.search_prompts(filter_string=f"name = '{name}'")]
    assert [int(v.version) for v in client.search_prompt_versions(name)] == [2, 1]
    with mlflow.start_run() as run:
        client.link_prompt_version_to_run(run.info.run_id, f"prompts:/{name}/1")
    assert json.loads(client.get_run(run.info.run_id).data.tags["mlflow.linkedPrompts"])[0]["name"] == name
    assert name not in [m.name for m in client.search_registered_models()]
    assert not client.search_model_versions(f"name = '{name}'")
    with pytest.raises(MlflowException, match="same name"):
        client.create_registered_model(name)
    client.delete_prompt_version(name, "1")
    client.delete_prompt_version(name, "2")
    client.delete_prompt(name)
    assert client.get_prompt(name) is None


def prompts_of_2_22(client, name):
    made = mlflow.register_prompt(name=name, template="Hi {{who}}", commit_message="one")
    assert int(made.version) == 1
    assert mlflow.load_prompt(f"prompts:/{name}/1").format(who="you") == "Hi you"
    mlflow.set_prompt_alias(name, "production", 1)
    assert int(mlflow.load_prompt(f"prompts:/{name}@production").version) == 1
    mlflow.delete_prompt_alias(name, "production")
    assert name not in [m.name for m in client.search_registered_models()]
    mlflow.delete_prompt(name, 1)


def test_webhooks_of_the_client_and_private_targets(client, name):
    if not THREE:
        assert not hasattr(client, "create_webhook")
        return
    with pytest.raises(MlflowException, match="not a public IP address.*--webhook-hosts"):
        client.create_webhook(name="inside", url="https://127.0.0.1:1/x", events=["model_version.created"])
    made = client.create_webhook(
        name=name, url="https://hooks.example.invalid/x", events=["model_version.created", "prompt.created"], secret="hush")
    assert made.secret is None and [str(e) for e in made.events] == ["model_version.created", "prompt.created"]
    assert name in [w.name for w in client.list_webhooks()]
    changed = client.update_webhook(made.webhook_id, description="d", status="DISABLED")
    assert changed.description == "d" and str(changed.status) == "DISABLED"
    result = client.test_webhook(made.webhook_id)
    assert not result.success and "Failed to test webhook" in result.error_message
    client.delete_webhook(made.webhook_id)
    with pytest.raises(MlflowException, match="not found"):
        client.get_webhook(made.webhook_id)


class Receiver(http.server.BaseHTTPRequestHandler):
    """Answers as its server is told to, and keeps what it got."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.got.append((self.headers, body))
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture()
def receiver():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.got, server.answer = [], 503
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "this did not happen in time"
        time.sleep(0.05)


def test_an_event_survives_kill_9_and_is_signed(fresh_atelier, receiver):
    fresh_atelier.warm_up()
    up = ("up", "--detach", "--port", fresh_atelier.port, "--http-port", fresh_atelier.http_port,
          "--webhook-hosts", "127.0.0.1")
    fresh_atelier.run(*up)
    calls = f"/mlflow/v1.0{fresh_atelier.workspace}/api/2.0/mlflow/"
    made = fresh_atelier.request("POST", calls + "webhooks", json={
        "name": "hook", "url": f"http://127.0.0.1:{receiver.server_port}/", "secret": "hush",
        "events": [{"entity": "REGISTERED_MODEL", "action": "CREATED"}]})
    assert made.status_code == 200, made.text
    names = [f"m{i}" for i in range(5)]
    for name in names:
        assert fresh_atelier.request("POST", calls + "registered-models/create", json={"name": name}).status_code == 200
    until(lambda: receiver.got)
    fresh_atelier.kill()
    receiver.got.clear()
    receiver.answer = 200
    fresh_atelier.run(*up)
    until(lambda: {json.loads(body)["data"]["name"] for _, body in receiver.got} == set(names), seconds=200)
    for headers, body in receiver.got:
        signed = f"{headers['X-MLflow-Delivery-Id']}.{headers['X-MLflow-Timestamp']}.{body}".encode()
        wanted = base64.b64encode(hmac.new(b"hush", signed, hashlib.sha256).digest()).decode()
        assert headers["X-MLflow-Signature"] == "v1," + wanted
    assert b"hush" not in (fresh_atelier.home / "atelier.db").read_bytes()
