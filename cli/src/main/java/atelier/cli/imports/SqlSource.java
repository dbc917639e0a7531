package atelier.cli.imports;

import atelier.cli.imports.SqlStore.Unreadable;
import atelier.kernel.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An MLflow by its database (tables of MLflow 2.22 to 3.x).
final class SqlSource implements Source {
    private static final int PORTION = 500;
    private static final String[] MODEL_STATUS = {
        "", "LOGGED_MODEL_PENDING", "LOGGED_MODEL_READY", "LOGGED_MODEL_UPLOAD_FAILED"
    };
    private static final Map<String, String> NOT_READ = new java.util.TreeMap<>(Map.of(
            "trace_info", "traces",
            "evaluation_datasets", "evaluation data sets",
            "scorers", "scorers",
            "webhooks", "webhooks"));
    private final SqlStore store;
    private final boolean scoped;

    SqlSource(SqlStore store) {
        this.store = store;
        this.scoped = store.has("experiments", "workspace");
    }

    @Override
    public String name() {
        return store.name();
    }

    /// Of MLflow's workspaces (3.10 and newer) the one that everything is in unless it was said otherwise.
    private String ours(String prefix) {
        return scoped ? " " + prefix + " COALESCE(workspace, 'default') = 'default'" : "";
    }

    @Override
    public List<Experiment> experiments() {
        Map<String, ObjectNode> tags = pairs("SELECT experiment_id, key, value FROM experiment_tags", List.of());
        return store.list(
                "SELECT experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time"
                        + " FROM experiments" + ours("WHERE") + " ORDER BY experiment_id",
                row -> {
                    String id = Long.toString(row.whole(1, 0));
                    long created = row.whole(5, 0);
                    ObjectNode body = Json.object()
                            .put("name", row.text(2))
                            .put("lifecycle", row.text(4))
                            .put("createdAt", created)
                            .put("updatedAt", row.whole(6, created));
                    body.set("tags", tags.getOrDefault(id, Json.object()));
                    return new Experiment(id, row.text(2), row.text(3), body);
                });
    }

    @Override
    public void runs(Experiment experiment, Consumer<List<Run>> portion, Broken broken) {
        String last = "";
        while (true) {
            // By id, so that a portion costs the same wherever it is.
            List<String> ids = store.list(
                    "SELECT run_uuid FROM runs WHERE experiment_id = ? AND run_uuid > ? ORDER BY run_uuid LIMIT "
                            + PORTION,
                    row -> row.text(1),
                    Long.parseLong(experiment.id()),
                    last);
            if (ids.isEmpty()) {
                return;
            }
            last = ids.getLast();
            portion.accept(runs(ids, broken));
        }
    }

    private List<Run> runs(List<String> ids, Broken broken) {
        String in = SqlStore.in(ids.size());
        Map<String, ObjectNode> params = pairs("SELECT run_uuid, key, value FROM params WHERE run_uuid IN " + in, ids);
        Map<String, ObjectNode> tags = pairs("SELECT run_uuid, key, value FROM tags WHERE run_uuid IN " + in, ids);
        Map<String, ObjectNode> latest = new HashMap<>();
        Map<String, String> wrong = new HashMap<>();
        store.each(
                "SELECT run_uuid, key, value, is_nan, timestamp, step FROM latest_metrics WHERE run_uuid IN " + in
                        + " ORDER BY run_uuid, key",
                row -> {
                    try {
                        ArrayNode point = latest.computeIfAbsent(row.text(1), _ -> Json.object())
                                .putArray(row.text(2));
                        Numbers.add(point, row.value(3, 4));
                        point.add(row.whole(5, 0)).add(row.whole(6, 0));
                    } catch (Unreadable e) {
                        wrong.put(row.text(1), "metric '" + row.text(2) + "': " + e.getMessage());
                    }
                },
                ids.toArray());
        Map<String, ArrayNode> datasets = datasets(ids);
        Map<String, ArrayNode> used = links(ids, "RUN_INPUT");
        Map<String, ArrayNode> made = links(ids, "RUN_OUTPUT");
        List<Run> runs = new ArrayList<>();
        store.each(
                "SELECT run_uuid, name, user_id, status, start_time, end_time, lifecycle_stage, deleted_time,"
                        + " artifact_uri FROM runs WHERE run_uuid IN " + in + " ORDER BY run_uuid",
                row -> {
                    String id = row.text(1);
                    try {
                        if (wrong.containsKey(id)) {
                            throw new Unreadable(wrong.get(id));
                        }
                        Long end = row.wholeOrNull(6);
                        ObjectNode body = Json.object()
                                .put("runId", id)
                                .put("name", row.text(2))
                                .put("userId", row.text(3))
                                .put("status", row.text(4))
                                .put("startTime", row.whole(5, end == null ? 0 : end))
                                .put("endTime", end)
                                .put("lifecycle", row.text(7));
                        Long deleted = row.wholeOrNull(8);
                        if (deleted != null) {
                            body.put("deletedAt", deleted);
                        }
                        body.set("params", params.getOrDefault(id, Json.object()));
                        body.set("tags", tags.getOrDefault(id, Json.object()));
                        body.set("datasets", datasets.getOrDefault(id, Json.array()));
                        body.set("used", used.getOrDefault(id, Json.array()));
                        body.set("made", made.getOrDefault(id, Json.array()));
                        runs.add(new Run(id, row.text(9), body, latest.getOrDefault(id, Json.object())));
                    } catch (Unreadable e) {
                        broken.refused("run " + id, String.valueOf(e.getMessage()));
                    }
                },
                ids.toArray());
        return runs;
    }

    /// `owner -> {"key": "value"}`
    private Map<String, ObjectNode> pairs(String sql, List<?> arguments) {
        Map<String, ObjectNode> all = new HashMap<>();
        store.each(
                sql + " ORDER BY 1, 2",
                row -> all.computeIfAbsent(row.text(1), _ -> Json.object()).put(row.text(2), row.text(3)),
                arguments.toArray());
        return all;
    }

    private Map<String, ArrayNode> datasets(List<String> runs) {
        Map<String, ObjectNode> tags = new HashMap<>();
        String ofRuns = " FROM inputs i WHERE i.destination_type = 'RUN' AND i.source_type = 'DATASET'"
                + " AND i.destination_id IN " + SqlStore.in(runs.size());
        store.each(
                "SELECT t.input_uuid, t.name, t.value FROM input_tags t WHERE t.input_uuid IN (SELECT i.input_uuid"
                        + ofRuns + ") ORDER BY 1, 2",
                row -> tags.computeIfAbsent(row.text(1), _ -> Json.object()).put(row.text(2), row.text(3)),
                runs.toArray());
        Map<String, ArrayNode> all = new HashMap<>();
        store.each(
                "SELECT i.destination_id, i.input_uuid, d.name, d.digest, d.dataset_source_type, d.dataset_source,"
                        + " d.dataset_schema, d.dataset_profile"
                        + ofRuns.replace(" WHERE", " JOIN datasets d ON d.dataset_uuid = i.source_id WHERE")
                        + " ORDER BY 1, 3, 4",
                row -> {
                    ObjectNode dataset = all.computeIfAbsent(row.text(1), _ -> Json.array())
                            .addObject()
                            .put("name", row.text(3))
                            .put("digest", row.text(4))
                            .put("sourceType", row.text(5))
                            .put("source", row.text(6))
                            .put("schema", row.textOrNull(7))
                            .put("profile", row.textOrNull(8));
                    dataset.set("tags", tags.getOrDefault(row.text(2), Json.object()));
                },
                runs.toArray());
        return all;
    }

    /// Logged models that runs used or made (MLflow 3).
    private Map<String, ArrayNode> links(List<String> runs, String type) {
        Map<String, ArrayNode> all = new HashMap<>();
        String step = store.has("inputs", "step") ? "step" : "0";
        store.each(
                "SELECT source_id, destination_id, " + step + " FROM inputs WHERE source_type = '" + type
                        + "' AND source_id IN " + SqlStore.in(runs.size()) + " ORDER BY 1, 2",
                row -> all.computeIfAbsent(row.text(1), _ -> Json.array())
                        .addObject()
                        .put("id", row.text(2))
                        .put("step", row.whole(3, 0)),
                runs.toArray());
        return all;
    }

    @Override
    public void points(Run run, Points points) {
        // SQLite numbers rows as they come; PostgreSQL keeps them in that order unless space became free.
        String order = store.sqlite() ? "rowid" : "timestamp, ctid";
        store.each(
                "SELECT key, value, is_nan, timestamp, step FROM metrics WHERE run_uuid = ? ORDER BY " + order,
                row -> points.point(row.text(1), row.value(2, 3), row.whole(4, 0), row.whole(5, 0)),
                run.id());
    }

    @Override
    public void models(Experiment experiment, Consumer<List<Model>> portion, Broken broken) {
        if (!store.has("logged_models")) {
            return;
        }
        String last = "";
        while (true) {
            List<String> ids = store.list(
                    "SELECT model_id FROM logged_models WHERE experiment_id = ? AND model_id > ? ORDER BY model_id"
                            + " LIMIT " + PORTION,
                    row -> row.text(1),
                    Long.parseLong(experiment.id()),
                    last);
            if (ids.isEmpty()) {
                return;
            }
            last = ids.getLast();
            portion.accept(models(ids, broken));
        }
    }

    private List<Model> models(List<String> ids, Broken broken) {
        String in = " WHERE model_id IN " + SqlStore.in(ids.size());
        Map<String, ObjectNode> tags = pairs("SELECT model_id, tag_key, tag_value FROM logged_model_tags" + in, ids);
        Map<String, ObjectNode> params =
                pairs("SELECT model_id, param_key, param_value FROM logged_model_params" + in, ids);
        Map<String, ArrayNode> metrics = new HashMap<>();
        Map<String, String> wrong = new HashMap<>();
        store.each(
                "SELECT model_id, metric_name, metric_value, 0, metric_timestamp_ms, metric_step, run_id, dataset_name,"
                        + " dataset_digest FROM logged_model_metrics" + in + " ORDER BY 1, 2, 5, 6",
                row -> {
                    try {
                        ObjectNode metric = metrics.computeIfAbsent(row.text(1), _ -> Json.array())
                                .addObject()
                                .put("key", row.text(2));
                        Numbers.put(metric, "value", row.value(3, 4));
                        metric.put("time", row.whole(5, 0))
                                .put("step", row.whole(6, 0))
                                .put("runId", row.text(7))
                                .put("datasetName", row.text(8))
                                .put("datasetDigest", row.text(9));
                    } catch (Unreadable e) {
                        wrong.put(row.text(1), "metric '" + row.text(2) + "': " + e.getMessage());
                    }
                },
                ids.toArray());
        List<Model> models = new ArrayList<>();
        store.each(
                "SELECT model_id, name, artifact_location, creation_timestamp_ms, last_updated_timestamp_ms, status,"
                        + " lifecycle_stage, model_type, source_run_id FROM logged_models" + in + " ORDER BY model_id",
                row -> {
                    String id = row.text(1);
                    try {
                        if (wrong.containsKey(id)) {
                            throw new Unreadable(wrong.get(id));
                        }
                        int status = (int) row.whole(6, 0);
                        if (status < 1 || status >= MODEL_STATUS.length) {
                            throw new Unreadable("status is " + status + ", none that MLflow knows");
                        }
                        ObjectNode body = Json.object()
                                .put("modelId", id)
                                .put("name", row.text(2))
                                .put("createdAt", row.whole(4, 0))
                                .put("updatedAt", row.whole(5, 0))
                                .put("status", MODEL_STATUS[status])
                                .put("lifecycle", row.text(7))
                                .put("modelType", row.text(8))
                                .put("sourceRunId", row.text(9));
                        body.set("tags", tags.getOrDefault(id, Json.object()));
                        body.set("params", params.getOrDefault(id, Json.object()));
                        body.set("metrics", metrics.getOrDefault(id, Json.array()));
                        models.add(new Model(id, row.text(3), body));
                    } catch (Unreadable e) {
                        broken.refused("logged model " + id, String.valueOf(e.getMessage()));
                    }
                },
                ids.toArray());
        return models;
    }

    @Override
    public List<Registered> registered() {
        Map<String, ObjectNode> tags =
                pairs("SELECT name, key, value FROM registered_model_tags" + ours("WHERE"), List.of());
        Map<String, ObjectNode> aliases = pairs(
                "SELECT name, alias, CAST(version AS VARCHAR(20)) FROM registered_model_aliases" + ours("WHERE"),
                List.of());
        Map<String, ObjectNode> versionTags = pairs(
                "SELECT name || '/' || CAST(version AS VARCHAR(20)), key, value FROM model_version_tags"
                        + ours("WHERE"),
                List.of());
        // Deleted versions keep their rows: their numbers are never given again.
        Map<String, Long> last = new HashMap<>();
        store.each(
                "SELECT name, MAX(version) FROM model_versions" + ours("WHERE") + " GROUP BY name",
                row -> last.put(row.text(1), row.whole(2, 0)));
        Map<String, List<ObjectNode>> versions = new HashMap<>();
        store.each(
                "SELECT name, version, creation_time, last_updated_time, description, user_id, current_stage, source,"
                        + " run_id, run_link FROM model_versions WHERE current_stage <> 'Deleted_Internal'"
                        + ours("AND") + " ORDER BY name, version",
                row -> {
                    String number = Long.toString(row.whole(2, 0));
                    long created = row.whole(3, 0);
                    ObjectNode body = Json.object()
                            .put("version", number)
                            .put("createdAt", created)
                            .put("updatedAt", row.whole(4, created))
                            .put("description", emptyIsNull(row.textOrNull(5)))
                            .put("createdBy", row.text(6))
                            .put("stage", row.text(7).isEmpty() ? "None" : row.text(7))
                            .put("source", row.text(8))
                            .put("runId", row.text(9))
                            .put("runLink", row.text(10));
                    body.set("tags", versionTags.getOrDefault(row.text(1) + "/" + number, Json.object()));
                    versions.computeIfAbsent(row.text(1), _ -> new ArrayList<>())
                            .add(body);
                });
        return store.list(
                "SELECT name, creation_time, last_updated_time, description FROM registered_models" + ours("WHERE")
                        + " ORDER BY name",
                row -> {
                    String name = row.text(1);
                    long created = row.whole(2, 0);
                    ObjectNode body = Json.object()
                            .put("name", name)
                            .put("createdAt", created)
                            .put("updatedAt", row.whole(3, created))
                            .put("description", row.textOrNull(4));
                    body.put("lastVersion", last.getOrDefault(name, 0L));
                    body.set("tags", tags.getOrDefault(name, Json.object()));
                    body.set("aliases", aliases.getOrDefault(name, Json.object()));
                    return new Registered(name, body, versions.getOrDefault(name, List.of()));
                });
    }

    private static @Nullable String emptyIsNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    @Override
    public Map<String, Long> left() {
        Map<String, Long> left = new LinkedHashMap<>();
        NOT_READ.forEach((table, what) -> {
            if (store.has(table)) {
                left.put(
                        what,
                        store.list("SELECT COUNT(*) FROM " + table, row -> row.whole(1, 0))
                                .getFirst());
            }
        });
        if (scoped) {
            left.put(
                    "experiments of other MLflow workspaces",
                    store.list(
                                    "SELECT COUNT(*) FROM experiments WHERE COALESCE(workspace, 'default') <> 'default'",
                                    row -> row.whole(1, 0))
                            .getFirst());
        }
        left.values().removeIf(many -> many == 0);
        return left;
    }

    @Override
    public void close() {
        store.close();
    }
}
