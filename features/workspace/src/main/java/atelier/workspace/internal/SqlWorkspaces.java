package atelier.workspace.internal;

import atelier.kernel.Ids;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.store.Database;
import atelier.workspace.Workspace;
import atelier.workspace.WorkspaceResource;
import atelier.workspace.WorkspaceStore;
import atelier.workspace.Workspaces;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Workspaces in the database; those in use also in memory (what [Workspace] holds does not change while one lives).
public final class SqlWorkspaces implements Workspaces, WorkspaceStore {
    private static final String COLUMNS = "id, subscription_id, resource_group, name, location, created_at, resource,"
            + " created_by, modified_at, deleted_at";
    private final Database database;
    private final InstantSource clock;
    private final Ids ids;
    private final ConcurrentHashMap<String, Workspace> known = new ConcurrentHashMap<>();

    public SqlWorkspaces(Database database, InstantSource clock, Ids ids) {
        this.database = database;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public Workspace get(String subscriptionId, String resourceGroup, String name) {
        Workspace workspace = byName(name);
        if (!workspace.subscriptionId().equalsIgnoreCase(subscriptionId)
                || !workspace.resourceGroup().equalsIgnoreCase(resourceGroup)) {
            throw missing(resourceGroup + "/" + name);
        }
        return workspace;
    }

    @Override
    public Workspace byName(String name) {
        Workspace cached = known.get(key(name));
        if (cached != null) {
            return cached;
        }
        Workspace found = resource(name)
                .filter(resource -> resource.deletedAt() == null)
                .map(WorkspaceResource::workspace)
                .orElseThrow(() -> missing(name));
        known.put(key(name), found);
        return found;
    }

    @Override
    public Workspace byId(String id) {
        return database.read(handle -> handle.createQuery("SELECT " + COLUMNS + " FROM workspace WHERE id = ?")
                        .bind(0, id)
                        .map((row, _) -> read(row))
                        .findOne())
                .map(WorkspaceResource::workspace)
                .orElseThrow(() -> missing(id));
    }

    @Override
    public List<Workspace> list() {
        return resources(false).stream().map(WorkspaceResource::workspace).toList();
    }

    @Override
    public Workspace ensure(String subscriptionId, String resourceGroup, String name, String location) {
        return database.inTransaction(handle -> {
            Optional<Workspace> existing = resource(name).map(WorkspaceResource::workspace);
            if (existing.isPresent()) {
                if (!existing.get().resourceGroup().equalsIgnoreCase(resourceGroup)
                        || !existing.get().subscriptionId().equalsIgnoreCase(subscriptionId)) {
                    throw taken(existing.get());
                }
                return existing.get();
            }
            return insert(handle, subscriptionId, resourceGroup, name, location, Json.object(), "owner")
                    .workspace();
        });
    }

    @Override
    public Optional<WorkspaceResource> resource(String name) {
        return database.read(handle -> handle.createQuery("SELECT " + COLUMNS + " FROM workspace WHERE name_key = ?")
                .bind(0, key(name))
                .map((row, _) -> read(row))
                .findOne());
    }

    @Override
    public List<WorkspaceResource> resources(boolean deleted) {
        return select("deleted_at IS " + (deleted ? "NOT NULL" : "NULL") + " AND name_key NOT LIKE 'registry:%'");
    }

    @Override
    public List<WorkspaceResource> registries() {
        return select("name_key LIKE 'registry:%'");
    }

    private List<WorkspaceResource> select(String where) {
        return database.read(handle -> handle.createQuery(
                        "SELECT " + COLUMNS + " FROM workspace WHERE " + where + " ORDER BY created_at, name")
                .map((row, _) -> read(row))
                .list());
    }

    @Override
    public boolean insert(Workspace workspace, ObjectNode kept, String createdBy) {
        return database.inTransaction(handle -> {
            if (resource(workspace.name()).isPresent()) {
                return false;
            }
            write(handle, workspace, kept, createdBy);
            return true;
        });
    }

    @Override
    public WorkspaceResource insert(
            String subscriptionId,
            String resourceGroup,
            String name,
            String location,
            ObjectNode kept,
            String createdBy) {
        return database.inTransaction(handle -> {
            resource(name).ifPresent(other -> {
                throw taken(other.workspace());
            });
            return insert(handle, subscriptionId, resourceGroup, name, location, kept, createdBy);
        });
    }

    private WorkspaceResource insert(
            Handle handle,
            String subscriptionId,
            String resourceGroup,
            String name,
            String location,
            ObjectNode kept,
            String createdBy) {
        Instant now = Instant.ofEpochMilli(clock.millis());
        Workspace made = new Workspace(ids.guid(), subscriptionId, resourceGroup, name, location, now);
        write(handle, made, kept, createdBy);
        return new WorkspaceResource(made, kept, createdBy, now, null);
    }

    private static void write(Handle handle, Workspace made, ObjectNode kept, String createdBy) {
        handle.execute(
                "INSERT INTO workspace (id, subscription_id, resource_group, name, name_key, location, created_at,"
                        + " resource, created_by, modified_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                made.id(),
                made.subscriptionId(),
                made.resourceGroup(),
                made.name(),
                key(made.name()),
                made.location(),
                made.createdAt().toEpochMilli(),
                Json.write(kept),
                createdBy,
                made.createdAt().toEpochMilli());
    }

    @Override
    public void replace(Workspace workspace, ObjectNode kept) {
        database.useTransaction(handle -> handle.execute(
                "UPDATE workspace SET resource = ?, modified_at = ? WHERE id = ?",
                Json.write(kept),
                clock.millis(),
                workspace.id()));
    }

    @Override
    public boolean mark(Workspace workspace, @Nullable Instant at) {
        boolean changed = database.inTransaction(handle -> at == null
                ? handle.execute(
                                "UPDATE workspace SET deleted_at = NULL WHERE id = ? AND deleted_at IS NOT NULL",
                                workspace.id())
                        > 0
                : handle.execute(
                                "UPDATE workspace SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL",
                                at.toEpochMilli(),
                                workspace.id())
                        > 0);
        known.remove(key(workspace.name()));
        return changed;
    }

    @Override
    public void purge(Workspace workspace) {
        database.useTransaction(handle -> {
            WorkspaceRows.delete(handle, database.kind(), workspace.id());
            handle.execute("DELETE FROM workspace WHERE id = ?", workspace.id());
        });
        known.remove(key(workspace.name()));
    }

    private static WorkspaceResource read(ResultSet row) throws SQLException {
        Instant created = Instant.ofEpochMilli(row.getLong(6));
        long modified = row.getLong(9);
        long deleted = row.getLong(10);
        boolean isDeleted = !row.wasNull();
        return new WorkspaceResource(
                new Workspace(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        created),
                (ObjectNode) Json.parse(row.getString(7)),
                row.getString(8),
                modified == 0 ? created : Instant.ofEpochMilli(modified),
                isDeleted ? Instant.ofEpochMilli(deleted) : null);
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static Problem taken(Workspace other) {
        return new Problem.AlreadyExists(
                "WorkspaceNameTaken",
                "A workspace '" + other.name() + "' exists in resource group " + other.resourceGroup()
                        + "; names are unique on one server.");
    }

    private static Problem missing(String name) {
        return new Problem.NotFound(
                "ResourceNotFound",
                "There is no workspace '" + name + "' on this server. `atelier status` lists those that exist.");
    }
}
