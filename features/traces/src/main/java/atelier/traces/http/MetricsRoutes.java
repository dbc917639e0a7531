package atelier.traces.http;

import static atelier.mlflow.MlflowJson.list;
import static atelier.mlflow.MlflowJson.object;
import static atelier.mlflow.MlflowJson.stream;
import static atelier.mlflow.MlflowJson.text;

import atelier.mlflow.MlflowRequest;
import atelier.mlflow.MlflowRoutes;
import atelier.traces.TraceMetrics;
import atelier.traces.TraceMetrics.Aggregation;
import atelier.traces.TraceMetrics.Kind;
import atelier.traces.TraceMetrics.View;
import atelier.web.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `POST traces/metrics` of MLflow's REST API 3.0.
public final class MetricsRoutes {
    private static final int DEFAULT_RESULTS = 1000;
    private static final int MAX_RESULTS = 50_000;
    private static final Map<String, View> VIEWS = Map.of(
            "TRACES", View.TRACES,
            "SPANS", View.SPANS,
            "ASSESSMENTS", View.ASSESSMENTS,
            "1", View.TRACES,
            "2", View.SPANS,
            "3", View.ASSESSMENTS);
    private static final Map<String, Kind> KINDS = Map.ofEntries(
            Map.entry("COUNT", Kind.COUNT),
            Map.entry("SUM", Kind.SUM),
            Map.entry("AVG", Kind.AVG),
            Map.entry("PERCENTILE", Kind.PERCENTILE),
            Map.entry("MIN", Kind.MIN),
            Map.entry("MAX", Kind.MAX),
            Map.entry("1", Kind.COUNT),
            Map.entry("2", Kind.SUM),
            Map.entry("3", Kind.AVG),
            Map.entry("4", Kind.PERCENTILE),
            Map.entry("5", Kind.MIN),
            Map.entry("6", Kind.MAX));
    private final TraceMetrics metrics;

    public MetricsRoutes(TraceMetrics metrics) {
        this.metrics = metrics;
    }

    public void mount(MlflowRoutes routes) {
        routes.call3("POST", "traces/metrics", this::query);
    }

    private Response query(MlflowRequest request) {
        List<String> experiments = request.texts("experiment_ids");
        if (experiments.isEmpty()) {
            throw request.missing("experiment_ids");
        }
        View view = request.choice("view_type", VIEWS);
        if (view == null) {
            throw request.missing("view_type");
        }
        List<Aggregation> aggregations = new ArrayList<>();
        for (MlflowRequest one : request.items("aggregations")) {
            Kind kind = one.choice("aggregation_type", KINDS);
            if (kind == null) {
                throw one.missing("aggregation_type");
            }
            aggregations.add(new Aggregation(
                    kind, one.has("percentile_value") ? (Double) one.requiredNumber("percentile_value") : null));
        }
        if (aggregations.isEmpty()) {
            throw request.missing("aggregations");
        }
        String metric = request.required("metric_name");
        List<TraceMetrics.Point> points = metrics.query(
                request.workspace(),
                new TraceMetrics.Query(
                        TraceRoutes.numbers(experiments),
                        view,
                        metric,
                        aggregations,
                        request.texts("dimensions"),
                        request.texts("filters"),
                        request.integer("time_interval_seconds"),
                        request.integer("start_time_ms"),
                        request.integer("end_time_ms")),
                request.maxResults(DEFAULT_RESULTS, MAX_RESULTS));
        return stream(json -> list(json, "data_points", points, (item, point) -> {
            text(item, "metric_name", metric);
            object(item, "dimensions", d -> point.dimensions().forEach((key, value) -> text(d, key, value)));
            object(item, "values", v -> point.values().forEach(v::writeNumberProperty));
        }));
    }
}
