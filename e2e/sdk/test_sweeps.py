"""Sweeps: submitted, streamed, compared, downloaded, cancelled, and as steps of pipelines."""

import textwrap

import mlflow
import pytest
from azure.ai.ml import Input, Output, command, dsl, load_job
from azure.ai.ml.entities import CommandComponent
from azure.ai.ml.sweep import (BanditPolicy, Choice, QUniform, RandomSamplingAlgorithm, Randint, SweepJob, Uniform)
from launcher import wait_for

# Logs through MLflow's REST, so that a bare environment is enough.
LOG = """
    import json, os, ssl, sys, time, urllib.request
    def log(key, value, step=0):
        body = {"run_id": os.environ["MLFLOW_RUN_ID"], "key": key, "value": float(value),
                "timestamp": int(time.time() * 1000), "step": step}
        request = urllib.request.Request(
            os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/runs/log-metric", json.dumps(body).encode(),
            {"Authorization": "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"], "Content-Type": "application/json"})
        trust = ssl.create_default_context(cafile=os.environ["REQUESTS_CA_BUNDLE"])
        urllib.request.urlopen(request, context=trust).read()
    """


@pytest.fixture
def code(tmp_path):
    def write(text):
        folder = tmp_path / "src"
        folder.mkdir(exist_ok=True)
        (folder / "main.py").write_text(textwrap.dedent(LOG) + textwrap.dedent(text))
        return str(folder)
    return write


def trials(ml_client, sweep):
    return sorted((j.name for j in ml_client.jobs.list(parent_job_name=sweep)), key=lambda n: int(n.rsplit("_", 1)[1]))


def test_a_grid_is_streamed_compared_and_its_best_trial_downloaded(ml_client, bare, code, tmp_path, capsys, unique):
    job = command(
        code=code("""
            rate, target = sys.argv[1:]
            time.sleep(2)
            log("accuracy", 0.9 if rate == "0.1" else 0.5)
            open(target + "/model.txt", "w").write("rate " + rate)
            os.makedirs("outputs", exist_ok=True)
            open("outputs/note.txt", "w").write("of " + rate)
            """),
        command="python main.py ${{inputs.rate}} ${{outputs.model}}", inputs={"rate": 0.01},
        outputs={"model": Output(type="uri_folder")}, environment=f"{bare.name}:{bare.version}")
    sweep = job(rate=Choice(values=[0.01, 0.1, 1])).sweep(sampling_algorithm="grid", primary_metric="accuracy", goal="Maximize")
    sweep.experiment_name = unique("tuning")
    sweep.set_limits(max_total_trials=4, max_concurrent_trials=2, timeout=7200)
    sweep = ml_client.jobs.create_or_update(sweep)
    ml_client.jobs.stream(sweep.name)
    streamed = capsys.readouterr().out
    assert "azureml-logs/hyperdrive.txt" in streamed and f"Trial {sweep.name}_1" in streamed

    read = ml_client.jobs.get(sweep.name)
    assert isinstance(read, SweepJob) and read.status == "Completed"
    assert read.properties["best_child_run_id"] == f"{sweep.name}_1" and float(read.properties["score"]) == 0.9
    assert read.search_space["rate"].values == [0.01, 0.1, 1]
    assert (read.limits.max_total_trials, read.limits.timeout) == (4, 7200)
    assert trials(ml_client, sweep.name) == [f"{sweep.name}_{n}" for n in range(3)]

    runs = mlflow.search_runs(experiment_names=[read.experiment_name], filter_string=f"tags.mlflow.parentRunId = '{sweep.name}'",
                              order_by=["metrics.accuracy DESC"])
    assert list(runs["params.rate"])[0] == "0.1" and set(runs["params.rate"]) == {"0.01", "0.1", "1"}
    assert list(runs["tags.hyperparam_rate"])[0] == "0.1"
    assert set(runs["tags.mlflow.rootRunId"]) == {sweep.name}

    ml_client.jobs.download(sweep.name, download_path=str(tmp_path / "named"), output_name="model")
    assert [p.read_text() for p in (tmp_path / "named").rglob("model.txt")] == ["rate 0.1"]
    ml_client.jobs.download(sweep.name, download_path=str(tmp_path / "all"), all=True)
    assert [p.read_text() for p in (tmp_path / "all").rglob("note.txt")] == ["of 0.1"]
    assert list((tmp_path / "all").rglob("hyperdrive.txt"))


def test_yaml_with_random_sampling_and_all_kinds_of_parameters(ml_client, bare, code, tmp_path):
    code("""
        log("loss", float(sys.argv[1]))
        assert os.environ["AZUREML_SWEEP_a"] == sys.argv[1]
        """)
    (tmp_path / "sweep.yml").write_text(textwrap.dedent(f"""
        $schema: https://azuremlschemas.azureedge.net/latest/sweepJob.schema.json
        type: sweep
        trial:
          code: src
          command: python main.py ${{{{search_space.a}}}} ${{{{search_space.b}}}} ${{{{search_space.c}}}} ${{{{inputs.word}}}}
          environment: azureml:{bare.name}:{bare.version}
        inputs:
          word: hello
        sampling_algorithm:
          type: random
          seed: 42
          rule: sobol
        search_space:
          a: {{type: loguniform, min_value: -6, max_value: -1}}
          b: {{type: qnormal, mu: 10, sigma: 3, q: 2}}
          c: {{type: choice, values: [x, y, z]}}
        objective: {{goal: minimize, primary_metric: loss}}
        limits: {{max_total_trials: 4, max_concurrent_trials: 2, timeout: 3600, trial_timeout: 600}}
        early_termination: {{type: median_stopping, evaluation_interval: 1, delay_evaluation: 5}}
        """))
    first, second = (ml_client.jobs.create_or_update(load_job(str(tmp_path / "sweep.yml"))) for _ in range(2))
    for sweep in (first, second):
        ml_client.jobs.stream(sweep.name)
    # The same seed, the same trials.
    chosen = [[ml_client.jobs.get(t).command for t in trials(ml_client, sweep.name)] for sweep in (first, second)]
    assert len(chosen[0]) == 4 and len(set(chosen[0])) == 4 and chosen[0] == chosen[1]
    read = ml_client.jobs.get(first.name)
    best = min(float(c.split()[2]) for c in chosen[0])
    assert float(read.properties["score"]) == best
    assert read.early_termination.delay_evaluation == 5 and read.sampling_algorithm.seed == 42


def test_bayesian_sampling_comes_near_the_top(ml_client, bare, code):
    job = command(code=code("log('score', -(float(sys.argv[1]) - 0.3) ** 2)\n"), command="python main.py ${{inputs.x}}",
                  inputs={"x": 0.5}, environment=f"{bare.name}:{bare.version}")
    sweep = job(x=Uniform(min_value=0, max_value=1)).sweep(sampling_algorithm="bayesian", primary_metric="score", goal="maximize")
    sweep.set_limits(max_total_trials=14, max_concurrent_trials=2)
    sweep = ml_client.jobs.create_or_update(sweep)
    ml_client.jobs.stream(sweep.name)
    assert float(ml_client.jobs.get(sweep.name).properties["score"]) > -0.002


def test_a_bandit_stops_what_is_far_behind(ml_client, bare, code):
    job = command(
        code=code("""
            good = sys.argv[1] == "good"
            for step in range(3 if good else 600):
                log("auc", 0.9 if good else 0.1, step)
                time.sleep(0.2 if good else 1)
            """),
        command="python main.py ${{inputs.kind}}", inputs={"kind": "good"}, environment=f"{bare.name}:{bare.version}")
    sweep = job(kind=Choice(values=["good", "bad"])).sweep(sampling_algorithm="grid", primary_metric="auc", goal="maximize")
    sweep.early_termination = BanditPolicy(slack_factor=0.2, evaluation_interval=1, delay_evaluation=2)
    sweep = ml_client.jobs.create_or_update(sweep)
    wait_for("the sweep to end", lambda: ml_client.jobs.get(sweep.name).status == "Completed", timeout=120)
    assert ml_client.jobs.get(f"{sweep.name}_1").status == "Canceled"
    assert "slack" in ml_client.jobs.get(f"{sweep.name}_1").properties["atelier.reason"]
    assert ml_client.jobs.get(sweep.name).properties["best_child_run_id"] == f"{sweep.name}_0"


def test_cancel_ends_all_trials(ml_client, bare, code):
    job = command(code=code("time.sleep(600)\n"), command="python main.py ${{inputs.n}}", inputs={"n": 1},
                  environment=f"{bare.name}:{bare.version}")
    sweep = ml_client.jobs.create_or_update(
        job(n=Randint(upper=50)).sweep(sampling_algorithm="random", primary_metric="x", goal="maximize", max_total_trials=3))
    wait_for("a trial to run", lambda: any(ml_client.jobs.get(t).status == "Running" for t in trials(ml_client, sweep.name)))
    ml_client.jobs.begin_cancel(sweep.name).wait(60)
    wait_for("the sweep to be Canceled", lambda: ml_client.jobs.get(sweep.name).status == "Canceled")
    assert {ml_client.jobs.get(t).status for t in trials(ml_client, sweep.name)} == {"Canceled"}


def test_what_is_wrong_is_refused_with_the_field(ml_client, bare, code):
    job = command(code=code("pass\n"), command="python main.py ${{inputs.x}}", inputs={"x": 1},
                  environment=f"{bare.name}:{bare.version}")
    grid = job(x=Uniform(min_value=0, max_value=1)).sweep(sampling_algorithm="grid", primary_metric="m", goal="maximize")
    with pytest.raises(Exception, match="searchSpace.x: Grid sampling tries every value"):
        ml_client.jobs.create_or_update(grid)
    many = job(x=Choice(values=[1, 2])).sweep(sampling_algorithm="grid", primary_metric="m", goal="maximize")
    many.set_limits(max_total_trials=5000)
    with pytest.raises(Exception, match="from 1 to 1000"):
        ml_client.jobs.create_or_update(many)


def test_a_sweep_is_a_step_of_a_pipeline(ml_client, bare, code, tmp_path, unique):
    environment = f"azureml:{bare.name}:{bare.version}"
    train = CommandComponent(
        name=unique("train"), version="1", environment=environment,
        code=code("""
            rate, depth, word, target = sys.argv[1:]
            log("accuracy", 1 - abs(float(rate) - 0.3) - abs(int(depth) - 4) / 10)
            open(target + "/model.txt", "w").write(" ".join([rate, depth, word]))
            """),
        command="python main.py ${{inputs.rate}} ${{inputs.depth}} ${{inputs.word}} ${{outputs.model}}",
        inputs={"rate": Input(type="number"), "depth": Input(type="integer", default=3), "word": Input(type="string")},
        outputs={"model": Output(type="uri_folder")})
    show = CommandComponent(
        name=unique("show"), version="1", environment=environment, command="cp ${{inputs.model}}/model.txt ${{outputs.shown}}/copy.txt",
        inputs={"model": Input(type="uri_folder")}, outputs={"shown": Output(type="uri_folder")})

    @dsl.pipeline(name="tuned")
    def tuned(word: str):
        step = train(rate=Choice(values=[0.1, 0.3, 0.9]), depth=QUniform(min_value=2, max_value=6, q=4), word=word)
        tune = step.sweep(primary_metric="accuracy", goal="maximize", sampling_algorithm=RandomSamplingAlgorithm(seed=3))
        tune.set_limits(max_total_trials=4, max_concurrent_trials=2)
        tune.early_termination = BanditPolicy(slack_amount=0.9, evaluation_interval=1)
        return {"result": show(model=tune.outputs.model).outputs.shown}

    pipeline = tuned(word="hello")
    pipeline.settings.default_compute = "serverless"
    job = ml_client.jobs.create_or_update(pipeline, experiment_name="e2e")
    ml_client.jobs.stream(job.name)
    ml_client.jobs.download(job.name, download_path=str(tmp_path / "out"), output_name="result")
    (copied,) = [p.read_text() for p in (tmp_path / "out").rglob("copy.txt")]
    child = next(c for c in ml_client.jobs.list(parent_job_name=job.name) if "tune" in c.name)
    best = ml_client.jobs.get(ml_client.jobs.get(child.name).properties["best_child_run_id"])
    assert copied.split() == [*best.command.split()[2:4], "hello"]
