package atelier.models.internal;

import atelier.assets.ListView;
import atelier.assets.NameMarker;
import atelier.mlflow.Conditions;
import atelier.mlflow.Filter.Comparator;
import atelier.mlflow.Vocabulary;
import atelier.mlflow.Vocabulary.Attribute;
import atelier.mlflow.Vocabulary.Entity;
import atelier.models.RegisteredModel;
import atelier.models.Version;
import atelier.store.Database;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Rows of registered models, their tags and aliases.
public final class SqlModels {
    private static final String COLUMNS =
            "m.name, m.description, m.last_version, m.created_by, m.created_at, m.updated_at";
    private static final Attribute UPDATED = Attribute.number("m.updated_at");
    /// What a search for registered models may name.
    public static final Vocabulary VOCABULARY = new Vocabulary(
            Set.of(Entity.TAG, Entity.ATTRIBUTE),
            Map.of("name", Attribute.text("m.name")),
            Map.of(
                    "timestamp",
                    UPDATED,
                    "last_updated_timestamp",
                    UPDATED,
                    "creation_timestamp",
                    Attribute.number("m.created_at")));

    private final Database database;

    public SqlModels(Database database) {
        this.database = database;
    }

    /// False when the name is taken.
    public boolean insert(Handle handle, String workspace, RegisteredModel model) {
        int rows = handle.execute(
                "INSERT INTO registered_model (workspace, name, description, last_version, created_by, created_at,"
                        + " updated_at) VALUES (?, ?, ?, 0, ?, ?, ?) ON CONFLICT DO NOTHING",
                workspace,
                model.name(),
                model.description(),
                model.stamp().createdBy(),
                model.stamp().createdAt(),
                model.stamp().updatedAt());
        if (rows == 1) {
            model.tags().forEach((key, value) -> setTag(handle, workspace, model.name(), key, value));
        }
        return rows == 1;
    }

    public Optional<RegisteredModel> find(Handle handle, String workspace, String name) {
        return query(
                        handle,
                        workspace,
                        new Conditions(database.kind())
                                .add(
                                        "SELECT " + COLUMNS
                                                + " FROM registered_model m WHERE m.workspace = ? AND m.name = ?",
                                        workspace,
                                        name))
                .stream()
                .findFirst();
    }

    public void describe(Handle handle, String workspace, String name, @Nullable String description, long now) {
        handle.execute(
                "UPDATE registered_model SET description = ?, updated_at = ? WHERE workspace = ? AND name = ?",
                description,
                now,
                workspace,
                name);
    }

    public void touch(Handle handle, String workspace, String name, long now) {
        handle.execute(
                "UPDATE registered_model SET updated_at = ? WHERE workspace = ? AND name = ?", now, workspace, name);
    }

    /// The next version number, given out once.
    public long nextVersion(Handle handle, String workspace, String name) {
        return handle.select(
                        "UPDATE registered_model SET last_version = last_version + 1 WHERE workspace = ? AND name = ?"
                                + " RETURNING last_version",
                        workspace,
                        name)
                .mapTo(Long.class)
                .one();
    }

    /// Notes that a version of this number was given by the caller.
    public void raiseVersion(Handle handle, String workspace, String name, long number) {
        handle.execute(
                "UPDATE registered_model SET last_version = ? WHERE workspace = ? AND name = ? AND last_version < ?",
                number,
                workspace,
                name,
                number);
    }

    public void rename(Handle handle, String workspace, String name, String newName, long now) {
        for (String table : List.of(
                "registered_model_tag", "model_alias", "model_version_tag", "model_event", "model_deployment")) {
            handle.execute(
                    "UPDATE " + table + " SET name = ? WHERE workspace = ? AND name = ?", newName, workspace, name);
        }
        for (String table : List.of("registered_model", "model_version")) {
            handle.execute(
                    "UPDATE " + table + " SET name = ?, updated_at = ? WHERE workspace = ? AND name = ?",
                    newName,
                    now,
                    workspace,
                    name);
        }
    }

    /// Deletes the model with its versions; its history of events stays.
    public void delete(Handle handle, String workspace, String name) {
        for (String table : List.of(
                "registered_model_tag", "model_alias", "model_version_tag", "model_version", "registered_model")) {
            handle.execute("DELETE FROM " + table + " WHERE workspace = ? AND name = ?", workspace, name);
        }
    }

    public void setTag(Handle handle, String workspace, String name, String key, String value) {
        handle.execute(
                "INSERT INTO registered_model_tag (workspace, name, key, value) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (workspace, name, key) DO UPDATE SET value = excluded.value",
                workspace,
                name,
                key,
                value);
    }

    public void deleteTag(Handle handle, String workspace, String name, String key) {
        handle.execute(
                "DELETE FROM registered_model_tag WHERE workspace = ? AND name = ? AND key = ?", workspace, name, key);
    }

    public void setAlias(Handle handle, String workspace, String name, String alias, String version) {
        handle.execute(
                "INSERT INTO model_alias (workspace, name, alias, version) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (workspace, name, alias) DO UPDATE SET version = excluded.version",
                workspace,
                name,
                alias,
                version);
    }

    public void deleteAlias(Handle handle, String workspace, String name, String alias) {
        handle.execute(
                "DELETE FROM model_alias WHERE workspace = ? AND name = ? AND alias = ?", workspace, name, alias);
    }

    /// At most `max + 1` models: the one too many says that there are more.
    public List<RegisteredModel> search(
            String workspace, List<Vocabulary.Term> terms, List<Vocabulary.Order> orders, int max, int offset) {
        Conditions sql = new Conditions(database.kind());
        sql.add("SELECT " + COLUMNS + " FROM registered_model m WHERE m.workspace = ?", workspace);
        for (Vocabulary.Term term : terms) {
            if (term.entity() == Entity.TAG) {
                tag(sql, "registered_model_tag x WHERE x.workspace = m.workspace AND x.name = m.name", term);
            } else {
                sql.add(" AND ");
                sql.compare(term.key(), term);
            }
        }
        sql.add(" ORDER BY ");
        for (Vocabulary.Order order : orders) {
            sql.add((order.numeric() ? order.key() : sql.ordinal(order.key())) + order.direction() + ", ");
        }
        sql.add(sql.ordinal("m.name") + " LIMIT ? OFFSET ?", max + 1, offset);
        return database.read(handle -> query(handle, workspace, sql));
    }

    /// A page of names, those changed last first; prompts are none. A name is archived when all its versions are.
    ///
    /// @param max at most one more comes back: the one too many says that there are more
    public List<RegisteredModel> page(String workspace, ListView view, @Nullable NameMarker from, int max) {
        Conditions sql = new Conditions(database.kind())
                .add("SELECT " + COLUMNS + " FROM registered_model m WHERE m.workspace = ?", workspace)
                .add(" AND NOT EXISTS (SELECT 1 FROM registered_model_tag t WHERE t.workspace = m.workspace"
                        + " AND t.name = m.name AND t.key = 'mlflow.prompt.is_prompt' AND t.value = 'true')");
        String active = "EXISTS (SELECT 1 FROM model_version v WHERE v.workspace = m.workspace AND v.name = m.name"
                + " AND v.archived = 0)";
        String none = "NOT EXISTS (SELECT 1 FROM model_version v WHERE v.workspace = m.workspace AND v.name = m.name)";
        switch (view) {
            case ACTIVE -> sql.add(" AND (" + active + " OR " + none + ")");
            case ARCHIVED -> sql.add(" AND NOT (" + active + " OR " + none + ")");
            case ALL -> {}
        }
        if (from != null) {
            sql.add(" AND (m.updated_at, m.name) < (?, ?)", from.at(), from.name());
        }
        sql.add(" ORDER BY m.updated_at DESC, m.name DESC LIMIT ?", max + 1);
        return database.read(handle -> query(handle, workspace, sql));
    }

    /// Names of models, for messages that name the nearest; a thousand at most.
    public List<String> names(String workspace) {
        return database.read(handle -> handle.select(
                        "SELECT name FROM registered_model WHERE workspace = ? ORDER BY updated_at DESC LIMIT 1000",
                        workspace)
                .mapTo(String.class)
                .list());
    }

    /// Here, unlike for runs, `!=` matches also what has no such tag: clients hide prompts that way.
    static void tag(Conditions sql, String from, Vocabulary.Term term) {
        if (term.comparator() != Comparator.NE) {
            sql.exists(from, term);
            return;
        }
        sql.add(" AND NOT EXISTS (SELECT 1 FROM " + from + " AND x.key = ? AND ", term.key());
        sql.compare("x.value", new Vocabulary.Term(term.entity(), term.key(), Comparator.EQ, term.value(), term.at()));
        sql.add(")");
    }

    private List<RegisteredModel> query(Handle handle, String workspace, Conditions sql) {
        List<RegisteredModel> bare = handle.select(sql.sql(), sql.arguments())
                .map((row, _) -> new RegisteredModel(
                        row.getString(1),
                        row.getString(2),
                        row.getLong(3),
                        Map.of(),
                        Map.of(),
                        new Version.Stamp(row.getString(4), row.getLong(5), row.getLong(6))))
                .list();
        if (bare.isEmpty()) {
            return bare;
        }
        List<String> names = bare.stream().map(RegisteredModel::name).toList();
        Map<String, Map<String, String>> tags = pairs(handle, workspace, "registered_model_tag", "key, value", names);
        Map<String, Map<String, String>> aliases = pairs(handle, workspace, "model_alias", "alias, version", names);
        return bare.stream()
                .map(m -> new RegisteredModel(
                        m.name(),
                        m.description(),
                        m.lastVersion(),
                        tags.getOrDefault(m.name(), Map.of()),
                        aliases.getOrDefault(m.name(), Map.of()),
                        m.stamp()))
                .toList();
    }

    private Map<String, Map<String, String>> pairs(
            Handle handle, String workspace, String table, String columns, List<String> names) {
        Conditions sql = new Conditions(database.kind())
                .add("SELECT name, " + columns + " FROM " + table + " WHERE workspace = ? AND ", workspace)
                .in("name", names);
        Map<String, Map<String, String>> byName = new HashMap<>();
        handle.select(sql.sql(), sql.arguments())
                .map((row, _) -> {
                    byName.computeIfAbsent(row.getString(1), _ -> new TreeMap<>())
                            .put(row.getString(2), row.getString(3));
                    return true;
                })
                .list();
        return byName;
    }
}
