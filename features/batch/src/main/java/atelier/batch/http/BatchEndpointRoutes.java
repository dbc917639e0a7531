package atelier.batch.http;

import atelier.batch.Accepted;
import atelier.batch.BatchEndpoint;
import atelier.batch.BatchEndpoints;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Operations;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.io.IOException;
import tools.jackson.databind.node.ObjectNode;

/// `{ws}/batchEndpoints` (specification mfe.json, BatchEndpoints_*).
public final class BatchEndpointRoutes {
    static final String ENDPOINTS = Arm.WORKSPACE + "/batchEndpoints";
    static final String ENDPOINT = ENDPOINTS + "/{endpoint}";
    private final BatchEndpoints endpoints;
    private final Workspaces workspaces;
    private final Operations operations;

    public BatchEndpointRoutes(BatchEndpoints endpoints, Workspaces workspaces, Operations operations) {
        this.endpoints = endpoints;
        this.workspaces = workspaces;
        this.operations = operations;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .get(ENDPOINTS, this::list)
                .get(ENDPOINT, exchange -> {
                    Workspace workspace = workspaces.of(exchange);
                    return Response.ok(
                            resource(exchange, workspace, endpoints.get(workspace, exchange.path("endpoint"))));
                })
                .put(ENDPOINT, this::put)
                .patch(ENDPOINT, this::patch)
                .delete(ENDPOINT, this::delete)
                .post(ENDPOINT + "/listkeys", this::keys);
    }

    private Response list(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        return Response.ok(Arm.list(
                endpoints.list(workspace).stream()
                        .map(endpoint -> resource(exchange, workspace, endpoint))
                        .toList(),
                null));
    }

    private Response put(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        return accepted(
                exchange,
                workspace,
                endpoints.put(workspace, exchange.path("endpoint"), exchange.jsonObject(), exchange.caller()));
    }

    private Response patch(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        return accepted(
                exchange,
                workspace,
                endpoints.patch(workspace, exchange.path("endpoint"), exchange.jsonObject(), exchange.caller()));
    }

    private Response accepted(Exchange exchange, Workspace workspace, Accepted<BatchEndpoint> accepted) {
        ObjectNode body = resource(exchange, workspace, accepted.value());
        ((ObjectNode) body.path("properties")).put("provisioningState", accepted.isNew() ? "Creating" : "Updating");
        return operations.accepted(exchange, workspace, accepted.operation(), accepted.isNew() ? 201 : 200, body);
    }

    private Response delete(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        return endpoints
                .delete(workspace, exchange.path("endpoint"), exchange.caller())
                .map(operation -> operations.accepted(exchange, workspace, operation, 202, Json.object()))
                .orElseGet(() -> Response.status(204));
    }

    private Response keys(Exchange exchange) {
        BatchEndpoint endpoint = endpoints.get(workspaces.of(exchange), exchange.path("endpoint"));
        throw new Problem.Invalid(
                "KeysNotUsed",
                "Batch endpoint '" + endpoint.name() + "' has no keys: its authMode is aadToken. Send a bearer token.",
                null);
    }

    /// The SDK takes the part before `/subscriptions/` for the address of the service.
    static String scoringUri(Exchange exchange, Workspace workspace, String endpoint) {
        return exchange.baseUrl() + BatchJobRoutes.PREFIX + workspace.armId() + "/batchEndpoints/" + endpoint + "/jobs";
    }

    private static ObjectNode resource(Exchange exchange, Workspace workspace, BatchEndpoint endpoint) {
        ObjectNode properties =
                endpoint.body().get("properties") instanceof ObjectNode given ? given.deepCopy() : Json.object();
        String scoring = scoringUri(exchange, workspace, endpoint.name());
        properties
                .put("authMode", "aadToken")
                .put("provisioningState", "Succeeded")
                .put("scoringUri", scoring)
                .put("swaggerUri", scoring.substring(0, scoring.length() - "jobs".length()) + "swagger.json");
        ObjectNode defaults = properties.putObject("defaults");
        if (endpoint.defaultDeployment() != null) {
            defaults.put("deploymentName", endpoint.defaultDeployment());
        }
        if (!properties.hasNonNull("properties")) {
            properties.set("properties", Json.object());
        }
        ObjectNode resource = Arm.resource(
                workspace.armId() + "/batchEndpoints/" + endpoint.name(),
                endpoint.name(),
                "batchEndpoints",
                properties,
                endpoint.createdBy(),
                endpoint.createdAt(),
                endpoint.modifiedAt());
        return tracked(resource, endpoint.body(), workspace);
    }

    /// The fields that tracked resources have beside `properties`.
    static ObjectNode tracked(ObjectNode resource, ObjectNode body, Workspace workspace) {
        resource.put("location", body.path("location").asString(workspace.location()));
        resource.set("tags", body.path("tags").isObject() ? body.path("tags") : Json.object());
        resource.set(
                "identity",
                body.path("identity").isObject()
                        ? body.path("identity")
                        : Json.object().put("type", "SystemAssigned"));
        return resource;
    }
}
