package atelier.registries.http;

import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.registries.Registries;
import atelier.registries.Registries.Registry;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Operations;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.util.function.Predicate;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Registries as resources (specification machinelearningservices/…/registries.json) and their discovery document,
/// which names addresses only and so needs no caller.
public final class RegistryRoutes {
    private static final String PROVIDER = "/providers/Microsoft.MachineLearningServices/registries";
    private static final String SUBSCRIPTION = "/subscriptions/{subscription}";
    /// A registry's address.
    static final String ONE = SUBSCRIPTION + "/resourceGroups/{group}" + PROVIDER + "/{registry}";

    private final Registries registries;
    private final Operations operations;

    public RegistryRoutes(Registries registries, Operations operations) {
        this.registries = registries;
        this.operations = operations;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .open("GET", "/registrymanagement/v1.0/registries/{registry}/discovery", this::discovery)
                .get(SUBSCRIPTION + PROVIDER, exchange -> list(exchange, _ -> true))
                .get(
                        SUBSCRIPTION + "/resourceGroups/{group}" + PROVIDER,
                        exchange -> list(
                                exchange,
                                registry -> registry.scope().resourceGroup().equalsIgnoreCase(exchange.path("group"))))
                .get(ONE, exchange -> Response.ok(resource(exchange, existing(exchange))))
                .put(ONE, this::put)
                .patch(ONE, this::patch)
                .delete(ONE, this::delete);
    }

    private Response discovery(Exchange exchange) {
        Registry registry = registries.get(exchange.path("registry"));
        Workspace scope = registry.scope();
        ObjectNode document = Json.object()
                .put("registryName", registry.name())
                .put("primaryRegionResourceProviderUri", exchange.baseUrl() + "/")
                .put("primaryRegion", scope.location())
                .put("subscriptionId", scope.subscriptionId())
                .put("resourceGroup", scope.resourceGroup());
        document.set(
                "registryFqdns",
                Json.object().set(scope.location(), Json.object().put("uri", exchange.baseUrl() + "/")));
        return Response.ok(document);
    }

    private Response list(Exchange exchange, Predicate<Registry> wanted) {
        return Response.ok(Arm.list(
                registries.list().stream()
                        .filter(registry ->
                                registry.scope().subscriptionId().equalsIgnoreCase(exchange.path("subscription")))
                        .filter(wanted)
                        .map(registry -> resource(exchange, registry))
                        .toList(),
                null));
    }

    private Registry existing(Exchange exchange) {
        Registry registry = registries.get(exchange.path("registry"));
        if (!registry.scope().subscriptionId().equalsIgnoreCase(exchange.path("subscription"))
                || !registry.scope().resourceGroup().equalsIgnoreCase(exchange.path("group"))) {
            throw new Problem.NotFound(
                    "ResourceNotFound",
                    "There is no registry '" + registry.name() + "' in resource group '" + exchange.path("group")
                            + "'.");
        }
        return registry;
    }

    private Response put(Exchange exchange) throws IOException {
        Registries.Put put = registries.put(
                exchange.path("subscription"),
                exchange.path("group"),
                exchange.path("registry"),
                exchange.jsonObject(),
                person(exchange));
        return accepted(exchange, put.registry(), put.isNew() ? 201 : 200);
    }

    private Response patch(Exchange exchange) throws IOException {
        person(exchange);
        return Response.ok(resource(
                exchange,
                registries.patch(
                        exchange.path("subscription"),
                        exchange.path("group"),
                        exchange.path("registry"),
                        exchange.jsonObject())));
    }

    private Response accepted(Exchange exchange, Registry registry, int status) {
        Workspace scope = registry.scope();
        String operation = operations.start(scope, scope.armId());
        operations.succeed(operation);
        Response polled =
                operations.acceptedOutside(exchange, scope.subscriptionId(), scope.location(), operation, status);
        ObjectNode body = resource(exchange, registry);
        return polled.mapJson(_ -> body);
    }

    private Response delete(Exchange exchange) {
        person(exchange);
        boolean deleted =
                registries.delete(exchange.path("subscription"), exchange.path("group"), exchange.path("registry"));
        return Response.status(deleted ? 200 : 204);
    }

    private static Caller person(Exchange exchange) {
        Caller caller = exchange.caller();
        if (caller.kind() == Caller.Kind.JOB) {
            throw new Problem.Forbidden("AuthorizationFailed", "A job may not make or delete registries.");
        }
        return caller;
    }

    private static ObjectNode resource(Exchange exchange, Registry registry) {
        Workspace scope = registry.scope();
        ObjectNode properties = registry.resource().object("properties").deepCopy();
        properties
                .put(
                        "discoveryUrl",
                        exchange.baseUrl() + "/registrymanagement/v1.0/registries/" + registry.name() + "/discovery")
                .put("mlFlowRegistryUri", "azureml://" + authority(exchange) + "/mlflow/v1.0" + scope.armId())
                .put("publicNetworkAccess", registry.resource().property("publicNetworkAccess", "Enabled"))
                .put("provisioningState", "Succeeded");
        if (!properties.path("regionDetails").isArray()) {
            ArrayNode regions = Json.array();
            ObjectNode region = Json.object().put("location", scope.location());
            region.set("acrDetails", Json.array());
            region.set("storageAccountDetails", Json.array());
            regions.add(region);
            properties.set("regionDetails", regions);
        }
        ObjectNode resource = Arm.resource(
                scope.armId(),
                registry.name(),
                "",
                properties,
                registry.resource().createdBy(),
                scope.createdAt(),
                registry.resource().modifiedAt());
        resource.put("type", "Microsoft.MachineLearningServices/registries").put("location", scope.location());
        resource.set("tags", registry.resource().object("tags"));
        resource.set("identity", Arm.identity(registry.resource().object("identity"), scope.id()));
        return resource;
    }

    private static String authority(Exchange exchange) {
        String base = exchange.baseUrl();
        return base.substring(base.indexOf("://") + 3);
    }
}
