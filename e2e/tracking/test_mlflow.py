"""The unmodified MLflow client (2.22 and 3.x) against a running server.

    MLFLOW_TRACKING_URI    .../mlflow/v1.0/subscriptions/.../workspaces/<name>
    MLFLOW_TRACKING_TOKEN  a bearer token

Without these it asks for the server of the suite. The folder is not called `mlflow`, which would hide the client.
Needs mlflow, scikit-learn, pandas, matplotlib and pytest in the environment.
"""

import math
import os
import time
import uuid

import mlflow
import numpy as np
import pandas as pd
import pytest
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import MlflowException
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression

THREE = int(mlflow.__version__.split(".")[0]) >= 3


@pytest.fixture(scope="module", autouse=True)
def server(request):
    """The server that the environment names, or the suite's own."""
    if "MLFLOW_TRACKING_URI" not in os.environ:
        request.getfixturevalue("atelier")


def log_sklearn(model, name="model", **more):
    """MLflow 3 calls the folder `name`, MLflow 2 `artifact_path`."""
    where = {"name": name} if THREE else {"artifact_path": name}
    return mlflow.sklearn.log_model(model, **where, **more)


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(7)
    frame = pd.DataFrame({"age": rng.integers(20, 80, 200), "bmi": rng.normal(27, 4, 200)})
    target = ((frame["age"] / 80 + frame["bmi"] / 40) > 1.25).astype(int)
    return frame, target


@pytest.fixture()
def experiment():
    name = "e2e-" + uuid.uuid4().hex[:8]
    mlflow.autolog(disable=True)
    return mlflow.set_experiment(name)


@pytest.fixture()
def client():
    return MlflowClient()


@pytest.fixture(scope="module")
def fitted(data):
    frame, target = data
    return LogisticRegression(max_iter=500).fit(frame, target)


@pytest.fixture()
def registered(experiment, fitted, data):
    """A model of two versions; its name, and the run of the first."""
    name = "m-" + uuid.uuid4().hex[:8]
    frame, _ = data
    signature = infer_signature(frame, fitted.predict(frame))
    with mlflow.start_run() as run:
        mlflow.log_metric("auc", 0.9)
        logged = log_sklearn(fitted, signature=signature, input_example=frame.head(2))
    first = mlflow.register_model(logged.model_uri, name)
    with mlflow.start_run():
        log_sklearn(fitted, registered_model_name=name)
    assert first.version in (1, "1")
    return name, run.info.run_id


def test_autolog_keeps_parameters_metrics_data_and_model(experiment, client, data):
    frame, target = data
    mlflow.sklearn.autolog(disable=False, log_input_examples=True)
    LogisticRegression(max_iter=500).fit(frame, target)
    mlflow.sklearn.autolog(disable=True)
    runs = mlflow.search_runs(experiment_names=[experiment.name])
    assert len(runs) == 1
    row = runs.iloc[0]
    assert row["params.max_iter"] == "500"
    assert row["metrics.training_accuracy_score"] > 0.8
    assert row["status"] == "FINISHED"
    run = client.get_run(row["run_id"])
    assert run.inputs.dataset_inputs
    names = [file.path for file in client.list_artifacts(row["run_id"])]
    assert "estimator.html" in names
    assert mlflow.pyfunc.load_model(f"runs:/{row['run_id']}/model").predict(frame).shape == (200,)


def test_metrics_come_back_with_history_and_oddities(experiment, client):
    with mlflow.start_run() as run:
        for step in range(5):
            mlflow.log_metric("loss", 1 / (step + 1), step=step)
        mlflow.log_metric("nan", float("nan"))
        mlflow.log_metric("nan", float("nan"))
        mlflow.log_metric("inf", float("inf"))
        mlflow.log_metrics({"a b": 1.5, "c/d": -2})
    history = client.get_metric_history(run.info.run_id, "loss")
    assert [point.step for point in history] == [0, 1, 2, 3, 4]
    metrics = client.get_run(run.info.run_id).data.metrics
    assert metrics["loss"] == 0.2
    assert math.isnan(metrics["nan"])
    assert metrics["inf"] > 1e308
    assert metrics["a b"] == 1.5 and metrics["c/d"] == -2


def test_a_batch_of_a_thousand_points_is_one_call(experiment, client):
    with mlflow.start_run() as run:
        now = int(time.time() * 1000)
        points = [Metric("m", i / 7, now + i, i) for i in range(1000)]
        client.log_batch(run.info.run_id, metrics=points)
        client.log_batch(run.info.run_id, params=[Param("p", "1")], tags=[RunTag("t", "v")])
    history = client.get_metric_history(run.info.run_id, "m")
    assert len(history) == 1000 and history[-1].value == 999 / 7


def test_a_parameter_does_not_change(experiment, client):
    with mlflow.start_run() as run:
        mlflow.log_param("p", 1)
        with pytest.raises(MlflowException, match="Changing param values is not allowed"):
            client.log_param(run.info.run_id, "p", 2)


def test_artifacts_are_kept_listed_and_fetched(experiment, client, tmp_path):
    with mlflow.start_run() as run:
        mlflow.log_text("héllo", "dir/a b.txt")
        mlflow.log_dict({"k": [1, 2]}, "d.json")
        (tmp_path / "big.bin").write_bytes(os.urandom(3_000_000))
        mlflow.log_artifact(str(tmp_path / "big.bin"))
    run_id = run.info.run_id
    assert sorted(f.path for f in client.list_artifacts(run_id)) == ["big.bin", "d.json", "dir"]
    assert [f.path for f in client.list_artifacts(run_id, "dir")] == ["dir/a b.txt"]
    assert mlflow.artifacts.load_text(f"runs:/{run_id}/dir/a b.txt") == "héllo"
    fetched = mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="big.bin", dst_path=str(tmp_path / "o"))
    assert open(fetched, "rb").read() == (tmp_path / "big.bin").read_bytes()


def test_search_filters_orders_and_pages(experiment, client):
    for i in range(5):
        with mlflow.start_run(run_name=f"run-{i}"):
            mlflow.log_metric("AUC", i / 10)
            mlflow.log_param("kind", "tree" if i % 2 else "linear")
            mlflow.set_tag("model_type", "LogisticRegression")
    ids = [experiment.experiment_id]
    found = client.search_runs(
        ids, "metrics.AUC > 0.05 and tags.model_type = 'LogisticRegression' and params.kind = 'tree'", order_by=["metrics.AUC DESC"]
    )
    assert [run.info.run_name for run in found] == ["run-3", "run-1"]
    first = client.search_runs(ids, order_by=["start_time DESC"], max_results=3)
    second = client.search_runs(ids, order_by=["start_time DESC"], max_results=3, page_token=first.token)
    assert len(first) == 3 and len(second) == 2 and not second.token
    with pytest.raises(MlflowException, match="Invalid clause"):
        client.search_runs(ids, "metrics.AUC > 0.5 OR metrics.AUC = 1")
    assert experiment.name in [e.name for e in client.search_experiments(filter_string=f"name = '{experiment.name}'")]


def test_runs_are_deleted_restored_and_nested(experiment, client):
    with mlflow.start_run() as parent:
        with mlflow.start_run(nested=True) as child:
            pass
    assert client.get_run(child.info.run_id).data.tags["mlflow.parentRunId"] == parent.info.run_id
    client.delete_run(child.info.run_id)
    assert len(client.search_runs([experiment.experiment_id])) == 1
    with pytest.raises(MlflowException, match="must be in the 'active' state"):
        client.log_metric(child.info.run_id, "m", 1)
    client.restore_run(child.info.run_id)
    assert len(client.search_runs([experiment.experiment_id])) == 2


def test_a_run_is_resumed_by_its_id(experiment, client):
    with mlflow.start_run() as run:
        pass
    with mlflow.start_run(run_id=run.info.run_id):
        mlflow.log_metric("again", 1)
    assert client.get_run(run.info.run_id).data.metrics["again"] == 1


def test_a_model_loads_by_version_alias_stage_and_latest(registered, client, data):
    name, _ = registered
    frame, _ = data
    client.set_registered_model_alias(name, "champion", "1")
    client.transition_model_version_stage(name, "1", "Production")
    for uri in (f"models:/{name}/1", f"models:/{name}@champion", f"models:/{name}/Production", f"models:/{name}/latest"):
        assert mlflow.pyfunc.load_model(uri).predict(frame).shape == (200,), uri
    assert client.get_model_version_by_alias(name, "champion").version in (1, "1")
    with pytest.raises(MlflowException, match="not found"):
        client.get_model_version_by_alias(name, "nobody")


def test_a_registered_model_tells_its_run(registered, client):
    name, run_id = registered
    version = client.get_model_version(name, "1")
    assert version.run_id == run_id and version.status == "READY"
    versions = client.search_model_versions(f"name = '{name}'")
    assert sorted(int(v.version) for v in versions) == [1, 2]
    assert [int(v.version) for v in client.search_model_versions(f"run_id = '{run_id}'")] == [1]
    assert name in [m.name for m in client.search_registered_models(f"name LIKE '{name[:4]}%'")]


def test_models_have_tags_descriptions_and_an_end(registered, client):
    name, _ = registered
    client.set_registered_model_tag(name, "team", "a")
    client.set_model_version_tag(name, "1", "checked", "yes")
    client.update_registered_model(name, "for patients")
    client.update_model_version(name, "1", "the first")
    assert client.get_registered_model(name).tags["team"] == "a"
    assert client.get_registered_model(name).description == "for patients"
    assert client.get_model_version(name, "1").tags["checked"] == "yes"
    client.delete_model_version(name, "1")
    with pytest.raises(MlflowException, match="not found"):
        client.get_model_version(name, "1")
    client.delete_registered_model(name)
    with pytest.raises(MlflowException, match="not found"):
        client.get_registered_model(name)


def test_data_of_a_run_is_noted(experiment, client, data):
    frame, _ = data
    with mlflow.start_run() as run:
        mlflow.log_input(mlflow.data.from_pandas(frame, name="patients"), context="training")
    inputs = client.get_run(run.info.run_id).inputs.dataset_inputs
    assert inputs[0].dataset.name == "patients"
    assert len(client.search_runs([experiment.experiment_id], "dataset.name = 'patients'")) == 1


if THREE:

    def test_logged_models_are_searched_by_metric(experiment, fitted):
        with mlflow.start_run():
            logged = log_sklearn(fitted)
            mlflow.log_metric("acc", 0.75, model_id=logged.model_id)
        found = mlflow.search_logged_models(
            experiment_ids=[experiment.experiment_id], filter_string="metrics.acc > 0.5", output_format="list"
        )
        assert [model.model_id for model in found] == [logged.model_id]
        assert mlflow.get_logged_model(logged.model_id).status == "READY"
