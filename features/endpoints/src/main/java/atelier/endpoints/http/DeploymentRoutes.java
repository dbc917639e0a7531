package atelier.endpoints.http;

import atelier.endpoints.Deployment;
import atelier.endpoints.DeploymentSpec;
import atelier.endpoints.DeploymentState;
import atelier.endpoints.Deployments;
import atelier.endpoints.Endpoints;
import atelier.kernel.Json;
import atelier.kernel.Nearest;
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
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `{ws}/onlineEndpoints/{endpoint}/deployments` (specification mfe.json, OnlineDeployments_*).
public final class DeploymentRoutes {
    private static final String DEPLOYMENTS = EndpointRoutes.ENDPOINTS + "/{endpoint}/deployments";
    private static final String DEPLOYMENT = DEPLOYMENTS + "/{deployment}";
    private static final int TAIL = 200;
    private static final List<String> CONTAINERS = List.of("InferenceServer", "StorageInitializer");
    private final Deployments deployments;
    private final Workspaces workspaces;
    private final Operations operations;

    public DeploymentRoutes(Deployments deployments, Workspaces workspaces, Operations operations) {
        this.deployments = deployments;
        this.workspaces = workspaces;
        this.operations = operations;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .get(DEPLOYMENTS, this::list)
                .get(DEPLOYMENT, exchange -> {
                    Workspace workspace = workspaces.of(exchange);
                    return Response.ok(
                            resource(workspace, deployments.get(workspace, endpoint(exchange), name(exchange))));
                })
                .put(DEPLOYMENT, exchange -> {
                    Workspace workspace = workspaces.of(exchange);
                    return accepted(
                            exchange,
                            workspace,
                            deployments.put(
                                    workspace,
                                    endpoint(exchange),
                                    name(exchange),
                                    exchange.jsonObject(),
                                    exchange.caller()));
                })
                .patch(DEPLOYMENT, exchange -> {
                    Workspace workspace = workspaces.of(exchange);
                    return accepted(
                            exchange,
                            workspace,
                            deployments.patch(
                                    workspace,
                                    endpoint(exchange),
                                    name(exchange),
                                    exchange.jsonObject(),
                                    exchange.caller()));
                })
                .delete(DEPLOYMENT, this::delete)
                .post(DEPLOYMENT + "/getLogs", this::logs);
    }

    private static String endpoint(Exchange exchange) {
        return exchange.path("endpoint");
    }

    private static String name(Exchange exchange) {
        return exchange.path("deployment");
    }

    private Response list(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        return Response.ok(Arm.list(
                deployments.list(workspace, endpoint(exchange)).stream()
                        .map(deployment -> resource(workspace, deployment))
                        .toList(),
                null));
    }

    private Response accepted(Exchange exchange, Workspace workspace, Endpoints.Accepted<Deployment> accepted) {
        return operations.accepted(
                exchange,
                workspace,
                accepted.operation(),
                accepted.isNew() ? 201 : 200,
                resource(workspace, accepted.value()));
    }

    private Response delete(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        return deployments
                .delete(workspace, endpoint(exchange), name(exchange), exchange.caller())
                .map(operation -> operations.accepted(exchange, workspace, operation, 202, Json.object()))
                .orElseGet(() -> Response.status(204));
    }

    /// `{"containerType": "InferenceServer" (when none is given) or "StorageInitializer", "tail": 200}`.
    private Response logs(Exchange exchange) throws IOException {
        JsonNode wanted = exchange.json();
        JsonNode tail = wanted.path("tail");
        if (!tail.isMissingNode() && !tail.isNull() && !(tail.isIntegralNumber() && tail.canConvertToInt())) {
            throw new Problem.Invalid("'tail' must be a whole number of lines.", "tail");
        }
        return Response.ok(Json.object()
                .put(
                        "content",
                        deployments.log(
                                workspaces.of(exchange),
                                endpoint(exchange),
                                name(exchange),
                                log(wanted.path("containerType")),
                                tail.asInt(TAIL))));
    }

    private static Deployments.Log log(JsonNode container) {
        if (container.isMissingNode() || container.isNull()) {
            return Deployments.Log.INFERENCE_SERVER;
        }
        String word = container.asString("");
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "inferenceserver" -> Deployments.Log.INFERENCE_SERVER;
            case "storageinitializer" -> Deployments.Log.STORAGE_INITIALIZER;
            default ->
                throw new Problem.Invalid(
                        "'containerType' is InferenceServer or StorageInitializer, not '"
                                + (word.length() > 100 ? word.substring(0, 97) + "..." : word) + "'."
                                + Nearest.hint(word, CONTAINERS),
                        "containerType");
        };
    }

    /// The SDK takes `scaleSettings` for granted, and fails on a deployment without it.
    private static ObjectNode resource(Workspace workspace, Deployment deployment) {
        DeploymentSpec spec = DeploymentSpec.parse(deployment.body());
        ObjectNode properties =
                deployment.body().get("properties") instanceof ObjectNode given ? given.deepCopy() : Json.object();
        properties
                .put("endpointComputeType", "Managed")
                .put("provisioningState", deployment.state().word());
        if (!properties.hasNonNull("scaleSettings")) {
            properties.set("scaleSettings", Json.object().put("scaleType", "Default"));
        }
        if (!properties.hasNonNull("requestSettings")) {
            properties.set(
                    "requestSettings",
                    Json.object()
                            .put("requestTimeout", spec.timeout().toString())
                            .put("maxConcurrentRequestsPerInstance", spec.concurrency())
                            .put("maxQueueWait", spec.queueWait().toString()));
        }
        properties.set("livenessProbe", spec.liveness().json());
        properties.set("readinessProbe", spec.readiness().json());
        if (!properties.hasNonNull("environmentVariables")) {
            properties.set("environmentVariables", Json.object());
        }
        ObjectNode more = properties.get("properties") instanceof ObjectNode given ? given : Json.object();
        if (deployment.state() instanceof DeploymentState.Failed failed) {
            more.put("errorCode", failed.code()).put("errorMessage", failed.message());
        }
        properties.set("properties", more);
        ObjectNode resource = Arm.resource(
                workspace.armId() + "/onlineEndpoints/" + deployment.endpoint() + "/deployments/" + deployment.name(),
                deployment.name(),
                "onlineEndpoints/deployments",
                properties,
                deployment.createdBy(),
                deployment.createdAt(),
                deployment.modifiedAt());
        EndpointRoutes.tracked(resource, deployment.body(), workspace);
        resource.set(
                "sku",
                Json.object().put("name", "Default").put("tier", "Standard").put("capacity", spec.instances()));
        return resource;
    }
}
