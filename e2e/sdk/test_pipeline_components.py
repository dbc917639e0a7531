"""Pipeline jobs that name a pipeline component instead of steps: submitted, scheduled and listed by the official SDK."""

import textwrap

import pytest
from azure.ai.ml import load_component, load_job
from azure.ai.ml.entities import CronTrigger, JobSchedule, PipelineJob
from azure.core.exceptions import HttpResponseError


@pytest.fixture
def folder(tmp_path, bare):
    """A file of a pipeline component with one step, and what writes a job's file beside it."""
    (tmp_path / "greet.yml").write_text(textwrap.dedent(f"""\
        $schema: https://azuremlschemas.azureedge.net/latest/pipelineComponent.schema.json
        type: pipeline
        name: greet
        version: "1"
        inputs:
          who:
            type: string
          word:
            type: string
            default: hello
        jobs:
          say:
            type: command
            component:
              type: command
              command: echo ${{{{inputs.word}}}} ${{{{inputs.who}}}}
              environment: azureml:{bare.name}:{bare.version}
              inputs:
                who:
                  type: string
                word:
                  type: string
            inputs:
              who: ${{{{parent.inputs.who}}}}
              word: ${{{{parent.inputs.word}}}}
        """))
    return tmp_path


@pytest.fixture
def registered(ml_client, folder, unique):
    """The name of the component, registered."""
    name = unique("greet").replace("-", "_")
    return ml_client.components.create_or_update(
        load_component(folder / "greet.yml", params_override=[{"name": name}])).name


def job_of(folder, component, inputs="who: you"):
    file = folder / "job.yml"
    file.write_text(textwrap.dedent(f"""\
        $schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json
        type: pipeline
        experiment_name: e2e-pipeline-components
        compute: azureml:cpu-cluster
        component: {component}
        inputs:
          {inputs}
        """))
    return load_job(file)


def said(ml_client, job, folder):
    """Follows a job to its end; what its only step said."""
    ml_client.jobs.stream(job.name)
    read = ml_client.jobs.get(job.name)
    assert (read.status, read.type) == ("Completed", "pipeline")
    children = list(ml_client.jobs.list(parent_job_name=job.name))
    assert len(children) == 1
    ml_client.jobs.download(children[0].name, download_path=str(folder))
    return (folder / "artifacts/user_logs/std_log.txt").read_text()


def test_a_component_in_a_file_is_a_job(ml_client, folder):
    job = ml_client.jobs.create_or_update(job_of(folder, "./greet.yml"))
    assert "hello you" in said(ml_client, job, folder)


def test_a_registered_component_is_a_job_of_the_version_it_had(ml_client, folder, registered):
    job = ml_client.jobs.create_or_update(job_of(folder, f"azureml:{registered}@latest"))
    assert f"/components/{registered}/versions/1" in job.component
    assert list(job.jobs) == ["say"]
    assert "hello you" in said(ml_client, job, folder)


def test_a_job_made_in_python_of_a_reference_gives_its_inputs(ml_client, folder, registered):
    job = ml_client.jobs.create_or_update(PipelineJob(
        component=f"azureml:{registered}:1", compute="cpu-cluster", experiment_name="e2e-pipeline-components",
        inputs={"who": "there", "word": "well met"}))
    assert "well met there" in said(ml_client, job, folder)


def test_a_schedule_submits_it(ml_client, folder, registered, unique):
    name = unique("greet")
    schedule = ml_client.schedules.begin_create_or_update(JobSchedule(
        name=name, create_job=job_of(folder, f"azureml:{registered}:1"), trigger=CronTrigger(expression="0 0 1 1 *"))).result()
    try:
        fired = ml_client.schedules.trigger(schedule.name, schedule_time="2026-01-31T02:00:00+00:00")
        assert "hello you" in said(ml_client, ml_client.jobs.get(fired.job_name), folder)
    finally:
        ml_client.schedules.begin_disable(name).result()
        ml_client.schedules.begin_delete(name).result()


def test_an_input_that_the_component_has_not_is_refused_with_the_nearest(ml_client, folder, registered):
    with pytest.raises(HttpResponseError, match="has no input 'whom'.*Did you mean 'who'"):
        ml_client.jobs.create_or_update(job_of(folder, f"azureml:{registered}:1", "whom: you"))


def test_a_nested_step_runs_on_the_compute_that_the_pipeline_was_given(ml_client, folder, bare):
    """The compute's name goes from the job's input to the nested pipeline's, and from there to the step."""
    (folder / "nested.yml").write_text(textwrap.dedent(f"""\
        $schema: https://azuremlschemas.azureedge.net/latest/pipelineComponent.schema.json
        type: pipeline
        name: nested
        version: "1"
        inputs:
          where: {{type: string}}
          word: {{type: string, default: hello}}
        jobs:
          say:
            type: command
            compute: ${{{{parent.inputs.where}}}}
            component:
              type: command
              command: echo ${{{{inputs.word}}}} $GREETING
              environment: azureml:{bare.name}:{bare.version}
              inputs:
                word: {{type: string}}
            environment_variables:
              GREETING: from ${{{{parent.inputs.where}}}}
            inputs:
              word: ${{{{parent.inputs.word}}}}
        """))
    file = folder / "outer.yml"

    def outer(compute):
        file.write_text(textwrap.dedent(f"""\
            $schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json
            type: pipeline
            experiment_name: e2e-pipeline-components
            settings:
              default_compute: azureml:serverless
            inputs:
              node: {compute}
            jobs:
              inner:
                type: pipeline
                component: ./nested.yml
                inputs:
                  where: ${{{{parent.inputs.node}}}}
            """))
        return load_job(file)

    job = ml_client.jobs.create_or_update(outer("cpu-cluster"))
    ml_client.jobs.stream(job.name)
    assert ml_client.jobs.get(job.name).status == "Completed"
    [inner] = ml_client.jobs.list(parent_job_name=job.name)
    [say] = ml_client.jobs.list(parent_job_name=inner.name)
    assert ml_client.jobs.get(say.name).compute.endswith("cpu-cluster")
    ml_client.jobs.download(say.name, download_path=str(folder))
    assert "hello from cpu-cluster" in (folder / "artifacts/user_logs/std_log.txt").read_text()
    with pytest.raises(HttpResponseError, match="cpu-clustr"):
        ml_client.jobs.create_or_update(outer("cpu-clustr"))
