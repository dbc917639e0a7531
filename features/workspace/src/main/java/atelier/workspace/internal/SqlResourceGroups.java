package atelier.workspace.internal;

import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.store.Database;
import atelier.workspace.ResourceGroup;
import atelier.workspace.ResourceGroups;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Tables `resource_group` and, for groups that nobody made but workspaces stand in, `workspace`.
public final class SqlResourceGroups implements ResourceGroups {
    private static final String BOTH = "SELECT subscription_id, name, location, tags, created_at, 0 AS implied"
            + " FROM resource_group UNION ALL SELECT subscription_id, resource_group, location, '{}', created_at, 1"
            + " FROM workspace WHERE deleted_at IS NULL AND name_key NOT LIKE 'registry:%' ORDER BY 6, 5, 2";
    private final Database database;
    private final InstantSource clock;

    public SqlResourceGroups(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public List<String> subscriptions() {
        Map<String, String> known = new LinkedHashMap<>();
        all().stream()
                .sorted(java.util.Comparator.comparing(ResourceGroup::createdAt))
                .forEach(group -> known.putIfAbsent(key(group.subscriptionId()), group.subscriptionId()));
        return List.copyOf(known.values());
    }

    @Override
    public List<ResourceGroup> list(String subscriptionId) {
        Map<String, ResourceGroup> groups = new LinkedHashMap<>();
        all().stream()
                .filter(group -> group.subscriptionId().equalsIgnoreCase(subscriptionId))
                .forEach(group -> groups.putIfAbsent(key(group.name()), group));
        return List.copyOf(groups.values());
    }

    private List<ResourceGroup> all() {
        return database.read(
                handle -> handle.createQuery(BOTH).map((row, _) -> read(row)).list());
    }

    @Override
    public Optional<ResourceGroup> find(String subscriptionId, String name) {
        return list(subscriptionId).stream()
                .filter(group -> group.name().equalsIgnoreCase(name))
                .findFirst();
    }

    @Override
    public ResourceGroup put(String subscriptionId, String name, String location, ObjectNode tags) {
        return database.inTransaction(handle -> {
            Instant now = Instant.ofEpochMilli(clock.millis());
            ResourceGroup before = find(subscriptionId, name).orElse(null);
            ResourceGroup group = before == null
                    ? new ResourceGroup(subscriptionId, name, location, tags, now)
                    : new ResourceGroup(
                            before.subscriptionId(), before.name(), before.location(), tags, before.createdAt());
            handle.execute(
                    "INSERT INTO resource_group (subscription_key, name_key, subscription_id, name, location, tags,"
                            + " created_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
                            + " ON CONFLICT (subscription_key, name_key) DO UPDATE SET tags = excluded.tags",
                    key(subscriptionId),
                    key(name),
                    group.subscriptionId(),
                    group.name(),
                    group.location(),
                    Json.write(tags),
                    group.createdAt().toEpochMilli());
            return group;
        });
    }

    @Override
    public boolean delete(String subscriptionId, String name) {
        return database.inTransaction(handle -> {
            List<String> inside = handle.createQuery("SELECT name FROM workspace WHERE lower(subscription_id) = ?"
                            + " AND lower(resource_group) = ? ORDER BY name")
                    .bind(0, key(subscriptionId))
                    .bind(1, key(name))
                    .mapTo(String.class)
                    .list();
            if (!inside.isEmpty()) {
                throw new Problem.Conflict(
                        "ResourceGroupBeingUsed",
                        "Resource group '" + name + "' holds the workspaces " + String.join(", ", inside)
                                + "; purge them first.");
            }
            return handle.execute(
                            "DELETE FROM resource_group WHERE subscription_key = ? AND name_key = ?",
                            key(subscriptionId),
                            key(name))
                    > 0;
        });
    }

    private static ResourceGroup read(ResultSet row) throws SQLException {
        return new ResourceGroup(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                (ObjectNode) Json.parse(row.getString(4)),
                Instant.ofEpochMilli(row.getLong(5)));
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
