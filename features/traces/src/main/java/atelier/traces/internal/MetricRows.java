package atelier.traces.internal;

import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.mlflow.Conditions;
import atelier.mlflow.Filter;
import atelier.mlflow.Filter.Comparison;
import atelier.mlflow.MlflowRequest;
import atelier.store.Database;
import atelier.traces.Trace;
import atelier.traces.TraceMetrics.Query;
import atelier.traces.TraceMetrics.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The rows that a query for figures is about, one after the other.
public final class MetricRows {
    private static final String TAG = "(SELECT x.value FROM trace_tag x WHERE x.workspace = t.workspace"
            + " AND x.trace_id = t.trace_id AND x.key = '" + Trace.NAME + "')";
    private static final Map<String, String> DIMENSIONS = Map.of(
            "trace_name", TAG,
            "trace_status", "t.state",
            "span_name", "s.name",
            "span_type", "s.type",
            "span_status", "s.status",
            "span_model_name", "s.model",
            "span_model_provider", "s.provider",
            "assessment_name", "a.name",
            "assessment_value", "a.value");
    private final Database database;

    public MetricRows(Database database) {
        this.database = database;
    }

    public void each(Handle handle, String workspace, Query query, Tally tally) {
        List<Comparison> filters = new ArrayList<>();
        for (String filter : query.filters()) {
            List<Comparison> parsed = Filter.parseWide(filter);
            if (parsed.size() != 1) {
                throw MlflowRequest.invalid("Invalid filter: '" + filter + "'. Expected one filter clause.");
            }
            filters.add(parsed.getFirst());
        }
        boolean cost = query.metric().endsWith("_cost");
        String time = switch (query.view()) {
            case TRACES, ASSESSMENTS -> "t.start_time";
            case SPANS -> "s.start_ns / 1000000";
        };
        Conditions sql = new Conditions(database.kind()).add("SELECT " + time + ", " + value(query));
        query.dimensions().forEach(dimension -> sql.add(", " + DIMENSIONS.get(dimension)));
        sql.add(" FROM trace t"
                + switch (query.view()) {
                    case TRACES -> "";
                    case SPANS -> " JOIN trace_span s ON s.workspace = t.workspace AND s.trace_id = t.trace_id";
                    case ASSESSMENTS ->
                        " JOIN trace_assessment a ON a.workspace = t.workspace AND a.trace_id = t.trace_id"
                                + " AND a.valid = 1";
                });
        sql.add(" WHERE t.workspace = ? AND ", workspace).in("t.experiment", query.experiments());
        // Spans are counted by the time of their trace, paid for at their own.
        String range = query.view() == View.SPANS && cost ? time : "t.start_time";
        if (query.from() != null) {
            sql.add(" AND " + range + " >= ?", query.from());
        }
        if (query.until() != null) {
            sql.add(" AND " + range + " <= ?", query.until());
        }
        filters.forEach(filter -> filter(sql, query.view(), filter));
        boolean counted = query.metric().endsWith("_count");
        boolean named = query.metric().equals("session_count");
        boolean tokens = query.metric().endsWith("_tokens");
        handle.select(sql.sql(), sql.arguments())
                .map((row, _) -> {
                    String text = row.getString(2);
                    Double value = text == null ? null : counted ? (Double) 1.0 : number(text, tokens, query.metric());
                    if (value != null) {
                        List<@Nullable String> dimensions = new ArrayList<>();
                        for (int i = 0; i < query.dimensions().size(); i++) {
                            dimensions.add(row.getString(3 + i));
                        }
                        tally.add(row.getLong(1), dimensions, value, named ? text : null);
                    }
                    return Boolean.TRUE;
                })
                .useStream(rows -> rows.forEach(_ -> {}));
    }

    private static String value(Query query) {
        return switch (query.view()) {
            case TRACES ->
                switch (query.metric()) {
                    case "trace_count" -> "t.trace_id";
                    case "latency" -> "t.duration";
                    default ->
                        "(SELECT x.value FROM trace_metadata x WHERE x.workspace = t.workspace"
                                + " AND x.trace_id = t.trace_id AND x.key = '"
                                + (query.metric().equals("session_count") ? Trace.SESSION : Trace.TOKENS) + "')";
                };
            case SPANS ->
                switch (query.metric()) {
                    case "span_count" -> "s.span_id";
                    case "latency" -> "(s.end_ns - s.start_ns) / 1000000";
                    default -> "s." + query.metric();
                };
            case ASSESSMENTS -> query.metric().equals("assessment_count") ? "a.assessment_id" : "a.number";
        };
    }

    private static @Nullable Double number(String text, boolean tokens, String metric) {
        if (!tokens) {
            return Double.parseDouble(text);
        }
        try {
            var amount = Json.parse(text).path(metric);
            return amount.isNumber() ? (Double) amount.doubleValue() : null;
        } catch (Problem.Invalid _) {
            // The client wrote something else there.
            return null;
        }
    }

    private static void filter(Conditions sql, View view, Comparison filter) {
        String place = " (at character " + filter.at() + ")";
        if (filter.comparator() != Filter.Comparator.EQ) {
            throw MlflowRequest.invalid(
                    "Invalid comparator: '" + filter.comparator().sign() + "', only '=' operator is supported" + place);
        }
        if (!(filter.value() instanceof Filter.Value.Text text)) {
            throw MlflowRequest.invalid("Expected a quoted string value (e.g. 'my-value'). Got value "
                    + filter.value().shown() + place);
        }
        String family = filter.name().entity() == null ? "" : filter.name().entity();
        String key = filter.name().key();
        switch (family + "." + key) {
            case "trace.status" -> sql.add(" AND t.state = ?", text.text());
            case "span.name", "span.status", "span.type" -> {
                require(view == View.SPANS, "span", View.SPANS, view);
                sql.add(" AND s." + key + " = ?", text.text());
            }
            case "assessment.name", "assessment.type" -> {
                require(view == View.ASSESSMENTS, "assessment", View.ASSESSMENTS, view);
                sql.add(" AND a." + (key.equals("type") ? "kind" : key) + " = ?", text.text());
            }
            default -> {
                int dot = key.indexOf('.');
                String entity = dot < 0 ? key : key.substring(0, dot);
                if (!family.equals("trace") || dot < 0 || !entity.equals("tag") && !entity.equals("metadata")) {
                    throw MlflowRequest.invalid("Invalid identifier '" + family + "." + key + "'. Columns should be"
                            + " specified as 'trace.status', 'trace.tag.<key>', 'trace.metadata.<key>', 'span.<name,"
                            + " status, type>' or 'assessment.<name, type>'." + place);
                }
                pair(sql, entity, key.substring(dot + 1), text.text());
            }
        }
    }

    private static void pair(Conditions sql, String entity, String key, String value) {
        sql.add(
                " AND (EXISTS (SELECT 1 FROM trace_" + entity + " x WHERE x.workspace = t.workspace"
                        + " AND x.trace_id = t.trace_id AND x.key = ? AND x.value = ?)",
                key,
                value);
        if (entity.equals("metadata") && key.equals(Trace.RUN)) {
            sql.add(
                    " OR EXISTS (SELECT 1 FROM trace_run x WHERE x.workspace = t.workspace"
                            + " AND x.trace_id = t.trace_id AND x.run_id = ?)",
                    value);
        }
        sql.add(")");
    }

    private static void require(boolean fits, String what, View needed, View view) {
        if (!fits) {
            throw MlflowRequest.invalid(
                    "Filtering by " + what + " is only supported for " + needed + " view type, got " + view);
        }
    }
}
