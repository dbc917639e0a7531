package atelier.workspace.internal;

import atelier.kernel.Json;
import atelier.store.Database;
import atelier.workspace.Deployment;
import atelier.workspace.DeploymentStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.node.ObjectNode;

/// Table `deployment`.
public final class SqlDeployments implements DeploymentStore {
    private static final String SELECT = "SELECT name, state, parameters, resources, error, started_at, ended_at"
            + " FROM deployment WHERE subscription_key = ? AND group_key = ?";
    private final Database database;

    public SqlDeployments(Database database) {
        this.database = database;
    }

    @Override
    public void put(Deployment deployment) {
        ObjectNode error = deployment.error();
        database.useTransaction(handle -> handle.execute(
                "INSERT INTO deployment (subscription_key, group_key, name_key, name, state, parameters, resources, error,"
                        + " started_at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (subscription_key, group_key, name_key) DO UPDATE SET state = excluded.state,"
                        + " parameters = excluded.parameters, resources = excluded.resources, error = excluded.error,"
                        + " started_at = excluded.started_at, ended_at = excluded.ended_at",
                key(deployment.subscriptionId()),
                key(deployment.resourceGroup()),
                key(deployment.name()),
                deployment.name(),
                deployment.state(),
                Json.write(deployment.parameters()),
                Json.write(deployment.resources()),
                error == null ? null : Json.write(error),
                deployment.startedAt().toEpochMilli(),
                deployment.endedAt().toEpochMilli()));
    }

    @Override
    public Optional<Deployment> find(String subscriptionId, String resourceGroup, String name) {
        return database.read(handle -> handle.createQuery(SELECT + " AND name_key = ?")
                .bind(0, key(subscriptionId))
                .bind(1, key(resourceGroup))
                .bind(2, key(name))
                .map((row, _) -> read(subscriptionId, resourceGroup, row))
                .findOne());
    }

    @Override
    public List<Deployment> list(String subscriptionId, String resourceGroup) {
        return database.read(handle -> handle.createQuery(SELECT + " ORDER BY started_at DESC, name_key")
                .bind(0, key(subscriptionId))
                .bind(1, key(resourceGroup))
                .map((row, _) -> read(subscriptionId, resourceGroup, row))
                .list());
    }

    private static Deployment read(String subscriptionId, String resourceGroup, ResultSet row) throws SQLException {
        String error = row.getString(5);
        return new Deployment(
                subscriptionId,
                resourceGroup,
                row.getString(1),
                row.getString(2),
                (ObjectNode) Json.parse(row.getString(3)),
                Json.read(row.getString(4), new TypeReference<List<String>>() {}),
                error == null ? null : (ObjectNode) Json.parse(error),
                Instant.ofEpochMilli(row.getLong(6)),
                Instant.ofEpochMilli(row.getLong(7)));
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
