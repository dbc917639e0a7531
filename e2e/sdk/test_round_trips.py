"""Every kind of asset there and back: made from YAML, read, compared, listed, archived, restored, named by label."""

import textwrap

import pytest
from azure.ai.ml import load_component, load_data, load_datastore, load_environment, load_model
from azure.ai.ml.constants import ListViewType
from azure.ai.ml.entities import BuildContext, Data, Environment, Model
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError


@pytest.fixture
def yaml(tmp_path):
    """Writes a YAML file, and files beside it."""
    def write(text, **files):
        for name, content in files.items():
            file = tmp_path / name.replace("__", "/").replace("_dot_", ".")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
        target = tmp_path / "asset.yml"
        target.write_text(textwrap.dedent(text))
        return target
    return write


def listed(operations, name=None, view=ListViewType.ACTIVE_ONLY):
    found = operations.list(name=name, list_view_type=view) if name else operations.list(list_view_type=view)
    return [item.version if name else item.name for item in found]


def lives_through_its_states(operations, name):
    """Two versions of `name` exist, "1" and "2": archive and restore of versions, of the name, and by label."""
    assert operations.get(name, label="latest").version == "2"
    assert sorted(listed(operations, name)) == ["1", "2"]
    operations.archive(name, version="2")
    assert listed(operations, name) == ["1"]
    assert listed(operations, name, ListViewType.ARCHIVED_ONLY) == ["2"]
    assert sorted(listed(operations, name, ListViewType.ALL)) == ["1", "2"]
    assert operations.get(name, version="2").version == "2"
    operations.restore(name, version="2")
    assert sorted(listed(operations, name)) == ["1", "2"]
    operations.archive(name, label="latest")
    assert listed(operations, name) == ["1"]
    operations.restore(name, version="2")
    assert name in listed(operations)
    operations.archive(name)
    assert name not in listed(operations) and name in listed(operations, view=ListViewType.ARCHIVED_ONLY)
    assert listed(operations, name) == []
    operations.restore(name)
    assert name in listed(operations) and name not in listed(operations, view=ListViewType.ARCHIVED_ONLY)
    assert sorted(listed(operations, name)) == ["1", "2"]


@pytest.mark.parametrize("kind", ["uri_file", "uri_folder", "mltable"])
def test_data_there_and_back(ml_client, yaml, unique, kind):
    name = unique("data")
    path = "table/part.csv" if kind == "uri_file" else "table"
    file = yaml(
        f"""
        name: {name}
        type: {kind}
        description: some rows
        tags: {{origin: "a test"}}
        path: {path}
        """,
        table__part_dot_csv="a,b\n1,2\n",
        table__MLTable="type: mltable\npaths:\n  - file: ./part.csv\ntransformations:\n  - read_delimited:\n      delimiter: ','\n")
    made = ml_client.data.create_or_update(load_data(file))
    read = ml_client.data.get(name, version=made.version)
    assert (read.version, read.type, read.description, read.tags) == ("1", kind, "some rows", {"origin": "a test"})
    assert read.path.startswith("azureml://subscriptions/") and "/datastores/workspaceblobstore/paths/" in read.path
    assert read.creation_context.created_by == made.creation_context.created_by
    ml_client.data.create_or_update(load_data(file))
    lives_through_its_states(ml_client.data, name)


def test_description_and_tags_of_a_version_change(ml_client, unique):
    name = unique("tagged")
    data = Data(name=name, version="1", type="uri_file", path="azureml://datastores/workspaceblobstore/paths/x.csv")
    ml_client.data.create_or_update(data)
    data.description, data.tags = "other words", {"k": "v"}
    ml_client.data.create_or_update(data)
    read = ml_client.data.get(name, version="1")
    assert (read.description, read.tags) == ("other words", {"k": "v"})
    data.path = "azureml://datastores/workspaceblobstore/paths/y.csv"
    with pytest.raises(HttpResponseError, match="already exists"):
        ml_client.data.create_or_update(data)


def test_a_missing_asset_is_a_404(ml_client, unique):
    for operations in (ml_client.data, ml_client.models, ml_client.environments, ml_client.components):
        with pytest.raises(ResourceNotFoundError):
            operations.get(unique("nothing"), version="1")


def test_a_broken_mltable_is_refused_by_the_client(ml_client, yaml, unique):
    file = yaml(f"name: {unique('broken')}\ntype: mltable\npath: table\n", table__readme_dot_txt="no MLTable file")
    with pytest.raises(Exception, match="MLTable"):
        ml_client.data.create_or_update(load_data(file))


def test_an_environment_of_image_and_conda_file_there_and_back(ml_client, yaml, unique):
    name = unique("env")
    file = yaml(
        f"""
        name: {name}
        image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04
        conda_file: conda.yaml
        description: what it is for
        tags: {{a: "1"}}
        """,
        conda_dot_yaml="name: x\nchannels: [conda-forge]\ndependencies:\n  - python=3.11\n  - pip:\n      - tqdm==4.66.*\n")
    made = ml_client.environments.create_or_update(load_environment(file))
    read = ml_client.environments.get(name, version=made.version)
    assert read.image == "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"
    assert read.conda_file["dependencies"][1] == {"pip": ["tqdm==4.66.*"]}
    assert (read.description, read.tags) == ("what it is for", {"a": "1"})
    # What is the same stays version 1; other packages are version 2.
    assert ml_client.environments.create_or_update(load_environment(file)).version == "1"
    conda = file.parent / "conda.yaml"
    conda.write_text(conda.read_text().replace("4.66", "4.67"))
    assert ml_client.environments.create_or_update(load_environment(file)).version == "2"
    lives_through_its_states(ml_client.environments, name)


def test_an_environment_of_a_build_context_there_and_back(ml_client, yaml, unique, atelier):
    name = unique("docker")
    file = yaml(
        f"name: {name}\nbuild:\n  path: context\n",
        context__Dockerfile="FROM python:3.11\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n",
        context__requirements_dot_txt="tqdm==4.66.4\n")
    made = ml_client.environments.create_or_update(load_environment(file))
    read = ml_client.environments.get(name, version=made.version)
    assert isinstance(read.build, BuildContext) and read.build.dockerfile_path == "Dockerfile"
    status = atelier.get(f"{atelier.workspace}/atelier/environments/{name}/versions/{made.version}/build")
    assert status["status"] in ("NotBuilt", "Succeeded")


def test_a_dockerfile_that_needs_an_engine_says_so(ml_client, unique, atelier, tmp_path):
    (tmp_path / "Dockerfile").write_text("FROM rocker/tidyverse:4.0.0\nRUN R -e \"install.packages('x')\"\n")
    made = ml_client.environments.create_or_update(Environment(name=unique("r"), build=BuildContext(path=str(tmp_path))))
    with pytest.raises(Exception) as caught:
        atelier.get(f"{atelier.workspace}/atelier/environments/{made.name}/versions/{made.version}/build")
    assert "container engine" in (getattr(getattr(caught.value, "response", None), "text", "") or str(caught.value))


@pytest.mark.parametrize("name, version", [("AzureML-sklearn-1.0-ubuntu20.04-py38-cpu", "44"), ("AzureML-sklearn-1.5", "1")])
def test_a_curated_environment_by_version_and_label(ml_client, name, version):
    assert ml_client.environments.get(name, version=version).name == name
    assert ml_client.environments.get(name, label="latest").version == version
    assert name in listed(ml_client.environments)
    assert listed(ml_client.environments, name) == [version]


def test_a_model_there_and_back(ml_client, yaml, unique):
    name = unique("model")
    file = yaml(
        f"""
        name: {name}
        type: custom_model
        path: weights
        description: half
        tags: {{a: "1"}}
        stage: Production
        properties: {{p: "q"}}
        """,
        weights__w_dot_txt="0.5")
    made = ml_client.models.create_or_update(load_model(file))
    read = ml_client.models.get(name, version=made.version)
    assert (read.type, read.description, read.tags, read.properties["p"]) == ("custom_model", "half", {"a": "1"}, "q")
    ml_client.models.create_or_update(load_model(file))
    assert sorted(m.version for m in ml_client.models.list(name=name, stage="Production")) == ["1", "2"]
    assert list(ml_client.models.list(name=name, stage="Archived")) == []
    lives_through_its_states(ml_client.models, name)


def test_an_mlflow_model_shows_its_flavors(ml_client, unique, tmp_path):
    folder = tmp_path / "m"
    folder.mkdir()
    (folder / "MLmodel").write_text("flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n  sklearn:\n    pickled_model: m.pkl\n")
    made = ml_client.models.create_or_update(Model(name=unique("flavored"), path=str(folder), type="mlflow_model"))
    assert "python_function" in ml_client.models.get(made.name, version=made.version).flavors


def test_a_component_there_and_back(ml_client, yaml, unique):
    name = unique("component").replace("-", "_")
    text = f"""
        name: {name}
        version: VERSION
        display_name: Shown
        type: command
        description: copies
        tags: {{a: "1"}}
        inputs:
          source: {{type: uri_file}}
          rate: {{type: number, default: 0.5, min: 0, max: 1}}
        outputs:
          target: {{type: uri_folder}}
        command: cp ${{{{inputs.source}}}} ${{{{outputs.target}}}}
        environment: azureml:AzureML-sklearn-1.5@latest
        """
    for version in ("1", "2"):
        ml_client.components.create_or_update(load_component(yaml(text.replace("VERSION", f'"{version}"'))))
    read = ml_client.components.get(name, version="1")
    assert (read.display_name, read.description, read.tags) == ("Shown", "copies", {"a": "1"})
    assert set(read.inputs) == {"source", "rate"} and set(read.outputs) == {"target"}
    assert float(read.inputs["rate"].default) == 0.5
    lives_through_its_states(ml_client.components, name)


DATASTORES = {
    "azure_blob": ("account_name: account\ncontainer_name: some-data\ncredentials:\n  account_key: c2VjcmV0", {"container_name": "some-data"}),
    "azure_file": ("account_name: account\nfile_share_name: some-share\ncredentials:\n  sas_token: sv=1", {"file_share_name": "some-share"}),
    "azure_data_lake_gen1": (
        "store_name: lake\ncredentials:\n  tenant_id: t\n  client_id: c\n  client_secret: hush", {"store_name": "lake"}),
    "azure_data_lake_gen2": (
        "account_name: account\nfilesystem: some-files\ncredentials:\n  tenant_id: t\n  client_id: c\n  client_secret: hush",
        {"filesystem": "some-files"}),
    "one_lake": (
        "one_lake_workspace_name: w\nendpoint: onelake.dfs.fabric.microsoft.com\nartifact:\n  type: lake_house\n  name: house",
        {"one_lake_workspace_name": "w"}),
}


@pytest.mark.parametrize("kind", DATASTORES)
def test_a_datastore_there_and_back(ml_client, yaml, unique, kind):
    name = unique("store").replace("-", "_")
    text, fields = DATASTORES[kind]
    # The client's schema of Gen1 wants a mapping for the value of a tag.
    tags = {} if kind == "azure_data_lake_gen1" else {"a": "b"}
    file = yaml(f"name: {name}\ntype: {kind}\ndescription: a place\ntags: {tags}\n")
    file.write_text(file.read_text() + text + "\n")
    ml_client.datastores.create_or_update(load_datastore(file))
    read = ml_client.datastores.get(name)
    assert (read.name, read.description, read.tags) == (name, "a place", tags)
    assert {field: getattr(read, field) for field in fields} == fields
    assert "hush" not in str(read)
    if kind == "azure_data_lake_gen1":
        assert ml_client.datastores.get(name, include_secrets=True).credentials.client_secret == "hush"
    assert name in {store.name for store in ml_client.datastores.list()}
    ml_client.datastores.delete(name)
    with pytest.raises(ResourceNotFoundError):
        ml_client.datastores.get(name)


def test_the_default_datastore(ml_client):
    assert ml_client.datastores.get_default().name == "workspaceblobstore"
    assert {"workspaceblobstore", "workspaceartifactstore", "workspacefilestore", "workspaceworkingdirectory"} <= {
        store.name for store in ml_client.datastores.list()}


def test_many_names_come_in_pages(ml_client, atelier, unique):
    stem = unique("page")
    for number in range(205):
        atelier.request("PUT", f"{atelier.workspace}/data/{stem}-{number}/versions/1", json={"properties": {
            "dataType": "uri_file", "dataUri": "azureml://datastores/workspaceblobstore/paths/x.csv"}})
    names = [d.name for d in ml_client.data.list() if d.name.startswith(stem)]
    assert len(names) == len(set(names)) == 205
