package atelier.models.internal;

import atelier.assets.AssetQuery;
import atelier.assets.ListView;
import atelier.datasets.Location;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.mlflow.Conditions;
import atelier.mlflow.Vocabulary;
import atelier.mlflow.Vocabulary.Attribute;
import atelier.mlflow.Vocabulary.Entity;
import atelier.models.Version;
import atelier.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.node.ObjectNode;

/// Rows of model versions and their tags.
public final class SqlVersions {
    private static final String COLUMNS =
            "v.name, v.version, v.source, v.container, v.path, v.type, v.flavors, v.run_id,"
                    + " v.run_link, v.model_id, v.description, v.stage, v.properties, v.archived, v.created_by, v.created_at,"
                    + " v.updated_at";
    /// Up to this many names are named in a query; beyond, all rows are read.
    private static final int MOST_NAMES = 500;

    private static final TypeReference<Map<String, String>> MAP = new TypeReference<>() {};
    /// What a search for versions may name.
    public static final Vocabulary VOCABULARY = new Vocabulary(
            Set.of(Entity.TAG, Entity.ATTRIBUTE),
            Map.of(
                    "name", Attribute.id("v.name"),
                    "run_id", Attribute.id("v.run_id"),
                    "source_path", Attribute.text("v.source"),
                    "version_number", Attribute.number("v.number")),
            Map.of(
                    "creation_timestamp",
                    Attribute.number("v.created_at"),
                    "last_updated_timestamp",
                    Attribute.number("v.updated_at")));

    private final Database database;

    public SqlVersions(Database database) {
        this.database = database;
    }

    public void insert(Handle handle, String workspace, Version v) {
        Location location = v.location();
        handle.execute(
                "INSERT INTO model_version (workspace, name, version, number, source, container, path, type, flavors,"
                        + " run_id, run_link, model_id, description, stage, properties, archived, created_by,"
                        + " created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                workspace,
                v.name(),
                v.version(),
                v.number(),
                v.source(),
                location == null ? null : location.container(),
                location == null ? null : location.path(),
                v.type(),
                v.flavors().toString(),
                v.lineage().runId(),
                v.lineage().runLink(),
                v.lineage().modelId(),
                v.description(),
                v.stage(),
                Json.write(v.properties()),
                v.archived() ? 1 : 0,
                v.stamp().createdBy(),
                v.stamp().createdAt(),
                v.stamp().updatedAt());
        v.tags().forEach((key, value) -> setTag(handle, workspace, v.name(), v.version(), key, value));
    }

    /// Changes what of a version may change: description, stage, properties, flavors, archived.
    public void update(Handle handle, String workspace, Version v, long now) {
        handle.execute(
                "UPDATE model_version SET description = ?, stage = ?, properties = ?, flavors = ?, archived = ?,"
                        + " updated_at = ? WHERE workspace = ? AND name = ? AND version = ?",
                v.description(),
                v.stage(),
                Json.write(v.properties()),
                v.flavors().toString(),
                v.archived() ? 1 : 0,
                now,
                workspace,
                v.name(),
                v.version());
    }

    public Optional<Version> find(Handle handle, String workspace, String name, String version) {
        return query(handle, workspace, start(workspace).add(" AND v.name = ? AND v.version = ?", name, version))
                .stream()
                .findFirst();
    }

    /// All versions of a model, newest first.
    public List<Version> of(Handle handle, String workspace, String name) {
        return query(
                handle,
                workspace,
                start(workspace)
                        .add(" AND v.name = ? ORDER BY v.created_at DESC, v.number DESC, v.version DESC", name));
    }

    /// All versions of a workspace, by name, newest first.
    public List<Version> all(Handle handle, String workspace) {
        return query(
                handle,
                workspace,
                start(workspace).add(" ORDER BY v.name, v.created_at DESC, v.number DESC, v.version DESC"));
    }

    /// Versions whose files are at or below a folder.
    public List<Version> below(String workspace, Location folder) {
        String prefix = folder.path() + "/";
        Conditions sql = start(workspace)
                .add(
                        " AND v.container = ? AND (v.path = ? OR substr(v.path, 1, ?) = ?) ORDER BY v.name, v.number",
                        folder.container(),
                        folder.path(),
                        prefix.length(),
                        prefix);
        return database.read(handle -> query(handle, workspace, sql));
    }

    /// The newest version of each name that is not archived, or the newest of all.
    public List<Version> newest(Handle handle, String workspace, List<String> names) {
        Conditions sql = new Conditions(database.kind())
                .add(
                        "SELECT " + COLUMNS + " FROM (SELECT x.*, ROW_NUMBER() OVER (PARTITION BY x.name ORDER BY"
                                + " x.archived, x.created_at DESC, x.number DESC, x.version DESC) AS place"
                                + " FROM model_version x WHERE x.workspace = ? AND ",
                        workspace)
                .in("x.name", names)
                .add(") v WHERE v.place = 1");
        return query(handle, workspace, sql);
    }

    /// Archives or restores all versions of a name.
    public void archive(Handle handle, String workspace, String name, boolean archived, long now) {
        handle.execute(
                "UPDATE model_version SET archived = ?, updated_at = ? WHERE workspace = ? AND name = ?"
                        + " AND archived <> ?",
                archived ? 1 : 0,
                now,
                workspace,
                name,
                archived ? 1 : 0);
    }

    /// A page of a name's versions; at most one more than asked for comes back.
    public List<Version> page(String workspace, String name, AssetQuery query) {
        Conditions sql = start(workspace).add(" AND v.name = ?", name);
        if (query.view() != ListView.ALL) {
            sql.add(" AND v.archived = ?", query.view() == ListView.ARCHIVED ? 1 : 0);
        }
        if (query.stage() != null) {
            sql.add(" AND lower(v.stage) = lower(?)", query.stage());
        }
        new TreeMap<>(query.tags()).forEach((key, value) -> {
            sql.add(
                    " AND EXISTS (SELECT 1 FROM model_version_tag x WHERE x.workspace = v.workspace AND x.name = v.name"
                            + " AND x.version = v.version AND x.key = ?",
                    key);
            if (!value.isEmpty()) {
                sql.add(" AND x.value = ?", value);
            }
            sql.add(")");
        });
        new TreeMap<>(query.properties()).forEach((key, value) -> property(sql, key, value));
        if (query.marker() != null) {
            Place from = Place.parse(query.marker());
            sql.add(
                    " AND (v.created_at, v.number, v.version) " + (query.oldestFirst() ? ">" : "<") + " (?, ?, ?)",
                    from.at(),
                    from.number(),
                    from.version());
        }
        String direction = query.oldestFirst() ? "" : " DESC";
        sql.add(
                " ORDER BY v.created_at" + direction + ", v.number" + direction + ", v.version" + direction
                        + " LIMIT ?",
                query.max() + 1);
        return database.read(handle -> query(handle, workspace, sql));
    }

    private void property(Conditions sql, String key, String value) {
        sql.add(
                switch (database.kind()) {
                    case SQLITE -> " AND (SELECT j.value FROM json_each(v.properties) j WHERE j.key = ?)";
                    case POSTGRESQL -> " AND ((v.properties::jsonb) ->> ?)";
                },
                key);
        if (value.isEmpty()) {
            sql.add(" IS NOT NULL");
        } else {
            sql.add(" = ?", value);
        }
    }

    /// Where a page of versions ended.
    public record Place(long at, long number, String version) {
        private static final Pattern TEXT = Pattern.compile("(\\d{1,18})\\.(\\d{1,18})\\.(.+)");

        static Place parse(String text) {
            Matcher parts = TEXT.matcher(text);
            if (!parts.matches()) {
                throw new Problem.Invalid("InvalidSkipToken", "'" + text + "' is not a marker of this list.", "$skip");
            }
            return new Place(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)), parts.group(3));
        }

        /// As clients carry it.
        public static String text(Version last) {
            return last.stamp().createdAt() + "." + last.number() + "." + last.version();
        }
    }

    public boolean delete(Handle handle, String workspace, String name, String version) {
        handle.execute(
                "DELETE FROM model_version_tag WHERE workspace = ? AND name = ? AND version = ?",
                workspace,
                name,
                version);
        return handle.execute(
                        "DELETE FROM model_version WHERE workspace = ? AND name = ? AND version = ?",
                        workspace,
                        name,
                        version)
                > 0;
    }

    public void setTag(Handle handle, String workspace, String name, String version, String key, String value) {
        handle.execute(
                "INSERT INTO model_version_tag (workspace, name, version, key, value) VALUES (?, ?, ?, ?, ?)"
                        + " ON CONFLICT (workspace, name, version, key) DO UPDATE SET value = excluded.value",
                workspace,
                name,
                version,
                key,
                value);
    }

    public void deleteTag(Handle handle, String workspace, String name, String version, String key) {
        handle.execute(
                "DELETE FROM model_version_tag WHERE workspace = ? AND name = ? AND version = ? AND key = ?",
                workspace,
                name,
                version,
                key);
    }

    /// At most `max + 1` versions: the one too many says that there are more.
    public List<Version> search(
            String workspace, List<Vocabulary.Term> terms, List<Vocabulary.Order> orders, int max, int offset) {
        Conditions sql = start(workspace);
        for (Vocabulary.Term term : terms) {
            if (term.entity() == Entity.TAG) {
                SqlModels.tag(
                        sql,
                        "model_version_tag x WHERE x.workspace = v.workspace AND x.name = v.name AND x.version = v.version",
                        term);
            } else {
                sql.add(" AND ");
                sql.compare(term.key(), term);
            }
        }
        sql.add(" ORDER BY ");
        for (Vocabulary.Order order : orders) {
            sql.add((order.numeric() ? order.key() : sql.ordinal(order.key())) + order.direction() + ", ");
        }
        sql.add(sql.ordinal("v.name") + ", v.number DESC, v.version DESC LIMIT ? OFFSET ?", max + 1, offset);
        return database.read(handle -> query(handle, workspace, sql));
    }

    private Conditions start(String workspace) {
        return new Conditions(database.kind())
                .add("SELECT " + COLUMNS + " FROM model_version v WHERE v.workspace = ?", workspace);
    }

    private static List<Version> query(Handle handle, String workspace, Conditions sql) {
        List<Version> bare = handle.select(sql.sql(), sql.arguments())
                .map((row, _) -> version(row))
                .list();
        if (bare.isEmpty()) {
            return bare;
        }
        Map<String, Map<String, String>> tags = tags(handle, workspace, bare);
        return bare.stream()
                .map(v -> withTags(v, tags.getOrDefault(v.name() + "/" + v.version(), Map.of())))
                .toList();
    }

    private static Map<String, Map<String, String>> tags(Handle handle, String workspace, List<Version> versions) {
        Map<String, Map<String, String>> byVersion = new HashMap<>();
        // One version, or one model, or all: the fewest rows that hold what is wanted.
        List<String> names = versions.stream().map(Version::name).distinct().toList();
        String sql = "SELECT name, version, key, value FROM model_version_tag WHERE workspace = ?";
        var query = versions.size() == 1
                ? handle.select(
                        sql + " AND name = ? AND version = ?",
                        workspace,
                        names.getFirst(),
                        versions.getFirst().version())
                : names.size() <= MOST_NAMES
                        ? handle.select(
                                sql + " AND name IN (" + "?, ".repeat(names.size() - 1) + "?)",
                                Stream.concat(Stream.of(workspace), names.stream())
                                        .toArray())
                        : handle.select(sql, workspace);
        query.map((row, _) -> {
                    byVersion
                            .computeIfAbsent(row.getString(1) + "/" + row.getString(2), _ -> new TreeMap<>())
                            .put(row.getString(3), row.getString(4));
                    return true;
                })
                .list();
        return byVersion;
    }

    private static Version withTags(Version v, Map<String, String> tags) {
        return new Version(
                v.name(),
                v.version(),
                v.source(),
                v.location(),
                v.type(),
                v.flavors(),
                v.lineage(),
                v.description(),
                v.stage(),
                tags,
                v.properties(),
                v.archived(),
                v.stamp());
    }

    private static Version version(ResultSet row) throws SQLException {
        return new Version(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                location(row.getString(4), row.getString(5)),
                row.getString(6),
                (ObjectNode) Json.parse(row.getString(7)),
                new Version.Lineage(row.getString(8), row.getString(9), row.getString(10)),
                row.getString(11),
                row.getString(12),
                Map.of(),
                Json.read(row.getString(13), MAP),
                row.getInt(14) == 1,
                new Version.Stamp(row.getString(15), row.getLong(16), row.getLong(17)));
    }

    private static @Nullable Location location(@Nullable String container, @Nullable String path) {
        return container == null || path == null ? null : new Location(container, path);
    }
}
