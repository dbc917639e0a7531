package atelier.batch.internal;

import static atelier.batch.BatchName.key;

import atelier.batch.BatchDeployment;
import atelier.batch.BatchEndpoint;
import atelier.batch.BatchStore;
import atelier.kernel.Json;
import atelier.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.SqlStatement;
import tools.jackson.databind.node.ObjectNode;

/// Tables `batch_endpoint` and `batch_deployment`.
public final class SqlBatchStore implements BatchStore {
    private final Database database;

    public SqlBatchStore(Database database) {
        this.database = database;
    }

    @Override
    public boolean add(BatchEndpoint endpoint) {
        return database.inTransaction(handle -> bind(handle.createUpdate("""
                                INSERT INTO batch_endpoint (workspace_id, name_key, name, body, default_deployment,
                                  version, created_by, created_at, modified_at)
                                VALUES (:workspace, :key, :name, :body, :default, :version, :createdBy, :createdAt,
                                  :modifiedAt)
                                ON CONFLICT (workspace_id, name_key) DO NOTHING
                                """), endpoint)
                        .bind("name", endpoint.name())
                        .bind("createdBy", endpoint.createdBy())
                        .bind("createdAt", endpoint.createdAt().toEpochMilli())
                        .execute()
                == 1);
    }

    @Override
    public boolean replace(BatchEndpoint endpoint) {
        return database.inTransaction(
                handle -> bind(handle.createUpdate("""
                        UPDATE batch_endpoint SET body = :body, default_deployment = :default, version = :version,
                          modified_at = :modifiedAt
                        WHERE workspace_id = :workspace AND name_key = :key AND version = :version - 1
                        """), endpoint).execute() == 1);
    }

    private static <S extends SqlStatement<S>> S bind(S statement, BatchEndpoint endpoint) {
        return statement
                .bind("workspace", endpoint.workspaceId())
                .bind("key", key(endpoint.name()))
                .bind("body", Json.write(endpoint.body()))
                .bind("default", endpoint.defaultDeployment())
                .bind("version", endpoint.version())
                .bind("modifiedAt", endpoint.modifiedAt().toEpochMilli());
    }

    @Override
    public Optional<BatchEndpoint> find(String workspaceId, String name) {
        return database.read(
                handle -> handle.createQuery("SELECT * FROM batch_endpoint WHERE workspace_id = ? AND name_key = ?")
                        .bind(0, workspaceId)
                        .bind(1, key(name))
                        .map((row, _) -> endpoint(row))
                        .findOne());
    }

    @Override
    public List<BatchEndpoint> list(String workspaceId) {
        return database.read(
                handle -> handle.createQuery("SELECT * FROM batch_endpoint WHERE workspace_id = ? ORDER BY name_key")
                        .bind(0, workspaceId)
                        .map((row, _) -> endpoint(row))
                        .list());
    }

    @Override
    public boolean delete(String workspaceId, String name) {
        return database.inTransaction(handle -> {
            handle.execute(
                    "DELETE FROM batch_deployment WHERE workspace_id = ? AND endpoint_key = ?", workspaceId, key(name));
            return handle.execute(
                            "DELETE FROM batch_endpoint WHERE workspace_id = ? AND name_key = ?",
                            workspaceId,
                            key(name))
                    == 1;
        });
    }

    @Override
    public boolean add(BatchDeployment deployment) {
        return database.inTransaction(handle -> bind(handle.createUpdate("""
                                INSERT INTO batch_deployment (workspace_id, endpoint_key, name_key, endpoint, name, body,
                                  component, version, created_by, created_at, modified_at)
                                VALUES (:workspace, :endpointKey, :key, :endpoint, :name, :body, :component, :version,
                                  :createdBy, :createdAt, :modifiedAt)
                                ON CONFLICT (workspace_id, endpoint_key, name_key) DO NOTHING
                                """), deployment)
                        .bind("endpoint", deployment.endpoint())
                        .bind("name", deployment.name())
                        .bind("createdBy", deployment.createdBy())
                        .bind("createdAt", deployment.createdAt().toEpochMilli())
                        .execute()
                == 1);
    }

    @Override
    public boolean replace(BatchDeployment deployment) {
        return database.inTransaction(
                handle -> bind(handle.createUpdate("""
                        UPDATE batch_deployment SET body = :body, component = :component, version = :version,
                          modified_at = :modifiedAt
                        WHERE workspace_id = :workspace AND endpoint_key = :endpointKey AND name_key = :key
                          AND version = :version - 1
                        """), deployment).execute() == 1);
    }

    private static <S extends SqlStatement<S>> S bind(S statement, BatchDeployment deployment) {
        return statement
                .bind("workspace", deployment.workspaceId())
                .bind("endpointKey", key(deployment.endpoint()))
                .bind("key", key(deployment.name()))
                .bind("body", Json.write(deployment.body()))
                .bind("component", deployment.component())
                .bind("version", deployment.version())
                .bind("modifiedAt", deployment.modifiedAt().toEpochMilli());
    }

    @Override
    public Optional<BatchDeployment> find(String workspaceId, String endpoint, String name) {
        return database.read(handle -> handle.createQuery(
                        "SELECT * FROM batch_deployment WHERE workspace_id = ? AND endpoint_key = ? AND name_key = ?")
                .bind(0, workspaceId)
                .bind(1, key(endpoint))
                .bind(2, key(name))
                .map((row, _) -> deployment(row))
                .findOne());
    }

    @Override
    public List<BatchDeployment> list(String workspaceId, String endpoint) {
        return database.read(handle -> handle.createQuery(
                        "SELECT * FROM batch_deployment WHERE workspace_id = ? AND endpoint_key = ? ORDER BY name_key")
                .bind(0, workspaceId)
                .bind(1, key(endpoint))
                .map((row, _) -> deployment(row))
                .list());
    }

    @Override
    public boolean delete(String workspaceId, String endpoint, String name) {
        return database.inTransaction(handle -> {
            handle.execute(
                    "UPDATE batch_endpoint SET default_deployment = NULL, version = version + 1"
                            + " WHERE workspace_id = ? AND name_key = ? AND lower(default_deployment) = ?",
                    workspaceId,
                    key(endpoint),
                    key(name));
            return handle.execute(
                            "DELETE FROM batch_deployment"
                                    + " WHERE workspace_id = ? AND endpoint_key = ? AND name_key = ?",
                            workspaceId,
                            key(endpoint),
                            key(name))
                    == 1;
        });
    }

    private static BatchEndpoint endpoint(ResultSet row) throws SQLException {
        return new BatchEndpoint(
                row.getString("workspace_id"),
                row.getString("name"),
                (ObjectNode) Json.parse(row.getString("body")),
                row.getString("default_deployment"),
                row.getLong("version"),
                row.getString("created_by"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("modified_at")));
    }

    private static BatchDeployment deployment(ResultSet row) throws SQLException {
        return new BatchDeployment(
                row.getString("workspace_id"),
                row.getString("endpoint"),
                row.getString("name"),
                (ObjectNode) Json.parse(row.getString("body")),
                row.getString("component"),
                row.getLong("version"),
                row.getString("created_by"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("modified_at")));
    }
}
