package atelier.batch.http;

import atelier.batch.Accepted;
import atelier.batch.BatchDeployment;
import atelier.batch.BatchDeployments;
import atelier.batch.BatchSettings;
import atelier.kernel.Json;
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

/// `{ws}/batchEndpoints/{endpoint}/deployments` (specification mfe.json, BatchDeployments_*).
public final class BatchDeploymentRoutes {
    static final String DEPLOYMENTS = BatchEndpointRoutes.ENDPOINT + "/deployments";
    private static final String DEPLOYMENT = DEPLOYMENTS + "/{deployment}";
    private final BatchDeployments deployments;
    private final Workspaces workspaces;
    private final Operations operations;

    public BatchDeploymentRoutes(BatchDeployments deployments, Workspaces workspaces, Operations operations) {
        this.deployments = deployments;
        this.workspaces = workspaces;
        this.operations = operations;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .get(DEPLOYMENTS, this::list)
                .get(DEPLOYMENT, exchange -> {
                    Workspace workspace = workspaces.of(exchange);
                    return Response.ok(resource(
                            workspace,
                            deployments.get(workspace, exchange.path("endpoint"), exchange.path("deployment"))));
                })
                .put(DEPLOYMENT, this::put)
                .patch(DEPLOYMENT, this::patch)
                .delete(DEPLOYMENT, this::delete);
    }

    private Response list(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        return Response.ok(Arm.list(
                deployments.list(workspace, exchange.path("endpoint")).stream()
                        .map(deployment -> resource(workspace, deployment))
                        .toList(),
                null));
    }

    private Response put(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        return accepted(
                exchange,
                workspace,
                deployments.put(
                        workspace,
                        exchange.path("endpoint"),
                        exchange.path("deployment"),
                        exchange.jsonObject(),
                        exchange.caller()));
    }

    private Response patch(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        return accepted(
                exchange,
                workspace,
                deployments.patch(
                        workspace,
                        exchange.path("endpoint"),
                        exchange.path("deployment"),
                        exchange.jsonObject(),
                        exchange.caller()));
    }

    private Response accepted(Exchange exchange, Workspace workspace, Accepted<BatchDeployment> accepted) {
        ObjectNode body = resource(workspace, accepted.value());
        ((ObjectNode) body.path("properties")).put("provisioningState", accepted.isNew() ? "Creating" : "Updating");
        return operations.accepted(exchange, workspace, accepted.operation(), accepted.isNew() ? 201 : 200, body);
    }

    private Response delete(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        return deployments
                .delete(workspace, exchange.path("endpoint"), exchange.path("deployment"), exchange.caller())
                .map(operation -> operations.accepted(exchange, workspace, operation, 202, Json.object()))
                .orElseGet(() -> Response.status(204));
    }

    /// The settings are always told, also those that were left to their defaults.
    private static ObjectNode resource(Workspace workspace, BatchDeployment deployment) {
        ObjectNode properties =
                deployment.body().get("properties") instanceof ObjectNode given ? given.deepCopy() : Json.object();
        BatchSettings settings = BatchSettings.parse(properties);
        properties
                .put("provisioningState", "Succeeded")
                .put("outputAction", settings.appendRow() ? "AppendRow" : "SummaryOnly")
                .put("outputFileName", settings.outputFile())
                .put("miniBatchSize", settings.miniBatchSize())
                .put("maxConcurrencyPerInstance", settings.concurrency())
                .put("errorThreshold", settings.errorThreshold())
                .put("loggingLevel", settings.loggingLevel());
        properties
                .putObject("retrySettings")
                .put("maxRetries", settings.maxRetries())
                .put("timeout", settings.timeout().toString());
        ObjectNode resources =
                properties.get("resources") instanceof ObjectNode given ? given : properties.putObject("resources");
        resources.put("instanceCount", settings.instances());
        for (String field : new String[] {"environmentVariables", "properties"}) {
            if (!properties.hasNonNull(field)) {
                properties.putObject(field);
            }
        }
        ObjectNode resource = Arm.resource(
                workspace.armId() + "/batchEndpoints/" + deployment.endpoint() + "/deployments/" + deployment.name(),
                deployment.name(),
                "batchEndpoints/deployments",
                properties,
                deployment.createdBy(),
                deployment.createdAt(),
                deployment.modifiedAt());
        return BatchEndpointRoutes.tracked(resource, deployment.body(), workspace);
    }
}
