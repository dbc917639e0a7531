package atelier.experiments.http;

import static atelier.mlflow.MlflowJson.answer;
import static atelier.mlflow.MlflowJson.list;
import static atelier.mlflow.MlflowJson.nothing;
import static atelier.mlflow.MlflowJson.object;
import static atelier.mlflow.MlflowJson.stream;
import static atelier.mlflow.MlflowJson.text;

import atelier.experiments.DatasetInput;
import atelier.experiments.Entry;
import atelier.experiments.Metric;
import atelier.experiments.MetricHistory;
import atelier.experiments.ModelLink;
import atelier.experiments.Run;
import atelier.experiments.RunLog;
import atelier.experiments.RunStatus;
import atelier.experiments.Tracking;
import atelier.experiments.ViewType;
import atelier.experiments.internal.SqlRunSearch;
import atelier.mlflow.Filter;
import atelier.mlflow.MlflowRequest;
import atelier.mlflow.MlflowRoutes;
import atelier.mlflow.OrderBy;
import atelier.mlflow.PageToken;
import atelier.web.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// `runs/*` and `metrics/*` of MLflow's REST API.
public final class RunRoutes {
    private static final int MAX_RESULTS = 50_000;
    private static final int MAX_RUNS = 100;
    private static final int DEFAULT_RESULTS = 1000;
    private final Tracking tracking;
    private final RunLog log;
    private final MetricHistory history;

    public RunRoutes(Tracking tracking, RunLog log, MetricHistory history) {
        this.tracking = tracking;
        this.log = log;
        this.history = history;
    }

    public void mount(MlflowRoutes routes) {
        routes.call("POST", "runs/create", this::create)
                .call("GET", "runs/get", this::get)
                .call("POST", "runs/update", this::update)
                .call("POST", "runs/delete", this::delete)
                .call("POST", "runs/restore", this::restore)
                .call("POST", "runs/search", this::search)
                .call("POST", "runs/log-metric", this::logMetric)
                .call("POST", "runs/log-parameter", this::logParam)
                .call("POST", "runs/set-tag", this::setTag)
                .call("POST", "runs/delete-tag", this::deleteTag)
                .call("POST", "runs/log-batch", this::logBatch)
                .call("POST", "runs/log-model", this::logModel)
                .call("POST", "runs/log-inputs", this::logInputs)
                .call("POST", "runs/outputs", this::logOutputs)
                .call("GET", "metrics/get-history", this::metricHistory)
                .call("GET", "metrics/get-history-bulk", this::bulkHistory)
                .call("GET", "metrics/get-history-bulk-interval", this::bulkInterval);
    }

    private Response create(MlflowRequest request) {
        Run run = tracking.create(
                request.workspace(),
                new Tracking.NewRun(
                        request.requiredId("experiment_id"),
                        null,
                        request.text("run_name"),
                        request.text("user_id", ""),
                        RunStatus.RUNNING,
                        request.integer("start_time", 0),
                        TrackingJson.entries(request, "tags"),
                        false));
        return answer(json -> object(json, "run", j -> TrackingJson.run(j, run)));
    }

    private Response get(MlflowRequest request) {
        Run run = tracking.get(request.workspace(), request.runId());
        return answer(json -> object(json, "run", j -> TrackingJson.run(j, run)));
    }

    private Response update(MlflowRequest request) {
        Run.Head head = tracking.update(
                request.workspace(),
                request.runId(),
                request.choice("status", RunStatus.BY_NAME),
                request.integer("end_time"),
                request.text("run_name"));
        return answer(json -> object(json, "run_info", j -> TrackingJson.info(j, head)));
    }

    private Response delete(MlflowRequest request) {
        tracking.delete(request.workspace(), request.runId());
        return nothing();
    }

    private Response restore(MlflowRequest request) {
        tracking.restore(request.workspace(), request.runId());
        return nothing();
    }

    private Response search(MlflowRequest request) {
        SqlRunSearch.Query query = new SqlRunSearch.Query(
                experimentNumbers(request.texts("experiment_ids")),
                SqlRunSearch.VOCABULARY.terms(Filter.parse(request.text("filter"))),
                SqlRunSearch.VOCABULARY.orders(OrderBy.parse(request.texts("order_by"))),
                Objects.requireNonNullElse(request.choice("run_view_type", ViewType.BY_NAME), ViewType.ACTIVE_ONLY),
                request.maxResults(DEFAULT_RESULTS, MAX_RESULTS),
                request.text("page_token"));
        Run.Found found = tracking.search(request.workspace(), query);
        return stream(json -> {
            list(json, "runs", found.runs(), TrackingJson::run);
            text(json, "next_page_token", found.next());
        });
    }

    private Response logMetric(MlflowRequest request) {
        log.metric(request.workspace(), request.runId(), point(request));
        return nothing();
    }

    private static RunLog.Point point(MlflowRequest request) {
        String key = request.required("key");
        double value = request.requiredNumber("value");
        long timestamp = request.requiredInteger("timestamp");
        return new RunLog.Point(
                new Metric(key, value, timestamp, request.integer("step", 0)),
                emptyIsNull(request.text("model_id")),
                request.text("dataset_name"),
                request.text("dataset_digest"));
    }

    private static @org.jspecify.annotations.Nullable String emptyIsNull(
            @org.jspecify.annotations.Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    private Response logParam(MlflowRequest request) {
        log.param(request.workspace(), request.runId(), new Entry(request.required("key"), request.text("value", "")));
        return nothing();
    }

    private Response setTag(MlflowRequest request) {
        log.tag(request.workspace(), request.runId(), new Entry(request.required("key"), request.text("value", "")));
        return nothing();
    }

    private Response deleteTag(MlflowRequest request) {
        tracking.deleteTag(request.workspace(), request.runId(), request.required("key"));
        return nothing();
    }

    private Response logBatch(MlflowRequest request) {
        List<RunLog.Point> points =
                request.items("metrics").stream().map(RunRoutes::point).toList();
        log.batch(
                request.workspace(),
                request.runId(),
                new RunLog.Batch(
                        points, TrackingJson.entries(request, "params"), TrackingJson.entries(request, "tags")));
        return nothing();
    }

    private Response logModel(MlflowRequest request) {
        tracking.logModel(request.workspace(), request.runId(), request.required("model_json"));
        return nothing();
    }

    private Response logInputs(MlflowRequest request) {
        List<DatasetInput> datasets = new ArrayList<>();
        for (MlflowRequest input : request.items("datasets")) {
            if (!input.has("dataset")) {
                throw MlflowRequest.invalid("Missing value for required parameter '" + input.path("dataset")
                        + "'. See the API docs for more information about request parameters.");
            }
            MlflowRequest dataset = input.item("dataset");
            datasets.add(new DatasetInput(
                    dataset.required("name"),
                    dataset.required("digest"),
                    dataset.required("source_type"),
                    dataset.required("source"),
                    dataset.text("schema"),
                    dataset.text("profile"),
                    TrackingJson.entries(input, "tags")));
        }
        List<String> models = request.items("models").stream()
                .map(model -> model.required("model_id"))
                .toList();
        tracking.logInputs(request.workspace(), request.runId(), datasets, models);
        return nothing();
    }

    private Response logOutputs(MlflowRequest request) {
        List<ModelLink> models = request.items("models").stream()
                .map(model -> new ModelLink(model.required("model_id"), model.integer("step", 0)))
                .toList();
        tracking.logOutputs(request.workspace(), request.runId(), models);
        return nothing();
    }

    private Response metricHistory(MlflowRequest request) {
        MetricHistory.Points points = history.of(
                request.workspace(),
                request.runId(),
                request.required("metric_key"),
                request.integer("max_results"),
                request.text("page_token"));
        return stream(json -> {
            list(json, "metrics", points, TrackingJson::metric);
            text(json, "next_page_token", points.next());
        });
    }

    private Response bulkHistory(MlflowRequest request) {
        List<String> runs = request.has("run_id") ? request.texts("run_id") : request.texts("run_ids");
        if (runs.isEmpty()) {
            throw MlflowRequest.invalid("GetMetricHistoryBulk request must specify at least one run_id.");
        }
        if (runs.size() > MAX_RUNS) {
            throw MlflowRequest.invalid("GetMetricHistoryBulk request cannot specify more than " + MAX_RUNS
                    + " run_ids. Received " + runs.size() + " run_ids.");
        }
        String key = request.text("metric_key", "");
        if (key.isEmpty()) {
            throw MlflowRequest.invalid("GetMetricHistoryBulk request must specify a metric_key.");
        }
        return points(history.bulk(
                request.workspace(), runs, key, request.maxResults(MetricHistory.ALL_FROM, MetricHistory.ALL_FROM)));
    }

    private Response bulkInterval(MlflowRequest request) {
        List<String> runs = request.texts("run_ids");
        if (runs.isEmpty()) {
            throw request.missing("run_ids");
        }
        if (runs.size() > MAX_RUNS) {
            throw MlflowRequest.invalid(
                    "GetMetricHistoryBulkInterval request must specify at most " + MAX_RUNS + " run_ids.");
        }
        return points(history.interval(
                request.workspace(),
                runs,
                request.required("metric_key"),
                request.integer("start_step"),
                request.integer("end_step"),
                (int) Math.min(request.integer("max_results", 2500), Integer.MAX_VALUE)));
    }

    private static Response points(List<MetricHistory.RunPoint> points) {
        return stream(json -> list(json, "metrics", points, (j, point) -> {
            TrackingJson.metric(j, point.metric());
            text(j, "run_id", point.runId());
        }));
    }

    static List<Long> experimentNumbers(List<String> ids) {
        return ids.stream()
                .map(id -> {
                    if (!id.matches("\\d{1,18}")) {
                        throw MlflowRequest.invalid(
                                "Invalid experiment id '" + id + "': experiment ids are whole numbers.");
                    }
                    return Long.parseLong(id);
                })
                .distinct()
                .toList();
    }

    static @org.jspecify.annotations.Nullable String token(int offset) {
        return offset < 0 ? null : PageToken.of(offset);
    }
}
