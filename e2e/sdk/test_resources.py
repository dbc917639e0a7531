"""Workspaces side by side, computes, connections and registries: created from YAML, read, changed, listed, deleted."""

import textwrap

import pytest
from azure.ai.ml import MLClient, command, load_compute, load_workspace
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.entities import AmlCompute, Data, Environment, Workspace
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import DefaultAzureCredential

try:
    from azure.ai.ml import load_connection
except ImportError:  # renamed after 1.16
    from azure.ai.ml import load_workspace_connection as load_connection


def yaml(folder, text):
    file = folder / "thing.yml"
    file.write_text(textwrap.dedent(text))
    return file


def client(ml_client, workspace=None, registry=None):
    scope = {"registry_name": registry} if registry else {"workspace_name": workspace}
    return MLClient(DefaultAzureCredential(), ml_client.subscription_id, ml_client.resource_group_name, **scope)


@pytest.fixture
def workspace(ml_client, unique, tmp_path):
    """A second workspace, made from YAML by a template deployment; purged afterwards."""
    name = unique("second")[:33]
    file = yaml(tmp_path, f"""
        $schema: https://azuremlschemas.azureedge.net/latest/workspace.schema.json
        name: {name}
        location: local
        display_name: A second one
        description: beside the first
        public_network_access: Disabled
        tags:
          team: blue
        """)
    ml_client.workspaces.begin_create(load_workspace(file)).result()
    yield name
    ml_client.workspaces.begin_delete(name, delete_dependent_resources=False, permanently_delete=True).result()


def test_a_workspace_is_made_from_yaml_and_read(ml_client, workspace):
    read = ml_client.workspaces.get(workspace)
    assert (read.display_name, read.description, read.location) == ("A second one", "beside the first", "local")
    assert read.public_network_access == "Disabled"
    assert read.tags["team"] == "blue"
    assert workspace in read.mlflow_tracking_uri
    assert {workspace, "main"} <= {w.name for w in ml_client.workspaces.list()}
    assert {workspace, "main"} <= {w.name for w in ml_client.workspaces.list(scope="subscription")}


def test_a_workspace_is_changed_in_place(ml_client, workspace):
    changed = ml_client.workspaces.begin_update(
        Workspace(name=workspace, description="new", tags={"team": "red"})).result()
    assert changed.description == "new"
    read = ml_client.workspaces.get(workspace)
    assert (read.display_name, read.description, read.tags) == ("A second one", "new", {"team": "red"})
    again = ml_client.workspaces.begin_create(Workspace(name=workspace, display_name="Third")).result()
    assert (again.display_name, again.description) == ("Third", "new")


def test_keys_are_those_of_the_storage_account(atelier, ml_client, workspace):
    keys = ml_client.workspaces.get_keys(workspace)
    assert keys.user_storage_key
    ml_client.workspaces.begin_sync_keys(workspace).result()
    assert ml_client.workspaces.get_keys(workspace).user_storage_key == keys.user_storage_key
    ml_client.workspaces.begin_diagnose(workspace).result()
    assert list(ml_client.workspace_outbound_rules.list(workspace)) == []


def test_what_one_workspace_has_another_has_not(ml_client, workspace, unique, tmp_path):
    second = client(ml_client, workspace)
    file = tmp_path / "a.csv"
    file.write_text("a\n1\n")
    name = unique("apart")
    made = second.data.create_or_update(Data(name=name, path=str(file), type=AssetTypes.URI_FILE))
    assert second.data.get(name, version=made.version).path == made.path
    with pytest.raises(ResourceNotFoundError):
        ml_client.data.get(name, version="1")
    assert {"workspaceblobstore", "workspaceartifactstore", "workspacefilestore", "workspaceworkingdirectory"} <= {
        d.name for d in second.datastores.list()}
    own, other = (c.datastores.get_default().container_name for c in (second, ml_client))
    assert own != other
    environment = second.environments.create_or_update(Environment(name=unique("env"), image="mcr.microsoft.com/x/y"))
    with pytest.raises(ResourceNotFoundError):
        ml_client.environments.get(environment.name, version="1")
    assert second.compute.get("cpu-cluster").type == "amlcompute"


def test_jobs_of_one_name_run_in_two_workspaces(atelier, ml_client, workspace, unique):
    name = unique("twin")
    for each, word in ((ml_client, "first"), (client(ml_client, workspace), "second")):
        each.create_or_update(command(
            name=name, command=f"echo {word} > outputs/word.txt", environment="AzureML-sklearn-1.5@latest",
            compute="cpu-cluster", experiment_name="twins"))
    for each, word in ((ml_client, "first"), (client(ml_client, workspace), "second")):
        each.jobs.stream(name)
        path = f"{atelier.workspace.rsplit('/', 1)[0]}/{each.workspace_name}"
        datastore = each.datastores.get("workspaceartifactstore")
        secret = atelier.request("POST", f"{path}/datastores/workspaceartifactstore/listSecrets?api-version=2024-04-01",
                                 json={"expirableSecret": True}).json()["sasToken"]
        blob = atelier.request(
            "GET", f"/atelier.blob.localhost/{datastore.container_name}/ExperimentRun/dcid.{name}/outputs/word.txt?{secret}")
        assert blob.text.strip() == word
    with pytest.raises(ResourceNotFoundError):
        client(ml_client, workspace).jobs.get(unique("none"))


def test_a_deleted_workspace_keeps_its_name_until_it_is_purged(atelier, ml_client, unique):
    name = unique("gone")[:33]
    ml_client.workspaces.begin_create(Workspace(name=name, location="local")).result()
    container = client(ml_client, name).datastores.get_default().container_name
    ml_client.workspaces.begin_delete(name, delete_dependent_resources=False).result()
    with pytest.raises(ResourceNotFoundError):
        ml_client.workspaces.get(name)
    assert name not in {w.name for w in ml_client.workspaces.list()}
    with pytest.raises(HttpResponseError, match="Soft-deleted workspace exists"):
        ml_client.workspaces.begin_create(Workspace(name=name, location="local")).result()
    address = f"{atelier.workspace.rsplit('/', 1)[0]}/{name}?api-version=2024-10-01"
    recovered = atelier.request("PUT", address, json={
        "location": "local", "properties": {"allowRecoverSoftDeletedWorkspace": True}})
    assert recovered.status_code == 200, recovered.text
    assert client(ml_client, name).datastores.get_default().container_name == container
    ml_client.workspaces.begin_delete(name, delete_dependent_resources=True, permanently_delete=True).result()
    ml_client.workspaces.begin_create(Workspace(name=name, location="local")).result()
    assert client(ml_client, name).datastores.get_default().container_name != container
    ml_client.workspaces.begin_delete(name, delete_dependent_resources=False, permanently_delete=True).result()


def test_a_wrong_workspace_is_refused_with_its_field(atelier, ml_client):
    address = f"{atelier.workspace.rsplit('/', 1)[0]}/x?api-version=2024-10-01"
    assert atelier.request("PUT", address, json={"location": "local"}).json()["error"]["target"] == "workspaceName"
    with pytest.raises(HttpResponseError, match="publicNetworkAccess|not allowed"):
        ml_client.workspaces.begin_create(
            Workspace(name="wrongnetwork", location="local", public_network_access="Perhaps")).result()


def test_a_cluster_is_made_from_yaml_scaled_and_deleted(ml_client, unique, tmp_path):
    name = unique("cpu")[:24].rstrip("-")
    file = yaml(tmp_path, f"""
        $schema: https://azuremlschemas.azureedge.net/latest/amlCompute.schema.json
        name: {name}
        type: amlcompute
        size: STANDARD_DS3_V2
        min_instances: 0
        max_instances: 2
        idle_time_before_scale_down: 120
        tier: low_priority
        identity:
          type: system_assigned
        tags:
          a: b
        """)
    made = ml_client.compute.begin_create_or_update(load_compute(file)).result()
    assert made.provisioning_state == "Succeeded"
    read = ml_client.compute.get(name)
    assert (read.type, read.size, read.tier) == ("amlcompute", "STANDARD_DS3_V2", "low_priority")
    assert (read.min_instances, read.max_instances, int(read.idle_time_before_scale_down)) == (0, 2, 120)
    assert read.identity.type == "system_assigned" and read.tags == {"a": "b"}
    read.max_instances = 4
    assert ml_client.compute.begin_create_or_update(read).result().max_instances == 4
    assert list(ml_client.compute.list_nodes(name)) == []
    assert name in {c.name for c in ml_client.compute.list(compute_type="amlcompute")}
    with pytest.raises(HttpResponseError):
        ml_client.compute.begin_start(name).result()
    ml_client.compute.begin_delete(name).result()
    with pytest.raises(ResourceNotFoundError):
        ml_client.compute.get(name)


def test_an_instance_is_stopped_and_takes_no_job_then(ml_client, unique, tmp_path):
    name = unique("ci")[:24].rstrip("-")
    file = yaml(tmp_path, f"""
        $schema: https://azuremlschemas.azureedge.net/latest/computeInstance.schema.json
        name: {name}
        type: computeinstance
        size: STANDARD_DS3_V2
        idle_time_before_shutdown_minutes: 30
        """)
    ml_client.compute.begin_create_or_update(load_compute(file)).result()
    read = ml_client.compute.get(name)
    assert (read.type, read.state, read.idle_time_before_shutdown) == ("computeinstance", "Running", "PT30M")
    ml_client.compute.begin_stop(name).result()
    assert ml_client.compute.get(name).state == "Stopped"
    with pytest.raises(HttpResponseError, match="Stopped"):
        ml_client.create_or_update(command(command="echo", environment="AzureML-sklearn-1.5@latest", compute=name))
    ml_client.compute.begin_start(name).result()
    assert ml_client.compute.get(name).state == "Running"
    ml_client.compute.begin_restart(name).result()
    ml_client.compute.begin_delete(name).result()


def test_an_attached_cluster_is_kept_as_a_definition(ml_client, unique, tmp_path):
    name = unique("k8s")[:16].rstrip("-")
    file = yaml(tmp_path, f"""
        $schema: https://azuremlschemas.azureedge.net/latest/kubernetesCompute.schema.json
        name: {name}
        type: kubernetes
        resource_id: /subscriptions/{ml_client.subscription_id}/resourceGroups/g/providers/Microsoft.Kubernetes/connectedClusters/k
        namespace: jobs
        """)
    ml_client.compute.begin_attach(load_compute(file)).result()
    read = ml_client.compute.get(name)
    assert (read.type, read.namespace) == ("kubernetes", "jobs")
    with pytest.raises(HttpResponseError, match="attached"):
        ml_client.create_or_update(command(command="echo", environment="AzureML-sklearn-1.5@latest", compute=name))
    ml_client.compute.begin_delete(name, action="Detach").result()


def test_wrong_computes_name_their_field(ml_client):
    with pytest.raises(HttpResponseError, match="size of a virtual machine"):
        ml_client.compute.begin_create_or_update(AmlCompute(name="wrong-size", size="enormous")).result()
    with pytest.raises(HttpResponseError, match="below the least"):
        ml_client.compute.begin_create_or_update(
            AmlCompute(name="wrong-scale", size="STANDARD_DS3_V2", min_instances=3, max_instances=1)).result()


def test_sizes_and_usages_are_listed(ml_client):
    sizes = {size.name: size for size in ml_client.compute.list_sizes()}
    known = vars(sizes["Standard_DS3_v2"])
    assert (known.get("v_cp_us") or known.get("vCPUs")) == 4
    assert list(ml_client.compute.list_usage())


def test_a_connection_keeps_its_key_to_itself(atelier, ml_client, unique, tmp_path):
    name = unique("ai")
    file = yaml(tmp_path, f"""
        $schema: https://azuremlschemas.azureedge.net/latest/connection.schema.json
        name: {name}
        type: git
        target: https://example.org/x.git
        credentials:
          type: pat
          pat: s3cret-word
        """)
    made = ml_client.connections.create_or_update(load_connection(file))
    assert (made.name, made.type, made.target) == (name, "git", "https://example.org/x.git")
    read = ml_client.connections.get(name)
    assert read.credentials.type.lower() == "pat" and not read.credentials.pat
    assert name in {c.name for c in ml_client.connections.list()}
    assert name in {c.name for c in ml_client.connections.list(connection_type="git")}
    secrets = atelier.request("POST", f"{atelier.workspace}/connections/{name}/listsecrets?api-version=2024-04-01-preview")
    assert secrets.json()["properties"]["credentials"]["pat"] == "s3cret-word"
    for file in atelier.home.glob("atelier.db*"):
        assert b"s3cret-word" not in file.read_bytes()
    ml_client.connections.delete(name)
    with pytest.raises(ResourceNotFoundError):
        ml_client.connections.get(name)


def test_an_api_key_comes_back_when_it_is_asked_for(ml_client, unique):
    from azure.ai.ml.entities import ApiKeyConfiguration, AzureOpenAIConnection

    name = unique("openai")
    made = ml_client.connections.create_or_update(AzureOpenAIConnection(
        name=name, azure_endpoint="https://example.org/", credentials=ApiKeyConfiguration(key="k3y"),
        open_ai_resource_id="/subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/a"))
    assert made.type == "azure_open_ai"
    assert ml_client.connections.get(name, populate_secrets=True).credentials.key == "k3y"
    ml_client.connections.delete(name)


def test_the_registry_azureml_has_the_curated_environments(ml_client):
    registry = client(ml_client, registry="azureml")
    assert "sklearn-1.5" in {e.name for e in registry.environments.list()}
    latest = registry.environments.get("sklearn-1.5", label="latest")
    assert latest.id == f"azureml://registries/azureml/environments/sklearn-1.5/versions/{latest.version}"
    assert registry.environments.get("sklearn-1.5", version=latest.version).name == "sklearn-1.5"
    assert latest.version in {e.version for e in registry.environments.list("sklearn-1.5")}
    with pytest.raises(ResourceNotFoundError):
        registry.environments.get("no-such-environment", version="1")


def test_a_registry_is_made_filled_shared_with_and_deleted(atelier, ml_client, unique, tmp_path):
    from azure.ai.ml import load_component, load_registry

    name = unique("reg")[:20].replace("_", "-")
    file = yaml(tmp_path, f"""
        name: {name}
        location: local
        tags:
          a: b
        replication_locations:
          - location: local
        """)
    ml_client.registries.begin_create(load_registry(file)).result()
    assert ml_client.registries.get(name).tags == {"a": "b"}
    assert {name, "azureml"} <= {r.name for r in ml_client.registries.list()}
    registry = client(ml_client, registry=name)
    made = registry.environments.create_or_update(Environment(name="shared-env", version="1", image="mcr.microsoft.com/x/y"))
    assert made.id == f"azureml://registries/{name}/environments/shared-env/versions/1"

    component = yaml(tmp_path, """
        $schema: https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json
        name: shared_echo
        version: "1"
        type: command
        command: echo ${{inputs.word}}
        inputs:
          word: {type: string, default: hello}
        environment: azureml://registries/azureml/environments/sklearn-1.5/labels/latest
        """)
    assert registry.components.create_or_update(load_component(component)).version == "1"
    read = registry.components.get("shared_echo", version="1")
    assert read.id == f"azureml://registries/{name}/components/shared_echo/versions/1"
    assert "shared_echo" in {c.name for c in registry.components.list()}

    own = ml_client.environments.create_or_update(Environment(name=unique("share"), version="1", image="mcr.microsoft.com/x/y"))
    ml_client.environments.share(
        name=own.name, version="1", share_with_name="copied", share_with_version="7", registry_name=name)
    assert registry.environments.get("copied", version="7").image == "mcr.microsoft.com/x/y"

    ml_client.registries.begin_delete(name=name).result()
    with pytest.raises(ResourceNotFoundError):
        ml_client.registries.get(name)
