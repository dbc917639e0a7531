package atelier.connections.internal;

import atelier.connections.Connection;
import atelier.connections.ConnectionStore;
import atelier.kernel.Json;
import atelier.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Table `connection`.
public final class SqlConnections implements ConnectionStore {
    private static final String SELECT = "SELECT name, category, properties, created_by, created_at, modified_at"
            + " FROM connection WHERE workspace_id = ?";
    private final Database database;

    public SqlConnections(Database database) {
        this.database = database;
    }

    @Override
    public void put(String workspaceId, Connection connection) {
        database.useTransaction(handle -> handle.execute(
                "INSERT INTO connection (workspace_id, name_key, name, category, properties, created_by, created_at,"
                        + " modified_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (workspace_id, name_key) DO UPDATE"
                        + " SET category = excluded.category, properties = excluded.properties,"
                        + " modified_at = excluded.modified_at",
                workspaceId,
                key(connection.name()),
                connection.name(),
                connection.category(),
                Json.write(connection.properties()),
                connection.createdBy(),
                connection.createdAt().toEpochMilli(),
                connection.modifiedAt().toEpochMilli()));
    }

    @Override
    public Optional<Connection> find(String workspaceId, String name) {
        return database.read(handle -> handle.createQuery(SELECT + " AND name_key = ?")
                .bind(0, workspaceId)
                .bind(1, key(name))
                .map((row, _) -> read(row))
                .findOne());
    }

    @Override
    public List<Connection> list(String workspaceId) {
        return database.read(handle -> handle.createQuery(SELECT + " ORDER BY name_key")
                .bind(0, workspaceId)
                .map((row, _) -> read(row))
                .list());
    }

    @Override
    public boolean delete(String workspaceId, String name) {
        return database.inTransaction(handle ->
                handle.execute("DELETE FROM connection WHERE workspace_id = ? AND name_key = ?", workspaceId, key(name))
                        > 0);
    }

    private static Connection read(ResultSet row) throws SQLException {
        return new Connection(
                row.getString(1),
                row.getString(2),
                (ObjectNode) Json.parse(row.getString(3)),
                row.getString(4),
                Instant.ofEpochMilli(row.getLong(5)),
                Instant.ofEpochMilli(row.getLong(6)));
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
