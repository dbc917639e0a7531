package atelier.workspace.http;

import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import atelier.workspace.internal.SqlOperations;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The status of long-running operations, the discovery document, and who calls.
public final class OperationRoutes {
    private static final String LOCATION =
            "/subscriptions/{subscription}/providers/Microsoft.MachineLearningServices/locations/{location}";
    private final Workspaces workspaces;
    private final SqlOperations operations;
    private final String version;

    public OperationRoutes(Workspaces workspaces, SqlOperations operations, String version) {
        this.workspaces = workspaces;
        this.operations = operations;
        this.version = version;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .get(
                        Arm.WORKSPACE + "/operations/{operation}",
                        exchange -> Response.ok(SqlOperations.document(inWorkspace(exchange))))
                .get(
                        Arm.WORKSPACE + "/operationResults/{operation}",
                        exchange -> result(exchange, inWorkspace(exchange)))
                .get(
                        LOCATION + "/operationStatuses/{operation}",
                        exchange -> Response.ok(SqlOperations.document(anywhere(exchange))))
                .get(LOCATION + "/operationResults/{operation}", exchange -> result(exchange, anywhere(exchange)))
                .get("/atelier/me", this::me)
                // The SDK asks for the discovery document without a token; it names addresses only.
                .open("GET", "/discovery", OperationRoutes::discovery)
                .open("GET", "/discovery" + Arm.WORKSPACE, OperationRoutes::discovery);
    }

    private static Response discovery(Exchange exchange) {
        String base = exchange.baseUrl();
        return Response.ok(Json.object()
                .put("api", base)
                .put("history", base)
                .put("experimentation", base)
                .put("modelmanagement", base));
    }

    private SqlOperations.Stored inWorkspace(Exchange exchange) {
        return orMissing(operations.find(workspaces.of(exchange), exchange.path("operation")));
    }

    private SqlOperations.Stored anywhere(Exchange exchange) {
        return orMissing(operations.find(exchange.path("operation")));
    }

    private static SqlOperations.Stored orMissing(Optional<SqlOperations.Stored> found) {
        return found.orElseThrow(() -> new Problem.NotFound("There is no such operation here."));
    }

    private static Response result(Exchange exchange, SqlOperations.Stored operation) {
        return switch (operation.status()) {
            case "InProgress" ->
                Response.status(202)
                        .header("Location", exchange.baseUrl() + exchange.rawPath() + "?api-version=2024-04-01")
                        .header("Retry-After", "1");
            case "Succeeded" -> Response.status(204);
            default -> Response.json(409, SqlOperations.document(operation));
        };
    }

    private Response me(Exchange exchange) {
        ArrayNode all = Json.array();
        for (Workspace workspace : workspaces.list()) {
            all.add(Json.object()
                    .put("subscriptionId", workspace.subscriptionId())
                    .put("resourceGroup", workspace.resourceGroup())
                    .put("name", workspace.name())
                    .put("location", workspace.location())
                    .put("workspaceId", workspace.id()));
        }
        ObjectNode me = Json.object()
                .put("user", exchange.caller().name())
                .put("version", version)
                .put("tracking", "/mlflow/v2.0");
        me.set("workspaces", all);
        return Response.ok(me);
    }
}
