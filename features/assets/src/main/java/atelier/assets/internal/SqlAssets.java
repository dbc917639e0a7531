package atelier.assets.internal;

import atelier.assets.Asset;
import atelier.assets.AssetName;
import atelier.assets.AssetQuery;
import atelier.assets.AssetReference;
import atelier.assets.Assets;
import atelier.assets.ListView;
import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Names;
import atelier.kernel.Nearest;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.store.Database;
import atelier.workspace.Workspace;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Assets in the database.
public final class SqlAssets implements Assets {
    private static final String KEY = " WHERE workspace_id = ? AND kind = ? AND name = ? AND version = ?";
    private static final List<String> MUTABLE =
            List.of("description", "tags", "isArchived", "stage", "autoDeleteSetting");
    private static final List<String> INDEXED = List.of("hash_sha256");
    private final Database database;
    private final InstantSource clock;

    public SqlAssets(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public Asset put(
            Workspace workspace, String kind, String name, String version, ObjectNode properties, Caller caller) {
        Names.asset(name);
        Names.version(version);
        return database.inTransaction(handle -> {
            long now = clock.millis();
            SqlNames.hold(handle, workspace, kind, name, caller, now);
            Optional<Asset> existing = find(workspace, kind, name, version);
            if (existing.isPresent()) {
                change(handle, existing.get(), properties, now);
            } else {
                SqlNames.count(handle, workspace, kind, name);
                insert(handle, workspace, kind, name, version, properties, caller, now);
                SqlNames.raise(handle, workspace, kind, name, version);
            }
            SqlNames.refresh(handle, workspace, kind, name);
            return find(workspace, kind, name, version).orElseThrow();
        });
    }

    private static void change(Handle handle, Asset existing, ObjectNode properties, long now) {
        if (!properties.path("isAnonymous").asBoolean(false)) {
            requireSame(existing, properties);
        }
        ObjectNode merged = existing.properties().deepCopy();
        properties.properties().forEach(field -> merged.set(field.getKey(), field.getValue()));
        handle.execute(
                "UPDATE asset SET properties = ?, archived = ?, modified_at = ?" + KEY,
                Json.write(merged),
                archived(properties) ? 1 : 0,
                now,
                existing.workspaceId(),
                existing.kind(),
                existing.name(),
                existing.version());
    }

    private static boolean archived(ObjectNode properties) {
        return properties.path("isArchived").asBoolean(false);
    }

    private static void insert(
            Handle handle,
            Workspace workspace,
            String kind,
            String name,
            String version,
            ObjectNode properties,
            Caller caller,
            long now) {
        handle.execute(
                "INSERT INTO asset (workspace_id, kind, name, version, seq, properties, archived, created_by, created_at,"
                        + " modified_at) VALUES (?, ?, ?, ?, (SELECT coalesce(max(seq), 0) + 1 FROM asset WHERE"
                        + " workspace_id = ? AND kind = ? AND name = ?), ?, ?, ?, ?, ?)",
                workspace.id(),
                kind,
                name,
                version,
                workspace.id(),
                kind,
                name,
                Json.write(properties),
                archived(properties) ? 1 : 0,
                caller.name(),
                now,
                now);
        for (String property : INDEXED) {
            String value = properties.path("properties").path(property).asString("");
            if (!value.isEmpty()) {
                handle.execute(
                        "INSERT INTO asset_property (workspace_id, kind, property, value, name, version)"
                                + " VALUES (?, ?, ?, ?, ?, ?)",
                        workspace.id(),
                        kind,
                        property,
                        value,
                        name,
                        version);
            }
        }
    }

    /// A version's content is fixed: everything but what is [#MUTABLE] must be as it was. The words are Azure's, with
    /// the field in place of its own.
    private static void requireSame(Asset existing, ObjectNode properties) {
        for (Map.Entry<String, JsonNode> given : properties.properties()) {
            if (MUTABLE.contains(given.getKey()) || given.getValue().isNull()) {
                continue;
            }
            JsonNode kept = existing.properties().path(given.getKey());
            boolean bothEmpty = given.getValue().isEmpty() && !given.getValue().isValueNode() && kept.isMissingNode();
            boolean bothFalse = kept.isMissingNode()
                    && given.getValue().isBoolean()
                    && !given.getValue().booleanValue();
            if (!bothEmpty && !bothFalse && !kept.equals(given.getValue())) {
                String noun = AssetReference.noun(existing.kind());
                throw new Problem.Conflict(
                        "UserError",
                        "A version '" + existing.version() + "' of " + noun + " '" + existing.name()
                                + "' already exists. If you are trying to create a new version, use a different name or"
                                + " version. If you are trying to update an existing version, its '" + given.getKey()
                                + "' cannot be changed. Only tags, description, stage, and isArchived can be updated.");
            }
        }
    }

    @Override
    public Optional<Asset> find(Workspace workspace, String kind, String name, String version) {
        return database.read(handle -> handle.createQuery("SELECT " + Rows.ASSET + " FROM asset a" + KEY)
                .bind(0, workspace.id())
                .bind(1, kind)
                .bind(2, name)
                .bind(3, version)
                .map((row, _) -> Rows.asset(row))
                .findOne());
    }

    @Override
    public Optional<Asset> latest(Workspace workspace, String kind, String name) {
        return name(workspace, kind, name).filter(n -> !n.archived()).flatMap(AssetName::latest);
    }

    @Override
    public String nextVersion(Workspace workspace, String kind, String name) {
        return name(workspace, kind, name).map(AssetName::next).orElse("1");
    }

    @Override
    public List<Asset> all(Workspace workspace, String kind) {
        return database.read(handle -> handle.createQuery(
                        "SELECT " + Rows.ASSET + " FROM asset a WHERE workspace_id = ? AND kind = ? ORDER BY seq")
                .bind(0, workspace.id())
                .bind(1, kind)
                .map((row, _) -> Rows.asset(row))
                .list());
    }

    @Override
    public Page<Asset> versions(Workspace workspace, String kind, String name, AssetQuery query) {
        return database.read(handle -> new VersionsQuery(database.kind(), workspace, kind, name, query).run(handle));
    }

    @Override
    public Page<AssetName> names(Workspace workspace, String kind, ListView view, @Nullable String marker, int max) {
        return database.read(handle -> SqlNames.page(handle, workspace, kind, view, marker, max));
    }

    @Override
    public Optional<AssetName> name(Workspace workspace, String kind, String name) {
        return database.read(handle -> SqlNames.find(handle, workspace, kind, name));
    }

    @Override
    public AssetName describe(Workspace workspace, String kind, String name, AssetName.Words words, Caller caller) {
        Names.asset(name);
        return database.inTransaction(handle -> {
            SqlNames.hold(handle, workspace, kind, name, caller, clock.millis());
            SqlNames.describe(handle, workspace, kind, name, words);
            return SqlNames.find(handle, workspace, kind, name).orElseThrow();
        });
    }

    @Override
    public boolean archive(Workspace workspace, String kind, String name, boolean archived) {
        return database.inTransaction(handle -> {
            long now = clock.millis();
            int found = handle.execute(
                    "UPDATE asset_name SET archived = ?, modified_at = ? WHERE workspace_id = ? AND kind = ?"
                            + " AND name = ?",
                    archived ? 1 : 0,
                    now,
                    workspace.id(),
                    kind,
                    name);
            int changed = handle.execute(
                    "UPDATE asset SET archived = ?, modified_at = ? WHERE workspace_id = ? AND kind = ? AND name = ?"
                            + " AND archived <> ?",
                    archived ? 1 : 0,
                    now,
                    workspace.id(),
                    kind,
                    name,
                    archived ? 1 : 0);
            if (changed > 0) {
                SqlNames.refresh(handle, workspace, kind, name);
            }
            return found > 0;
        });
    }

    @Override
    public List<Asset> withProperty(Workspace workspace, String kind, String property, String value) {
        return database.read(handle -> handle.createQuery("SELECT " + Rows.ASSET + " FROM asset_property p JOIN asset a"
                        + " ON a.workspace_id = p.workspace_id AND a.kind = p.kind AND a.name = p.name"
                        + " AND a.version = p.version WHERE p.workspace_id = ? AND p.kind = ? AND p.property = ?"
                        + " AND p.value = ? ORDER BY a.created_at DESC")
                .bind(0, workspace.id())
                .bind(1, kind)
                .bind(2, property)
                .bind(3, value)
                .map((row, _) -> Rows.asset(row))
                .list());
    }

    @Override
    public Asset resolve(Workspace asking, String kind, String reference) {
        AssetReference.requireWorkspace(asking, reference);
        // Only the id of a registry's scope counts here, and it follows from the name.
        Workspace workspace = AssetReference.registry(reference)
                .map(name -> Workspace.ofRegistry(name, "", "", "", Instant.EPOCH))
                .orElse(asking);
        AssetReference parsed = AssetReference.parse(kind, reference);
        Optional<Asset> found = parsed.isLatest()
                ? latest(workspace, kind, parsed.name())
                : find(workspace, kind, parsed.name(), parsed.version());
        return found.orElseThrow(() -> new Problem.NotFound(
                "ResourceNotFound",
                "There is no " + AssetReference.noun(kind) + " '" + parsed.name() + "'"
                        + (parsed.isLatest() ? "" : " with version '" + parsed.version() + "'")
                        + AssetReference.notThere(workspace, kind)
                        + Nearest.hint(
                                parsed.name(),
                                knownNames(workspace, kind).stream()
                                        .filter(name -> !name.equals(parsed.name()))
                                        .toList())));
    }

    @Override
    public List<String> knownNames(Workspace workspace, String kind) {
        return database.read(handle -> handle.createQuery("SELECT name FROM asset_name WHERE workspace_id = ?"
                        + " AND kind = ? AND listed = 1 AND archived = 0 ORDER BY latest_at DESC LIMIT 1000")
                .bind(0, workspace.id())
                .bind(1, kind)
                .mapTo(String.class)
                .list());
    }

    @Override
    public boolean delete(Workspace workspace, String kind, String name, String version) {
        return database.inTransaction(handle -> {
            handle.execute(
                    "DELETE FROM asset_property WHERE workspace_id = ? AND kind = ? AND name = ? AND version = ?",
                    workspace.id(),
                    kind,
                    name,
                    version);
            boolean found = handle.execute("DELETE FROM asset" + KEY, workspace.id(), kind, name, version) > 0;
            if (found) {
                SqlNames.refresh(handle, workspace, kind, name);
            }
            return found;
        });
    }

    @Override
    public List<Asset> delete(Workspace workspace, String kind, String name) {
        return database.inTransaction(handle -> {
            List<Asset> gone = handle.createQuery("SELECT " + Rows.ASSET + " FROM asset a WHERE workspace_id = ?"
                            + " AND kind = ? AND name = ? ORDER BY seq")
                    .bind(0, workspace.id())
                    .bind(1, kind)
                    .bind(2, name)
                    .map((row, _) -> Rows.asset(row))
                    .list();
            for (String table : List.of("asset_property", "asset", "asset_name")) {
                handle.execute(
                        "DELETE FROM " + table + " WHERE workspace_id = ? AND kind = ? AND name = ?",
                        workspace.id(),
                        kind,
                        name);
            }
            return gone;
        });
    }
}
