"""Models and data in registries: shared from a workspace or made there, used by jobs and deployments of any workspace; and
what the registry `azureml` says of what it has not. With the official SDK."""

import os
import textwrap

import pytest
from azure.ai.ml import Input, MLClient, command
from azure.ai.ml.entities import (
    CodeConfiguration,
    Data,
    ManagedOnlineDeployment,
    ManagedOnlineEndpoint,
    Model,
    OnlineRequestSettings,
    ProbeSettings,
    Registry,
    RegistryRegionDetails,
    Workspace,
)
from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential
from launcher import wait_for


def client(ml_client, **scope):
    return MLClient(DefaultAzureCredential(), ml_client.subscription_id, ml_client.resource_group_name, **scope)


@pytest.fixture(scope="module")
def registry(ml_client):
    """The name of a registry, and a client of it."""
    name = f"team{os.getpid()}"
    ml_client.registries.begin_create(Registry(
        name=name, location="local", replication_locations=[RegistryRegionDetails(location="local")])).result()
    yield name, client(ml_client, registry_name=name)
    ml_client.registries.begin_delete(name=name).result()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weights")
    (folder / "word.txt").write_text("heavy\n")
    (folder / "deep").mkdir()
    (folder / "deep/more.txt").write_text("deeper\n")
    return folder


def said(ml_client, job, folder):
    job = ml_client.jobs.create_or_update(job)
    status = wait_for(f"job {job.name} to end", lambda: (s := ml_client.jobs.get(job.name).status) in (
        "Completed", "Failed", "Canceled") and s, timeout=240)
    assert status == "Completed", job.name
    ml_client.jobs.download(job.name, download_path=str(folder))
    return (folder / "artifacts/user_logs/std_log.txt").read_text()


def test_a_shared_model_and_shared_data_outlive_their_workspace(ml_client, registry, files, bare, tmp_path, unique):
    team, shelf = registry
    other = unique("giver")
    ml_client.workspaces.begin_create(Workspace(name=other, location="local")).result()
    giver = client(ml_client, workspace_name=other)
    model = giver.models.create_or_update(Model(
        name="words", version="3", path=str(files), type="custom_model", description="d", tags={"a": "b"}))
    data = giver.data.create_or_update(Data(name="table", version="1", path=str(files / "word.txt"), type="uri_file"))
    giver.models.share(name=model.name, version="3", share_with_name="words", share_with_version="7", registry_name=team)
    giver.data.share(name=data.name, version="1", share_with_name="table", share_with_version="2", registry_name=team)
    read = shelf.models.get("words", version="7")
    assert read.id == f"azureml://registries/{team}/models/words/versions/7"
    assert (read.description, read.tags, read.type) == ("d", {"a": "b"}, "custom_model")
    assert shelf.data.get("table", version="2").id == f"azureml://registries/{team}/data/table/versions/2"
    assert "words" in {m.name for m in shelf.models.list()} and "table" in {d.name for d in shelf.data.list()}
    with pytest.raises(Exception, match="already exists"):
        giver.models.share(name=model.name, version="3", share_with_name="words", share_with_version="7", registry_name=team)
    with pytest.raises(HttpResponseError, match="no version .9."):
        giver.models.share(name=model.name, version="9", share_with_name="no", share_with_version="1", registry_name=team)
    ml_client.workspaces.begin_delete(other, delete_dependent_resources=False, permanently_delete=True).result()

    out = said(ml_client, command(
        command="cat ${{inputs.model}}/word.txt ${{inputs.model}}/deep/more.txt ${{inputs.table}}",
        environment=f"{bare.name}:{bare.version}", experiment_name="e2e",
        inputs={"model": Input(type="custom_model", path=read.id),
                "table": Input(type="uri_file", path=f"azureml://registries/{team}/data/table/versions/2")}), tmp_path)
    assert "heavy\ndeeper\nheavy\n" in out


def test_a_model_and_data_are_made_in_a_registry_from_files(ml_client, registry, files, bare, tmp_path):
    team, shelf = registry
    made = shelf.models.create_or_update(Model(name="direct", version="1", path=str(files), type="custom_model"))
    assert made.id == f"azureml://registries/{team}/models/direct/versions/1"
    shelf.data.create_or_update(Data(name="straight", version="1", path=str(files), type="uri_folder"))
    shelf.models.download("direct", version="1", download_path=str(tmp_path / "got"))
    assert [f.read_text() for f in (tmp_path / "got").rglob("word.txt")] == ["heavy\n"]
    out = said(ml_client, command(
        command="cat ${{inputs.model}}/word.txt ${{inputs.folder}}/deep/more.txt", environment=f"{bare.name}:{bare.version}",
        experiment_name="e2e", inputs={
            "model": Input(type="custom_model", path=made.id),
            "folder": Input(type="uri_folder", path=f"azureml://registries/{team}/data/straight/labels/latest")}), tmp_path)
    assert "heavy\ndeeper\n" in out


def test_the_command_line_shares_too(ml_client, registry, files, atelier, unique):
    team, shelf = registry
    data = ml_client.data.create_or_update(Data(name=unique("own"), version="1", path=str(files), type="uri_folder"))
    atelier.run("data", "share", "--name", data.name, "--version", "1", "--registry-name", team,
                "--share-with-name", "cli", "--share-with-version", "4")
    assert shelf.data.get("cli", version="4").type == "uri_folder"


def test_a_deployment_serves_a_registrys_model_with_probes_and_two_logs(ml_client, registry, files, bare, tmp_path, unique):
    team, shelf = registry
    model = shelf.models.create_or_update(Model(name="served", version="1", path=str(files), type="custom_model"))
    code = tmp_path / "code"
    code.mkdir()
    (code / "score.py").write_text(textwrap.dedent("""\
        import glob, os

        def init():
            global word
            word = open(glob.glob(os.environ["AZUREML_MODEL_DIR"] + "/*/word.txt")[0]).read().strip()
            print("the word is there")

        def run(data):
            return word
        """))
    name = unique("shelf")
    ml_client.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name=name, auth_mode="key")).result()
    ml_client.online_deployments.begin_create_or_update(ManagedOnlineDeployment(
        name="blue", endpoint_name=name, model=model.id, environment=f"{bare.name}:{bare.version}",
        code_configuration=CodeConfiguration(code=str(code), scoring_script="score.py"),
        instance_type="Standard_DS3_v2", instance_count=1,
        request_settings=OnlineRequestSettings(request_timeout_ms=3000, max_concurrent_requests_per_instance=2, max_queue_wait_ms=2000),
        liveness_probe=ProbeSettings(initial_delay=20, period=5, timeout=3, failure_threshold=60),
        readiness_probe=ProbeSettings(period=7))).result()
    try:
        read = ml_client.online_deployments.get("blue", name)
        assert (read.liveness_probe.initial_delay, read.liveness_probe.period, read.liveness_probe.timeout,
                read.liveness_probe.success_threshold, read.liveness_probe.failure_threshold) == (20, 5, 3, 1, 60)
        assert (read.readiness_probe.initial_delay, read.readiness_probe.period) == (10, 7)
        assert (read.request_settings.request_timeout_ms, read.request_settings.max_queue_wait_ms) == (3000, 2000)
        request = tmp_path / "request.json"
        request.write_text("{}")
        assert "heavy" in ml_client.online_endpoints.invoke(name, request_file=str(request), deployment_name="blue")
        logs = ml_client.online_deployments.get_logs
        assert "the word is there" in logs("blue", name, lines=100)
        assert "the word is there" in logs("blue", name, lines=100, container_type="inference-server")
        fetched = logs("blue", name, lines=100, container_type="storage-initializer")
        assert "Fetching the files of model served:1" in fetched and "the word is there" not in fetched
        assert len(logs("blue", name, lines=1, container_type="storage-initializer").splitlines()) == 1
        with pytest.raises(HttpResponseError, match="failureThreshold"):
            ml_client.online_deployments.begin_create_or_update(ManagedOnlineDeployment(
                name="green", endpoint_name=name, model=model.id, environment=f"{bare.name}:{bare.version}",
                code_configuration=CodeConfiguration(code=str(code), scoring_script="score.py"),
                instance_type="Standard_DS3_v2", instance_count=1,
                liveness_probe=ProbeSettings(failure_threshold=-1))).result()
    finally:
        ml_client.online_endpoints.begin_delete(name).result()


def test_the_registry_azureml_says_what_it_has_when_a_component_is_not_there(ml_client):
    azures = client(ml_client, registry_name="azureml")
    for asked in ({"label": "latest"}, {"version": "0.0.1"}):
        with pytest.raises(HttpResponseError, match="curated environments alone"):
            azures.components.get("rai_tabular_insight_constructor", **asked)
