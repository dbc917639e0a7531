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
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.node.ObjectNode;

/// Table `datastore`.
public final class SqlDatastoreStore implements DatastoreStore {
    private final Database database;

    public SqlDatastoreStore(Database database) {
        this.database = database;
    }

    @Override
    public void put(String workspaceId, Datastore datastore, @Nullable String sealed) {
        database.useTransaction(handle -> handle.createUpdate("""
                        INSERT INTO datastore (workspace_id, name_key, name, type, container, requested_account,
                          description, tags, credentials_type, created_by, created_at, modified_at, definition,
                          credentials, secret)
                        VALUES (:workspace, :key, :name, :type, :container, :account, :description, :tags,
                          :credentials, :createdBy, :createdAt, :modifiedAt, :definition, :details, :secret)
                        ON CONFLICT (workspace_id, name_key) DO UPDATE SET type = excluded.type,
                          container = excluded.container, requested_account = excluded.requested_account,
                          description = excluded.description, tags = excluded.tags,
                          credentials_type = excluded.credentials_type, modified_at = excluded.modified_at,
                          definition = excluded.definition, credentials = excluded.credentials,
                          secret = CASE WHEN excluded.secret IS NULL
                            AND excluded.credentials_type = datastore.credentials_type
                            THEN datastore.secret ELSE excluded.secret END
                        """)
                .bind("workspace", workspaceId)
                .bind("key", key(datastore.name()))
                .bind("name", datastore.name())
                .bind("type", datastore.type().word())
                .bind("container", datastore.container())
                .bind("account", datastore.requestedAccount())
                .bind("description", datastore.description())
                .bind("tags", Json.write(datastore.tags()))
                .bind("credentials", datastore.details().credentialsType())
                .bind("definition", Json.write(datastore.details().definition()))
                .bind("details", Json.write(datastore.details().credentials()))
                .bind("secret", sealed)
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
    public Optional<String> secret(String workspaceId, String name) {
        return database.read(handle -> handle.createQuery("SELECT secret FROM datastore WHERE workspace_id = ?"
                        + " AND name_key = ? AND secret IS NOT NULL")
                .bind(0, workspaceId)
                .bind(1, key(name))
                .mapTo(String.class)
                .findOne());
    }

    @Override
    public Optional<String> defaultName(String workspaceId) {
        return database.read(handle -> handle.createQuery("SELECT name FROM datastore_default WHERE workspace_id = ?")
                .bind(0, workspaceId)
                .mapTo(String.class)
                .findOne());
    }

    @Override
    public void makeDefault(String workspaceId, @Nullable String name) {
        database.useTransaction(handle -> {
            handle.execute("DELETE FROM datastore_default WHERE workspace_id = ?", workspaceId);
            if (name != null) {
                handle.execute("INSERT INTO datastore_default (workspace_id, name) VALUES (?, ?)", workspaceId, name);
            }
        });
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
                details(row),
                false,
                row.getString("created_by"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("modified_at")));
    }

    /// Rows of older installations know the kind of credentials only.
    private static Datastore.Details details(ResultSet row) throws SQLException {
        ObjectNode credentials = (ObjectNode) Json.parse(row.getString("credentials"));
        return credentials.isEmpty()
                ? Datastore.Details.of(row.getString("credentials_type"))
                : new Datastore.Details((ObjectNode) Json.parse(row.getString("definition")), credentials);
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
