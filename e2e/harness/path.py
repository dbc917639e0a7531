"""Fixtures of the walked path, made once a run with the unmodified azure-ai-ml: environment, dataset, pipeline, model,
endpoint. Suites that look at the result (the studio's pages, say) and suites that judge the client share them."""

import csv
import os
import random
import uuid

import pytest

COLUMNS = ["age", "bmi", "glucose", "smoker"]
SICK, WELL = [70, 38.0, 160, "yes"], [22, 19.5, 70, "no"]
REQUEST = {"input_data": {"columns": COLUMNS, "index": [0, 1], "data": [SICK, WELL]}}


@pytest.fixture(scope="session")
def ml_client(atelier, project):
    """The official client, pointed here by the variables of `atelier env` and a config.json alone."""
    from azure.ai.ml import MLClient
    from azure.identity import DefaultAzureCredential

    before = os.getcwd()
    os.chdir(project)
    try:
        return MLClient.from_config(credential=DefaultAzureCredential())
    finally:
        os.chdir(before)


@pytest.fixture
def unique():
    """Names that no other test uses."""
    return lambda stem: f"{stem}-{uuid.uuid4().hex[:8]}"


@pytest.fixture(scope="session")
def bare(ml_client):
    """An environment without packages: an interpreter, ready at once."""
    from azure.ai.ml.entities import Environment

    return ml_client.environments.create_or_update(
        Environment(name="bare", image="python:3.11-slim", description="an interpreter without packages"))


def write_patients(file, count=600, seed=5):
    """Made-up patients: enough to learn from, few enough to be quick."""
    dice = random.Random(seed)
    with open(file, "w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["PatientID", *COLUMNS, "diabetic"])
        for number in range(count):
            age, bmi, glucose = dice.randint(20, 80), dice.gauss(28, 5), dice.gauss(105, 25)
            risk = (age - 50) / 15 + (bmi - 28) / 5 + (glucose - 105) / 15 + dice.gauss(0, 1)
            rows.writerow([1000 + number, age, round(bmi, 1) if dice.random() > 0.05 else "", round(glucose),
                           dice.choice(["yes", "no"]), int(risk > 0)])
    return file


@pytest.fixture(scope="session")
def patients(ml_client, tmp_path_factory):
    from azure.ai.ml.entities import Data

    file = write_patients(tmp_path_factory.mktemp("patients") / "patients.csv")
    return ml_client.data.create_or_update(Data(name="e2e-patients", path=str(file), type="uri_file"))


@pytest.fixture(scope="session")
def environment(ml_client, root):
    from azure.ai.ml import load_environment

    return ml_client.environments.create_or_update(load_environment(root / "samples/diabetes/environment.yml"))


def sample_pipeline(root, patients):
    """The sample's own pipeline.yml, on these patients."""
    from azure.ai.ml import load_job

    return load_job(root / "samples/diabetes/pipeline.yml", params_override=[
        {"inputs.data.path": f"azureml:{patients.name}:{patients.version}"}, {"inputs.model_name": "e2e-diabetes"}])


@pytest.fixture(scope="session")
def pipeline(ml_client, patients, environment, root):
    """The sample pipeline, completed."""
    submitted = ml_client.jobs.create_or_update(sample_pipeline(root, patients))
    ml_client.jobs.stream(submitted.name)
    return ml_client.jobs.get(submitted.name)


def deploy(ml_client, name):
    """An endpoint `name` with a deployment `blue` of the pipeline's model, and all traffic to it."""
    from azure.ai.ml.entities import ManagedOnlineDeployment, ManagedOnlineEndpoint

    ml_client.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name=name, auth_mode="key")).result()
    model = ml_client.models.get("e2e-diabetes", label="latest")
    ml_client.online_deployments.begin_create_or_update(ManagedOnlineDeployment(
        name="blue", endpoint_name=name, model=f"azureml:{model.name}:{model.version}",
        instance_type="Standard_DS3_v2", instance_count=1)).result()
    read = ml_client.online_endpoints.get(name)
    read.traffic = {"blue": 100}
    ml_client.online_endpoints.begin_create_or_update(read).result()
    return ml_client.online_endpoints.get(name)


@pytest.fixture(scope="session")
def endpoint(ml_client, pipeline):
    return deploy(ml_client, "e2e-endpoint")
