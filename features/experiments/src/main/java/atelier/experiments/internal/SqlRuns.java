package atelier.experiments.internal;

import atelier.experiments.DatasetInput;
import atelier.experiments.Entry;
import atelier.experiments.ModelLink;
import atelier.experiments.Run;
import atelier.experiments.RunStatus;
import atelier.kernel.Json;
import atelier.mlflow.Conditions;
import atelier.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// Rows of runs, their parameters, tags, datasets and model links.
public final class SqlRuns {
    static final String COLUMNS = "r.id, r.run_id, r.experiment, r.name, r.user_id, r.status, r.start_time, r.end_time,"
            + " r.artifact_uri, r.lifecycle, r.job";

    private static final String EXPERIMENT = "(SELECT r.experiment FROM run r WHERE r.id = ?)";

    private final Database database;

    public SqlRuns(Database database) {
        this.database = database;
    }

    /// A fresh number for a run.
    public long nextNumber(Handle handle) {
        return Counters.next(handle, "", "run");
    }

    /// False when the run id is taken.
    public boolean insert(Handle handle, String workspace, Run.Head run) {
        return handle.execute(
                        "INSERT INTO run (id, workspace, run_id, experiment, name, user_id, status, start_time,"
                                + " end_time, artifact_uri, lifecycle, job) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                                + " ON CONFLICT DO NOTHING",
                        run.number(),
                        workspace,
                        run.runId(),
                        run.experiment(),
                        run.name(),
                        run.userId(),
                        run.status().name(),
                        run.startTime(),
                        run.endTime(),
                        run.artifactUri(),
                        run.lifecycle(),
                        run.job() ? 1 : 0)
                == 1;
    }

    public Optional<Run.Head> find(Handle handle, String workspace, String runId) {
        return handle.select(
                        "SELECT " + COLUMNS + " FROM run r WHERE r.workspace = ? AND r.run_id = ?", workspace, runId)
                .map((row, _) -> head(row))
                .findOne();
    }

    static Run.Head head(ResultSet row) throws SQLException {
        long end = row.getLong(8);
        return new Run.Head(
                row.getLong(1),
                row.getString(2),
                row.getLong(3),
                row.getString(4),
                row.getString(5),
                RunStatus.valueOf(row.getString(6)),
                row.getLong(7),
                endTime(end, row.wasNull()),
                row.getString(9),
                row.getString(10),
                row.getInt(11) == 1);
    }

    private static @Nullable Long endTime(long end, boolean absent) {
        return absent ? null : end;
    }

    public void update(Handle handle, long run, String name, RunStatus status, @Nullable Long endTime) {
        handle.execute(
                "UPDATE run SET name = ?, status = ?, end_time = ? WHERE id = ?", name, status.name(), endTime, run);
    }

    /// @param deletedAt when it was deleted; null when it is active
    public void setLifecycle(Handle handle, long run, String lifecycle, @Nullable Long deletedAt) {
        handle.execute("UPDATE run SET lifecycle = ?, deleted_at = ? WHERE id = ?", lifecycle, deletedAt, run);
    }

    public void setTags(Handle handle, long run, Collection<Entry> tags) {
        upsert(
                handle,
                "INSERT INTO run_tag (run, key, value, experiment) VALUES (?, ?, ?, " + EXPERIMENT + ")"
                        + " ON CONFLICT (run, key) DO UPDATE SET value = excluded.value",
                run,
                tags);
    }

    public boolean deleteTag(Handle handle, long run, String key) {
        return handle.execute("DELETE FROM run_tag WHERE run = ? AND key = ?", run, key) > 0;
    }

    /// Keeps the value that is there.
    public void addParams(Handle handle, long run, Collection<Entry> params) {
        upsert(
                handle,
                "INSERT INTO run_param (run, key, value, experiment) VALUES (?, ?, ?, " + EXPERIMENT + ")"
                        + " ON CONFLICT DO NOTHING",
                run,
                params);
    }

    private static void upsert(Handle handle, String sql, long run, Collection<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        // In one order, so that on PostgreSQL two that write the same rows do not wait for each other; of two values
        // for one key the last counts.
        Map<String, String> byKey = new TreeMap<>();
        entries.forEach(entry -> byKey.put(entry.key(), entry.value()));
        PreparedBatch batch = handle.prepareBatch(sql);
        byKey.forEach((key, value) -> batch.add(run, key, value, run));
        batch.execute();
    }

    public Optional<String> tag(Handle handle, long run, String key) {
        return handle.select("SELECT value FROM run_tag WHERE run = ? AND key = ?", run, key)
                .mapTo(String.class)
                .findOne();
    }

    public Optional<String> param(Handle handle, long run, String key) {
        return handle.select("SELECT value FROM run_param WHERE run = ? AND key = ?", run, key)
                .mapTo(String.class)
                .findOne();
    }

    /// All parameters by key.
    public Map<String, String> params(Handle handle, long run) {
        Map<String, String> params = new HashMap<>();
        handle.select("SELECT key, value FROM run_param WHERE run = ?", run)
                .map((row, _) -> params.put(row.getString(1), row.getString(2)))
                .list();
        return params;
    }

    /// Adds datasets and the models a run used or made; what is there stays.
    public void addDatasets(Handle handle, long run, List<DatasetInput> datasets) {
        for (DatasetInput dataset : datasets) {
            ArrayNode tags = Json.array();
            dataset.tags()
                    .forEach(tag -> tags.add(Json.object().put("key", tag.key()).put("value", tag.value())));
            handle.execute(
                    "INSERT INTO run_dataset (run, name, digest, context, source_type, source, schema_text, profile,"
                            + " tags) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    run,
                    dataset.name(),
                    dataset.digest(),
                    dataset.context(),
                    dataset.sourceType(),
                    dataset.source(),
                    dataset.schema(),
                    dataset.profile(),
                    tags.toString());
        }
    }

    public void addModels(Handle handle, long run, boolean made, List<ModelLink> models) {
        for (ModelLink model : models) {
            handle.execute(
                    "INSERT INTO run_model (run, direction, model_id, step) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    run,
                    made ? "out" : "in",
                    model.modelId(),
                    model.step());
        }
    }

    /// Active runs with this tag, newest first.
    public List<Run.Head> withTag(Handle handle, String workspace, String key, String value, int max) {
        Conditions sql = new Conditions(database.kind());
        sql.add("SELECT " + COLUMNS + " FROM run_tag t JOIN run r ON r.id = t.run WHERE t.key = ? AND ", key);
        sql.add(sql.ordinal(SearchOrder.start("t.value")) + " = ? AND t.value = ?", SearchOrder.prefix(value), value);
        sql.add(" AND r.workspace = ? AND r.lifecycle = 'active'", workspace);
        sql.add(" ORDER BY r.start_time DESC, r.run_id LIMIT ?", max);
        return handle.select(sql.sql(), sql.arguments())
                .map((row, _) -> head(row))
                .list();
    }

    /// Fills the runs with what was logged to them, in five queries for all.
    public List<Run> load(Handle handle, List<Run.Head> heads) {
        List<Run> runs = new ArrayList<>(heads.size());
        for (int from = 0; from < heads.size(); from += 1000) {
            runs.addAll(loadSlice(handle, heads.subList(from, Math.min(heads.size(), from + 1000))));
        }
        return runs;
    }

    private static List<Run> loadSlice(Handle handle, List<Run.Head> heads) {
        // Numbers of our own, so they may stand in the text.
        String in = " WHERE run IN ("
                + String.join(
                        ", ", heads.stream().map(h -> Long.toString(h.number())).toList())
                + ")";
        Map<Long, List<Entry>> params = entries(handle, "SELECT run, key, value FROM run_param" + in);
        Map<Long, List<Entry>> tags = entries(handle, "SELECT run, key, value FROM run_tag" + in);
        Map<Long, List<atelier.experiments.Metric>> metrics = SqlMetrics.latest(handle, in);
        Map<Long, List<DatasetInput>> datasets = datasets(handle, in);
        Map<Long, List<ModelLink>> used = new HashMap<>();
        Map<Long, List<ModelLink>> made = new HashMap<>();
        models(handle, in, used, made);
        List<Run> runs = new ArrayList<>(heads.size());
        for (Run.Head head : heads) {
            long n = head.number();
            runs.add(new Run(
                    head,
                    metrics.getOrDefault(n, List.of()),
                    params.getOrDefault(n, List.of()),
                    tags.getOrDefault(n, List.of()),
                    datasets.getOrDefault(n, List.of()),
                    used.getOrDefault(n, List.of()),
                    made.getOrDefault(n, List.of())));
        }
        return runs;
    }

    private static Map<Long, List<Entry>> entries(Handle handle, String sql) {
        Map<Long, List<Entry>> byRun = new HashMap<>();
        handle.select(sql + " ORDER BY run, key")
                .map((row, _) -> byRun.computeIfAbsent(row.getLong(1), _ -> new ArrayList<>())
                        .add(new Entry(row.getString(2), row.getString(3))))
                .list();
        return byRun;
    }

    private static Map<Long, List<DatasetInput>> datasets(Handle handle, String in) {
        Map<Long, List<DatasetInput>> byRun = new HashMap<>();
        handle.select("SELECT run, name, digest, source_type, source, schema_text, profile, tags FROM run_dataset" + in
                        + " ORDER BY run, name, digest")
                .map((row, _) -> byRun.computeIfAbsent(row.getLong(1), _ -> new ArrayList<>())
                        .add(new DatasetInput(
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                row.getString(6),
                                row.getString(7),
                                tags(row.getString(8)))))
                .list();
        return byRun;
    }

    private static List<Entry> tags(String json) {
        List<Entry> tags = new ArrayList<>();
        for (JsonNode tag : Json.parse(json)) {
            tags.add(new Entry(tag.path("key").asString(), tag.path("value").asString()));
        }
        return tags;
    }

    private static void models(
            Handle handle, String in, Map<Long, List<ModelLink>> used, Map<Long, List<ModelLink>> made) {
        handle.select("SELECT run, model_id, step, direction FROM run_model" + in + " ORDER BY run, model_id")
                .map((row, _) -> (row.getString(4).equals("in") ? used : made)
                        .computeIfAbsent(row.getLong(1), _ -> new ArrayList<>())
                        .add(new ModelLink(row.getString(2), row.getLong(3))))
                .list();
    }
}
