package atelier.traces;

import atelier.mlflow.MlflowRequest;
import atelier.store.Database;
import atelier.traces.internal.MetricRows;
import atelier.traces.internal.Tally;
import atelier.workspace.Workspace;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Figures over many traces, spans or assessments: how many, how long, how dear; in groups and in steps of time.
public final class TraceMetrics {
    private static final Set<Kind> COUNT = EnumSet.of(Kind.COUNT);
    private static final Set<Kind> SPREAD = EnumSet.of(Kind.AVG, Kind.MIN, Kind.MAX, Kind.PERCENTILE);
    private static final Set<Kind> AMOUNT = EnumSet.of(Kind.SUM, Kind.AVG, Kind.MIN, Kind.MAX, Kind.PERCENTILE);
    private static final Set<String> BY_TRACE = Set.of("trace_name");
    private static final Set<String> BY_MODEL = Set.of("span_model_name", "span_model_provider");
    private static final Map<View, Map<String, Known>> KNOWN = Map.of(
            View.TRACES,
            Map.of(
                    "trace_count", new Known(COUNT, Set.of("trace_name", "trace_status")),
                    "session_count", new Known(COUNT, Set.of()),
                    "latency", new Known(SPREAD, BY_TRACE),
                    "input_tokens", new Known(AMOUNT, BY_TRACE),
                    "output_tokens", new Known(AMOUNT, BY_TRACE),
                    "total_tokens", new Known(AMOUNT, BY_TRACE),
                    "cache_read_input_tokens", new Known(AMOUNT, BY_TRACE),
                    "cache_creation_input_tokens", new Known(AMOUNT, BY_TRACE)),
            View.SPANS,
            Map.of(
                    "span_count",
                            new Known(
                                    COUNT,
                                    Set.of(
                                            "span_name",
                                            "span_type",
                                            "span_status",
                                            "span_model_name",
                                            "span_model_provider")),
                    "latency", new Known(SPREAD, Set.of("span_name", "span_status")),
                    "input_cost", new Known(AMOUNT, BY_MODEL),
                    "output_cost", new Known(AMOUNT, BY_MODEL),
                    "total_cost", new Known(AMOUNT, BY_MODEL)),
            View.ASSESSMENTS,
            Map.of(
                    "assessment_count", new Known(COUNT, Set.of("assessment_name", "assessment_value")),
                    "assessment_value", new Known(SPREAD, Set.of("assessment_name"))));
    private final Database database;
    private final MetricRows rows;

    TraceMetrics(Database database, MetricRows rows) {
        this.database = database;
        this.rows = rows;
    }

    /// What is counted.
    public enum View {
        TRACES,
        SPANS,
        ASSESSMENTS
    }

    /// How values become one.
    public enum Kind {
        COUNT,
        SUM,
        AVG,
        PERCENTILE,
        MIN,
        MAX
    }

    private record Known(Set<Kind> kinds, Set<String> dimensions) {}

    /// @param percentile 0 to 100, of PERCENTILE only
    public record Aggregation(Kind kind, @Nullable Double percentile) {
        public Aggregation {
            if ((kind == Kind.PERCENTILE) != (percentile != null)) {
                throw MlflowRequest.invalid("A percentile_value goes with PERCENTILE, and with nothing else.");
            }
            if (percentile != null && !(percentile >= 0 && percentile <= 100)) {
                throw MlflowRequest.invalid("Percentile value must be between 0 and 100, got " + percentile);
            }
        }

        /// The name of its value in an answer: `AVG`, `P95.0`.
        public String label() {
            return percentile == null ? kind.name() : "P" + percentile;
        }
    }

    /// @param filters each one comparison: `trace.status = 'OK'`, `trace.tag.env = 'prod'`, `span.type = 'LLM'`
    /// @param intervalSeconds width of the steps of time; null for none
    /// @param from, until epoch milliseconds, inclusive
    public record Query(
            List<Long> experiments,
            View view,
            String metric,
            List<Aggregation> aggregations,
            List<String> dimensions,
            List<String> filters,
            @Nullable Long intervalSeconds,
            @Nullable Long from,
            @Nullable Long until) {
        public Query {
            experiments = List.copyOf(experiments);
            aggregations = List.copyOf(aggregations);
            dimensions = List.copyOf(dimensions);
            filters = List.copyOf(filters);
        }
    }

    /// One group.
    ///
    /// @param dimensions what its members have in common; `time_bucket` is the begin of a step
    public record Point(Map<String, String> dimensions, Map<String, Double> values) {
        public Point {
            dimensions = new TreeMap<>(dimensions);
            values = new TreeMap<>(values);
        }
    }

    /// Groups in the order of time and then of their dimensions, at most `max`.
    public List<Point> query(Workspace workspace, Query query, int max) {
        check(query);
        Tally tally = new Tally(query);
        database.read(handle -> {
            rows.each(handle, workspace.id(), query, tally);
            return Boolean.TRUE;
        });
        List<Point> points = tally.points();
        return points.size() > max ? new ArrayList<>(points.subList(0, max)) : points;
    }

    private static void check(Query query) {
        Map<String, Known> ofView = KNOWN.getOrDefault(query.view(), Map.of());
        Known known = ofView.get(query.metric());
        if (known == null) {
            throw MlflowRequest.invalid(
                    "metric_name must be one of " + new TreeSet<>(ofView.keySet()) + ", got '" + query.metric() + "'");
        }
        for (Aggregation aggregation : query.aggregations()) {
            if (!known.kinds().contains(aggregation.kind())) {
                throw MlflowRequest.invalid("Found invalid aggregation_type(s): [" + aggregation.kind()
                        + "]. Supported aggregation types: " + known.kinds());
            }
        }
        for (String dimension : query.dimensions()) {
            if (!known.dimensions().contains(dimension)) {
                throw MlflowRequest.invalid("Found invalid dimension(s): ['" + dimension + "']. Supported dimensions: "
                        + new TreeSet<>(known.dimensions()));
            }
        }
        Long interval = query.intervalSeconds();
        if (interval != null && (query.from() == null || query.until() == null)) {
            throw MlflowRequest.invalid("start_time_ms and end_time_ms are required if time_interval_seconds is set");
        }
        if (interval != null && (interval <= 0 || interval > 1_000_000_000L)) {
            throw MlflowRequest.invalid("time_interval_seconds must be a positive number of seconds, got " + interval);
        }
    }
}
