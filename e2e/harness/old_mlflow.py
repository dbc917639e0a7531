"""An MLflow with something of everything in it, made by the unmodified client, and what a client sees of it.

    python old_mlflow.py fill SUFFIX      fills what MLFLOW_TRACKING_URI names
    python old_mlflow.py tell SUFFIX      what is there, as JSON, with nothing in it that must differ after an import
"""

import json
import math
import sys

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, ViewType

THREE = int(mlflow.__version__.split(".")[0]) >= 3


def fill(suffix):
    import numpy as np
    import pandas as pd
    from sklearn.linear_model import LogisticRegression

    client = MlflowClient()
    first = client.create_experiment(f"first-{suffix}", tags={"team": "a", "empty": ""})
    gone = client.create_experiment(f"gone-{suffix}")
    lost = client.create_run(gone, run_name="in a deleted experiment")
    client.log_metric(lost.info.run_id, "x", 1.5)
    client.set_terminated(lost.info.run_id, "FAILED")
    client.delete_experiment(gone)

    run = client.create_run(first, run_name="whole ä", tags={"mlflow.user": "maria", "note": "größer\nzwei"}, start_time=1_600_000_000_123)
    run_id = run.info.run_id
    # Steps neither in order nor without gaps; values that are no numbers.
    points = [Metric("loss", v, 1_600_000_001_000 + i, s) for i, (v, s) in enumerate(
        [(3.0, 5), (2.0, 1), (float("nan"), 9), (float("inf"), 7), (-0.5, -3), (2.0, 1)])]
    client.log_batch(run_id, metrics=points, params=[Param("rate", "0.1"), Param("a/b", "x" * 500)],
                     tags=[RunTag("t", "v")])
    client.log_metric(run_id, "only nan", float("nan"), timestamp=5, step=0)
    client.log_text(run_id, "hello", "notes/hello world.txt")
    client.log_text(run_id, "", "empty.txt")
    client.set_terminated(run_id, "FINISHED", end_time=1_600_000_009_999)

    deleted = client.create_run(first, run_name="thrown away")
    client.log_param(deleted.info.run_id, "p", "1")
    client.set_terminated(deleted.info.run_id, "KILLED")
    client.delete_run(deleted.info.run_id)

    in_default = client.create_run("0", run_name=f"default-{suffix}")
    client.set_terminated(in_default.info.run_id)

    long = client.create_run(first, run_name="long")
    for start in range(0, 45_000, 1000):
        client.log_batch(long.info.run_id, metrics=[Metric("m", float(i % 97), 1000 + i, i) for i in range(start, start + 1000)])
    client.set_terminated(long.info.run_id)

    mlflow.set_experiment(f"first-{suffix}")
    frame = pd.DataFrame({"age": np.arange(20.0), "bmi": np.arange(20.0) % 7})
    model = LogisticRegression().fit(frame, (frame["age"] > 9).astype(int))
    with mlflow.start_run(run_name="with a model") as active:
        mlflow.log_input(mlflow.data.from_pandas(frame, name="patients"), context="training")
        mlflow.log_metric("auc", 0.75)
        where = {"name": "model"} if THREE else {"artifact_path": "model"}
        mlflow.sklearn.log_model(model, **where, input_example=frame.head(2), registered_model_name=f"churn-{suffix}")
    name = f"churn-{suffix}"
    client.update_registered_model(name, "whether they leave")
    client.set_registered_model_tag(name, "owner", "maria")
    client.update_model_version(name, "1", "the first")
    client.set_model_version_tag(name, "1", "checked", "yes")
    client.set_registered_model_alias(name, "champion", "1")
    client.transition_model_version_stage(name, "1", "Production")
    # The number of a deleted version is never given again.
    second = client.create_model_version(name, f"{active.info.artifact_uri}/model" if not THREE else f"runs:/{active.info.run_id}/model",
                                         active.info.run_id)
    client.delete_model_version(name, second.version)
    third = client.create_model_version(name, f"runs:/{active.info.run_id}/model", active.info.run_id, run_link="https://example.com/run")
    assert third.version == ("3" if isinstance(third.version, str) else 3)
    client.create_registered_model(f"nothing-{suffix}")
    client.create_registered_model(f"next-{suffix}")
    client.delete_model_version(f"next-{suffix}", client.create_model_version(
        f"next-{suffix}", f"runs:/{active.info.run_id}/model", active.info.run_id).version)
    if THREE:
        mlflow.genai.register_prompt(name=f"greeting-{suffix}", template="Hello {{name}}", commit_message="first", tags={"lang": "en"})
        mlflow.genai.set_prompt_alias(f"greeting-{suffix}", alias="live", version=1)


def number(value):
    return "nan" if math.isnan(value) else value


def told_run(client, run, artifacts=True):
    files = {}

    def walk(folder):
        for each in client.list_artifacts(run.info.run_id, folder):
            if each.is_dir:
                walk(each.path)
            else:
                files[each.path] = each.file_size or 0

    if artifacts:
        walk(None)
    data = {
        "id": run.info.run_id, "name": run.info.run_name, "user": run.info.user_id, "status": run.info.status,
        "start": run.info.start_time, "end": run.info.end_time, "stage": run.info.lifecycle_stage,
        "params": run.data.params, "tags": run.data.tags,
        "latest": {k: number(v) for k, v in run.data.metrics.items()},
        "history": {k: [(number(m.value), m.timestamp, m.step) for m in client.get_metric_history(run.info.run_id, k)]
                    for k in run.data.metrics},
        "data": sorted((d.dataset.name, d.dataset.digest, d.dataset.source_type, d.dataset.source, d.dataset.schema,
                        d.dataset.profile, sorted((t.key, t.value) for t in d.tags)) for d in run.inputs.dataset_inputs),
        "files": files,
    }
    if THREE:
        data["used"] = sorted(m.model_id for m in run.inputs.model_inputs or [])
        data["made"] = sorted((m.model_id, m.step) for m in (run.outputs.model_outputs if run.outputs else []))
    return data


def tell(suffix):
    client = MlflowClient()
    told = {"experiments": {}, "runs": {}, "models": {}, "logged": {}}
    experiments = [e for e in client.search_experiments(view_type=ViewType.ALL) if e.name.endswith(suffix) or e.experiment_id == "0"]
    for e in experiments:
        if e.experiment_id != "0":
            told["experiments"][e.name] = {"tags": {k: v for k, v in e.tags.items() if k != "mlflow.experimentKind"},
                                           "stage": e.lifecycle_stage, "created": e.creation_time, "updated": e.last_update_time}
        for run in client.search_runs([e.experiment_id], run_view_type=ViewType.ALL, max_results=1000):
            if e.experiment_id != "0" or run.info.run_name == f"default-{suffix}":
                told["runs"][run.info.run_id] = {"experiment": e.name, **told_run(client, run)}
        if THREE and e.experiment_id != "0" and e.lifecycle_stage == "active":
            for m in client.search_logged_models([e.experiment_id]):
                told["logged"][m.model_id] = {
                    "name": m.name, "created": m.creation_timestamp, "updated": m.last_updated_timestamp, "status": str(m.status), "type": m.model_type or "",
                    "run": m.source_run_id, "tags": m.tags, "params": m.params,
                    "metrics": sorted((x.key, number(x.value), x.timestamp, x.step, x.run_id, x.dataset_name, x.dataset_digest) for x in m.metrics or [])}
    prompts = "tags.`mlflow.prompt.is_prompt` = 'true'"
    for which in ([None, prompts] if THREE else [None]):
        for m in client.search_registered_models(filter_string=which):
            if not m.name.endswith(suffix):
                continue
            versions = {}
            of = f"name = '{m.name}'" + (f" AND {which}" if which else "")
            for v in client.search_model_versions(of):
                versions[str(v.version)] = {
                    "created": v.creation_timestamp, "updated": v.last_updated_timestamp, "description": v.description or "",
                    "stage": v.current_stage, "tags": v.tags, "run": v.run_id or "", "link": v.run_link or "", "user": v.user_id or "",
                    "source": v.source if which else "rewritten"}
            told["models"][m.name] = {"created": m.creation_timestamp, "description": m.description or "", "tags": m.tags,
                                      "aliases": {k: str(v) for k, v in m.aliases.items()}, "versions": versions}
    return told


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        fill(sys.argv[2])
    else:
        json.dump(tell(sys.argv[2]), sys.stdout)
