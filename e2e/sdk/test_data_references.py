"""What a job may name as its input: every form of address, and well-known ones of the web that have a copy here."""

import time

import pytest
from azure.ai.ml import Input, command
from azure.ai.ml.entities import BuildContext, Data, Environment
from launcher import wait_for


def run(ml_client, environment, line, **inputs):
    job = ml_client.jobs.create_or_update(command(
        command=line, environment=environment, inputs=inputs, experiment_name="e2e"))
    status = wait_for(f"job {job.name} to end", lambda: (s := ml_client.jobs.get(job.name).status) in (
        "Completed", "Failed", "Canceled") and s, timeout=240)
    return job.name, status


@pytest.fixture(scope="module")
def places(ml_client, atelier, tmp_path_factory):
    """One file under every form of address."""
    folder = tmp_path_factory.mktemp("copies")
    (folder / "iris.csv").write_text("a,b\n1,2\n")
    (atelier.home / "aliases.yaml").write_text(
        f"fetch: false\naliases:\n  - url: https://examples.invalid/datasets/\n    path: {folder}\n"
        f"  - url: wasbs://datasets@examples.blob.core.windows.net\n    path: {folder}\n")
    data = ml_client.data.create_or_update(Data(name=f"iris-{int(time.time())}", path=str(folder / "iris.csv"), type="uri_file"))
    scope = f"subscriptions/{ml_client.subscription_id}/resourcegroups/{ml_client.resource_group_name}"
    short = "azureml://datastores/workspaceblobstore/paths/" + data.path.split("/paths/")[1]
    yield {
        "name and version": f"azureml:{data.name}:{data.version}",
        "name and label": f"azureml:{data.name}@latest",
        "short address": short,
        "long address": data.path,
        "resource id": data.id,
        "asset store": f"azureml://{scope}/workspaces/main/data/{data.name}/versions/{data.version}",
        "https alias": "https://examples.invalid/datasets/iris.csv",
        "wasbs alias": "wasbs://datasets@examples.blob.core.windows.net/iris.csv",
    }
    (atelier.home / "aliases.yaml").unlink()


def test_every_form_of_address_reaches_the_script(ml_client, bare, places):
    inputs = {f"i{n}": Input(type="uri_file", path=path, mode="download") for n, path in enumerate(places.values())}
    line = " && ".join(f"grep -q '1,2' ${{{{inputs.{name}}}}}" for name in inputs)
    name, status = run(ml_client, f"{bare.name}:{bare.version}", line, **inputs)
    assert status == "Completed", name


def test_an_address_that_may_not_be_fetched_fails_the_job_with_a_sentence(ml_client, bare, places, atelier):
    name, status = run(ml_client, f"{bare.name}:{bare.version}", "cat ${{inputs.x}}",
                       x=Input(type="uri_file", path="https://nowhere.invalid/x.csv"))
    assert status == "Failed"
    assert "aliases.yaml" in str(atelier.job(name)) + atelier.log(name)


def test_a_data_asset_of_the_web_has_a_profile(ml_client, places, atelier, unique):
    data = ml_client.data.create_or_update(Data(name=unique("web"), path=places["https alias"], type="uri_file"))
    assert data.path == places["https alias"]
    profile = atelier.get(f"{atelier.workspace}/atelier/data/{data.name}/versions/{data.version}/profile")
    assert [c["name"] for c in profile["columns"]] == ["a", "b"]


def test_a_job_in_a_build_context_has_its_packages(ml_client, tmp_path, unique):
    (tmp_path / "Dockerfile").write_text("FROM python:3.11\nRUN apt-get update && pip install tqdm==4.66.4\n")
    made = ml_client.environments.create_or_update(Environment(name=unique("context"), build=BuildContext(path=str(tmp_path))))
    name, status = run(ml_client, f"{made.name}:{made.version}", "python -c 'import tqdm; assert tqdm.__version__ == \"4.66.4\"'")
    assert status == "Completed", name


def test_an_inline_environment_is_built_and_not_listed(ml_client):
    before = {e.name for e in ml_client.environments.list()}
    name, status = run(ml_client, Environment(image="python:3.11-slim"), "python -c 'import sys'")
    assert status == "Completed", name
    assert {e.name for e in ml_client.environments.list()} == before


def test_an_evaluated_table_is_its_files_and_a_mounted_one_is_its_folder(ml_client, bare, tmp_path, unique):
    (tmp_path / "MLTable").write_text("paths:\n  - file: ./in.csv\n  - pattern: ./deep/*.csv\n")
    (tmp_path / "deep").mkdir()
    for name in ("in.csv", "out.csv", "deep/more.csv"):
        (tmp_path / name).write_text("a\n1\n")
    data = ml_client.data.create_or_update(Data(name=unique("table"), path=str(tmp_path), type="mltable"))
    line = "cd ${{inputs.x}} && test -f in.csv && test -f deep/more.csv && "
    for mode, whole in (("eval_mount", "! test -e out.csv && ! test -e MLTable"),
                        ("eval_download", "! test -e out.csv && ! test -e MLTable"),
                        ("ro_mount", "test -f out.csv && test -f MLTable")):
        name, status = run(ml_client, f"{bare.name}:{bare.version}", line + whole,
                           x=Input(type="mltable", path=data.id, mode=mode))
        assert status == "Completed", f"{mode}: {name}"


def test_a_path_on_the_compute_is_refused_with_what_to_do(ml_client, bare, atelier, unique):
    """The newest SDK does not send it; the specification and its older one have it."""
    body = {"properties": {
        "jobType": "Command", "command": "ls /mnt/x", "environmentId": bare.id, "experimentName": "e2e",
        "outputs": {"out": {"jobOutputType": "uri_folder", "pathOnCompute": "/mnt/x"}}}}
    answer = atelier.request("PUT", f"{atelier.workspace}/jobs/{unique('place')}?api-version=2023-08-01-preview", json=body)
    assert answer.status_code == 400
    assert "${{outputs.out}}" in answer.json()["error"]["message"]
    assert answer.json()["error"]["target"] == "outputs.out.pathOnCompute"
