package atelier.datasets.internal;

import atelier.datasets.Datastore;
import atelier.datasets.DatastoreStore;
import atelier.kernel.Json;
import atelier.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;

/// Table `datastore`.
public final class SqlDatastoreStore implements DatastoreStore {
    private final Database database;

    public SqlDatastoreStore(Database database) {
        this.database = database;
    }

    @Override
    public void put(String workspaceId, Datastore datastore) {
        database.useTransaction(handle -> handle.createUpdate("""
                        INSERT INTO datastore (workspace_id, name_key, name, type, container, requested_account,
                          description, tags, credentials_type, created_by, created_at, modified_at)
                        VALUES (:workspace, :key, :name, :type, :container, :account, :description, :tags,
                          :credentials, :createdBy, :createdAt, :modifiedAt)
                        ON CONFLICT (workspace_id, name_key) DO UPDATE SET type = excluded.type,
                          container = excluded.container, requested_account = excluded.requested_account,
                          description = excluded.description, tags = excluded.tags,
                          credentials_type = excluded.credentials_type, modified_at = excluded.modified_at
                        """)
                .bind("workspace", workspaceId)
                .bind("key", key(datastore.name()))
                .bind("name", datastore.name())
                .bind("type", datastore.type().word())
                .bind("container", datastore.container())
                .bind("account", datastore.requestedAccount())
                .bind("description", datastore.description())
                .bind("tags", Json.write(datastore.tags()))
                .bind("credentials", datastore.credentialsType())
                .bind("createdBy", datastore.createdBy())
                .bind("createdAt", datastore.createdAt().toEpochMilli())
                .bind("modifiedAt", datastore.modifiedAt().toEpochMilli())
                .execute());
    }

    @Override
    public Optional<Datastore> find(String workspaceId, String name) {
        return database.read(
                handle -> handle.createQuery("SELECT * FROM datastore WHERE workspace_id = ? AND name_key = ?")
                        .bind(0, workspaceId)
                        .bind(1, key(name))
                        .map((row, _) -> read(row))
                        .findOne());
    }

    @Override
    public List<Datastore> list(String workspaceId) {
        return database.read(
                handle -> handle.createQuery("SELECT * FROM datastore WHERE workspace_id = ? ORDER BY name_key")
                        .bind(0, workspaceId)
                        .map((row, _) -> read(row))
                        .list());
    }

    @Override
    public boolean delete(String workspaceId, String name) {
        return database.inTransaction(handle ->
                handle.execute("DELETE FROM datastore WHERE workspace_id = ? AND name_key = ?", workspaceId, key(name))
                        > 0);
    }

    private static Datastore read(ResultSet row) throws SQLException {
        return new Datastore(
                row.getString("name"),
                Datastore.Type.parse(row.getString("type")),
                row.getString("container"),
                row.getString("requested_account"),
                row.getString("description"),
                Json.read(row.getString("tags"), new TypeReference<Map<String, String>>() {}),
                row.getString("credentials_type"),
                false,
                row.getString("created_by"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("modified_at")));
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
