"""Schedules: made, listed, fired, changed, triggered and removed by the official client."""

import textwrap

import pytest
from azure.ai.ml import Input, command
from azure.ai.ml.dsl import pipeline
from azure.ai.ml.entities import CronTrigger, JobSchedule, RecurrencePattern, RecurrenceTrigger
from azure.ai.ml.entities._load_functions import load_schedule
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from launcher import wait_for


@pytest.fixture
def greet(bare):
    """Makes a pipeline of one step that prints its input."""
    step = command(command="echo hello ${{inputs.who}}", inputs={"who": Input(type="string")},
                   environment=f"{bare.name}:{bare.version}")

    @pipeline(experiment_name="e2e-schedules")
    def steps(who: str = "nobody"):
        step(who=who)

    def made(**inputs):
        job = steps(**inputs)
        job.settings.default_compute = "serverless"
        return job
    return made


@pytest.fixture
def greeting(greet):
    return greet()


@pytest.fixture
def schedule(ml_client, unique):
    """Names of schedules that are gone after the test."""
    made = []

    def name(stem):
        made.append(unique(stem))
        return made[-1]
    yield name
    for one in made:
        try:
            ml_client.schedules.begin_disable(one).result()
            ml_client.schedules.begin_delete(one).result()
        except ResourceNotFoundError:
            pass


def test_a_schedule_comes_back_as_it_was_given(ml_client, greeting, schedule):
    name = schedule("cron")
    made = ml_client.schedules.begin_create_or_update(JobSchedule(
        name=name, display_name="Hourly", description="as given", tags={"team": "a"}, create_job=greeting,
        trigger=CronTrigger(expression="15 * * * *", start_time="2022-07-10T10:00:00", time_zone="Pacific Standard Time"))).result()
    assert made.is_enabled and made.provisioning_state == "Succeeded"
    got = ml_client.schedules.get(name)
    assert (got.display_name, got.description, got.tags) == ("Hourly", "as given", {"team": "a"})
    assert (got.trigger.expression, got.trigger.time_zone) == ("15 * * * *", "Pacific Standard Time")
    assert str(got.trigger.start_time).replace(" ", "T").startswith("2022-07-10T10:00:00")
    assert got.create_job.type == "pipeline" and len(got.create_job.jobs) == 1
    recurring = schedule("recurrence")
    ml_client.schedules.begin_create_or_update(JobSchedule(
        name=recurring, create_job=greeting,
        trigger=RecurrenceTrigger(frequency="week", interval=2, time_zone="W. Europe Standard Time",
                                  schedule=RecurrencePattern(hours=[4, 10], minutes=[0, 30], week_days=["monday", "friday"])))).result()
    trigger = ml_client.schedules.get(recurring).trigger
    assert (trigger.frequency, trigger.interval, trigger.schedule.hours, trigger.schedule.minutes) == ("week", 2, [4, 10], [0, 30])
    assert [day.lower() for day in trigger.schedule.week_days] == ["monday", "friday"]


def test_lists_show_enabled_ones_unless_told_otherwise(ml_client, greeting, schedule):
    on, off = schedule("on"), schedule("off")
    for name in (on, off):
        ml_client.schedules.begin_create_or_update(
            JobSchedule(name=name, create_job=greeting, trigger=CronTrigger(expression="0 0 * * *"))).result()
    assert ml_client.schedules.begin_disable(off).result().is_enabled is False

    def names(**view):
        return {one.name for one in ml_client.schedules.list(**view)} & {on, off}
    assert names() == {on}
    assert names(list_view_type="DisabledOnly") == {off}
    assert names(list_view_type="All") == {on, off}
    assert ml_client.schedules.begin_enable(off).result().is_enabled is True
    assert names() == {on, off}


def test_a_recurrence_without_a_start_fires_at_once_and_its_jobs_list_by_schedule(ml_client, greeting, schedule):
    name = schedule("now")
    ml_client.schedules.begin_create_or_update(JobSchedule(
        name=name, create_job=greeting, trigger=RecurrenceTrigger(frequency="hour", interval=12))).result()
    jobs = wait_for("the first job", lambda: list(ml_client.jobs.list(scheduled_job_name=name)))
    assert len(jobs) == 1 and jobs[0].name.startswith(f"{name}-") and jobs[0].name.endswith("Z")
    assert jobs[0].tags["azureml.scheduleName"] == name
    assert jobs[0].display_name == jobs[0].name
    assert name in {job.tags.get("azureml.scheduleName") for job in ml_client.jobs.list(schedule_defined=True)}
    ml_client.jobs.stream(jobs[0].name)
    assert ml_client.jobs.get(jobs[0].name).status == "Completed"


def test_a_trigger_fills_in_name_and_time(ml_client, greet, schedule):
    name = schedule("triggered")
    ml_client.schedules.begin_create_or_update(
        JobSchedule(name=name, create_job=greet(who="${{name}} of ${{creation_context.trigger_time}}"), trigger=CronTrigger(expression="0 0 1 1 *"))).result()
    result = ml_client.schedules.trigger(name, schedule_time="2026-01-31T02:00:00+00:00")
    assert (result.schedule_action_type, result.job_name) == ("CreateJob", f"{name}-20260131T020000Z")
    ml_client.jobs.stream(result.job_name)
    job = ml_client.jobs.get(result.job_name)
    assert job.status == "Completed"
    assert job.inputs["who"]._data == f"{name}-20260131T020000Z of 2026-01-31T02:00:00Z"


def test_a_job_is_repeated(ml_client, greeting, schedule):
    first = ml_client.jobs.create_or_update(greeting)
    ml_client.jobs.stream(first.name)
    name = schedule("repeat")
    ml_client.schedules.begin_create_or_update(
        JobSchedule(name=name, create_job=first, trigger=CronTrigger(expression="0 0 1 1 *"))).result()
    again = ml_client.schedules.trigger(name).job_name
    ml_client.jobs.stream(again)
    assert ml_client.jobs.get(again).status == "Completed"


def test_a_schedule_of_yaml_with_a_job_by_name_and_changes(ml_client, greeting, schedule, tmp_path):
    first = ml_client.jobs.create_or_update(greeting)
    ml_client.jobs.stream(first.name)
    name = schedule("yaml")
    file = tmp_path / "schedule.yml"
    file.write_text(textwrap.dedent(f"""\
        $schema: https://azuremlschemas.azureedge.net/latest/schedule.schema.json
        name: {name}
        trigger:
          type: recurrence
          frequency: day
          interval: 1
          schedule:
            hours: [4, 5]
            minutes: [0, 30]
          time_zone: Pacific Standard Time
        create_job:
          type: pipeline
          job: azureml:{first.name}
          inputs:
            who: somebody
        """))
    ml_client.schedules.begin_create_or_update(load_schedule(file)).result()
    again = ml_client.schedules.trigger(name).job_name
    ml_client.jobs.stream(again)
    assert ml_client.jobs.get(again).inputs["who"]._data == "somebody"


def test_only_a_disabled_schedule_is_deleted(ml_client, greeting, schedule):
    name = schedule("kept")
    ml_client.schedules.begin_create_or_update(
        JobSchedule(name=name, create_job=greeting, trigger=CronTrigger(expression="0 0 * * *"))).result()
    with pytest.raises(HttpResponseError, match="disable it"):
        ml_client.schedules.begin_delete(name).result()
    ml_client.schedules.begin_disable(name).result()
    ml_client.schedules.begin_delete(name).result()
    with pytest.raises(ResourceNotFoundError):
        ml_client.schedules.get(name)


@pytest.mark.parametrize("trigger, said", [
    (CronTrigger(expression="61 * * * *"), "'61' is no minute"),
    (CronTrigger(expression="0 0 30 2 *"), "never fire"),
    (CronTrigger(expression="0 0 * * *", time_zone="Pacific Standart Time"), "Pacific Standard Time"),
    (RecurrenceTrigger(frequency="month", interval=1, schedule=RecurrencePattern(hours=0, minutes=0, month_days=32)), "monthDays"),
])
def test_what_is_wrong_is_said(ml_client, greeting, unique, trigger, said):
    name = unique("wrong")
    with pytest.raises(HttpResponseError, match=said):
        ml_client.schedules.begin_create_or_update(JobSchedule(name=name, create_job=greeting, trigger=trigger)).result()
    with pytest.raises(ResourceNotFoundError):
        ml_client.schedules.get(name)
