"""The whole path with the sample's own files: data, environment, pipeline, model, endpoint, a scored patient."""

import json

import pytest
from azure.ai.ml import Input, dsl, load_component
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.entities import ManagedOnlineDeployment, Model
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from launcher import wait_for
from path import REQUEST, deploy, sample_pipeline


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
    again = ml_client.jobs.create_or_update(sample_pipeline(root, patients))
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
    # The SDK names a node after the variable it is assigned to, or after its component.
    assert nodes["prepared"]["reused"], nodes["prepared"]["reason"]
    assert not nodes["diabetes_train"]["reused"], nodes["diabetes_train"]["reason"]


def test_a_model_comes_from_a_jobs_output(ml_client, atelier, pipeline):
    graph = atelier.get(f"{atelier.workspace}/atelier/jobs/{pipeline.name}/graph")
    train = next(n for n in graph["nodes"] if n["name"] == "train_gradient_boosting")
    made = ml_client.models.create_or_update(Model(
        name="e2e-from-job", type=AssetTypes.MLFLOW_MODEL, path=f"azureml://jobs/{train['job']}/outputs/model/paths/"))
    read = ml_client.models.get(made.name, version=made.version)
    assert "python_function" in read.flavors


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
    # A managed online endpoint says 424 when the model's own server refuses, and tells that server's status beside it.
    assert bad.status_code == 424 and bad.headers["ms-azureml-model-error-statuscode"] == "400"


def test_requests_are_counted(atelier, endpoint, ml_client):
    before = metrics(atelier, endpoint)["requests"]
    key = ml_client.online_endpoints.get_keys(endpoint.name).primary_key
    for _ in range(3):
        atelier.request("POST", endpoint.scoring_uri, token=key, json=REQUEST)
    wait_for("three more requests", lambda: metrics(atelier, endpoint)["requests"] >= before + 3, timeout=30)
    assert metrics(atelier, endpoint)["latencyMs"]["p50"] > 0


def metrics(atelier, endpoint):
    return atelier.get(f"{atelier.workspace}/atelier/onlineEndpoints/{endpoint.name}/metrics?minutes=60")


def test_live_requests_are_mirrored_to_a_deployment_without_traffic(ml_client, pipeline, endpoint, atelier):
    shadow = ManagedOnlineDeployment(
        name="shadow", endpoint_name=endpoint.name, model=ml_client.models.get("e2e-diabetes", label="latest"),
        instance_type="Standard_DS3_v2", instance_count=1)
    ml_client.online_deployments.begin_create_or_update(shadow).result()
    changed = ml_client.online_endpoints.get(endpoint.name)
    changed.mirror_traffic = {"shadow": 50}
    changed = ml_client.online_endpoints.begin_create_or_update(changed).result()
    assert (changed.traffic, changed.mirror_traffic) == ({"blue": 100}, {"shadow": 50})
    before = metrics(atelier, endpoint)["requests"]
    key = ml_client.online_endpoints.get_keys(endpoint.name).primary_key
    for _ in range(8):
        answer = atelier.request("POST", endpoint.scoring_uri, token=key, json=REQUEST)
        assert answer.json() == [1, 0] and answer.headers["azureml-model-deployment"] == "blue"
    wait_for("the copies", lambda: metrics(atelier, endpoint)["requests"] >= before + 11, timeout=30)
    changed.mirror_traffic = {"shadow": 60}
    with pytest.raises(HttpResponseError, match="0 to 50 percent"):
        ml_client.online_endpoints.begin_create_or_update(changed).result()
    changed.mirror_traffic = {"shadow": 0}
    changed = ml_client.online_endpoints.begin_create_or_update(changed).result()
    assert changed.mirror_traffic == {}
    ml_client.online_deployments.begin_delete("shadow", endpoint.name).result()


def test_the_deployments_log_is_readable(ml_client, endpoint):
    assert ml_client.online_deployments.get_logs("blue", endpoint.name, lines=100).strip()


def test_deleting_an_endpoint_ends_it(ml_client, pipeline, atelier):
    short_lived = deploy(ml_client, "e2e-short-lived")
    ml_client.online_endpoints.begin_delete(short_lived.name).result()
    with pytest.raises(ResourceNotFoundError):
        ml_client.online_endpoints.get(short_lived.name)
    assert atelier.request("POST", short_lived.scoring_uri, json=REQUEST).status_code in (401, 404)
