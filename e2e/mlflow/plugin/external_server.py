"""Points the fixtures of MLflow's own tests at a running Atelier. Each server that a test asks for is a fresh workspace of
that one server, so it begins empty and needs no reset.

    ATELIER_MLFLOW_SERVER    http://host:port
    ATELIER_MLFLOW_TOKEN     a bearer token

Loaded by `pytest -p external_server` in the folder of a clone of mlflow/mlflow."""

import contextlib
import http.server
import itertools
import os
import threading
import time

import mlflow
import requests

SERVER = os.environ["ATELIER_MLFLOW_SERVER"].rstrip("/")
TOKEN = os.environ["ATELIER_MLFLOW_TOKEN"]
GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/atelier"
_numbers = itertools.count(int(time.time()) % 1_000_000 * 1000)


def fresh():
    """The tracking address of a new workspace. Some tests use the fluent functions and expect MLflow's server to be in
    this process, on the same database; these find the server too."""
    name = f"m{next(_numbers)}"
    workspace = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/{name}"
    made = requests.put(f"{SERVER}{workspace}?api-version=2024-04-01", json={"location": "local"})
    made.raise_for_status()
    uri = f"{SERVER}/mlflow/v2.0{workspace}"
    mlflow.set_tracking_uri(uri)
    return uri


class ExternalServer:
    """Stands in for MLflow's server in a thread."""

    def __init__(self, app=None, port=None):
        pass

    def __enter__(self):
        return fresh()

    def __exit__(self, *_):
        return None


@contextlib.contextmanager
def external_server(*_, **__):
    """Stands in for MLflow's server in a process."""
    yield fresh()


@contextlib.contextmanager
def launched(host, port, *_, **__):
    """Stands in for `mlflow server` on a port that the test chose: hands everything on to a fresh workspace."""
    target = fresh()

    class Handler(http.server.BaseHTTPRequestHandler):
        def pass_on(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.headers.get("Transfer-Encoding") == "chunked":
                body = b"".join(self.chunks())
            sent = {name: value for name, value in self.headers.items() if name not in ("Host", "Content-Length", "Transfer-Encoding")}
            answer = requests.request(self.command, target + self.path, data=body, headers=sent, allow_redirects=False)
            self.send_response(answer.status_code)
            for name, value in answer.headers.items():
                if name not in ("Content-Length", "Transfer-Encoding", "Content-Encoding", "Connection"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def chunks(self):
            while size := int(self.rfile.readline(), 16):
                yield self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = pass_on

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer((host, port), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield None
        server.shutdown()


def with_token():
    """MLflow's tests know no credentials: what they send to this server gets one."""
    original = requests.Session.request

    def request(self, method, url, *args, headers=None, **kwargs):
        if str(url).startswith(SERVER):
            headers = {"Authorization": f"Bearer {TOKEN}", **(headers or {})}
        return original(self, method, url, *args, headers=headers, **kwargs)

    requests.Session.request = request


def pytest_configure(config):
    with_token()
    import mlflow.server.handlers as handlers

    # The tests open stores of their own in this process before they start a server; nothing here reads them.
    handlers.initialize_backend_stores = lambda *_, **__: None
    import tests.tracking.integration_test_utils as utils

    utils.ServerThread = ExternalServer
    utils._init_server = external_server


def pytest_collection_modifyitems(config, items):
    """Without MLflow's file store, which is another server than the one that is judged here."""
    for module in {item.module for item in items if hasattr(item.module, "_launch_server")}:
        module._launch_server = launched
    kept = [item for item in items if "file" not in getattr(getattr(item, "callspec", None), "params", {}).values()]
    dropped = [item for item in items if item not in kept]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept
