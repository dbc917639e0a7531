package atelier.endpoints.internal;

import atelier.endpoints.AuthMode;
import atelier.endpoints.Deployment;
import atelier.endpoints.DeploymentState;
import atelier.endpoints.EndpointKeys;
import atelier.endpoints.EndpointStore;
import atelier.endpoints.OnlineEndpoint;
import atelier.endpoints.ServingPlan;
import atelier.endpoints.Traffic;
import atelier.kernel.Json;
import atelier.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Tables `online_endpoint` and `online_deployment`.
public final class SqlEndpointStore implements EndpointStore {
    private final Database database;

    public SqlEndpointStore(Database database) {
        this.database = database;
    }

    @Override
    public void put(OnlineEndpoint endpoint, EndpointKeys keysIfNew) {
        database.useTransaction(handle -> handle.createUpdate("""
                        INSERT INTO online_endpoint (workspace_id, name, auth_mode, traffic, body, deleting,
                          primary_key, secondary_key, created_by, created_at, modified_at)
                        VALUES (:workspace, :name, :mode, :traffic, :body, :deleting, :primary, :secondary,
                          :createdBy, :createdAt, :modifiedAt)
                        ON CONFLICT (workspace_id, name) DO UPDATE SET auth_mode = excluded.auth_mode,
                          traffic = excluded.traffic, body = excluded.body, deleting = excluded.deleting,
                          modified_at = excluded.modified_at
                        """)
                .bind("workspace", endpoint.workspaceId())
                .bind("name", endpoint.name())
                .bind("mode", endpoint.authMode().word())
                .bind("traffic", Json.write(endpoint.traffic().weights()))
                .bind("body", Json.write(endpoint.body()))
                .bind("deleting", endpoint.deleting() ? 1 : 0)
                .bind("primary", keysIfNew.primary())
                .bind("secondary", keysIfNew.secondary())
                .bind("createdBy", endpoint.createdBy())
                .bind("createdAt", endpoint.createdAt().toEpochMilli())
                .bind("modifiedAt", endpoint.modifiedAt().toEpochMilli())
                .execute());
    }

    @Override
    public Optional<OnlineEndpoint> find(String workspaceId, String name) {
        return database.read(
                handle -> handle.createQuery("SELECT * FROM online_endpoint WHERE workspace_id = ? AND name = ?")
                        .bind(0, workspaceId)
                        .bind(1, name)
                        .map((row, _) -> endpoint(row))
                        .findOne());
    }

    @Override
    public List<OnlineEndpoint> list(String workspaceId) {
        return database.read(
                handle -> handle.createQuery("SELECT * FROM online_endpoint WHERE workspace_id = ? ORDER BY name")
                        .bind(0, workspaceId)
                        .map((row, _) -> endpoint(row))
                        .list());
    }

    @Override
    public Optional<EndpointKeys> keys(String workspaceId, String name) {
        return database.read(handle -> handle.createQuery(
                        "SELECT primary_key, secondary_key FROM online_endpoint WHERE workspace_id = ? AND name = ?")
                .bind(0, workspaceId)
                .bind(1, name)
                .map((row, _) -> new EndpointKeys(row.getString(1), row.getString(2)))
                .findOne());
    }

    @Override
    public void putKeys(String workspaceId, String name, EndpointKeys keys) {
        database.useTransaction(handle -> handle.execute(
                "UPDATE online_endpoint SET primary_key = ?, secondary_key = ? WHERE workspace_id = ? AND name = ?",
                keys.primary(),
                keys.secondary(),
                workspaceId,
                name));
    }

    @Override
    public void delete(String workspaceId, String name) {
        database.useTransaction(handle -> {
            handle.execute("DELETE FROM online_deployment WHERE workspace_id = ? AND endpoint = ?", workspaceId, name);
            handle.execute("DELETE FROM online_endpoint WHERE workspace_id = ? AND name = ?", workspaceId, name);
        });
    }

    @Override
    public boolean add(Deployment deployment) {
        return database.inTransaction(handle -> bind(handle.createUpdate("""
                                INSERT INTO online_deployment (workspace_id, endpoint, name, body, state, operation,
                                  error_code, error_message, plan, version, created_by, created_at, modified_at)
                                VALUES (:workspace, :endpoint, :name, :body, :state, :operation, :code, :message,
                                  :plan, :version, :createdBy, :createdAt, :modifiedAt)
                                ON CONFLICT (workspace_id, endpoint, name) DO NOTHING
                                """), deployment)
                        .bind("createdBy", deployment.createdBy())
                        .bind("createdAt", deployment.createdAt().toEpochMilli())
                        .execute()
                == 1);
    }

    @Override
    public boolean replace(Deployment deployment) {
        return database.inTransaction(
                handle -> bind(handle.createUpdate("""
                                UPDATE online_deployment SET body = :body, state = :state, operation = :operation,
                                  error_code = :code, error_message = :message, plan = :plan, version = :version,
                                  modified_at = :modifiedAt
                                WHERE workspace_id = :workspace AND endpoint = :endpoint AND name = :name
                                  AND version = :version - 1
                                """), deployment).execute() == 1);
    }

    @Override
    public Optional<Deployment> findDeployment(String workspaceId, String endpoint, String name) {
        return database.read(handle -> handle.createQuery(
                        "SELECT * FROM online_deployment WHERE workspace_id = ? AND endpoint = ? AND name = ?")
                .bind(0, workspaceId)
                .bind(1, endpoint)
                .bind(2, name)
                .map((row, _) -> deployment(row))
                .findOne());
    }

    @Override
    public List<Deployment> listDeployments(String workspaceId, String endpoint) {
        return database.read(handle -> handle.createQuery(
                        "SELECT * FROM online_deployment WHERE workspace_id = ? AND endpoint = ? ORDER BY name")
                .bind(0, workspaceId)
                .bind(1, endpoint)
                .map((row, _) -> deployment(row))
                .list());
    }

    @Override
    public List<Deployment> allDeployments() {
        return database.read(
                handle -> handle.createQuery("SELECT * FROM online_deployment ORDER BY workspace_id, endpoint, name")
                        .map((row, _) -> deployment(row))
                        .list());
    }

    @Override
    public void deleteDeployment(String workspaceId, String endpoint, String name) {
        database.useTransaction(handle -> handle.execute(
                "DELETE FROM online_deployment WHERE workspace_id = ? AND endpoint = ? AND name = ?",
                workspaceId,
                endpoint,
                name));
    }

    private static <S extends SqlStatement<S>> S bind(S statement, Deployment deployment) {
        DeploymentState state = deployment.state();
        ServingPlan plan = deployment.plan();
        String operation = switch (state) {
            case DeploymentState.Creating s -> s.operation();
            case DeploymentState.Updating s -> s.operation();
            case DeploymentState.Deleting s -> s.operation();
            case DeploymentState.Succeeded _, DeploymentState.Failed _ -> null;
        };
        DeploymentState.Failed failed = state instanceof DeploymentState.Failed f ? f : null;
        return statement
                .bind("workspace", deployment.workspaceId())
                .bind("endpoint", deployment.endpoint())
                .bind("name", deployment.name())
                .bind("body", Json.write(deployment.body()))
                .bind("state", state.word())
                .bind("operation", operation)
                .bind("code", failed == null ? null : failed.code())
                .bind("message", failed == null ? null : failed.message())
                .bind("plan", plan == null ? null : Json.write(plan))
                .bind("version", deployment.version())
                .bind("modifiedAt", deployment.modifiedAt().toEpochMilli());
    }

    private static OnlineEndpoint endpoint(ResultSet row) throws SQLException {
        return new OnlineEndpoint(
                row.getString("workspace_id"),
                row.getString("name"),
                AuthMode.parse(row.getString("auth_mode")),
                Traffic.parse(Json.parse(row.getString("traffic"))),
                (ObjectNode) Json.parse(row.getString("body")),
                row.getInt("deleting") == 1,
                row.getString("created_by"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("modified_at")));
    }

    private static Deployment deployment(ResultSet row) throws SQLException {
        String plan = row.getString("plan");
        return new Deployment(
                row.getString("workspace_id"),
                row.getString("endpoint"),
                row.getString("name"),
                (ObjectNode) Json.parse(row.getString("body")),
                state(row),
                plan == null ? null : Json.read(plan, ServingPlan.class),
                row.getLong("version"),
                row.getString("created_by"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("modified_at")));
    }

    private static DeploymentState state(ResultSet row) throws SQLException {
        String operation = text(row.getString("operation"));
        return switch (row.getString("state")) {
            case "Creating" -> new DeploymentState.Creating(operation);
            case "Updating" -> new DeploymentState.Updating(operation);
            case "Deleting" -> new DeploymentState.Deleting(operation);
            case "Failed" ->
                new DeploymentState.Failed(text(row.getString("error_code")), text(row.getString("error_message")));
            default -> new DeploymentState.Succeeded();
        };
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
