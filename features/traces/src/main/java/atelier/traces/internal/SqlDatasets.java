package atelier.traces.internal;

import atelier.mlflow.Conditions;
import atelier.mlflow.MlflowRequest;
import atelier.mlflow.Vocabulary;
import atelier.mlflow.Vocabulary.Attribute;
import atelier.mlflow.Vocabulary.Entity;
import atelier.store.Database;
import atelier.traces.EvaluationDataset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Rows of evaluation data sets.
public final class SqlDatasets {
    /// What a search for data sets may name.
    public static final Vocabulary VOCABULARY = new Vocabulary(
            Set.of(Entity.TAG, Entity.ATTRIBUTE),
            Map.of(
                    "name", Attribute.id("d.name"),
                    "created_time", Attribute.number("d.created_at"),
                    "last_update_time", Attribute.number("d.updated_at"),
                    "created_by", Attribute.text("d.created_by"),
                    "last_updated_by", Attribute.text("d.updated_by")),
            Map.of());

    private static final String COLUMNS = "d.dataset_id, d.name, d.schema_text, d.digest, d.created_at, d.updated_at,"
            + " d.created_by, d.updated_by, (SELECT COUNT(*) FROM evaluation_record r WHERE r.workspace = d.workspace"
            + " AND r.dataset_id = d.dataset_id)";
    private static final String RECORD =
            "record_id, inputs, outputs, expectations, tags, source, created_at, updated_at,"
                    + " created_by, updated_by";
    private final Database database;

    public SqlDatasets(Database database) {
        this.database = database;
    }

    public void insert(Handle handle, String workspace, EvaluationDataset made) {
        handle.execute(
                "INSERT INTO evaluation_dataset (workspace, dataset_id, name, schema_text, digest, created_at,"
                        + " updated_at, created_by, updated_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                workspace,
                made.id(),
                made.name(),
                made.schema(),
                made.digest(),
                made.createdAt(),
                made.updatedAt(),
                made.createdBy(),
                made.updatedBy());
        setTags(handle, workspace, made.id(), made.tags());
        addExperiments(handle, workspace, made.id(), made.experiments());
    }

    public Optional<EvaluationDataset> find(Handle handle, String workspace, String id) {
        Conditions sql = new Conditions(database.kind())
                .add(
                        "SELECT " + COLUMNS + " FROM evaluation_dataset d WHERE d.workspace = ? AND d.dataset_id = ?",
                        workspace,
                        id);
        return load(handle, workspace, sql).stream().findFirst();
    }

    public void delete(Handle handle, String workspace, String id) {
        for (String table : List.of(
                "evaluation_record", "evaluation_dataset_tag", "evaluation_dataset_experiment", "evaluation_dataset")) {
            handle.execute("DELETE FROM " + table + " WHERE workspace = ? AND dataset_id = ?", workspace, id);
        }
    }

    /// At most `max + 1` from `offset`: the one too many says that there are more.
    public List<EvaluationDataset> search(
            Handle handle,
            String workspace,
            List<Long> experiments,
            List<Vocabulary.Term> terms,
            List<Vocabulary.Order> orders,
            int max,
            int offset) {
        Conditions sql = new Conditions(database.kind())
                .add("SELECT " + COLUMNS + " FROM evaluation_dataset d WHERE d.workspace = ?", workspace);
        if (!experiments.isEmpty()) {
            sql.add(" AND EXISTS (SELECT 1 FROM evaluation_dataset_experiment x WHERE x.workspace = d.workspace"
                            + " AND x.dataset_id = d.dataset_id AND ")
                    .in("x.experiment", experiments)
                    .add(")");
        }
        for (Vocabulary.Term term : terms) {
            if (term.entity() == Entity.TAG) {
                sql.exists(
                        "evaluation_dataset_tag x WHERE x.workspace = d.workspace AND x.dataset_id = d.dataset_id",
                        term);
            } else {
                sql.add(" AND ");
                sql.compare(term.key(), term);
            }
        }
        sql.add(" ORDER BY ");
        for (Vocabulary.Order order : orders) {
            if (order.entity() == Entity.TAG) {
                throw MlflowRequest.invalid(
                        "Evaluation datasets are ordered by name, created_time or last_update_time.");
            }
            sql.add((order.numeric() ? order.key() : sql.ordinal(order.key())) + order.direction() + ", ");
        }
        sql.add(
                (orders.isEmpty() ? "d.created_at DESC, " : "") + "d.dataset_id DESC LIMIT ? OFFSET ?",
                max + 1,
                offset);
        return load(handle, workspace, sql);
    }

    private List<EvaluationDataset> load(Handle handle, String workspace, Conditions sql) {
        List<EvaluationDataset> bare = handle.select(sql.sql(), sql.arguments())
                .map((row, _) -> new EvaluationDataset(
                        row.getString(1),
                        row.getString(2),
                        Map.of(),
                        row.getString(3),
                        row.getLong(9),
                        row.getString(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getString(7),
                        row.getString(8),
                        List.of()))
                .list();
        List<String> ids = bare.stream().map(EvaluationDataset::id).toList();
        Map<String, Map<String, String>> tags = new HashMap<>();
        Map<String, List<Long>> experiments = new HashMap<>();
        for (List<String> chunk : SqlTraces.chunks(ids)) {
            Conditions ofTags = new Conditions(database.kind())
                    .add(
                            "SELECT dataset_id, key, value FROM evaluation_dataset_tag WHERE workspace = ? AND ",
                            workspace)
                    .in("dataset_id", chunk);
            handle.select(ofTags.sql(), ofTags.arguments())
                    .map((row, _) -> List.of(row.getString(1), row.getString(2), row.getString(3)))
                    .forEach(row -> tags.computeIfAbsent(row.get(0), _ -> new TreeMap<>())
                            .put(row.get(1), row.get(2)));
            Conditions ofExperiments = new Conditions(database.kind())
                    .add(
                            "SELECT dataset_id, experiment FROM evaluation_dataset_experiment WHERE workspace = ? AND ",
                            workspace)
                    .in("dataset_id", chunk)
                    .add(" ORDER BY experiment");
            handle.select(ofExperiments.sql(), ofExperiments.arguments())
                    .map((row, _) -> Map.entry(row.getString(1), row.getLong(2)))
                    .forEach(row -> experiments
                            .computeIfAbsent(row.getKey(), _ -> new ArrayList<>())
                            .add(row.getValue()));
        }
        return bare.stream()
                .map(d -> new EvaluationDataset(
                        d.id(),
                        d.name(),
                        tags.getOrDefault(d.id(), Map.of()),
                        d.schema(),
                        d.records(),
                        d.digest(),
                        d.createdAt(),
                        d.updatedAt(),
                        d.createdBy(),
                        d.updatedBy(),
                        experiments.getOrDefault(d.id(), List.of())))
                .toList();
    }

    public void setTags(Handle handle, String workspace, String id, Map<String, String> tags) {
        new TreeMap<>(tags)
                .forEach((key, value) -> handle.execute(
                        "INSERT INTO evaluation_dataset_tag (workspace, dataset_id, key, value) VALUES (?, ?, ?, ?)"
                                + " ON CONFLICT (workspace, dataset_id, key) DO UPDATE SET value = excluded.value",
                        workspace,
                        id,
                        key,
                        value));
    }

    public void deleteTag(Handle handle, String workspace, String id, String key) {
        handle.execute(
                "DELETE FROM evaluation_dataset_tag WHERE workspace = ? AND dataset_id = ? AND key = ?",
                workspace,
                id,
                key);
    }

    public void addExperiments(Handle handle, String workspace, String id, List<Long> experiments) {
        experiments.forEach(experiment -> handle.execute(
                "INSERT INTO evaluation_dataset_experiment (workspace, dataset_id, experiment) VALUES (?, ?, ?)"
                        + " ON CONFLICT DO NOTHING",
                workspace,
                id,
                experiment));
    }

    public void removeExperiments(Handle handle, String workspace, String id, List<Long> experiments) {
        experiments.forEach(experiment -> handle.execute(
                "DELETE FROM evaluation_dataset_experiment WHERE workspace = ? AND dataset_id = ? AND experiment = ?",
                workspace,
                id,
                experiment));
    }

    /// Notes a change, and lets no other transaction change the data set until this one ends.
    public void touch(Handle handle, String workspace, String id, long now) {
        handle.execute(
                "UPDATE evaluation_dataset SET updated_at = ? WHERE workspace = ? AND dataset_id = ?",
                now,
                workspace,
                id);
    }

    public void update(
            Handle handle,
            String workspace,
            String id,
            @Nullable String schema,
            String digest,
            long now,
            @Nullable String by) {
        handle.execute(
                "UPDATE evaluation_dataset SET schema_text = ?, digest = ?, updated_at = ?,"
                        + " updated_by = COALESCE(?, updated_by) WHERE workspace = ? AND dataset_id = ?",
                schema,
                digest,
                now,
                by,
                workspace,
                id);
    }

    /// Null when there is no record of these inputs.
    public EvaluationDataset.@Nullable Entry byInputs(Handle handle, String workspace, String id, String hash) {
        return handle.select(
                        "SELECT " + RECORD
                                + " FROM evaluation_record WHERE workspace = ? AND dataset_id = ? AND inputs_hash = ?",
                        workspace,
                        id,
                        hash)
                .map((row, _) -> read(row))
                .findOne()
                .orElse(null);
    }

    public void put(Handle handle, String workspace, String id, String hash, EvaluationDataset.Entry one) {
        handle.execute(
                "INSERT INTO evaluation_record (workspace, dataset_id, record_id, inputs_hash, inputs, outputs,"
                        + " expectations, tags, source, created_at, updated_at, created_by, updated_by)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (workspace, dataset_id, record_id) DO UPDATE SET outputs = excluded.outputs,"
                        + " expectations = excluded.expectations, tags = excluded.tags,"
                        + " updated_at = excluded.updated_at, updated_by = excluded.updated_by",
                workspace,
                id,
                one.id(),
                hash,
                one.inputs(),
                one.outputs(),
                one.expectations(),
                one.tags(),
                one.source(),
                one.createdAt(),
                one.updatedAt(),
                one.createdBy(),
                one.updatedBy());
    }

    public int deleteRecords(Handle handle, String workspace, String id, List<String> recordIds) {
        int deleted = 0;
        for (List<String> chunk : SqlTraces.chunks(recordIds)) {
            Conditions sql = new Conditions(database.kind())
                    .add("DELETE FROM evaluation_record WHERE workspace = ? AND dataset_id = ? AND ", workspace, id)
                    .in("record_id", chunk);
            deleted += handle.execute(sql.sql(), sql.arguments());
        }
        return deleted;
    }

    public List<EvaluationDataset.Entry> records(
            Handle handle, String workspace, String id, RecordForms.@Nullable Place after, int max) {
        Conditions sql = new Conditions(database.kind())
                .add(
                        "SELECT " + RECORD + " FROM evaluation_record WHERE workspace = ? AND dataset_id = ?",
                        workspace,
                        id);
        if (after != null) {
            sql.add(
                    " AND (created_at > ? OR created_at = ? AND record_id > ?)",
                    after.time(),
                    after.time(),
                    after.id());
        }
        sql.add(" ORDER BY created_at, record_id LIMIT ?", max);
        return handle.select(sql.sql(), sql.arguments())
                .map((row, _) -> read(row))
                .list();
    }

    private static EvaluationDataset.Entry read(java.sql.ResultSet row) throws java.sql.SQLException {
        return new EvaluationDataset.Entry(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getLong(7),
                row.getLong(8),
                row.getString(9),
                row.getString(10));
    }
}
