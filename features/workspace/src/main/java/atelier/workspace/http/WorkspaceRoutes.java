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
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Azure Resource Manager's door to workspaces: get, list, the discovery document and the status of operations
/// (specification machinelearningservices/…/workspaceRP.json).
public final class WorkspaceRoutes {
    private static final String LISTED = "/subscriptions/{subscription}/resourceGroups/{group}"
            + "/providers/Microsoft.MachineLearningServices/workspaces";
    private final Workspaces workspaces;
    private final SqlOperations operations;
    private final String version;

    public WorkspaceRoutes(Workspaces workspaces, SqlOperations operations, String version) {
        this.workspaces = workspaces;
        this.operations = operations;
        this.version = version;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .get(Arm.WORKSPACE, exchange -> Response.ok(resource(exchange, workspaces.of(exchange))))
                .get(LISTED, this::list)
                .get("/subscriptions/{subscription}/providers/Microsoft.MachineLearningServices/workspaces", this::list)
                .get("/subscriptions/{subscription}/resourceGroups/{group}", this::group)
                .get(Arm.WORKSPACE + "/operations/{operation}", this::operation)
                .get(Arm.WORKSPACE + "/operationResults/{operation}", this::operationResult)
                .get(Arm.WORKSPACE + "/connections", exchange -> {
                    workspaces.of(exchange);
                    return Response.ok(Arm.list(List.of(), null));
                })
                .get("/atelier/me", this::me)
                // The SDK asks for the discovery document without a token; it names addresses only.
                .open("GET", "/discovery", WorkspaceRoutes::discovery)
                .open("GET", "/discovery" + Arm.WORKSPACE, WorkspaceRoutes::discovery);
    }

    private Response list(Exchange exchange) {
        String subscription = exchange.path("subscription");
        return Response.ok(Arm.list(
                workspaces.list().stream()
                        .filter(w -> w.subscriptionId().equalsIgnoreCase(subscription))
                        .filter(w -> !exchange.rawPath()
                                        .toLowerCase(java.util.Locale.ROOT)
                                        .contains("/resourcegroups/")
                                || w.resourceGroup().equalsIgnoreCase(exchange.path("group")))
                        .map(w -> resource(exchange, w))
                        .toList(),
                null));
    }

    private Response group(Exchange exchange) {
        String group = exchange.path("group");
        return workspaces.list().stream()
                .filter(w -> w.resourceGroup().equalsIgnoreCase(group))
                .findFirst()
                .map(w -> Response.ok(Json.object()
                        .put("id", "/subscriptions/" + w.subscriptionId() + "/resourceGroups/" + w.resourceGroup())
                        .put("name", w.resourceGroup())
                        .put("type", "Microsoft.Resources/resourceGroups")
                        .put("location", w.location())
                        .set("properties", Json.object().put("provisioningState", "Succeeded"))))
                .orElseThrow(() -> new Problem.NotFound(
                        "ResourceGroupNotFound", "There is no resource group '" + group + "' on this server."));
    }

    private static ObjectNode resource(Exchange exchange, Workspace workspace) {
        String base = exchange.baseUrl();
        String resources = "/subscriptions/" + workspace.subscriptionId() + "/resourceGroups/"
                + workspace.resourceGroup() + "/providers/";
        ObjectNode properties = Json.object()
                .put("friendlyName", workspace.name())
                .put("description", "")
                .put("workspaceId", workspace.id())
                .put("provisioningState", "Succeeded")
                .put("discoveryUrl", base + "/discovery")
                .put("mlFlowTrackingUri", base + "/mlflow/v1.0" + workspace.armId())
                .put("storageAccount", resources + "Microsoft.Storage/storageAccounts/atelier")
                .put("publicNetworkAccess", "Enabled")
                .put("v1LegacyMode", false)
                .put("hbiWorkspace", false);
        ObjectNode resource = Arm.resource(
                workspace.armId(),
                workspace.name(),
                "",
                properties,
                "owner",
                workspace.createdAt(),
                workspace.createdAt());
        resource.put("location", workspace.location()).put("kind", "Default");
        resource.set("tags", Json.object());
        resource.set("identity", Json.object().put("type", "SystemAssigned"));
        resource.set("sku", Json.object().put("name", "Basic").put("tier", "Basic"));
        return resource;
    }

    private static Response discovery(Exchange exchange) {
        String base = exchange.baseUrl();
        return Response.ok(Json.object()
                .put("api", base)
                .put("history", base)
                .put("experimentation", base)
                .put("modelmanagement", base));
    }

    private SqlOperations.Stored stored(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        return operations
                .find(workspace, exchange.path("operation"))
                .orElseThrow(() -> new Problem.NotFound("There is no such operation in this workspace."));
    }

    private Response operation(Exchange exchange) {
        return Response.ok(SqlOperations.document(stored(exchange)));
    }

    private Response operationResult(Exchange exchange) {
        SqlOperations.Stored operation = stored(exchange);
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
