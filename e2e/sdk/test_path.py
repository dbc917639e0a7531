"""The whole path with the sample's own files: data, environment, pipeline, model, endpoint, a scored patient."""

import csv
import json
import random
import shutil

import pytest
from azure.ai.ml import Input, dsl, load_component, load_environment, load_job
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.entities import Data, ManagedOnlineDeployment, ManagedOnlineEndpoint, Model
from azure.core.exceptions import ResourceNotFoundError
from launcher import FINAL, wait_for

COLUMNS = ["age", "bmi", "glucose", "smoker"]


@pytest.fixture(scope="module")
def patients(ml_client, tmp_path_factory):
    """600 made-up patients: enough to learn from, few enough to be quick."""
    dice = random.Random(5)
    file = tmp_path_factory.mktemp("patients") / "patients.csv"
    with file.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["PatientID", *COLUMNS, "diabetic"])
        for number in range(600):
            age, bmi, glucose = dice.randint(20, 80), dice.gauss(28, 5), dice.gauss(105, 25)
            risk = (age - 50) / 15 + (bmi - 28) / 5 + (glucose - 105) / 15 + dice.gauss(0, 1)
            rows.writerow([1000 + number, age, round(bmi, 1) if dice.random() > 0.05 else "", round(glucose),
                           dice.choice(["yes", "no"]), int(risk > 0)])
    return ml_client.data.create_or_update(Data(name="e2e-patients", path=str(file), type=AssetTypes.URI_FILE))


@pytest.fixture(scope="module")
def environment(ml_client, root):
    return ml_client.environments.create_or_update(load_environment(root / "samples/diabetes/environment.yml"))


@pytest.fixture(scope="module")
def pipeline(ml_client, patients, environment, root):
    job = load_job(root / "samples/diabetes/pipeline.yml")
    job.inputs["data"] = Input(type=AssetTypes.URI_FILE, path=f"azureml:{patients.name}:{patients.version}")
    job.inputs["model_name"] = "e2e-diabetes"
    submitted = ml_client.jobs.create_or_update(job)
    ml_client.jobs.stream(submitted.name)
    return ml_client.jobs.get(submitted.name)


def test_the_sample_pipeline_completes_with_six_steps(ml_client, pipeline):
    assert pipeline.status == "Completed"
    children = list(ml_client.jobs.list(parent_job_name=pipeline.name))
    assert len(children) == 6
    assert {ml_client.jobs.get(c.name).status for c in children} == {"Completed"}


def test_the_graph_shows_every_step(atelier, pipeline):
    graph = atelier.get(f"{atelier.workspace}/atelier/jobs/{pipeline.name}/graph")
    assert {n["name"] for n in graph["nodes"]} == {
        "prepare", "train_logistic_regression", "train_random_forest", "train_gradient_boosting", "evaluate", "register"}
    assert all(n["status"] == "Completed" for n in graph["nodes"])


def test_the_pipeline_registered_a_model_with_lineage(ml_client, pipeline):
    model = ml_client.models.get("e2e-diabetes", label="latest")
    assert model.type == AssetTypes.MLFLOW_MODEL
    assert "python_function" in model.flavors


def test_a_second_submission_reuses_every_step(ml_client, atelier, pipeline, patients, root):
    job = load_job(root / "samples/diabetes/pipeline.yml")
    job.inputs["data"] = Input(type=AssetTypes.URI_FILE, path=f"azureml:{patients.name}:{patients.version}")
    job.inputs["model_name"] = "e2e-diabetes"
    again = ml_client.jobs.create_or_update(job)
    ml_client.jobs.stream(again.name)
    graph = atelier.get(f"{atelier.workspace}/atelier/jobs/{again.name}/graph")
    assert [n["name"] for n in graph["nodes"] if not n["reused"]] == []
    assert all(n["reason"] for n in graph["nodes"])


def test_a_changed_parameter_runs_only_what_depends_on_it(ml_client, atelier, pipeline, patients, environment, root):
    train = load_component(root / "samples/diabetes/components/train/component.yml")
    prepare = load_component(root / "samples/diabetes/components/prepare/component.yml")

    @dsl.pipeline(name="two-steps", experiment_name="diabetes")
    def two(data, target, seed):
        prepared = prepare(data=data, target=target, seed=7)
        train(prepared=prepared.outputs.prepared, learner="logistic_regression", seed=seed)

    job = two(Input(type=AssetTypes.URI_FILE, path=f"azureml:{patients.name}:{patients.version}"), "diabetic", 11)
    job.settings.default_compute = "serverless"
    submitted = ml_client.jobs.create_or_update(job)
    ml_client.jobs.stream(submitted.name)
    nodes = {n["name"]: n for n in atelier.get(f"{atelier.workspace}/atelier/jobs/{submitted.name}/graph")["nodes"]}
    assert nodes["prepare"]["reused"], nodes["prepare"]["reason"]
    assert not nodes["train"]["reused"], nodes["train"]["reason"]


def test_a_model_comes_from_a_jobs_output(ml_client, pipeline):
    train = next(c for c in ml_client.jobs.list(parent_job_name=pipeline.name)
                 if ml_client.jobs.get(c.name).display_name and "train" in str(ml_client.jobs.get(c.name).display_name).lower()
                 or "Train" in str(c.display_name))
    made = ml_client.models.create_or_update(Model(
        name="e2e-from-job", type=AssetTypes.MLFLOW_MODEL, path=f"azureml://jobs/{train.name}/outputs/model/paths/"))
    read = ml_client.models.get(made.name, version=made.version)
    assert "python_function" in read.flavors


@pytest.fixture(scope="module")
def endpoint(ml_client, pipeline):
    name = "e2e-endpoint"
    ml_client.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name=name, auth_mode="key")).result()
    model = ml_client.models.get("e2e-diabetes", label="latest")
    ml_client.online_deployments.begin_create_or_update(ManagedOnlineDeployment(
        name="blue", endpoint_name=name, model=f"azureml:{model.name}:{model.version}",
        instance_type="Standard_DS3_v2", instance_count=1)).result()
    read = ml_client.online_endpoints.get(name)
    read.traffic = {"blue": 100}
    ml_client.online_endpoints.begin_create_or_update(read).result()
    return ml_client.online_endpoints.get(name)


REQUEST = {"input_data": {"columns": COLUMNS, "index": [0, 1], "data": [[70, 38.0, 160, "yes"], [22, 19.5, 70, "no"]]}}


def test_the_endpoint_scores_patients(ml_client, endpoint, tmp_path):
    request = tmp_path / "request.json"
    request.write_text(json.dumps(REQUEST))
    answer = ml_client.online_endpoints.invoke(endpoint.name, request_file=str(request), deployment_name="blue")
    assert json.loads(answer) == [1, 0]
    assert json.loads(ml_client.online_endpoints.invoke(endpoint.name, request_file=str(request))) == [1, 0]


def test_plain_http_scores_with_a_key_and_only_with_it(ml_client, endpoint, atelier):
    key = ml_client.online_endpoints.get_keys(endpoint.name).primary_key
    good = atelier.request("POST", endpoint.scoring_uri, token=key, json=REQUEST)
    assert good.status_code == 200 and good.json() == [1, 0]
    assert atelier.request("POST", endpoint.scoring_uri, token="wrong", json=REQUEST).status_code == 401
    bad = atelier.request("POST", endpoint.scoring_uri, token=key, json={"nothing": 1})
    assert bad.status_code == 400


def test_requests_are_counted(atelier, endpoint, ml_client):
    before = metrics(atelier, endpoint)["requests"]
    key = ml_client.online_endpoints.get_keys(endpoint.name).primary_key
    for _ in range(3):
        atelier.request("POST", endpoint.scoring_uri, token=key, json=REQUEST)
    wait_for("three more requests", lambda: metrics(atelier, endpoint)["requests"] >= before + 3, timeout=30)
    assert metrics(atelier, endpoint)["latencyMs"]["p50"] > 0


def metrics(atelier, endpoint):
    return atelier.get(f"{atelier.workspace}/atelier/onlineEndpoints/{endpoint.name}/metrics?minutes=60")


def test_the_deployments_log_is_readable(ml_client, endpoint):
    assert ml_client.online_deployments.get_logs("blue", endpoint.name, lines=100).strip()


def test_zz_deleting_the_endpoint_ends_it(ml_client, endpoint, atelier):
    ml_client.online_endpoints.begin_delete(endpoint.name).result()
    with pytest.raises(ResourceNotFoundError):
        ml_client.online_endpoints.get(endpoint.name)
    assert atelier.request("POST", endpoint.scoring_uri, json=REQUEST).status_code in (401, 404)
