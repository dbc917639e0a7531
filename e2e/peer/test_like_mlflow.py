"""Bad input and limits, asked of Atelier and of MLflow's own server (newest version): the same status and code, and for
limits the same sentence. What MLflow answers with a 500 or takes although it is nonsense is not compared; see
docs/compatibility.md."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time

import pytest
import requests

pytestmark = pytest.mark.timeout(240)

POINT = {"value": 1, "timestamp": 1700000000000}
NAMES = ["a" * 250, "a" * 251, "", "a\nb", "a/b", "../x", "a//b", "a..b", ".", "/a", "a:b", "a|b", "é", "a#b"]
FILTERS = [
    "metrics.a >", "metrics.a > 'x'", "metrics.a = b", "params.a = 1", "params.a > '1'", "tags.a = 1", "foo.a = 1",
    "metrics.a > 1 OR metrics.b > 1", "(metrics.a > 1)", "NOT metrics.a > 1", "metrics.a BETWEEN 1 AND 2",
    "attributes.status = 5", "attribute.bogus = 'x'", "status IN ('a')", "run_id IN ()", "run_id IN ('a', 5)",
    "metrics.a == 1", "metrics.a <> 1", "params.`a = 'x'", "params.a = 'x", "tags.a LIKE 5", "metrics.a LIKE 'x'",
    "start_time > 'x'", "dataset.bogus = 'x'", "dataset.name > 'x'", "metrics.a > 1; drop table x", "metrics.a IS NULL",
    "metrics.a > 1 AND", "tags.a IS NULL", "params.a IS NOT NULL", "run_id IN ('a','b')", "1 = 1", "status = finished",
]
ORDERS = ["metrics.a", "metrics.a DESC", "metrics.a FOO", "bogus", "start_time ASC", "params.a, tags.b", "metrics.a DESC DESC"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One tracking server with a run, a deleted run and a registered model."""

    def __init__(self, base, token=None):
        self.http, self.base, self.names = requests.Session(), base, {}
        if token:
            self.http.headers["Authorization"] = f"Bearer {token}"
        name = f"like-{time.time_ns()}"
        self.names["{experiment}"] = self.ask("POST", "experiments/create", {"name": name})[2]["experiment_id"]
        for run in ("{run}", "{deleted}"):
            made = self.ask("POST", "runs/create", {"experiment_id": "{experiment}", "start_time": 1})[2]
            self.names[run] = made["run"]["info"]["run_id"]
        self.ask("POST", "runs/delete", {"run_id": "{deleted}"})
        self.ask("POST", "registered-models/create", {"name": "judged"})
        source = f"mlflow-artifacts:/{self.filled('{experiment}/{run}')}/artifacts/model"
        self.ask("POST", "model-versions/create", {"name": "judged", "source": source, "run_id": "{run}"})

    def filled(self, text):
        for name, value in self.names.items():
            text = text.replace(name, value)
        return text

    def ask(self, method, path, body=None):
        """Status, error code, and the content or, of an error, its message."""
        text = None if body is None else self.filled(json.dumps(body))
        answer = self.http.request(method, f"{self.base}/api/2.0/mlflow/{self.filled(path)}", data=text, timeout=60,
                                   headers={"Content-Type": "application/json"})
        content = answer.json()
        if answer.status_code < 400:
            return answer.status_code, None, content
        message = content["message"]
        for name, value in self.names.items():
            if len(value) > 8:
                message = message.replace(value, name)
        return answer.status_code, content["error_code"], message


@pytest.fixture(scope="module")
def peer(tmp_path_factory):
    folder, port = tmp_path_factory.mktemp("mlflow"), free_port()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MLFLOW_")}
    with open(folder / "log", "wb") as log:
        server = subprocess.Popen(
            [pathlib.Path(sys.executable).parent / "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
             "--backend-store-uri", f"sqlite:///{folder}/mlflow.db", "--artifacts-destination", str(folder / "artifacts")],
            env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        base = f"http://127.0.0.1:{port}"
        for _ in range(1200):
            assert server.poll() is None, (folder / "log").read_text()
            try:
                if requests.get(f"{base}/health", timeout=5).ok:
                    break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield Server(base)
    finally:
        os.killpg(server.pid, 15)
        server.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def ours(request):
    if "MLFLOW_TRACKING_URI" not in os.environ:
        request.getfixturevalue("atelier")
    return Server(os.environ["MLFLOW_TRACKING_URI"], os.environ["MLFLOW_TRACKING_TOKEN"])


def compared(ours, peer, cases, sentences=False):
    assert cases
    different = []
    for case in cases:
        mine, theirs = ours.ask(*case), peer.ask(*case)
        if mine[:2] != theirs[:2] or sentences and mine[0] >= 400 and mine[2] != theirs[2]:
            different.append(f"{case}\n  Atelier {mine}\n  MLflow  {theirs}"[:900])
    assert not different, "\n".join(different)


def test_names_of_metrics_parameters_and_tags(ours, peer):
    compared(ours, peer, [case for key in NAMES for case in (
        ("POST", "runs/log-metric", {"run_id": "{run}", "key": key, **POINT}),
        ("POST", "runs/log-parameter", {"run_id": "{run}", "key": key, "value": "1"}),
        ("POST", "runs/set-tag", {"run_id": "{run}", "key": key, "value": "1"}),
        ("POST", "experiments/set-experiment-tag", {"experiment_id": "{experiment}", "key": key, "value": "1"}),
        ("POST", "registered-models/set-tag", {"name": "judged", "key": key, "value": "1"}),
        ("POST", "model-versions/set-tag", {"name": "judged", "version": "1", "key": key, "value": "1"}),
        ("POST", "registered-models/alias", {"name": "judged", "version": "1", "alias": key}),
    )], sentences=True)


def test_lengths_of_values(ours, peer):
    compared(ours, peer, [case for n in (500, 501, 6000, 6001, 8001, 20000, 20001, 100001) for case in (
        ("POST", "runs/log-parameter", {"run_id": "{run}", "key": f"p{n}", "value": "v" * n}),
        ("POST", "runs/set-tag", {"run_id": "{run}", "key": f"t{n}", "value": "v" * n}),
        ("POST", "experiments/set-experiment-tag", {"experiment_id": "{experiment}", "key": f"t{n}", "value": "v" * n}),
        ("POST", "registered-models/set-tag", {"name": "judged", "key": f"t{n}", "value": "v" * n}),
        ("POST", "model-versions/set-tag", {"name": "judged", "version": "1", "key": f"t{n}", "value": "v" * n}),
        ("POST", "experiments/create", {"name": f"{time.time_ns()}-".ljust(n, "v")}),
    )] + [("POST", "runs/log-inputs", {"run_id": "{run}", "datasets": [{"dataset": dataset}]}) for dataset in (
        {"name": "n" * 501, "digest": "d", "source_type": "s", "source": "x"},
        {"name": "n", "digest": "d" * 37, "source_type": "s", "source": "x"},
        {"name": "n", "digest": "d", "source_type": "s", "source": "x" * 65536},
    )], sentences=True)


def test_batches(ours, peer):
    def metrics(count, **more):
        return [{"key": f"m{i}", "step": 0, **POINT, **more} for i in range(count)]

    def pairs(count, key="k"):
        return [{"key": f"{key}{i}", "value": "1"} for i in range(count)]

    compared(ours, peer, [("POST", "runs/log-batch", {"run_id": "{run}", **body}) for body in (
        {"metrics": metrics(1001)}, {"params": pairs(101)}, {"tags": pairs(101)}, {"metrics": metrics(950), "params": pairs(60)},
        {"params": [{"key": "twice", "value": "1"}, {"key": "twice", "value": "2"}]},
        {"metrics": metrics(1) + [{"key": "a" * 251, "step": 0, **POINT}]}, {"metrics": "x"}, {"unknown": 1},
    )], sentences=True)


def test_types_and_what_is_missing(ours, peer):
    point = {"run_id": "{run}", "key": "q", **POINT}
    compared(ours, peer, [("POST", "runs/log-metric", {key: value for key, value in point.items() if key != missing}) for missing in point]
             + [("POST", "runs/log-metric", {**point, "value": value}) for value in ("x", None, True, "NaN", "Infinity", "1", "1e400")]
             + [("POST", "runs/log-metric", {**point, field: value}) for field in ("timestamp", "step") for value in ("x", "5", -1)]
             + [("POST", "runs/set-tag", {"run_id": "{run}", "key": "t", "value": value}) for value in (1, None, [], {})]
             + [("POST", "runs/update", {"run_id": "{run}", **change}) for change in ({"status": "BOGUS"}, {"end_time": "x"})]
             + [("POST", "experiments/create", body) for body in ({}, {"name": ""}, {"name": 5})])


def test_runs_that_are_deleted_or_nowhere(ours, peer):
    compared(ours, peer, [case for run in ("{deleted}", "nope") for case in (
        ("POST", "runs/log-metric", {"run_id": run, "key": "z", **POINT}),
        ("POST", "runs/log-parameter", {"run_id": run, "key": "z", "value": "1"}),
        ("POST", "runs/set-tag", {"run_id": run, "key": "z", "value": "1"}),
        ("POST", "runs/delete-tag", {"run_id": run, "key": "z"}),
        ("POST", "runs/log-batch", {"run_id": run, "metrics": [{"key": "b", "step": 0, **POINT}]}),
        ("POST", "runs/update", {"run_id": run, "status": "FINISHED"}),
        ("GET", f"runs/get?run_id={run}"),
        ("GET", f"artifacts/list?run_id={run}"),
        ("GET", f"metrics/get-history?run_id={run}&metric_key=z"),
    )])


def test_filters_orders_and_pages_of_runs(ours, peer):
    search = {"experiment_ids": ["{experiment}"]}
    compared(ours, peer, [("POST", "runs/search", {**search, "filter": text}) for text in FILTERS]
             + [("POST", "runs/search", {**search, "order_by": [text]}) for text in ORDERS]
             + [("POST", "runs/search", {**search, "max_results": most}) for most in (0, -1, 50001, "x")]
             + [("POST", "runs/search", {**search, "page_token": token}) for token in ("x", "e30=")])


def test_the_registry(ours, peer):
    compared(ours, peer, [("POST", "registered-models/create", {"name": name}) for name in ("", "judged", "a/b", "a:b", None)] + [
        ("GET", "registered-models/get?name=nope"),
        ("POST", "registered-models/rename", {"name": "judged"}),
        ("POST", "registered-models/rename", {"name": "nope", "new_name": "z"}),
        ("DELETE", "registered-models/delete", {"name": "nope"}),
        ("PATCH", "registered-models/update", {"name": "nope", "description": "x"}),
        ("GET", "model-versions/get?name=judged&version=9"), ("GET", "model-versions/get?name=judged&version=abc"),
        ("POST", "model-versions/create", {"name": "nope", "source": "s3://a/b"}), ("POST", "model-versions/create", {"name": "judged"}),
        ("POST", "model-versions/create", {"name": "judged", "source": "/etc/passwd"}),
        ("POST", "model-versions/create", {"name": "judged", "source": "file:///etc"}),
        ("POST", "model-versions/transition-stage", {"name": "judged", "version": "1", "stage": "Bogus"}),
        ("POST", "model-versions/transition-stage", {"name": "judged", "version": "7", "stage": "Staging"}),
        ("GET", "registered-models/alias?name=judged&alias=nope"), ("DELETE", "registered-models/alias", {"name": "judged", "alias": "nope"}),
        ("POST", "registered-models/alias", {"name": "judged", "alias": "latest", "version": "1"}),
        ("POST", "registered-models/alias", {"name": "judged", "alias": "v1", "version": "1"}),
    ])


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc/passwd", "%2e%2e/x", "C:/x", "#x"])
def test_paths_that_leave_the_run(ours, peer, path):
    compared(ours, peer, [("GET", f"artifacts/list?run_id={{run}}&path={requests.utils.quote(path, safe='')}")])
