"""Batch endpoints and parallel steps, made and invoked by the official SDK."""

import textwrap

import pandas as pd
import pytest
from azure.ai.ml import Input, Output, dsl
from azure.ai.ml.constants import AssetTypes, BatchDeploymentOutputAction, InputOutputModes
from azure.ai.ml.entities import (
    BatchEndpoint,
    BatchRetrySettings,
    CodeConfiguration,
    Data,
    ModelBatchDeployment,
    PipelineComponentBatchDeployment,
    Model,
)
from azure.ai.ml.parallel import RunFunction, parallel_run_function
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from launcher import wait_for
from path import COLUMNS, SICK, WELL

COMPUTE = "cpu-cluster"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Three files of made-up patients."""
    folder = tmp_path_factory.mktemp("unlabeled")
    for number in range(3):
        pd.DataFrame([SICK, WELL, SICK][: number + 1], columns=COLUMNS).to_csv(folder / f"day-{number}.csv", index=False)
    return folder


@pytest.fixture(scope="module")
def batch(ml_client, pipeline):
    """An endpoint with the pipeline's MLflow model, made as a notebook does it: nothing is waited for."""
    endpoint = BatchEndpoint(name="e2e-batch", description="classifies patients")
    ml_client.batch_endpoints.begin_create_or_update(endpoint)
    deployment = ModelBatchDeployment(
        name="classifier",
        endpoint_name=endpoint.name,
        model=ml_client.models.get("e2e-diabetes", label="latest"),
        compute=COMPUTE,
        instance_count=2,
        max_concurrency_per_instance=2,
        mini_batch_size=2,
        output_action=BatchDeploymentOutputAction.APPEND_ROW,
        output_file_name="predictions.csv",
        retry_settings=BatchRetrySettings(max_retries=3, timeout=300),
        logging_level="info",
    )
    ml_client.batch_deployments.begin_create_or_update(deployment)
    endpoint.defaults = {}
    endpoint.defaults["deployment_name"] = deployment.name
    ml_client.batch_endpoints.begin_create_or_update(endpoint)
    yield endpoint
    ml_client.batch_endpoints.begin_delete(endpoint.name).result()


def score(ml_client, job, folder):
    """What the job left, as the course's notebook reads it."""
    ml_client.jobs.stream(job.name)
    ml_client.jobs.download(name=job.name, download_path=str(folder), output_name="score")
    return pd.read_csv(folder / "predictions.csv", index_col=0, names=["patient", "prediction", "file"])


def check(rows):
    assert rows["file"].tolist() == ["day-0.csv", "day-1.csv", "day-1.csv", "day-2.csv", "day-2.csv", "day-2.csv"]
    assert rows.index.tolist() == [0, 0, 1, 0, 1, 2]
    assert rows["prediction"].tolist() == [1, 1, 0, 1, 0, 1]


def test_a_data_asset_is_scored_and_downloaded(ml_client, batch, folder, tmp_path, unique):
    data = ml_client.data.create_or_update(Data(name=unique("unlabeled"), path=str(folder), type=AssetTypes.URI_FOLDER))
    data = ml_client.data.get(name=data.name, label="latest")
    job = ml_client.batch_endpoints.invoke(
        endpoint_name=batch.name, input=Input(type=AssetTypes.URI_FOLDER, path=data.id))
    check(score(ml_client, job, tmp_path))
    read = ml_client.jobs.get(job.name)
    assert (read.status, read.type) == ("Completed", "pipeline")
    assert job.name in [listed.name for listed in ml_client.batch_endpoints.list_jobs(batch.name)]
    assert job.name in [listed.name for listed in ml_client.batch_deployments.list_jobs(batch.name, name="classifier")]


def test_a_local_folder_is_uploaded_and_scored(ml_client, batch, folder, tmp_path):
    job = ml_client.batch_endpoints.invoke(
        endpoint_name=batch.name, deployment_name="classifier",
        inputs={"patients": Input(type=AssetTypes.URI_FOLDER, path=str(folder))})
    check(score(ml_client, job, tmp_path))


def test_a_file_is_scored_and_the_output_goes_where_asked(ml_client, batch, folder, tmp_path, unique):
    place = unique("scores")
    job = ml_client.batch_endpoints.invoke(
        endpoint_name=batch.name,
        inputs={"day": Input(type=AssetTypes.URI_FILE, path=str(folder / "day-2.csv"))},
        outputs={"score": Output(type=AssetTypes.URI_FOLDER, path=f"azureml://datastores/workspaceblobstore/paths/{place}")},
        params_override=[{"output_file_name": "out.csv"}, {"mini_batch_size": 1}],
    )
    ml_client.jobs.stream(job.name)
    assert ml_client.jobs.get(job.name).status == "Completed"
    from azure.ai.ml._artifacts._artifact_utilities import download_artifact_from_aml_uri

    download_artifact_from_aml_uri(
        f"azureml://datastores/workspaceblobstore/paths/{place}/", str(tmp_path), ml_client.datastores)
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 3


def test_entities_come_back_as_they_were_made(ml_client, batch):
    read = ml_client.batch_endpoints.get(batch.name)
    assert read.provisioning_state == "Succeeded"
    assert "/subscriptions/" in read.scoring_uri
    assert read.auth_mode == "aad_token"
    assert batch.name in [endpoint.name for endpoint in ml_client.batch_endpoints.list()]
    deployment = ml_client.batch_deployments.get("classifier", batch.name)
    assert (deployment.mini_batch_size, deployment.max_concurrency_per_instance) == (2, 2)
    assert deployment.retry_settings.timeout == 300
    assert deployment.output_file_name == "predictions.csv"
    assert deployment.resources.instance_count == 2
    assert [listed.name for listed in ml_client.batch_deployments.list(batch.name)] == ["classifier"]


def test_any_client_with_a_token_may_invoke(ml_client, batch, atelier, folder, unique):
    data = ml_client.data.create_or_update(Data(name=unique("rest"), path=str(folder), type=AssetTypes.URI_FOLDER))
    uri = ml_client.batch_endpoints.get(batch.name).scoring_uri
    body = {"properties": {"inputData": {"data": {"jobInputType": "UriFolder", "uri": data.id}}}}
    answer = atelier.request("POST", uri, json=body)
    assert answer.status_code == 201, answer.text
    name = answer.json()["name"]
    wait_for(f"job {name} to complete", lambda: ml_client.jobs.get(name).status == "Completed")


@pytest.fixture
def script(tmp_path):
    """Writes a script into a folder of its own and gives the folder."""
    def write(text, name="score.py"):
        folder = tmp_path / "src"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(textwrap.dedent(text))
        return str(folder)
    return write


def test_a_script_scores_with_its_own_model_and_is_no_default(ml_client, batch, bare, script, folder, tmp_path, unique):
    weights = tmp_path / "weights"
    weights.mkdir()
    (weights / "word.txt").write_text("heavy")
    model = ml_client.models.create_or_update(Model(name=unique("words"), path=str(weights), type=AssetTypes.CUSTOM_MODEL))
    ml_client.batch_deployments.begin_create_or_update(ModelBatchDeployment(
        name="scripted", endpoint_name=batch.name, model=model, compute=COMPUTE,
        environment=f"{bare.name}:{bare.version}",
        code_configuration=CodeConfiguration(
            code=script("""
                import glob, os
                from typing import List

                def init():
                    global word
                    word = open(glob.glob(os.environ["AZUREML_MODEL_DIR"] + "/*/word.txt")[0]).read()

                def run(mini_batch: List[str]):
                    return [f"{os.path.basename(path)} {word}" for path in mini_batch]
                """),
            scoring_script="score.py"),
        mini_batch_size=1, error_threshold=0, logging_level="info")).result()
    job = ml_client.batch_endpoints.invoke(
        endpoint_name=batch.name, deployment_name="scripted", input=Input(type=AssetTypes.URI_FOLDER, path=str(folder)))
    ml_client.jobs.stream(job.name)
    ml_client.jobs.download(name=job.name, download_path=str(tmp_path / "got"), output_name="score")
    assert (tmp_path / "got/predictions.csv").read_text().splitlines() == [f"day-{n}.csv heavy" for n in range(3)]
    assert ml_client.batch_endpoints.get(batch.name).defaults.deployment_name == "classifier"
    ml_client.batch_deployments.begin_delete("scripted", batch.name).result()
    with pytest.raises(ResourceNotFoundError):
        ml_client.batch_deployments.get("scripted", batch.name)


def test_a_default_that_is_not_there_is_refused_with_a_sentence(ml_client, batch):
    wrong = BatchEndpoint(name=batch.name, default_deployment_name="clasifier")
    with pytest.raises(HttpResponseError, match="Did you mean 'classifier'"):
        ml_client.batch_endpoints.begin_create_or_update(wrong).result()


PREDICT = """
    import argparse, os

    def init():
        global args
        parser = argparse.ArgumentParser()
        parser.add_argument("--word")
        args, _ = parser.parse_known_args()

    def run(mini_batch, context):
        return [f"{args.word} {context.minibatch_index} {os.path.basename(path)}" for path in mini_batch]
    """


def parallel_component(script, bare):
    return parallel_run_function(
        name="say",
        inputs={"data": Input(type=AssetTypes.URI_FOLDER, mode=InputOutputModes.RO_MOUNT), "word": Input(type="string")},
        outputs={"rows": Output(type=AssetTypes.URI_FILE)},
        input_data="${{inputs.data}}", instance_count=1, max_concurrency_per_instance=2, mini_batch_size="2",
        mini_batch_error_threshold=1, error_threshold=1, retry_settings={"max_retries": 1, "timeout": 60},
        logging_level="DEBUG",
        task=RunFunction(
            code=script(PREDICT), entry_script="score.py", program_arguments="--word ${{inputs.word}}",
            environment=f"azureml:{bare.name}:{bare.version}", append_row_to="${{outputs.rows}}"))


def test_a_parallel_step_runs_in_a_pipeline(ml_client, bare, script, folder, tmp_path):
    say = parallel_component(script, bare)

    @dsl.pipeline(name="parallel", experiment_name="e2e", default_compute="serverless")
    def graph(data):
        step = say(data=data, word="two words")
        return {"said": step.outputs.rows}

    job = ml_client.jobs.create_or_update(graph(Input(type=AssetTypes.URI_FOLDER, path=str(folder))))
    ml_client.jobs.stream(job.name)
    read = ml_client.jobs.get(job.name)
    assert read.status == "Completed"
    [child] = ml_client.jobs.list(parent_job_name=job.name)
    assert ml_client.jobs.get(child.name).command == "python score.py --word ${{inputs.word}}"
    ml_client.jobs.download(job.name, download_path=str(tmp_path / "got"), output_name="said")
    [said] = [path for path in (tmp_path / "got").rglob("*") if path.is_file()]
    assert said.read_text().splitlines() == [
        "two words 0 day-0.csv", "two words 0 day-1.csv", "two words 1 day-2.csv"]


def test_a_pipeline_component_is_deployed_and_invoked_with_inputs(ml_client, bare, script, folder, tmp_path, unique):
    say = parallel_component(script, bare)

    @dsl.pipeline(name=unique("say_all").replace("-", "_"))
    def graph(data: Input(type=AssetTypes.URI_FOLDER), word: Input(type="string", default="hello")):
        step = say(data=data, word=word)
        return {"said": step.outputs.rows}

    endpoint = BatchEndpoint(name=unique("pipe"))
    ml_client.batch_endpoints.begin_create_or_update(endpoint).result()
    component = ml_client.components.create_or_update(graph().component)
    ml_client.batch_deployments.begin_create_or_update(PipelineComponentBatchDeployment(
        name="pipe", endpoint_name=endpoint.name, component=component,
        settings={"default_compute": "serverless", "continue_on_step_failure": False})).result()
    job = ml_client.batch_endpoints.invoke(
        endpoint_name=endpoint.name, deployment_name="pipe",
        inputs={"data": Input(type=AssetTypes.URI_FOLDER, path=str(folder)), "word": Input(type="string", default="bye")})
    ml_client.jobs.stream(job.name)
    ml_client.jobs.download(job.name, download_path=str(tmp_path / "got"), output_name="said")
    [said] = [path for path in (tmp_path / "got").rglob("*") if path.is_file()]
    assert said.read_text().splitlines()[0] == "bye 0 day-0.csv"
    ml_client.batch_endpoints.begin_delete(endpoint.name).result()
    with pytest.raises(ResourceNotFoundError):
        ml_client.batch_endpoints.get(endpoint.name)


def test_a_table_goes_to_a_pipeline_component_and_a_model_says_so(ml_client, batch, bare, script, tmp_path, unique):
    table = tmp_path / "table"
    table.mkdir()
    (table / "MLTable").write_text("paths:\n  - pattern: ./*.csv\ntransformations:\n  - read_delimited:\n      delimiter: ','\n")
    for day in range(3):
        (table / f"day-{day}.csv").write_text(f"n\n{day}\n")
    data = ml_client.data.create_or_update(Data(name=unique("days"), path=str(table), type=AssetTypes.MLTABLE))
    with pytest.raises(HttpResponseError, match="pipeline component"):
        ml_client.batch_endpoints.invoke(
            endpoint_name=batch.name, deployment_name="classifier", inputs={"days": Input(type=AssetTypes.MLTABLE, path=data.id)})

    from azure.ai.ml import command
    count = command(
        name="count", command="ls ${{inputs.data}}/*.csv | wc -l > ${{outputs.out}}/n.txt", environment=f"{bare.name}:{bare.version}",
        inputs={"data": Input(type=AssetTypes.MLTABLE, mode=InputOutputModes.EVAL_MOUNT)}, outputs={"out": Output(type=AssetTypes.URI_FOLDER)})

    @dsl.pipeline(name=unique("count_all").replace("-", "_"))
    def graph(data: Input(type=AssetTypes.MLTABLE)):
        return {"out": count(data=data).outputs.out}

    endpoint = BatchEndpoint(name=unique("table"))
    ml_client.batch_endpoints.begin_create_or_update(endpoint).result()
    component = ml_client.components.create_or_update(graph().component)
    ml_client.batch_deployments.begin_create_or_update(PipelineComponentBatchDeployment(
        name="count", endpoint_name=endpoint.name, component=component, settings={"default_compute": "serverless"})).result()
    job = ml_client.batch_endpoints.invoke(
        endpoint_name=endpoint.name, deployment_name="count", inputs={"data": Input(type=AssetTypes.MLTABLE, path=data.id)})
    ml_client.jobs.stream(job.name)
    ml_client.jobs.download(job.name, download_path=str(tmp_path / "got"), output_name="out")
    [said] = [path for path in (tmp_path / "got").rglob("n.txt")]
    assert said.read_text().strip() == "3"
    ml_client.batch_endpoints.begin_delete(endpoint.name).result()
