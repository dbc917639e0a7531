package atelier.assets.internal;

import atelier.assets.Asset;
import atelier.assets.AssetReference;
import atelier.assets.Assets;
import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Names;
import atelier.kernel.Nearest;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.store.Database;
import atelier.workspace.Workspace;
import java.sql.ResultSet;
import java.sql.SQLException;
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
    private static final String SELECT = "SELECT workspace_id, kind, name, version, properties, archived, created_by,"
            + " created_at, modified_at, seq FROM asset";
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
        boolean archived = properties.path("isArchived").asBoolean(false);
        return database.inTransaction(handle -> {
            Optional<Asset> existing = find(workspace, kind, name, version);
            long now = clock.millis();
            if (existing.isPresent()) {
                if (!properties.path("isAnonymous").asBoolean(false)) {
                    requireSame(existing.get(), properties);
                }
                handle.execute(
                        "UPDATE asset SET properties = ?, archived = ?, modified_at = ?"
                                + " WHERE workspace_id = ? AND kind = ? AND name = ? AND version = ?",
                        Json.write(merged(existing.get().properties(), properties)),
                        archived ? 1 : 0,
                        now,
                        workspace.id(),
                        kind,
                        name,
                        version);
            } else {
                insert(handle, workspace, kind, name, version, properties, archived, caller, now);
            }
            return find(workspace, kind, name, version).orElseThrow();
        });
    }

    private void insert(
            Handle handle,
            Workspace workspace,
            String kind,
            String name,
            String version,
            ObjectNode properties,
            boolean archived,
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
                archived ? 1 : 0,
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

    /// A version's content is fixed: everything but description, tags and the archived state must be as it was.
    private static void requireSame(Asset existing, ObjectNode properties) {
        for (Map.Entry<String, JsonNode> given : properties.properties()) {
            if (MUTABLE.contains(given.getKey()) || given.getValue().isNull()) {
                continue;
            }
            JsonNode kept = existing.properties().path(given.getKey());
            boolean bothEmpty = given.getValue().isEmpty() && !given.getValue().isValueNode() && kept.isMissingNode();
            if (!bothEmpty && !kept.equals(given.getValue())) {
                throw new Problem.Conflict(
                        "UserError",
                        "Version " + existing.version() + " of '" + existing.name() + "' exists with another '"
                                + given.getKey() + "'; a version does not change. Create a new version instead.");
            }
        }
    }

    private static ObjectNode merged(ObjectNode kept, ObjectNode given) {
        ObjectNode merged = kept.deepCopy();
        given.properties().forEach(field -> merged.set(field.getKey(), field.getValue()));
        return merged;
    }

    @Override
    public Optional<Asset> find(Workspace workspace, String kind, String name, String version) {
        return database.read(handle -> handle.createQuery(
                        SELECT + " WHERE workspace_id = ? AND kind = ? AND name = ? AND version = ?")
                .bind(0, workspace.id())
                .bind(1, kind)
                .bind(2, name)
                .bind(3, version)
                .map((row, _) -> asset(row))
                .findOne());
    }

    @Override
    public Optional<Asset> latest(Workspace workspace, String kind, String name) {
        return database.read(handle -> handle.createQuery(
                        SELECT
                                + " WHERE workspace_id = ? AND kind = ? AND name = ? AND archived = 0 ORDER BY seq DESC LIMIT 1")
                .bind(0, workspace.id())
                .bind(1, kind)
                .bind(2, name)
                .map((row, _) -> asset(row))
                .findOne());
    }

    @Override
    public String nextVersion(Workspace workspace, String kind, String name) {
        List<String> versions = database.read(handle -> handle.createQuery(
                        "SELECT version FROM asset WHERE workspace_id = ? AND kind = ? AND name = ?")
                .bind(0, workspace.id())
                .bind(1, kind)
                .bind(2, name)
                .mapTo(String.class)
                .list());
        long greatest = versions.stream()
                .filter(version -> version.matches("\\d{1,18}"))
                .mapToLong(Long::parseLong)
                .max()
                .orElse(0);
        return Long.toString(greatest + 1);
    }

    @Override
    public Page<Asset> versions(
            Workspace workspace, String kind, String name, boolean archivedToo, @Nullable String marker, int max) {
        long before = marker == null ? Long.MAX_VALUE : AssetReference.marker(marker);
        List<Asset> found = database.read(handle -> handle.createQuery(SELECT
                        + " WHERE workspace_id = ? AND kind = ? AND name = ? AND archived <= ? AND seq < ?"
                        + " ORDER BY seq DESC LIMIT ?")
                .bind(0, workspace.id())
                .bind(1, kind)
                .bind(2, name)
                .bind(3, archivedToo ? 1 : 0)
                .bind(4, before)
                .bind(5, max + 1)
                .map((row, _) -> asset(row))
                .list());
        if (found.size() <= max) {
            return Page.last(found);
        }
        Asset last = found.get(max - 1);
        return new Page<>(found.subList(0, max), Long.toString(seq(last)));
    }

    private long seq(Asset asset) {
        return database.read(handle -> handle.createQuery(
                        "SELECT seq FROM asset WHERE workspace_id = ? AND kind = ? AND name = ? AND version = ?")
                .bind(0, asset.workspaceId())
                .bind(1, asset.kind())
                .bind(2, asset.name())
                .bind(3, asset.version())
                .mapTo(Long.class)
                .one());
    }

    @Override
    public List<Asset> names(Workspace workspace, String kind, boolean archivedToo) {
        return database.read(handle -> handle.createQuery(SELECT
                        + " a WHERE workspace_id = ? AND kind = ? AND archived <= ? AND seq = (SELECT max(seq) FROM asset b"
                        + " WHERE b.workspace_id = a.workspace_id AND b.kind = a.kind AND b.name = a.name"
                        + " AND b.archived <= ?) ORDER BY created_at DESC, name")
                .bind(0, workspace.id())
                .bind(1, kind)
                .bind(2, archivedToo ? 1 : 0)
                .bind(3, archivedToo ? 1 : 0)
                .map((row, _) -> asset(row))
                .list());
    }

    @Override
    public List<Asset> withProperty(Workspace workspace, String kind, String property, String value) {
        return database.read(handle -> handle.createQuery(
                        SELECT + " a WHERE workspace_id = ? AND kind = ? AND archived = 0 AND EXISTS (SELECT 1 FROM"
                                + " asset_property p WHERE p.workspace_id = a.workspace_id AND p.kind = a.kind"
                                + " AND p.property = ? AND p.value = ? AND p.name = a.name AND p.version = a.version)"
                                + " ORDER BY created_at DESC")
                .bind(0, workspace.id())
                .bind(1, kind)
                .bind(2, property)
                .bind(3, value)
                .map((row, _) -> asset(row))
                .list());
    }

    @Override
    public Asset resolve(Workspace asking, String kind, String reference) {
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
                        + (parsed.isLatest() ? "" : " with version '" + parsed.version() + "'") + " in workspace '"
                        + workspace.name() + "'."
                        + Nearest.hint(
                                parsed.name(),
                                names(workspace, kind, false).stream()
                                        .map(Asset::name)
                                        .filter(name -> !name.equals(parsed.name()))
                                        .toList())));
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
            return handle.execute(
                            "DELETE FROM asset WHERE workspace_id = ? AND kind = ? AND name = ? AND version = ?",
                            workspace.id(),
                            kind,
                            name,
                            version)
                    > 0;
        });
    }

    private static Asset asset(ResultSet row) throws SQLException {
        return new Asset(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                (ObjectNode) Json.parse(row.getString(5)),
                row.getInt(6) != 0,
                row.getString(7),
                Instant.ofEpochMilli(row.getLong(8)),
                Instant.ofEpochMilli(row.getLong(9)));
    }
}
