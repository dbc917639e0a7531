package atelier.workspace.internal;

import atelier.kernel.Ids;
import atelier.kernel.Problem;
import atelier.store.Database;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Workspaces in the database, with those found kept in memory (they do not change).
public final class SqlWorkspaces implements Workspaces {
    private static final String COLUMNS = "id, subscription_id, resource_group, name, location, created_at";
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
        Workspace workspace = find(name).orElseThrow(() -> missing(name));
        if (!workspace.subscriptionId().equalsIgnoreCase(subscriptionId)
                || !workspace.resourceGroup().equalsIgnoreCase(resourceGroup)) {
            throw missing(resourceGroup + "/" + name);
        }
        return workspace;
    }

    @Override
    public Workspace byName(String name) {
        return find(name).orElseThrow(() -> missing(name));
    }

    @Override
    public Workspace byId(String id) {
        return list().stream().filter(w -> w.id().equals(id)).findFirst().orElseThrow(() -> missing(id));
    }

    @Override
    public List<Workspace> list() {
        return database.read(
                handle -> handle.createQuery("SELECT " + COLUMNS + " FROM workspace ORDER BY created_at, name")
                        .map((row, _) -> workspace(row))
                        .list());
    }

    @Override
    public Workspace ensure(String subscriptionId, String resourceGroup, String name, String location) {
        return database.inTransaction(handle -> {
            Optional<Workspace> existing = query(name);
            if (existing.isPresent()) {
                if (!existing.get().resourceGroup().equalsIgnoreCase(resourceGroup)
                        || !existing.get().subscriptionId().equalsIgnoreCase(subscriptionId)) {
                    throw new Problem.AlreadyExists(
                            "WorkspaceNameTaken",
                            "A workspace '" + name + "' exists in resource group "
                                    + existing.get().resourceGroup() + "; names are unique on one server.");
                }
                return existing.get();
            }
            Workspace made = new Workspace(
                    ids.guid(), subscriptionId, resourceGroup, name, location, Instant.ofEpochMilli(clock.millis()));
            handle.execute(
                    "INSERT INTO workspace (id, subscription_id, resource_group, name, name_key, location, created_at)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    made.id(),
                    subscriptionId,
                    resourceGroup,
                    name,
                    key(name),
                    location,
                    made.createdAt().toEpochMilli());
            return made;
        });
    }

    private Optional<Workspace> find(String name) {
        Workspace cached = known.get(key(name));
        if (cached != null) {
            return Optional.of(cached);
        }
        Optional<Workspace> found = query(name);
        found.ifPresent(workspace -> known.put(key(name), workspace));
        return found;
    }

    private Optional<Workspace> query(String name) {
        return database.read(handle -> handle.createQuery("SELECT " + COLUMNS + " FROM workspace WHERE name_key = ?")
                .bind(0, key(name))
                .map((row, _) -> workspace(row))
                .findOne());
    }

    private static Workspace workspace(ResultSet row) throws SQLException {
        return new Workspace(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                Instant.ofEpochMilli(row.getLong(6)));
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static Problem missing(String name) {
        return new Problem.NotFound(
                "ResourceNotFound",
                "There is no workspace '" + name + "' on this server. `atelier status` lists those that exist.");
    }
}
