"""`./atelier demo`: from nothing to a scored patient, in a data folder of its own."""

import os
import pathlib
import re

import pytest
from launcher import ROOT, Atelier
from path import write_patients


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    server = Atelier(tmp_path_factory.mktemp("demo") / "data")
    yield server
    server.close()


def walk(server, *arguments):
    return server.run("demo", "--port", server.port, "--http-port", server.http_port, *arguments, timeout=400)


def graph_of_latest(server):
    jobs = server.get(f"{server.workspace}/jobs?jobType=Pipeline")["value"]
    latest = max((j for j in jobs if j["properties"]["jobType"] == "Pipeline"), key=lambda j: j["systemData"]["createdAt"])
    return server.get(f"{server.workspace}/atelier/jobs/{latest['name']}/graph")


def test_the_demo_ends_with_a_prediction_and_leaves_the_studio_open(demo):
    done = walk(demo)
    said = done.stdout + done.stderr
    for step in ["environment", "dataset", "experiment", "pipeline", "model", "endpoint"]:
        assert re.search(step, said, re.I), step
    assert re.search(r"predict|likely|diabet", done.stdout + done.stderr, re.I)
    assert re.search(r"https://localhost:\d+/studio/open\?code=", said)
    assert "synthetic" in said.lower()
    assert demo.get("/atelier/me")["version"]


def test_the_second_demo_reuses_every_step(demo):
    walk(demo)
    nodes = graph_of_latest(demo)["nodes"]
    assert len(nodes) == 6
    assert [n["name"] for n in nodes if not n["reused"]] == []


def diabetes_csv(tmp_path):
    """The public file of 15,000 patients when it stands beside the repository; else made-up patients with its target."""
    shared = pathlib.Path(os.environ.get("ATELIER_SHARED", ROOT.parent / "shared"))
    file = shared / "data/diabetes.csv"
    if file.is_file():
        return file, True
    print(f"{file} is not there: this run uses made-up patients with the same target")
    made = write_patients(tmp_path / "diabetes.csv", count=5000)
    made.write_text(made.read_text().replace("diabetic", "Diabetic", 1))
    return made, False


def test_a_csv_of_ones_own_becomes_a_model(demo, tmp_path):
    file, real = diabetes_csv(tmp_path)
    walk(demo, "--data", file, "--target", "Diabetic")
    models = demo.get(f"{demo.workspace}/models")["value"]
    scores = {}
    for model in models:
        for version in demo.get(f"{demo.workspace}/models/{model['name']}/versions")["value"]:
            tags = version["properties"].get("tags") or {}
            if tags.get("target") == "Diabetic":
                scores[f"{model['name']}:{version['name']}"] = float(tags["test_AUC"])
    assert scores, "no registered model says that its target is Diabetic"
    assert max(scores.values()) >= (0.98 if real else 0.90), scores
