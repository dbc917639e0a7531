package atelier.workspace.internal;

import atelier.kernel.Ids;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.store.Database;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.workspace.Arm;
import atelier.workspace.Operations;
import atelier.workspace.Workspace;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Operations in the database.
public final class SqlOperations implements Operations {
    private static final String SELECT =
            "SELECT id, status, error_code, error_message, started_at, ended_at FROM operation WHERE id = ?";
    private final Database database;
    private final InstantSource clock;
    private final Ids ids;

    public SqlOperations(Database database, InstantSource clock, Ids ids) {
        this.database = database;
        this.clock = clock;
        this.ids = ids;
    }

    /// A stored operation.
    ///
    /// @param status `InProgress`, `Succeeded` or `Failed`
    public record Stored(
            String id,
            String status,
            @Nullable String errorCode,
            @Nullable String errorMessage,
            Instant startedAt,
            @Nullable Instant endedAt) {}

    public Optional<Stored> find(Workspace workspace, String id) {
        return database.read(handle -> handle.createQuery(SELECT + " AND workspace_id = ?")
                .bind(0, id)
                .bind(1, workspace.id())
                .map((row, _) -> stored(row))
                .findOne());
    }

    /// Also an operation of a workspace that is gone.
    public Optional<Stored> find(String id) {
        return database.read(handle -> handle.createQuery(SELECT)
                .bind(0, id)
                .map((row, _) -> stored(row))
                .findOne());
    }

    private static Stored stored(ResultSet row) throws SQLException {
        long ended = row.getLong(6);
        return new Stored(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                Instant.ofEpochMilli(row.getLong(5)),
                ended == 0 ? null : Instant.ofEpochMilli(ended));
    }

    @Override
    public String start(Workspace workspace, String target) {
        String id = ids.guid();
        database.useTransaction(handle -> handle.execute(
                "INSERT INTO operation (id, workspace_id, target, status, started_at) VALUES (?, ?, ?, 'InProgress', ?)",
                id,
                workspace.id(),
                target,
                clock.millis()));
        return id;
    }

    @Override
    public void succeed(String operation) {
        database.useTransaction(handle -> handle.execute(
                "UPDATE operation SET status = 'Succeeded', ended_at = ? WHERE id = ? AND status = 'InProgress'",
                clock.millis(),
                operation));
    }

    @Override
    public void fail(String operation, Problem problem) {
        database.useTransaction(handle -> handle.execute(
                "UPDATE operation SET status = 'Failed', error_code = ?, error_message = ?, ended_at = ?"
                        + " WHERE id = ? AND status = 'InProgress'",
                problem.code(),
                problem.message(),
                clock.millis(),
                operation));
    }

    @Override
    public void failOpen(Workspace workspace, String prefix, Problem problem) {
        database.useTransaction(handle -> handle.execute(
                "UPDATE operation SET status = 'Failed', error_code = ?, error_message = ?, ended_at = ?"
                        + " WHERE workspace_id = ? AND status = 'InProgress' AND substr(target, 1, ?) = ?",
                problem.code(),
                problem.message(),
                clock.millis(),
                workspace.id(),
                prefix.length(),
                prefix));
    }

    @Override
    public Response accepted(Exchange exchange, Workspace workspace, String operation, int status, ObjectNode body) {
        String base = exchange.baseUrl() + workspace.armId();
        Response polled = Response.json(status, body)
                .header("Azure-AsyncOperation", base + "/operations/" + operation + "?api-version=2024-04-01")
                .header("Retry-After", "1");
        // The npm client takes what `Location` answers for a PATCH's result; without it, it reads the resource.
        return exchange.method().equals("PATCH")
                ? polled
                : polled.header("Location", base + "/operationResults/" + operation + "?api-version=2024-04-01");
    }

    @Override
    public Response acceptedOutside(
            Exchange exchange, String subscriptionId, String location, String operation, int status) {
        String base = exchange.baseUrl() + "/subscriptions/" + subscriptionId
                + "/providers/Microsoft.MachineLearningServices/locations/" + location;
        return Response.json(status, Json.object())
                .header("Azure-AsyncOperation", base + "/operationStatuses/" + operation + "?api-version=2024-04-01")
                .header("Location", base + "/operationResults/" + operation + "?api-version=2024-04-01")
                .header("Retry-After", "1");
    }

    /// The status document of `Azure-AsyncOperation`.
    public static ObjectNode document(Stored operation) {
        ObjectNode document = Json.object()
                .put("id", operation.id())
                .put("name", operation.id())
                .put("status", operation.status())
                .put("startTime", Arm.time(operation.startedAt()));
        Instant ended = operation.endedAt();
        if (ended != null) {
            document.put("endTime", Arm.time(ended));
        }
        if (operation.status().equals("Failed")) {
            document.set(
                    "error", Json.object().put("code", operation.errorCode()).put("message", operation.errorMessage()));
        }
        return document;
    }
}
