package atelier.traces.internal;

import atelier.kernel.Json;
import atelier.mlflow.Conditions;
import atelier.mlflow.PythonJson;
import atelier.store.Database;
import atelier.traces.Span;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Rows of spans.
public final class SqlSpans {
    private static final int LONGEST_NAME = 250;
    private final Database database;

    public SqlSpans(Database database) {
        this.database = database;
    }

    /// Writes spans; one that is there is replaced by what is said of it now.
    public void put(Handle handle, String workspace, Collection<Span> spans) {
        PreparedBatch batch =
                handle.prepareBatch("INSERT INTO trace_span (workspace, trace_id, span_id, parent_id, name,"
                        + " type, status, start_ns, end_ns, content, model, provider, input_cost, output_cost, total_cost)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (workspace, trace_id, span_id) DO UPDATE SET parent_id = excluded.parent_id,"
                        + " name = excluded.name, type = excluded.type, status = excluded.status,"
                        + " start_ns = excluded.start_ns, end_ns = excluded.end_ns, content = excluded.content,"
                        + " model = excluded.model, provider = excluded.provider, input_cost = excluded.input_cost,"
                        + " output_cost = excluded.output_cost, total_cost = excluded.total_cost");
        // A span that is told twice in one request is one row, of what was told last.
        Map<List<String>, Span> last = new LinkedHashMap<>();
        spans.forEach(span -> last.put(List.of(span.traceId(), span.spanId()), span));
        for (Span span : last.values()) {
            JsonNode cost = Usage.object(span.attributes().path(Usage.LLM_COST));
            batch.add(
                    workspace,
                    span.traceId(),
                    span.spanId(),
                    span.parentId(),
                    span.name(),
                    span.type(),
                    span.status(),
                    span.startNs(),
                    span.endNs(),
                    PythonJson.write(span.content()),
                    dimension(span.text("mlflow.llm.model")),
                    dimension(span.text("mlflow.llm.provider")),
                    amount(cost, "input_cost"),
                    amount(cost, "output_cost"),
                    amount(cost, "total_cost"));
        }
        batch.execute();
    }

    private static @Nullable String dimension(@Nullable String text) {
        return text == null || text.length() <= LONGEST_NAME ? text : text.substring(0, LONGEST_NAME);
    }

    private static @Nullable Double amount(JsonNode cost, String field) {
        JsonNode amount = cost.path(field);
        return amount.isNumber() && Double.isFinite(amount.doubleValue()) ? (Double) amount.doubleValue() : null;
    }

    /// Spans of several traces in the form of `traces.json`, each trace's in the order in which they began.
    public Map<String, List<JsonNode>> of(Handle handle, String workspace, Collection<String> traceIds) {
        Map<String, List<JsonNode>> found = new HashMap<>();
        for (List<String> chunk : SqlTraces.chunks(traceIds)) {
            Conditions sql = new Conditions(database.kind())
                    .add("SELECT trace_id, content FROM trace_span WHERE workspace = ? AND ", workspace)
                    .in("trace_id", chunk)
                    .add(" ORDER BY trace_id, start_ns, CASE WHEN parent_id IS NULL THEN 0 ELSE 1 END, span_id");
            handle.select(sql.sql(), sql.arguments())
                    .map((row, _) -> Map.entry(row.getString(1), row.getString(2)))
                    .forEach(one -> found.computeIfAbsent(one.getKey(), _ -> new ArrayList<>())
                            .add(Json.parse(one.getValue())));
        }
        return found;
    }

    /// Hands over the spans of one trace as they are kept, one after the other.
    public void each(Handle handle, String workspace, String traceId, BiConsumer<Integer, String> reader) {
        handle.select(
                        "SELECT content FROM trace_span WHERE workspace = ? AND trace_id = ?"
                                + " ORDER BY start_ns, CASE WHEN parent_id IS NULL THEN 0 ELSE 1 END, span_id",
                        workspace,
                        traceId)
                .map((row, _) -> row.getString(1))
                .useStream(contents -> {
                    int[] n = new int[1];
                    contents.forEach(content -> reader.accept(n[0]++, content));
                });
    }
}
