package atelier.experiments.internal;

import atelier.experiments.Entry;
import atelier.experiments.LoggedModel;
import atelier.experiments.Metric;
import atelier.experiments.RunLog;
import atelier.kernel.Problem;
import atelier.mlflow.Conditions;
import atelier.mlflow.Vocabulary;
import atelier.mlflow.Vocabulary.Attribute;
import atelier.mlflow.Vocabulary.Entity;
import atelier.store.Database;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/// Rows of logged models.
public final class SqlLoggedModels {
    private static final String COLUMNS = "m.model_id, m.experiment, m.name, m.artifact_uri, m.status, m.model_type,"
            + " m.source_run_id, m.created_at, m.updated_at";
    private static final Attribute CREATED = Attribute.number("m.created_at");
    private static final Attribute UPDATED = Attribute.number("m.updated_at");
    /// What a search for logged models may name.
    public static final Vocabulary VOCABULARY = new Vocabulary(
            Set.of(Entity.METRIC, Entity.PARAMETER, Entity.TAG, Entity.ATTRIBUTE),
            Map.ofEntries(
                    Map.entry("name", Attribute.id("m.name")),
                    Map.entry("model_id", Attribute.id("m.model_id")),
                    Map.entry("model_type", Attribute.id("m.model_type")),
                    Map.entry("status", Attribute.id("m.status")),
                    Map.entry("source_run_id", Attribute.id("m.source_run_id")),
                    Map.entry("creation_timestamp", CREATED),
                    Map.entry("creation_time", CREATED),
                    Map.entry("last_updated_timestamp", UPDATED),
                    Map.entry("last_updated_time", UPDATED)),
            Map.of());

    private final Database database;

    public SqlLoggedModels(Database database) {
        this.database = database;
    }

    public void insert(Handle handle, String workspace, LoggedModel model) {
        handle.execute(
                "INSERT INTO logged_model (workspace, model_id, experiment, name, artifact_uri, status, model_type,"
                        + " source_run_id, lifecycle, created_at, updated_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'active', ?, ?)",
                workspace,
                model.modelId(),
                model.experiment(),
                model.name(),
                model.artifactUri(),
                model.status().name(),
                model.modelType(),
                model.sourceRunId(),
                model.createdAt(),
                model.updatedAt());
        setTags(handle, workspace, model.modelId(), model.tags());
        addParams(handle, workspace, model.modelId(), model.params());
    }

    public Optional<LoggedModel> find(Handle handle, String workspace, String id) {
        Conditions sql = new Conditions(database.kind())
                .add(
                        "SELECT " + COLUMNS + " FROM logged_model m WHERE m.workspace = ? AND m.model_id = ?"
                                + " AND m.lifecycle = 'active'",
                        workspace,
                        id);
        return query(handle, workspace, sql).stream().findFirst();
    }

    /// @throws Problem.NotFound when there is no such model, or it was deleted
    public LoggedModel require(Handle handle, String workspace, String id) {
        return find(handle, workspace, id)
                .orElseThrow(() -> new Problem.NotFound(
                        "RESOURCE_DOES_NOT_EXIST", "Logged model with ID '" + id + "' not found."));
    }

    public void setStatus(Handle handle, String workspace, String id, LoggedModel.Status status, long now) {
        handle.execute(
                "UPDATE logged_model SET status = ?, updated_at = ? WHERE workspace = ? AND model_id = ?",
                status.name(),
                now,
                workspace,
                id);
    }

    public void delete(Handle handle, String workspace, String id, long now) {
        handle.execute(
                "UPDATE logged_model SET lifecycle = 'deleted', updated_at = ? WHERE workspace = ? AND model_id = ?",
                now,
                workspace,
                id);
    }

    public void setTags(Handle handle, String workspace, String id, Collection<Entry> tags) {
        entries(
                handle,
                "INSERT INTO logged_model_tag (workspace, model_id, key, value) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (workspace, model_id, key) DO UPDATE SET value = excluded.value",
                workspace,
                id,
                tags);
    }

    public boolean deleteTag(Handle handle, String workspace, String id, String key) {
        return handle.execute(
                        "DELETE FROM logged_model_tag WHERE workspace = ? AND model_id = ? AND key = ?",
                        workspace,
                        id,
                        key)
                > 0;
    }

    public void addParams(Handle handle, String workspace, String id, Collection<Entry> params) {
        entries(
                handle,
                "INSERT INTO logged_model_param (workspace, model_id, key, value) VALUES (?, ?, ?, ?)",
                workspace,
                id,
                params);
    }

    private static void entries(Handle handle, String sql, String workspace, String id, Collection<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        // As for runs: one order, and of two values for one key the last.
        Map<String, String> byKey = new TreeMap<>();
        entries.forEach(entry -> byKey.put(entry.key(), entry.value()));
        PreparedBatch batch = handle.prepareBatch(sql);
        byKey.forEach((key, value) -> batch.add(workspace, id, key, value));
        batch.execute();
    }

    /// Adds points that carry a model id; models that are gone are passed over, the run keeps its points.
    public void addMetrics(Handle handle, String workspace, String runId, List<RunLog.Point> points) {
        PreparedBatch batch = handle.prepareBatch(
                "INSERT INTO logged_model_metric (workspace, model_id, key, step, time, value, nan, run_id,"
                        + " dataset_name, dataset_digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
        for (RunLog.Point point : points) {
            Metric m = point.metric();
            batch.add(
                    workspace,
                    point.modelId(),
                    m.key(),
                    m.step(),
                    m.timestamp(),
                    m.stored(),
                    m.nan(),
                    runId,
                    Objects.requireNonNullElse(point.datasetName(), ""),
                    Objects.requireNonNullElse(point.datasetDigest(), ""));
        }
        batch.execute();
    }

    /// An order of a search; for metrics, on which data.
    public record Order(Vocabulary.Order order, LoggedModel.OnDataset dataset) {}

    /// One search; metric terms hold on any of `datasets` when there are some.
    public record Query(
            List<Long> experiments,
            List<Vocabulary.Term> terms,
            List<LoggedModel.OnDataset> datasets,
            List<Order> orders,
            int max,
            int offset) {
        public Query {
            experiments = List.copyOf(experiments);
            terms = List.copyOf(terms);
            datasets = List.copyOf(datasets);
            orders = List.copyOf(orders);
        }
    }

    /// At most `max + 1` models: the one too many says that there are more.
    public List<LoggedModel> search(String workspace, Query query) {
        Conditions sql = new Conditions(database.kind());
        sql.add(
                "SELECT " + COLUMNS + " FROM logged_model m WHERE m.workspace = ? AND m.lifecycle = 'active' AND ",
                workspace);
        sql.in("m.experiment", query.experiments());
        boolean metrics = false;
        for (Vocabulary.Term term : query.terms()) {
            String tie = " x WHERE x.workspace = m.workspace AND x.model_id = m.model_id";
            switch (term.entity()) {
                case METRIC -> {
                    metrics = true;
                    sql.add(
                            " AND EXISTS (SELECT 1 FROM logged_model_metric" + tie
                                    + " AND x.key = ? AND x.nan = 0 AND ",
                            term.key());
                    sql.compare("x.value", term);
                    onDatasets(sql, query.datasets());
                    sql.add(")");
                }
                case PARAMETER -> sql.exists("logged_model_param" + tie, term);
                case TAG -> sql.exists("logged_model_tag" + tie, term);
                default -> {
                    sql.add(" AND ");
                    sql.compare(term.key(), term);
                }
            }
        }
        if (!metrics && !query.datasets().isEmpty()) {
            sql.add(" AND EXISTS (SELECT 1 FROM logged_model_metric x WHERE x.workspace = m.workspace"
                    + " AND x.model_id = m.model_id");
            onDatasets(sql, query.datasets());
            sql.add(")");
        }
        sql.add(" ORDER BY ");
        for (Order order : query.orders()) {
            order(sql, order);
        }
        sql.add("m.created_at DESC, m.model_id LIMIT ? OFFSET ?", query.max() + 1, query.offset());
        return database.read(handle -> query(handle, workspace, sql));
    }

    private static void onDatasets(Conditions sql, List<LoggedModel.OnDataset> datasets) {
        if (datasets.isEmpty()) {
            return;
        }
        String or = " AND (";
        for (LoggedModel.OnDataset dataset : datasets) {
            sql.add(or + "x.dataset_name = ?", dataset.name());
            if (!dataset.digest().isEmpty()) {
                sql.add(" AND x.dataset_digest = ?", dataset.digest());
            }
            or = " OR ";
        }
        sql.add(")");
    }

    private static void order(Conditions sql, Order wish) {
        Vocabulary.Order order = wish.order();
        if (order.entity() == Entity.ATTRIBUTE) {
            sql.add((order.numeric() ? order.key() : sql.ordinal(order.key())) + order.direction() + ", ");
            return;
        }
        if (order.entity() != Entity.METRIC) {
            throw atelier.mlflow.MlflowRequest.invalid("Logged models are ordered by metrics and attributes.");
        }
        // The newest measure counts; missing ones come last in both directions. Asked twice, once for the presence.
        for (int i = 0; i < 2; i++) {
            sql.add(i == 0 ? "CASE WHEN (" : "(");
            sql.add(
                    "SELECT x.value FROM logged_model_metric x WHERE x.workspace = m.workspace"
                            + " AND x.model_id = m.model_id AND x.key = ? AND x.nan = 0",
                    order.key());
            if (!wish.dataset().name().isEmpty()) {
                onDatasets(sql, List.of(wish.dataset()));
            }
            sql.add(" ORDER BY x.step DESC, x.time DESC, x.value DESC LIMIT 1");
            sql.add(i == 0 ? ") IS NULL THEN 1 ELSE 0 END, " : ")" + order.direction() + ", ");
        }
    }

    private List<LoggedModel> query(Handle handle, String workspace, Conditions sql) {
        List<LoggedModel> bare = handle.select(sql.sql(), sql.arguments())
                .map((row, _) -> new LoggedModel(
                        row.getString(1),
                        row.getLong(2),
                        row.getString(3),
                        row.getString(4),
                        LoggedModel.Status.valueOf(row.getString(5)),
                        row.getString(6),
                        row.getString(7),
                        row.getLong(8),
                        row.getLong(9),
                        List.of(),
                        List.of(),
                        List.of()))
                .list();
        if (bare.isEmpty()) {
            return bare;
        }
        List<String> ids = bare.stream().map(LoggedModel::modelId).toList();
        Map<String, List<Entry>> tags = loadEntries(handle, workspace, "logged_model_tag", ids);
        Map<String, List<Entry>> params = loadEntries(handle, workspace, "logged_model_param", ids);
        Map<String, List<LoggedModel.Measure>> metrics = loadMetrics(handle, workspace, ids);
        return bare.stream()
                .map(m -> new LoggedModel(
                        m.modelId(),
                        m.experiment(),
                        m.name(),
                        m.artifactUri(),
                        m.status(),
                        m.modelType(),
                        m.sourceRunId(),
                        m.createdAt(),
                        m.updatedAt(),
                        tags.getOrDefault(m.modelId(), List.of()),
                        params.getOrDefault(m.modelId(), List.of()),
                        metrics.getOrDefault(m.modelId(), List.of())))
                .toList();
    }

    private Map<String, List<Entry>> loadEntries(Handle handle, String workspace, String table, List<String> ids) {
        Conditions sql = new Conditions(database.kind())
                .add("SELECT model_id, key, value FROM " + table + " WHERE workspace = ? AND ", workspace)
                .in("model_id", ids)
                .add(" ORDER BY model_id, key");
        Map<String, List<Entry>> byModel = new HashMap<>();
        handle.select(sql.sql(), sql.arguments())
                .map((row, _) -> byModel.computeIfAbsent(row.getString(1), _ -> new ArrayList<>())
                        .add(new Entry(row.getString(2), row.getString(3))))
                .list();
        return byModel;
    }

    private Map<String, List<LoggedModel.Measure>> loadMetrics(Handle handle, String workspace, List<String> ids) {
        Conditions sql = new Conditions(database.kind())
                .add(
                        "SELECT key, value, nan, time, step, model_id, run_id, dataset_name, dataset_digest"
                                + " FROM logged_model_metric WHERE workspace = ? AND ",
                        workspace)
                .in("model_id", ids)
                .add(" ORDER BY model_id, key, step, time, value");
        Map<String, List<LoggedModel.Measure>> byModel = new HashMap<>();
        handle.select(sql.sql(), sql.arguments())
                .map((row, _) -> byModel.computeIfAbsent(row.getString(6), _ -> new ArrayList<>())
                        .add(new LoggedModel.Measure(
                                SqlMetrics.point(row), row.getString(7), row.getString(8), row.getString(9))))
                .list();
        return byModel;
    }
}
