"""The course's labs, each as its reader does it. A test is one notebook: it runs to the end with untouched cells, every job
that it submitted ends as the course's text says, and what it made is there."""

import re

import pytest

from labs import str_of
from launcher import wait_for

pytestmark = pytest.mark.timeout(1200)
ALL_WELL = {"Completed"}


def environment_of(job):
    """The name in `NAME:VERSION`, `azureml:NAME:VERSION` or a full address."""
    return re.split("[:@/]", re.sub(".*/environments/", "", job.environment).removeprefix("azureml:"))[0]


def test_02_a_script_is_run_as_a_job(course):
    lab = course.lab("02")
    executed = lab.run("Run training script.ipynb")
    assert executed.statuses == {"diabetes-pythonv2-train": "Completed"}
    printed = lab.log(executed.jobs["diabetes-pythonv2-train"])
    assert "Accuracy:" in printed and "AUC:" in printed


def test_03_data_is_registered_read_and_moved(course):
    lab = course.lab("03")
    executed = lab.run("Work with data.ipynb")
    assert executed.statuses == {"move-diabetes-data": "Completed"}
    assert "Analyzing 10000 rows" in lab.log(executed.jobs["move-diabetes-data"])
    assert "PatientID" in executed.output("mltable.load(")
    assert {"diabetes-local", "diabetes-datastore-path", "diabetes-table"} <= {data.name for data in lab.client.data.list()}
    kinds = {name: lab.client.data.get(name, version="1").type for name in ("diabetes-local", "diabetes-datastore-path", "diabetes-table")}
    assert kinds == {"diabetes-local": "uri_file", "diabetes-datastore-path": "uri_folder", "diabetes-table": "mltable"}
    moved = lab.blob("training-data", "datastore-path/diabetes.csv").decode().splitlines()
    assert moved == (lab.folder / "data/diabetes.csv").read_text().splitlines()


def test_03_mltable_reads_every_kind_of_path(course):
    """What the lab's one cell does not show: a folder, a pattern, a local table, the datastore's address, a short address."""
    lab = course.lab("03")
    code = """
import sys, mltable
from azure.ai.ml import MLClient
from azure.identity import DefaultAzureCredential
client = MLClient.from_config(credential=DefaultAzureCredential())
table = client.data.get("diabetes-table", version="1").path
first = mltable.load("data").to_pandas_dataframe()
assert len(first) == 10000
for table_of in (
    lambda: mltable.load(table),
    lambda: mltable.load("azureml:diabetes-table:1", ml_client=client),
    lambda: mltable.from_delimited_files([{"file": table.rstrip("/") + "/diabetes.csv"}]),
    lambda: mltable.from_delimited_files([{"pattern": table.rstrip("/") + "/*.csv"}]),
    lambda: mltable.from_delimited_files([{"pattern": table.rsplit("/", 1)[0] + "/**/*.csv"}]),
):
    read = table_of().to_pandas_dataframe()
    assert list(read.columns) == list(first.columns) and len(read) == len(first), (read.shape, first.shape)
    assert read["Age"].sum() == first["Age"].sum()
folder = mltable.from_paths([{"folder": table}]).to_pandas_dataframe()
assert len(folder) == 2, folder
print("every path was read")
"""
    (lab.folder / "paths.py").write_text(code)
    done = lab.shell(f'"{course.python}" paths.py')
    assert done.returncode == 0 and done.stdout.rstrip().endswith("every path was read"), done.stdout[-4000:]


def test_04_compute_is_scaled_and_used(course):
    lab = course.lab("04")
    executed = lab.run("Work with compute.ipynb")
    assert "already have" in executed.output('cpu_compute_target = "aml-cluster"')
    assert "maximum of 2" in executed.output("has a maximum of")
    assert executed.statuses == {"diabetes-train-cluster": "Completed"}


def test_04_an_environment_without_pandas_fails_and_one_with_it_does_not(course):
    lab = course.lab("04")
    executed = lab.run("Work with environments.ipynb")
    by_environment = {environment_of(job): job for job in executed.every_job}
    assert {name: str_of(job.status) for name, job in by_environment.items()} == {
        "AzureML-sklearn-1.5": "Completed",
        "docker-image-example": "Failed",
        "docker-image-plus-conda-example": "Completed",
    }
    assert "No module named 'pandas'" in lab.log(by_environment["docker-image-example"])
    assert "AzureML-sklearn-1.0-ubuntu20.04-py38-cpu" in executed.output("ml_client.environments.list()")
    assert executed.output("version=44").strip()


def test_07_a_notebook_tracks_its_models(course):
    lab = course.lab("07")
    lab.run("Track model training with MLflow.ipynb")
    runs = lab.runs("mlflow-experiment-diabetes")
    assert len(runs) == 5 and {run.info.status for run in runs} == {"FINISHED"}
    with_autolog = [run for run in runs if "solver" in run.data.params]
    assert len(with_autolog) == 1 and with_autolog[0].data.metrics["training_accuracy_score"] > 0.7
    assert "model" in lab.artifacts(with_autolog[0])
    assert sum("Accuracy" in run.data.metrics for run in runs) == 4
    assert sum("ROC-Curve.png" in lab.artifacts(run) for run in runs) == 1


def test_08_a_script_takes_parameters(course):
    executed = course.lab("08").run("Run script as a command job.ipynb")
    assert executed.statuses == {"diabetes-train-script": "Completed"}


def test_08_jobs_are_tracked_and_found(course):
    lab = course.lab("08")
    executed = lab.run("Use MLflow to track jobs.ipynb")
    assert executed.statuses == {"diabetes-train-mlflow": "Completed", "diabetes-train-autolog": "Completed"}
    assert "diabetes-training" in executed.output("mlflow.search_experiments()")
    assert "diabetes-training" in executed.output("mlflow.get_experiment_by_name(")
    by_name = {run.data.tags["mlflow.runName"]: run for run in lab.runs("diabetes-training")}
    manual, automatic = by_name["diabetes-train-mlflow"], by_name["diabetes-train-autolog"]
    assert set(manual.data.metrics) == {"Accuracy", "AUC"} and manual.data.params == {"Regularization rate": "0.01"}
    assert "ROC-Curve.png" in lab.artifacts(manual)
    assert "training_accuracy_score" in automatic.data.metrics and "model" in lab.artifacts(automatic)
    # What the notebook's last cells ask for, now that the jobs are over.
    found = lab.runs("diabetes-training", "metrics.AUC > 0.8 and tags.model_type = 'LogisticRegression'")
    assert [run.info.run_id for run in found] == [manual.info.run_id]
    newest = lab.runs("diabetes-training", order_by=["start_time DESC"], max_results=2)
    assert len(newest) == 2 and newest[0].info.start_time >= newest[1].info.start_time


def test_09_hyperparameters_are_tuned(course):
    lab = course.lab("09")
    executed = lab.run("Hyperparameter tuning.ipynb")
    assert set(executed.statuses.values()) == ALL_WELL
    sweep = next(job for job in executed.every_job if job.type == "sweep")
    trials = list(lab.client.jobs.list(parent_job_name=sweep.name))
    assert len(trials) == 3 and {str_of(trial.status) for trial in trials} == {"Completed"}
    scores = {run.info.run_id: run.data.metrics["training_accuracy_score"]
              for run in lab.runs("sweep-diabetes") if "training_accuracy_score" in run.data.metrics}
    best = lab.client.jobs.get(sweep.name).properties["best_child_run_id"]
    assert scores[best] == max(scores[trial.name] for trial in trials)


def test_09_scripts_are_run_as_a_pipeline(course):
    lab = course.lab("09")
    executed = lab.run("Run a pipeline job.ipynb")
    assert set(executed.statuses.values()) == ALL_WELL and len(executed.every_job) == 1
    name = executed.every_job[0].name
    children = {child.display_name: str_of(child.status) for child in lab.client.jobs.list(parent_job_name=name)}
    assert children == {"clean_data": "Completed", "train_model": "Completed"}
    lab.client.jobs.download(name, output_name="pipeline_job_trained_model", download_path=lab.folder / "fetched")
    assert list((lab.folder / "fetched").rglob("MLmodel"))


def test_10_models_are_logged_and_registered(course):
    lab = course.lab("10")
    executed = lab.run("Log models with MLflow.ipynb")
    assert executed.statuses == {f"diabetes-train-{kind}": "Completed" for kind in ("autolog", "sklearn", "infer", "signature")}
    model = lab.client.models.get("mlflow-diabetes", label="latest")
    assert model.type == "mlflow_model"
    assert model.job_name == executed.jobs["diabetes-train-signature"].name
    lab.client.models.download("mlflow-diabetes", model.version, download_path=lab.folder / "fetched")
    written = next((lab.folder / "fetched").rglob("MLmodel")).read_text()
    assert "Pregnancies" in written and "boolean" in written


def test_11_a_model_answers_at_an_online_endpoint(course):
    lab = course.lab("11")
    executed = lab.run("Deploy to online endpoint.ipynb")
    assert executed.output("online_endpoints.invoke(").strip() in ("Diabetic", "Not diabetic")
    assert "endpoint-" in executed.output("ml_client.online_endpoints.list()")
    assert "{'blue': 100}" in executed.output("endpoint.scoring_uri").replace('"', "'")
    wait_for("the end of the endpoint that the last cell deletes", lambda: not list(lab.client.online_endpoints.list()))


def test_11_a_batch_endpoint_scores_files(course):
    lab = course.lab("11")
    executed = lab.run("Deploy to batch endpoint.ipynb", patient=True)
    assert set(executed.statuses.values()) == ALL_WELL
    shown = executed.output('pd.read_csv("predictions.csv"')
    assert "prediction" in shown and "patient-data-0.csv" in shown
    rows = (lab.folder / "predictions.csv").read_text().splitlines()
    patients = sum(len(file.read_text().splitlines()) - 1 for file in (lab.folder / "data").glob("*.csv"))
    assert len(rows) == patients
