"""Data, environments, components and models as versioned assets."""

import pytest
from azure.ai.ml import Input, load_component
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.entities import Data, Environment, Model
from azure.core.exceptions import ResourceNotFoundError


@pytest.fixture
def csv(tmp_path):
    file = tmp_path / "patients.csv"
    file.write_text("age,bmi,diabetic\n40,31.5,1\n25,,0\n61,28.0,1\n")
    return file


def test_a_csv_becomes_a_versioned_data_asset(ml_client, csv, unique):
    name = unique("patients")
    first = ml_client.data.create_or_update(Data(name=name, path=str(csv), type=AssetTypes.URI_FILE))
    assert first.version == "1"
    csv.write_text("age,bmi,diabetic\n40,31.5,1\n")
    second = ml_client.data.create_or_update(Data(name=name, path=str(csv), type=AssetTypes.URI_FILE))
    assert second.version == "2"
    assert ml_client.data.get(name, label="latest").version == "2"
    assert {d.version for d in ml_client.data.list(name)} == {"1", "2"}
    assert name in {d.name for d in ml_client.data.list()}


def test_the_bytes_come_back_as_they_went(ml_client, csv, unique, tmp_path):
    from azure.ai.ml._artifacts._artifact_utilities import download_artifact_from_aml_uri

    asset = ml_client.data.create_or_update(Data(name=unique("bytes"), path=str(csv), type=AssetTypes.URI_FILE))
    where = download_artifact_from_aml_uri(asset.path, str(tmp_path / "back"), ml_client.datastores)
    files = [p for p in (tmp_path / "back").rglob("*") if p.is_file()]
    assert files, where
    assert files[0].read_bytes() == csv.read_bytes()


def test_the_server_profiles_a_csv(atelier, ml_client, csv, unique):
    asset = ml_client.data.create_or_update(Data(name=unique("profiled"), path=str(csv), type=AssetTypes.URI_FILE))
    profile = atelier.get(f"{atelier.workspace}/atelier/data/{asset.name}/versions/{asset.version}/profile")
    columns = {c["name"]: c for c in profile["columns"]}
    assert profile["rows"] == 3
    assert columns["bmi"]["nulls"] == 1
    assert columns["age"]["min"] == 25 and columns["age"]["max"] == 61
    preview = atelier.get(f"{atelier.workspace}/atelier/data/{asset.name}/versions/{asset.version}/preview?limit=2")
    assert preview["columns"] == ["age", "bmi", "diabetic"] and len(preview["rows"]) == 2 and preview["total"] == 3


def test_a_folder_becomes_a_data_asset(ml_client, tmp_path, unique):
    folder = tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.txt").write_text("a")
    (folder / "deep/ü b.txt").write_text("b")
    asset = ml_client.data.create_or_update(Data(name=unique("folder"), path=str(folder), type=AssetTypes.URI_FOLDER))
    assert ml_client.data.get(asset.name, version=asset.version).type == AssetTypes.URI_FOLDER


def test_a_version_cannot_change_its_content(ml_client, csv, unique):
    name = unique("fixed")
    ml_client.data.create_or_update(Data(name=name, version="7", path=str(csv), type=AssetTypes.URI_FILE))
    csv.write_text("other\n1\n")
    with pytest.raises(Exception) as caught:
        ml_client.data.create_or_update(Data(name=name, version="7", path=str(csv), type=AssetTypes.URI_FILE))
    assert not isinstance(caught.value, ResourceNotFoundError)
    assert name in str(caught.value) or "7" in str(caught.value)


def test_an_environment_keeps_its_conda_file(ml_client, unique, tmp_path):
    conda = tmp_path / "conda.yaml"
    conda.write_text("name: x\ndependencies:\n  - python=3.11\n  - pip:\n      - tqdm\n")
    made = ml_client.environments.create_or_update(
        Environment(name=unique("env"), image="mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04", conda_file=str(conda)))
    read = ml_client.environments.get(made.name, version=made.version)
    assert "tqdm" in str(read.conda_file)
    assert made.name in {e.name for e in ml_client.environments.list()}


def test_the_curated_environment_is_there_by_name(ml_client):
    assert ml_client.environments.get("AzureML-sklearn-1.5", label="latest").name == "AzureML-sklearn-1.5"


def test_components_load_and_register(ml_client, root):
    component = load_component(root / "samples/diabetes/components/prepare/component.yml")
    component.environment = "AzureML-sklearn-1.5@latest"
    made = ml_client.components.create_or_update(component)
    read = ml_client.components.get(made.name, version=made.version)
    assert set(read.inputs) == set(component.inputs) and set(read.outputs) == set(component.outputs)


def test_a_local_folder_becomes_a_model(ml_client, tmp_path, unique):
    folder = tmp_path / "weights"
    folder.mkdir()
    (folder / "weights.txt").write_text("0.5")
    made = ml_client.models.create_or_update(Model(name=unique("model"), path=str(folder), type=AssetTypes.CUSTOM_MODEL))
    assert made.version == "1"
    ml_client.models.download(made.name, version="1", download_path=str(tmp_path / "back"))
    assert [p.read_text() for p in (tmp_path / "back").rglob("weights.txt")] == ["0.5"]


def test_archiving_hides_an_asset(ml_client, csv, unique):
    name = unique("archived")
    ml_client.data.create_or_update(Data(name=name, path=str(csv), type=AssetTypes.URI_FILE))
    ml_client.data.archive(name)
    assert name not in {d.name for d in ml_client.data.list()}
    ml_client.data.restore(name)
    assert name in {d.name for d in ml_client.data.list()}
