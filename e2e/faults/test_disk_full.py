"""A full disk: a clear answer, nothing half-written, and all is well once there is room again."""

import os
import subprocess

import pytest
import requests


@pytest.fixture
def small_disk(tmp_path, fresh_atelier):
    """The data folder on a disk of 64 MiB. Needs the right to mount, which CI has."""
    fresh_atelier.home.mkdir()
    assert os.geteuid() == 0, "only root may mount a small disk; this test cannot run as another user"
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(fresh_atelier.home)], check=True)
    try:
        yield fresh_atelier
    finally:
        fresh_atelier.down()
        subprocess.run(["umount", "-l", str(fresh_atelier.home)], check=True)


class Body:
    """So many bytes, made as they are read. It knows its length, so that it is sent with Content-Length, not chunked."""

    def __init__(self, size):
        self.size = self.left = size

    def __len__(self):
        return self.size

    def read(self, wanted=65536):
        piece = b"x" * min(self.left, wanted)
        self.left -= len(piece)
        return piece


def put(atelier, path, size):
    return atelier.request("PUT", path, data=Body(size), headers={"x-ms-blob-type": "BlockBlob", "x-ms-version": "2023-11-03"})


def content_bytes(atelier):
    return sum(p.stat().st_size for p in (atelier.home / "content").rglob("*") if p.is_file())


def test_an_upload_that_does_not_fit_leaves_nothing(small_disk):
    small_disk.up()
    container = small_disk.get(f"{small_disk.workspace}/datastores/workspaceblobstore")["properties"]["containerName"]
    base = f"/blob/atelier/{container}"
    assert put(small_disk, f"{base}/fits", 1 << 20).status_code == 201
    before = content_bytes(small_disk)
    try:
        refused = put(small_disk, f"{base}/too-large", 200 << 20)
        assert refused.status_code in (500, 503, 507), refused.status_code
        assert "space" in refused.text.lower() or "disk" in refused.text.lower(), refused.text
    except requests.exceptions.ConnectionError:
        # The server may answer and close before the client has sent all; then the client sees the connection break.
        pass
    assert small_disk.request("GET", f"{base}/too-large", headers={"x-ms-version": "2023-11-03"}).status_code == 404
    assert content_bytes(small_disk) == before
    assert put(small_disk, f"{base}/fits-again", 1 << 20).status_code == 201


def test_the_command_line_says_in_one_sentence_that_the_disk_is_full(small_disk, tmp_path):
    small_disk.up()
    large = tmp_path / "large.csv"
    with large.open("w") as out:
        out.write("a,b\n")
        for _ in range(1 << 20):
            out.write("1234567890,1234567890,1234567890,1234567890,1234567890,1234567890,1234567890,12345\n")
    (tmp_path / "data.yml").write_text(f"name: large\nversion: '1'\ntype: uri_file\npath: {large}\n")
    done = small_disk.run("data", "create", "-f", tmp_path / "data.yml", check=False)
    assert done.returncode != 0
    assert "space" in done.stderr.lower() or "full" in done.stderr.lower(), done.stderr
    assert "Exception" not in done.stderr
    assert small_disk.request("GET", f"{small_disk.workspace}/data/large/versions/1").status_code == 404
