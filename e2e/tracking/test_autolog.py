"""What MLflow's own integrations log by themselves, and its evaluation of a model: nothing in these scripts knows Atelier."""

import os
import uuid

import lightgbm
import mlflow
import numpy as np
import pandas as pd
import pytest
import xgboost
from mlflow import MlflowClient
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

THREE = int(mlflow.__version__.split(".")[0]) >= 3


@pytest.fixture(scope="module", autouse=True)
def server(request):
    """The server that the environment names, or the suite's own."""
    if "MLFLOW_TRACKING_URI" not in os.environ:
        request.getfixturevalue("atelier")


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(11)
    frame = pd.DataFrame({"age": rng.integers(20, 80, 240).astype(float), "bmi": rng.normal(27, 4, 240)})
    return frame, ((frame["age"] / 80 + frame["bmi"] / 40) > 1.25).astype(int)


@pytest.fixture
def experiment():
    mlflow.autolog(disable=True)
    yield mlflow.set_experiment("autolog-" + uuid.uuid4().hex[:8])
    mlflow.autolog(disable=True)


@pytest.fixture
def client():
    return MlflowClient()


def only_run(client, experiment):
    runs = client.search_runs([experiment.experiment_id])
    assert len(runs) == 1
    assert runs[0].info.status == "FINISHED"
    return runs[0]


def predictions(run, frame):
    return mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/model").predict(frame)


def names(client, run, path=None):
    return {file.path for file in client.list_artifacts(run.info.run_id, path)}


def test_a_grid_search_is_a_run_with_a_child_for_each_candidate(experiment, client, data):
    frame, target = data
    mlflow.sklearn.autolog(disable=False)
    grid = GridSearchCV(make_pipeline(StandardScaler(), LogisticRegression()), {"logisticregression__C": [0.1, 1.0, 10.0]}, cv=3)
    grid.fit(frame, target)
    runs = client.search_runs([experiment.experiment_id])
    parents = [run for run in runs if "mlflow.parentRunId" not in run.data.tags]
    assert len(runs) == 4 and len(parents) == 1
    parent = parents[0]
    assert parent.data.metrics["best_cv_score"] == pytest.approx(grid.best_score_)
    assert parent.data.params["best_logisticregression__C"] == str(grid.best_params_["logisticregression__C"])
    children = client.search_runs([experiment.experiment_id], f"tags.mlflow.parentRunId = '{parent.info.run_id}'",
                                  order_by=["metrics.mean_test_score DESC"])
    assert len(children) == 3
    assert children[0].data.metrics["mean_test_score"] == pytest.approx(grid.best_score_)
    assert "cv_results.csv" in names(client, parent)
    best = mlflow.sklearn.load_model(f"runs:/{parent.info.run_id}/best_estimator")
    assert (best.predict(frame) == grid.predict(frame)).all()


def test_xgboost_logs_every_round_importance_and_the_booster(experiment, client, data):
    frame, target = data
    mlflow.xgboost.autolog(disable=False)
    matrix = xgboost.DMatrix(frame, label=target)
    booster = xgboost.train({"objective": "binary:logistic", "max_depth": 3}, matrix, num_boost_round=8, evals=[(matrix, "train")])
    run = only_run(client, experiment)
    assert run.data.params["max_depth"] == "3" and run.data.params["num_boost_round"] == "8"
    history = client.get_metric_history(run.info.run_id, "train-logloss")
    assert sorted({point.step for point in history}) == list(range(8))
    assert {"feature_importance_weight.json", "feature_importance_weight.png"} <= names(client, run)
    assert predictions(run, frame) == pytest.approx(booster.predict(matrix))


def test_xgboost_as_an_estimator_of_scikit_learn(experiment, client, data):
    frame, target = data
    mlflow.xgboost.autolog(disable=False)
    model = xgboost.XGBClassifier(n_estimators=5, max_depth=2).fit(frame, target)
    run = only_run(client, experiment)
    assert run.data.params["max_depth"] == "2"
    assert (predictions(run, frame) == model.predict(frame)).all()


def test_lightgbm_logs_every_round_and_the_booster(experiment, client, data):
    frame, target = data
    mlflow.lightgbm.autolog(disable=False)
    train = lightgbm.Dataset(frame, label=target)
    booster = lightgbm.train({"objective": "binary", "metric": "auc", "num_leaves": 7, "verbose": -1}, train, num_boost_round=6,
                             valid_sets=[train], valid_names=["train"])
    run = only_run(client, experiment)
    assert run.data.params["num_leaves"] == "7"
    assert len({point.step for point in client.get_metric_history(run.info.run_id, "train-auc")}) == 6
    assert "feature_importance_gain.png" in names(client, run)
    assert predictions(run, frame) == pytest.approx(booster.predict(frame))


def test_evaluation_of_a_registered_classifier(experiment, client, data):
    frame, target = data
    name = "evaluated-" + uuid.uuid4().hex[:8]
    where = {"name": "model"} if THREE else {"artifact_path": "model"}
    with mlflow.start_run():
        mlflow.sklearn.log_model(LogisticRegression(max_iter=500).fit(frame, target), registered_model_name=name, **where)
    with mlflow.start_run() as run:
        result = mlflow.models.evaluate(f"models:/{name}/1", frame.assign(diabetic=target), targets="diabetic",
                                        model_type="classifier", evaluator_config={"log_explainer": False, "log_model_explainability": False})
    metrics = client.get_run(run.info.run_id).data.metrics
    assert metrics["accuracy_score"] == pytest.approx(result.metrics["accuracy_score"]) and metrics["roc_auc"] > 0.9
    assert {"confusion_matrix.png", "roc_curve_plot.png"} <= names(client, client.get_run(run.info.run_id))
    assert client.get_run(run.info.run_id).inputs.dataset_inputs


def test_figures_tables_and_images(experiment, client):
    with mlflow.start_run() as run:
        mlflow.log_figure(_figure(), "plots/line.png")
        mlflow.log_table({"question": ["a"], "answer": ["b"]}, "table.json")
        mlflow.log_image(np.zeros((8, 8, 3), dtype=np.uint8), key="scan", step=1)
    assert mlflow.load_table("table.json", run_ids=[run.info.run_id])["answer"].tolist() == ["b"]
    assert "plots" in names(client, run)
    assert any(file.startswith("images/scan") for file in names(client, run, "images"))


def _figure():
    from matplotlib.figure import Figure

    figure = Figure()
    figure.subplots().plot([1, 2, 3])
    return figure
