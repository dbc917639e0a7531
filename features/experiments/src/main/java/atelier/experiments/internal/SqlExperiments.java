package atelier.experiments.internal;

import atelier.experiments.Entry;
import atelier.experiments.Experiment;
import atelier.experiments.ViewType;
import atelier.mlflow.Conditions;
import atelier.mlflow.Vocabulary;
import atelier.store.Database;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Rows of experiments.
public final class SqlExperiments {
    private static final String COLUMNS = "e.id, e.name, e.artifact_location, e.lifecycle, e.created_at, e.updated_at";
    /// What a search for experiments may name.
    public static final Vocabulary VOCABULARY = new Vocabulary(
            Set.of(Vocabulary.Entity.TAG, Vocabulary.Entity.ATTRIBUTE),
            Map.of(
                    "name", Vocabulary.Attribute.text("e.name"),
                    "experiment_id", Vocabulary.Attribute.id("CAST(e.id AS TEXT)"),
                    "creation_time", Vocabulary.Attribute.number("e.created_at"),
                    "last_update_time", Vocabulary.Attribute.number("e.updated_at")),
            Map.of("experiment_id", Vocabulary.Attribute.number("e.id")));

    private final Database database;

    public SqlExperiments(Database database) {
        this.database = database;
    }

    public long nextId(Handle handle, String workspace) {
        return Counters.next(handle, workspace, "experiment");
    }

    /// False when the name or id is taken.
    public boolean insert(Handle handle, String workspace, Experiment experiment) {
        int rows = handle.execute(
                "INSERT INTO experiment (workspace, id, name, artifact_location, lifecycle, created_at, updated_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                workspace,
                experiment.id(),
                experiment.name(),
                experiment.artifactLocation(),
                experiment.lifecycle(),
                experiment.createdAt(),
                experiment.updatedAt());
        if (rows == 1) {
            experiment.tags().forEach(tag -> setTag(handle, workspace, experiment.id(), tag));
        }
        return rows == 1;
    }

    public Optional<Experiment> find(Handle handle, String workspace, long id) {
        return first(handle, workspace, "e.id = ?", id);
    }

    public Optional<Experiment> findByName(Handle handle, String workspace, String name) {
        return first(handle, workspace, "e.name = ?", name);
    }

    private Optional<Experiment> first(Handle handle, String workspace, String condition, Object value) {
        Conditions sql = new Conditions(database.kind())
                .add(
                        "SELECT " + COLUMNS + " FROM experiment e WHERE e.workspace = ? AND " + condition,
                        workspace,
                        value);
        return query(handle, workspace, sql).stream().findFirst();
    }

    /// Sets name and lifecycle.
    public void update(Handle handle, String workspace, long id, String name, String lifecycle, long now) {
        handle.execute(
                "UPDATE experiment SET name = ?, lifecycle = ?, updated_at = ? WHERE workspace = ? AND id = ?",
                name,
                lifecycle,
                now,
                workspace,
                id);
    }

    /// Deleting and restoring an experiment takes all its runs along.
    /// @param deletedAt when they were deleted; null when they are active
    public void setRunsLifecycle(Handle handle, String workspace, long id, String lifecycle, @Nullable Long deletedAt) {
        handle.execute(
                "UPDATE run SET lifecycle = ?, deleted_at = ? WHERE workspace = ? AND experiment = ?",
                lifecycle,
                deletedAt,
                workspace,
                id);
    }

    public void setTag(Handle handle, String workspace, long id, Entry tag) {
        handle.execute(
                "INSERT INTO experiment_tag (workspace, experiment, key, value) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (workspace, experiment, key) DO UPDATE SET value = excluded.value",
                workspace,
                id,
                tag.key(),
                tag.value());
    }

    /// False when there was none.
    public boolean deleteTag(Handle handle, String workspace, long id, String key) {
        return handle.execute(
                        "DELETE FROM experiment_tag WHERE workspace = ? AND experiment = ? AND key = ?",
                        workspace,
                        id,
                        key)
                > 0;
    }

    /// At most `max + 1` experiments from `offset`: the one too many says that there are more.
    public List<Experiment> search(
            String workspace,
            List<Vocabulary.Term> terms,
            List<Vocabulary.Order> orders,
            ViewType view,
            int max,
            int offset) {
        Conditions sql = new Conditions(database.kind())
                .add(
                        "SELECT " + COLUMNS + " FROM experiment e WHERE e.workspace = ? AND "
                                + view.condition("e.lifecycle"),
                        workspace);
        for (Vocabulary.Term term : terms) {
            if (term.entity() == Vocabulary.Entity.TAG) {
                sql.exists("experiment_tag x WHERE x.workspace = e.workspace AND x.experiment = e.id", term);
            } else {
                sql.add(" AND ");
                sql.compare(term.key(), term);
            }
        }
        sql.add(" ORDER BY ");
        for (Vocabulary.Order order : orders) {
            if (order.entity() == Vocabulary.Entity.TAG) {
                throw atelier.mlflow.MlflowRequest.invalid(
                        "Experiments are ordered by name, creation_time, last_update_time or experiment_id.");
            }
            sql.add((order.numeric() ? order.key() : sql.ordinal(order.key())) + order.direction() + ", ");
        }
        sql.add((orders.isEmpty() ? "e.created_at DESC, " : "") + "e.id LIMIT ? OFFSET ?", max + 1, offset);
        return database.read(handle -> query(handle, workspace, sql));
    }

    private List<Experiment> query(Handle handle, String workspace, Conditions sql) {
        List<Experiment> bare = handle.select(sql.sql(), sql.arguments())
                .map((row, _) -> new Experiment(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getLong(5),
                        row.getLong(6),
                        List.of()))
                .list();
        if (bare.isEmpty()) {
            return bare;
        }
        Map<Long, List<Entry>> tags = new HashMap<>();
        Conditions tagSql = new Conditions(database.kind())
                .add("SELECT experiment, key, value FROM experiment_tag WHERE workspace = ? AND ", workspace)
                .in("experiment", bare.stream().map(Experiment::id).toList())
                .add(" ORDER BY experiment, key");
        handle.select(tagSql.sql(), tagSql.arguments())
                .map((row, _) -> tags.computeIfAbsent(row.getLong(1), _ -> new ArrayList<>())
                        .add(new Entry(row.getString(2), row.getString(3))))
                .list();
        return bare.stream()
                .map(e -> new Experiment(
                        e.id(),
                        e.name(),
                        e.artifactLocation(),
                        e.lifecycle(),
                        e.createdAt(),
                        e.updatedAt(),
                        tags.getOrDefault(e.id(), List.of())))
                .toList();
    }
}
