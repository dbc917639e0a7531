package atelier.traces.internal;

import atelier.kernel.Problem;
import atelier.mlflow.Conditions;
import atelier.store.Database;
import atelier.traces.Assessment;
import atelier.traces.Trace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/// Rows of traces, their tags, metadata and links.
public final class SqlTraces {
    /// The tables in which rows hang on a trace.
    private static final List<String> PARTS = List.of(
            "trace_tag", "trace_metadata", "trace_run", "trace_prompt", "trace_span", "trace_assessment", "trace");

    private static final int CHUNK = 500;
    static final String COLUMNS = "t.trace_id, t.experiment, t.start_time, t.duration, t.state, t.client_request_id,"
            + " t.request_preview, t.response_preview";
    private final Database database;
    private final SqlAssessments assessments;

    public SqlTraces(Database database, SqlAssessments assessments) {
        this.database = database;
        this.assessments = assessments;
    }

    /// A trace's own row.
    public record Row(
            String traceId,
            long experiment,
            long startTime,
            @Nullable Long duration,
            Trace.State state,
            @Nullable String clientRequestId,
            @Nullable String requestPreview,
            @Nullable String responsePreview) {}

    /// False when there is such a trace.
    public boolean insert(Handle handle, String workspace, Row row, boolean finalized) {
        return handle.execute(
                        "INSERT INTO trace (workspace, trace_id, experiment, start_time, duration, state,"
                                + " client_request_id, request_preview, response_preview, finalized)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                        workspace,
                        row.traceId(),
                        row.experiment(),
                        row.startTime(),
                        row.duration(),
                        row.state().name(),
                        row.clientRequestId(),
                        row.requestPreview(),
                        row.responsePreview(),
                        finalized ? 1 : 0)
                == 1;
    }

    public void update(Handle handle, String workspace, Row row, boolean finalized) {
        handle.execute(
                "UPDATE trace SET experiment = ?, start_time = ?, duration = ?, state = ?, client_request_id = ?,"
                        + " request_preview = ?, response_preview = ?, finalized = ? WHERE workspace = ? AND trace_id = ?",
                row.experiment(),
                row.startTime(),
                row.duration(),
                row.state().name(),
                row.clientRequestId(),
                row.requestPreview(),
                row.responsePreview(),
                finalized ? 1 : 0,
                workspace,
                row.traceId());
    }

    /// Lets no other transaction change the trace until this one ends; what two of them read and write back is
    /// therefore never lost. Null when there is no such trace.
    ///
    /// @return whether the client has told the trace's own figures
    public @Nullable Boolean lock(Handle handle, String workspace, String traceId) {
        return handle.select(
                        "UPDATE trace SET finalized = finalized WHERE workspace = ? AND trace_id = ? RETURNING finalized",
                        workspace,
                        traceId)
                .mapTo(Integer.class)
                .findOne()
                .map(finalized -> finalized == 1)
                .orElse(null);
    }

    public Optional<Row> row(Handle handle, String workspace, String traceId) {
        return handle.select(
                        "SELECT " + COLUMNS + " FROM trace t WHERE t.workspace = ? AND t.trace_id = ?",
                        workspace,
                        traceId)
                .map((row, _) -> read(row))
                .findOne();
    }

    /// @throws Problem.NotFound when there is no such trace
    public Row require(Handle handle, String workspace, String traceId) {
        return row(handle, workspace, traceId).orElseThrow(() -> unknown(traceId));
    }

    public static Problem unknown(String traceId) {
        return new Problem.NotFound("RESOURCE_DOES_NOT_EXIST", "Trace with ID '" + traceId + "' not found.");
    }

    static Row read(java.sql.ResultSet row) throws java.sql.SQLException {
        long duration = row.getLong(4);
        Long known = row.wasNull() ? null : (Long) duration;
        return new Row(
                row.getString(1),
                row.getLong(2),
                row.getLong(3),
                known,
                Trace.State.valueOf(row.getString(5)),
                row.getString(6),
                row.getString(7),
                row.getString(8));
    }

    /// Those of `ids` that are there, in the order of `ids`.
    public List<Trace> find(Handle handle, String workspace, Collection<String> ids) {
        Map<String, Row> found = new HashMap<>();
        for (List<String> chunk : chunks(ids)) {
            Conditions sql = new Conditions(database.kind())
                    .add("SELECT " + COLUMNS + " FROM trace t WHERE t.workspace = ? AND ", workspace)
                    .in("t.trace_id", chunk);
            handle.select(sql.sql(), sql.arguments())
                    .map((row, _) -> read(row))
                    .forEach(row -> found.put(row.traceId(), row));
        }
        return load(
                handle,
                workspace,
                ids.stream()
                        .distinct()
                        .filter(found::containsKey)
                        .map(found::get)
                        .toList());
    }

    /// Rows with what hangs on them.
    public List<Trace> load(Handle handle, String workspace, List<Row> rows) {
        List<String> ids = rows.stream().map(Row::traceId).toList();
        Map<String, Map<String, String>> tags = pairs(handle, "trace_tag", workspace, ids);
        Map<String, Map<String, String>> metadata = pairs(handle, "trace_metadata", workspace, ids);
        Map<String, List<Assessment>> opinions = assessments.of(handle, workspace, ids);
        return rows.stream()
                .map(row -> new Trace(
                        row.traceId(),
                        row.experiment(),
                        row.startTime(),
                        row.duration(),
                        row.state(),
                        row.clientRequestId(),
                        row.requestPreview(),
                        row.responsePreview(),
                        metadata.getOrDefault(row.traceId(), Map.of()),
                        tags.getOrDefault(row.traceId(), Map.of()),
                        opinions.getOrDefault(row.traceId(), List.of())))
                .toList();
    }

    private Map<String, Map<String, String>> pairs(Handle handle, String table, String workspace, List<String> ids) {
        Map<String, Map<String, String>> pairs = new HashMap<>();
        for (List<String> chunk : chunks(ids)) {
            Conditions sql = new Conditions(database.kind())
                    .add("SELECT trace_id, key, value FROM " + table + " WHERE workspace = ? AND ", workspace)
                    .in("trace_id", chunk);
            handle.select(sql.sql(), sql.arguments())
                    .map((row, _) -> Map.entry(row.getString(1), Map.entry(row.getString(2), row.getString(3))))
                    .forEach(one -> pairs.computeIfAbsent(one.getKey(), _ -> new LinkedHashMap<>())
                            .put(one.getValue().getKey(), one.getValue().getValue()));
        }
        return pairs;
    }

    static <T> List<List<T>> chunks(Collection<T> all) {
        List<T> list = List.copyOf(all);
        List<List<T>> chunks = new ArrayList<>();
        for (int i = 0; i < list.size(); i += CHUNK) {
            chunks.add(list.subList(i, Math.min(list.size(), i + CHUNK)));
        }
        return chunks;
    }

    public void setTags(Handle handle, String workspace, String traceId, Map<String, String> tags) {
        set(handle, "trace_tag", workspace, traceId, tags);
    }

    public void setMetadata(Handle handle, String workspace, String traceId, Map<String, String> metadata) {
        set(handle, "trace_metadata", workspace, traceId, metadata);
    }

    private static void set(Handle handle, String table, String workspace, String traceId, Map<String, String> pairs) {
        if (pairs.isEmpty()) {
            return;
        }
        PreparedBatch batch =
                handle.prepareBatch("INSERT INTO " + table + " (workspace, trace_id, key, value) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (workspace, trace_id, key) DO UPDATE SET value = excluded.value");
        // Always in the same order, so that two transactions on one trace cannot wait for each other.
        new java.util.TreeMap<>(pairs).forEach((key, value) -> batch.add(workspace, traceId, key, value));
        batch.execute();
    }

    public Map<String, String> metadata(Handle handle, String workspace, String traceId) {
        return pairs(handle, "trace_metadata", workspace, List.of(traceId)).getOrDefault(traceId, Map.of());
    }

    public Map<String, String> tags(Handle handle, String workspace, String traceId) {
        return pairs(handle, "trace_tag", workspace, List.of(traceId)).getOrDefault(traceId, Map.of());
    }

    /// False when there was none.
    public boolean deleteTag(Handle handle, String workspace, String traceId, String key) {
        return handle.execute(
                        "DELETE FROM trace_tag WHERE workspace = ? AND trace_id = ? AND key = ?",
                        workspace,
                        traceId,
                        key)
                > 0;
    }

    public void linkRun(Handle handle, String workspace, Collection<String> traceIds, String runId) {
        link(handle, "trace_run (workspace, trace_id, run_id)", workspace, traceIds, List.of(runId));
    }

    public void linkPrompts(Handle handle, String workspace, String traceId, List<String> prompts) {
        link(handle, "trace_prompt (workspace, trace_id, prompt)", workspace, List.of(traceId), prompts);
    }

    private static void link(
            Handle handle, String table, String workspace, Collection<String> traceIds, List<String> others) {
        PreparedBatch batch = handle.prepareBatch("INSERT INTO " + table + " VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
        traceIds.forEach(id -> others.forEach(other -> batch.add(workspace, id, other)));
        if (batch.size() > 0) {
            batch.execute();
        }
    }

    /// Traces of an experiment, oldest first.
    ///
    /// @param until epoch milliseconds, inclusive; null for all
    /// @param ids null for all
    /// @param most null for all
    public List<String> select(
            Handle handle,
            String workspace,
            long experiment,
            @Nullable Long until,
            @Nullable List<String> ids,
            @Nullable Integer most) {
        Conditions sql = new Conditions(database.kind())
                .add("SELECT trace_id FROM trace WHERE workspace = ? AND experiment = ?", workspace, experiment);
        if (until != null) {
            sql.add(" AND start_time <= ?", until);
        }
        if (ids != null) {
            sql.add(" AND ").in("trace_id", ids);
        }
        sql.add(" ORDER BY start_time, trace_id");
        if (most != null) {
            sql.add(" LIMIT ?", most);
        }
        return handle.select(sql.sql(), sql.arguments()).mapTo(String.class).list();
    }

    /// Traces that were made in a run.
    public List<String> ofRun(Handle handle, String workspace, String runId) {
        return handle.select(
                        "SELECT trace_id FROM trace_metadata WHERE workspace = ? AND key = ? AND value = ?",
                        workspace,
                        Trace.RUN,
                        runId)
                .mapTo(String.class)
                .list();
    }

    /// Takes away what an experiment has beside its traces.
    public void forgetExperiment(Handle handle, String workspace, long experiment) {
        handle.execute(
                "DELETE FROM scorer_version WHERE workspace = ? AND scorer_id IN"
                        + " (SELECT scorer_id FROM scorer WHERE workspace = ? AND experiment = ?)",
                workspace,
                workspace,
                experiment);
        for (String table : List.of("scorer", "trace_issue", "evaluation_dataset_experiment")) {
            handle.execute("DELETE FROM " + table + " WHERE workspace = ? AND experiment = ?", workspace, experiment);
        }
    }

    /// Traces made elsewhere are linked to the run no more.
    public void unlinkRun(Handle handle, String workspace, String runId) {
        handle.execute("DELETE FROM trace_run WHERE workspace = ? AND run_id = ?", workspace, runId);
    }

    /// Takes traces away with all that hangs on them; how many there were.
    public int delete(Handle handle, String workspace, Collection<String> ids) {
        int deleted = 0;
        for (List<String> chunk : chunks(ids)) {
            for (String table : PARTS) {
                Conditions sql = new Conditions(database.kind())
                        .add("DELETE FROM " + table + " WHERE workspace = ? AND ", workspace)
                        .in("trace_id", chunk);
                int rows = handle.execute(sql.sql(), sql.arguments());
                deleted += table.equals("trace") ? rows : 0;
            }
        }
        return deleted;
    }
}
