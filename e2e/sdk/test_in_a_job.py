"""What a job sees: official clients inside it are authenticated as the job, by nothing that its script sets."""

import importlib.metadata
import json
import textwrap

import pytest
from azure.ai.ml import Output, UserIdentityConfiguration, command
from azure.ai.ml.entities import Environment

SCRIPT = """
    import json, os, pathlib
    import mlflow
    from azure.ai.ml import MLClient
    from azure.ai.ml.identity import AzureMLOnBehalfOfCredential
    from azure.identity import DefaultAzureCredential
    from azure.storage.blob import BlobServiceClient

    credential = DefaultAzureCredential()
    found = MLClient.from_config(credential=credential)
    named = MLClient(credential, os.environ["AZUREML_ARM_SUBSCRIPTION"], os.environ["AZUREML_ARM_RESOURCEGROUP"],
                     os.environ["AZUREML_ARM_WORKSPACE_NAME"])
    behalf = MLClient.from_config(credential=AzureMLOnBehalfOfCredential())
    store = named.datastores.get_default()
    blobs = BlobServiceClient(f"https://{store.account_name}.blob.{store.endpoint}", credential=credential)
    with mlflow.start_run() as run:
        mlflow.log_param("learner", "tree")
        mlflow.log_metric("AUC", 0.75)
        mlflow.set_tag("said", "by the script")
    says = {
        "me": found.jobs.get(os.environ["AZUREML_RUN_ID"]).status,
        "named": named.jobs.get(os.environ["AZUREML_RUN_ID"]).name,
        "behalf": behalf.jobs.get(os.environ["AZUREML_RUN_ID"]).name,
        "run": run.info.run_id,
        "containers": sorted(c.name for c in blobs.list_containers())[:1],
        "header": os.environ["IDENTITY_HEADER"],
    }
    pathlib.Path(os.environ["AZURE_ML_OUTPUT_says"], "says.json").write_text(json.dumps(says))
"""


@pytest.fixture(scope="module")
def clients(ml_client):
    """An environment with the clients that this suite itself uses."""
    pins = [f"{name}=={importlib.metadata.version(name)}"
            for name in ("azure-ai-ml", "azure-identity", "azure-storage-blob", "mlflow-skinny")]
    return ml_client.environments.create_or_update(Environment(
        name="clients-in-a-job", image="mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04",
        conda_file={"name": "clients", "dependencies": ["python=3.11", "pip", {"pip": [*pins, "setuptools<81"]}]}))


def test_clients_inside_a_job_are_the_job_until_it_ends(ml_client, clients, atelier, tmp_path):
    source = tmp_path / "src"
    source.mkdir()
    (source / "main.py").write_text(textwrap.dedent(SCRIPT))
    job = ml_client.jobs.create_or_update(command(
        code=str(source), command="python main.py", environment=f"{clients.name}:{clients.version}",
        identity=UserIdentityConfiguration(), outputs={"says": Output(type="uri_folder")},
        experiment_name="inside", tags={"model_type": "tree"}))
    ml_client.jobs.stream(job.name)
    ml_client.jobs.download(job.name, download_path=str(tmp_path / "out"), output_name="says")
    says = json.loads(next((tmp_path / "out").rglob("says.json")).read_text())
    secret = says.pop("header")
    containers = says.pop("containers")
    assert says == {"me": "Running", "named": job.name, "behalf": job.name, "run": job.name}
    assert len(containers) == 1
    assert atelier.request("GET", atelier.workspace, token=secret).status_code == 401, "the token outlived the job"
    for log in ("user_logs/std_log.txt", "logs/azureml/executionlogs.txt"):
        assert secret not in atelier.log(job.name, log)


def test_tags_parameters_and_metrics_meet_in_the_run(ml_client, clients, atelier):
    import mlflow

    mlflow.set_tracking_uri(ml_client.workspaces.get(ml_client.workspace_name).mlflow_tracking_uri)
    found = mlflow.search_runs(experiment_names=["inside"], filter_string="tags.model_type = 'tree' and metrics.AUC > 0.5")
    assert len(found) >= 1
    assert found["params.learner"][0] == "tree" and found["tags.said"][0] == "by the script"
    assert found["status"][0] == "FINISHED"


def test_processes_of_a_distributed_job_know_each_other(ml_client, bare, atelier):
    job = command(command="echo rank $RANK of $WORLD_SIZE on node $NODE_RANK", environment=f"{bare.name}:{bare.version}",
                  distribution={"type": "pytorch", "process_count_per_instance": 2}, instance_count=2)
    submitted = ml_client.jobs.create_or_update(job)
    ml_client.jobs.stream(submitted.name)
    said = [atelier.log(submitted.name, f"user_logs/std_log_process_0{n}.txt").strip() for n in range(4)]
    assert said == ["rank 0 of 4 on node 0", "rank 1 of 4 on node 0", "rank 2 of 4 on node 1", "rank 3 of 4 on node 1"]
    read = ml_client.jobs.get(submitted.name)
    assert read.resources.instance_count == 2 and read.distribution.process_count_per_instance == 2


def test_what_a_job_installs_is_its_own(ml_client, bare, atelier):
    """As in a container: the next job in the same environment does not see it."""
    look = "python -c \"import importlib.util as u; print('found', u.find_spec('colorama') is not None)\""
    first = ml_client.jobs.create_or_update(command(
        command=f"pip install -q colorama && {look}", environment=f"{bare.name}:{bare.version}"))
    ml_client.jobs.stream(first.name)
    second = ml_client.jobs.create_or_update(command(command=look, environment=f"{bare.name}:{bare.version}"))
    ml_client.jobs.stream(second.name)
    assert "found True" in atelier.log(first.name)
    assert "found False" in atelier.log(second.name)


def test_an_output_with_a_path_of_its_own_is_found(ml_client, bare, tmp_path, unique):
    place = f"azureml://datastores/workspaceblobstore/paths/{unique('kept')}/${{{{name}}}}"
    job = ml_client.jobs.create_or_update(command(
        command="echo kept > ${{outputs.result}}/a.txt", environment=f"{bare.name}:{bare.version}",
        outputs={"result": Output(type="uri_folder", path=place)}))
    ml_client.jobs.stream(job.name)
    ml_client.jobs.download(job.name, download_path=str(tmp_path), output_name="result")
    assert [p.read_text() for p in tmp_path.rglob("a.txt")] == ["kept\n"]
