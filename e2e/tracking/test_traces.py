"""Traces, opinions and evaluation with the unmodified MLflow client against a running server.

A trace of MLflow 2 is begun and ended by two calls, with its spans in a file; MLflow 3 sends spans by OpenTelemetry's
protocol. What only one of them has is marked by its version.
"""

import importlib.metadata
import json
import os
import time
import uuid

import mlflow
import pytest
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

VERSION = importlib.metadata.version("mlflow")
THREE = int(VERSION.split(".")[0]) >= 3


@pytest.fixture(scope="module", autouse=True)
def server(request):
    """The server that the environment names, or the suite's own."""
    if "MLFLOW_TRACKING_URI" not in os.environ:
        request.getfixturevalue("atelier")


@pytest.fixture()
def experiment():
    mlflow.autolog(disable=True)
    return mlflow.set_experiment("traces-" + uuid.uuid4().hex[:8])


@pytest.fixture()
def client():
    return MlflowClient()


def flush():
    """Newer clients send traces in the background."""
    if hasattr(mlflow, "flush_trace_async_logging"):
        mlflow.flush_trace_async_logging()


@mlflow.trace(name="answer", span_type="CHAIN", attributes={"model": "tiny"})
def answer(question):
    return look_up(question).upper()


@mlflow.trace(span_type="RETRIEVER")
def look_up(question):
    if question == "bad":
        raise ValueError("no such question")
    return f"about {question}"


def traces(experiment, filter_string=None, **more):
    """Trace objects of an experiment, newest first."""
    flush()
    where = {"locations": [experiment.experiment_id]} if THREE else {"experiment_ids": [experiment.experiment_id]}
    return MlflowClient().search_traces(filter_string=filter_string, **where, **more)


def test_a_decorated_function_leaves_a_trace_with_its_spans(experiment, client):
    assert answer("life") == "ABOUT LIFE"
    (trace,) = traces(experiment)
    assert str(trace.info.status).endswith("OK") and trace.info.execution_time_ms >= 0
    assert [span.name for span in trace.data.spans] == ["answer", "look_up"]
    root, child = trace.data.spans
    assert child.parent_id == root.span_id and root.parent_id is None
    assert root.inputs == {"question": "life"} and root.outputs == "ABOUT LIFE"
    assert child.span_type == "RETRIEVER" and root.get_attribute("model") == "tiny"
    assert client.get_trace(trace.info.request_id).data.spans[1].outputs == "about life"


def test_a_failure_is_a_trace_too(experiment):
    with pytest.raises(ValueError):
        answer("bad")
    (trace,) = traces(experiment)
    assert str(trace.info.status).endswith("ERROR")
    assert any(event.name == "exception" for span in trace.data.spans for event in span.events)


def test_traces_are_searched_ordered_and_paged(experiment, client):
    for i in range(5):
        with mlflow.start_span(name=f"t{i}"):
            pass
        flush()
        client.set_trace_tag(traces(experiment, max_results=1)[0].info.request_id, "parity", "odd" if i % 2 else "even")
    assert [t.data.spans[0].name for t in traces(experiment)] == ["t4", "t3", "t2", "t1", "t0"]
    assert [t.data.spans[0].name for t in traces(experiment, "tags.parity = 'odd'", order_by=["timestamp_ms ASC"])] == ["t1", "t3"]
    first = traces(experiment, max_results=3)
    second = traces(experiment, max_results=3, page_token=first.token)
    assert len(first) == 3 and len(second) == 2 and not second.token
    with pytest.raises(MlflowException, match="Invalid"):
        traces(experiment, "nonsense = 'x'")


def test_tags_are_set_and_deleted(experiment, client):
    answer("tags")
    (trace,) = traces(experiment)
    client.set_trace_tag(trace.info.request_id, "reviewed", "yes")
    assert traces(experiment)[0].info.tags["reviewed"] == "yes"
    client.delete_trace_tag(trace.info.request_id, "reviewed")
    assert "reviewed" not in traces(experiment)[0].info.tags


def test_a_trace_in_a_run_belongs_to_it(experiment):
    with mlflow.start_run() as run:
        answer("run")
    answer("no run")
    flush()
    found = traces(experiment, f"run_id = '{run.info.run_id}'") if THREE else traces(
        experiment, f"request_metadata.`mlflow.sourceRun` = '{run.info.run_id}'")
    assert [trace.data.spans[0].inputs["question"] for trace in found] == ["run"]


def test_traces_are_deleted(experiment, client):
    for question in ("a", "b", "c"):
        answer(question)
    ids = [trace.info.request_id for trace in traces(experiment)]
    assert client.delete_traces(experiment.experiment_id, **{"trace_ids" if THREE else "request_ids": ids[:1]}) == 1
    assert client.delete_traces(experiment.experiment_id, max_timestamp_millis=int(time.time() * 1000) + 1000) == 2
    assert len(traces(experiment)) == 0
    with pytest.raises(MlflowException, match="not found"):
        client.get_trace(ids[1])


def test_search_traces_gives_a_table(experiment):
    answer("table")
    flush()
    where = {"locations": [experiment.experiment_id]} if THREE else {"experiment_ids": [experiment.experiment_id]}
    table = mlflow.search_traces(**where)
    assert len(table) == 1 and "life" not in str(table.iloc[0]["request"]) and "table" in str(table.iloc[0]["request"])


if THREE:
    from mlflow.entities import AssessmentSource

    HUMAN = AssessmentSource(source_type="HUMAN", source_id="ann@example.org")

    # Opinions, data sets and scorers came with MLflow 3.
    def test_opinions_are_given_changed_and_taken_back(experiment):
        answer("opinion")
        (trace,) = traces(experiment)
        feedback = mlflow.log_feedback(trace_id=trace.info.trace_id, name="helpful", value=True, rationale="clear", source=HUMAN)
        mlflow.log_expectation(trace_id=trace.info.trace_id, name="facts", value={"all": ["a", 1]}, source=HUMAN)
        found = {a.name: a for a in mlflow.get_trace(trace.info.trace_id).info.assessments}
        assert found["helpful"].value is True and found["helpful"].rationale == "clear"
        assert found["facts"].value == {"all": ["a", 1]}

        mlflow.update_assessment(
            trace_id=trace.info.trace_id, assessment_id=feedback.assessment_id,
            assessment=mlflow.entities.Feedback(name="helpful", value=False))
        assert mlflow.get_assessment(trace.info.trace_id, feedback.assessment_id).value is False
        newer = mlflow.override_feedback(
            trace_id=trace.info.trace_id, assessment_id=feedback.assessment_id, value=True, source=HUMAN)
        assert mlflow.get_assessment(trace.info.trace_id, feedback.assessment_id).valid is False
        assert len(traces(experiment, "feedback.helpful = 'true'")) == 1
        assert len(traces(experiment, "feedback.helpful = 'false'")) == 0
        mlflow.delete_assessment(trace_id=trace.info.trace_id, assessment_id=newer.assessment_id)
        assert mlflow.get_assessment(trace.info.trace_id, feedback.assessment_id).valid is True

    def test_searches_look_into_spans(experiment):
        answer("spans")
        with mlflow.start_span(name="other", span_type="LLM") as span:
            span.set_outputs("blue whale")
        flush()
        assert len(traces(experiment, "span.type = 'RETRIEVER'")) == 1
        assert len(traces(experiment, "span.name LIKE 'oth%' AND span.type = 'LLM'")) == 1
        assert len(traces(experiment, "trace.text LIKE '%blue whale%'")) == 1
        assert len(traces(experiment, "span.attributes.model = 'tiny'")) == 1
        assert len(traces(experiment, "name RLIKE '^(answer|other)$'")) == 2

    def test_sessions_tags_and_metadata_come_along(experiment):
        with mlflow.start_span(name="chat"):
            mlflow.update_current_trace(
                tags={"env": "prod"}, metadata={"mlflow.trace.session": "s1", "mlflow.trace.user": "ann"}, client_request_id="c-1")
        flush()
        (trace,) = traces(experiment, "metadata.`mlflow.trace.session` = 's1' AND tags.env = 'prod'")
        assert trace.info.client_request_id == "c-1"
        assert trace.info.trace_metadata["mlflow.trace.user"] == "ann"
        assert len(traces(experiment, "client_request_id = 'c-1'")) == 1

    def test_a_data_set_grows_by_records(experiment):
        from mlflow.genai.datasets import create_dataset, delete_dataset, get_dataset, search_datasets

        name = "d-" + uuid.uuid4().hex[:8]
        dataset = create_dataset(name=name, experiment_id=[experiment.experiment_id], tags={"team": "ml"})
        dataset.merge_records([
            {"inputs": {"question": "one"}, "expectations": {"answer": "1"}},
            {"inputs": {"question": "two"}, "expectations": {"answer": "2"}, "tags": {"hard": "yes"}},
        ])
        dataset.merge_records([{"inputs": {"question": "one"}, "expectations": {"unit": "none"}}])
        kept = get_dataset(dataset_id=dataset.dataset_id)
        table = kept.to_df()
        assert len(table) == 2
        merged = table[table["inputs"].map(lambda i: i["question"] == "one")].iloc[0]
        assert merged["expectations"] == {"answer": "1", "unit": "none"}
        assert json.loads(kept.profile)["num_records"] == 2 and "question" in kept.schema
        assert [d.name for d in search_datasets(filter_string=f"name = '{name}'")] == [name]
        answer("from a trace")
        dataset.merge_records(traces(experiment))
        assert len(get_dataset(dataset_id=dataset.dataset_id).to_df()) == 3
        delete_dataset(dataset_id=dataset.dataset_id)
        with pytest.raises(MlflowException, match="not found"):
            get_dataset(dataset_id=dataset.dataset_id)

    def test_an_evaluation_with_a_scorer_of_ones_own(experiment):
        from mlflow.genai.scorers import scorer

        @scorer
        def is_short(outputs):
            return len(outputs) < 12

        @scorer
        def length(outputs):
            return len(outputs)

        data = [{"inputs": {"question": "a"}}, {"inputs": {"question": "something long"}}]
        result = mlflow.genai.evaluate(data=data, predict_fn=lambda question: answer(question), scorers=[is_short, length])
        assert result.metrics["is_short/mean"] == 0.5
        run = mlflow.get_run(result.run_id)
        assert run.data.metrics["length/mean"] > 5
        flush()
        scored = traces(experiment, f"run_id = '{result.run_id}'")
        assert len(scored) == 2
        assert {a.name for trace in scored for a in trace.info.assessments} == {"is_short", "length"}
        assert len(traces(experiment, "feedback.length > 15")) == 1

    def test_figures_over_traces(experiment):
        from mlflow.entities.trace_metrics import AggregationType, MetricAggregation, MetricViewType

        for question in ("a", "b"):
            answer(question)
        with pytest.raises(ValueError):
            answer("bad")
        flush()
        store = mlflow.tracing.client.TracingClient().store

        def query(view, metric, *aggregations, **more):
            return store.query_trace_metrics(
                experiment_ids=[experiment.experiment_id], view_type=view, metric_name=metric, aggregations=list(aggregations), **more)

        count = MetricAggregation(aggregation_type=AggregationType.COUNT)
        by_state = query(MetricViewType.TRACES, "trace_count", count, dimensions=["trace_status"])
        assert {p.dimensions["trace_status"]: p.values["COUNT"] for p in by_state} == {"ERROR": 1, "OK": 2}
        by_type = query(MetricViewType.SPANS, "span_count", count, dimensions=["span_type"])
        assert {p.dimensions["span_type"]: p.values["COUNT"] for p in by_type} == {"CHAIN": 3, "RETRIEVER": 3}
        p95 = MetricAggregation(aggregation_type=AggregationType.PERCENTILE, percentile_value=95)
        (latency,) = query(MetricViewType.TRACES, "latency", p95, filters=["trace.status = 'OK'"])
        assert latency.values["P95.0"] >= 0

    def test_scorers_are_kept_in_versions(experiment):
        store = MlflowClient()._tracking_client.store
        for version in (1, 2):
            made = store.register_scorer(experiment.experiment_id, "fluent", json.dumps({"version": version}))
            assert made.scorer_version == version
        assert [s.scorer_version for s in store.list_scorer_versions(experiment.experiment_id, "fluent")] == [1, 2]
        assert store.get_scorer(experiment.experiment_id, "fluent").scorer_version == 2
        store.delete_scorer(experiment.experiment_id, "fluent")
        assert store.list_scorers(experiment.experiment_id) == []
else:

    def test_an_evaluation_of_a_function(experiment):
        """MLflow 2 evaluates without a language model when the metric is the user's own."""
        import pandas as pd

        data = pd.DataFrame({"question": ["a", "bb"], "truth": ["ABOUT A", "ABOUT BB"]})
        same = mlflow.models.make_metric(
            eval_fn=lambda predictions, targets, metrics: float((predictions == targets).mean()), greater_is_better=True, name="same")
        with mlflow.start_run() as run:
            result = mlflow.evaluate(
                lambda frame: frame["question"].map(answer), data, targets="truth", extra_metrics=[same], evaluators="default")
        assert result.metrics["same"] == 1.0
        assert mlflow.get_run(run.info.run_id).data.metrics["same"] == 1.0
