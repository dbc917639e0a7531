package atelier.workspace.http;

import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Deployment;
import atelier.workspace.Deployments;
import atelier.workspace.ResourceGroup;
import atelier.workspace.ResourceGroups;
import atelier.workspace.WorkspaceResource;
import atelier.workspace.WorkspaceResources;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What stands above workspaces in Azure Resource Manager: tenants, subscriptions, resource groups, template
/// deployments,
/// and the resources that a workspace names beside itself (specification resources/…/resources.json).
public final class SubscriptionRoutes {
    private static final String SUBSCRIPTION = "/subscriptions/{subscription}";
    private static final String GROUP = SUBSCRIPTION + "/resourceGroups/{group}";
    private static final String DEPLOYMENTS = GROUP + "/providers/Microsoft.Resources/deployments";
    private final ResourceGroups groups;
    private final Deployments deployments;
    private final WorkspaceResources workspaces;

    public SubscriptionRoutes(ResourceGroups groups, Deployments deployments, WorkspaceResources workspaces) {
        this.groups = groups;
        this.deployments = deployments;
        this.workspaces = workspaces;
    }

    public Routes routes() {
        Routes routes = new Routes(ArmProblems.INSTANCE)
                .get("/tenants", _ -> Response.ok(Arm.list(List.of(tenant()), null)))
                .get(
                        "/subscriptions",
                        _ -> Response.ok(Arm.list(
                                groups.subscriptions().stream()
                                        .map(SubscriptionRoutes::subscription)
                                        .toList(),
                                null)))
                .get(SUBSCRIPTION, exchange -> Response.ok(subscription(known(exchange))))
                .get(SUBSCRIPTION + "/locations", this::locations)
                .get(SUBSCRIPTION + "/resourceGroups", this::list)
                .get(GROUP, exchange -> Response.ok(resource(existing(exchange))))
                .head(
                        GROUP,
                        exchange -> Response.status(
                                groups.find(exchange.path("subscription"), exchange.path("group"))
                                                .isPresent()
                                        ? 204
                                        : 404))
                .put(GROUP, this::put)
                .patch(GROUP, this::patch)
                .delete(
                        GROUP,
                        exchange -> Response.status(
                                groups.delete(exchange.path("subscription"), exchange.path("group")) ? 200 : 204))
                .put(DEPLOYMENTS + "/{deployment}", this::deploy)
                .get(DEPLOYMENTS, this::listDeployments)
                .get(DEPLOYMENTS + "/{deployment}", exchange -> Response.ok(resource(deployment(exchange))))
                .get(DEPLOYMENTS + "/{deployment}/operationStatuses/{operation}", this::status)
                .get(DEPLOYMENTS + "/{deployment}/operations", this::operations)
                // The SDK's own client leaves the provider out.
                .get(GROUP + "/deployments/{deployment}/operations", this::operations);
        for (String type : List.of(
                "Microsoft.Storage/storageAccounts",
                "Microsoft.KeyVault/vaults",
                "Microsoft.Insights/components",
                "Microsoft.ContainerRegistry/registries",
                "Microsoft.OperationalInsights/workspaces")) {
            String address = GROUP + "/providers/" + type + "/{name}";
            routes.get(address, exchange -> Response.ok(dependent(exchange, type)))
                    .delete(address, exchange -> {
                        // The part belongs to this server and serves every workspace; its bytes go with the workspace.
                        groups.get(exchange.path("subscription"), exchange.path("group"));
                        return Response.status(204);
                    });
        }
        return routes;
    }

    private static ObjectNode tenant() {
        return Json.object()
                .put("id", "/tenants/" + Arm.TENANT)
                .put("tenantId", Arm.TENANT)
                .put("displayName", "Atelier")
                .put("tenantCategory", "Home")
                .put("defaultDomain", "atelier.localhost");
    }

    private static ObjectNode subscription(String id) {
        ObjectNode subscription = Json.object()
                .put("id", "/subscriptions/" + id)
                .put("subscriptionId", id)
                .put("tenantId", Arm.TENANT)
                .put("displayName", "Atelier")
                .put("state", "Enabled")
                .put("authorizationSource", "RoleBased");
        subscription.set("managedByTenants", Json.array());
        subscription.set(
                "subscriptionPolicies",
                Json.object().put("spendingLimit", "Off").put("quotaId", "Atelier"));
        return subscription;
    }

    private String known(Exchange exchange) {
        String wanted = exchange.path("subscription");
        return groups.subscriptions().stream()
                .filter(id -> id.equalsIgnoreCase(wanted))
                .findFirst()
                .orElseThrow(() -> new Problem.NotFound(
                        "SubscriptionNotFound",
                        "The subscription '" + wanted + "' could not be found. There are: "
                                + String.join(", ", groups.subscriptions()) + "."));
    }

    private Response locations(Exchange exchange) {
        String subscription = known(exchange);
        List<ObjectNode> known = java.util.stream.Stream.concat(
                        groups.list(subscription).stream().map(ResourceGroup::location),
                        workspaces.list().stream().map(w -> w.workspace().location()))
                .distinct()
                .sorted()
                .map(name -> Json.object()
                        .put("id", "/subscriptions/" + subscription + "/locations/" + name)
                        .put("name", name)
                        .put("displayName", name)
                        .put("regionalDisplayName", name))
                .toList();
        return Response.ok(Arm.list(known, null));
    }

    private Response list(Exchange exchange) {
        return Response.ok(Arm.list(
                groups.list(exchange.path("subscription")).stream()
                        .map(SubscriptionRoutes::resource)
                        .toList(),
                null));
    }

    private ResourceGroup existing(Exchange exchange) {
        return groups.get(exchange.path("subscription"), exchange.path("group"));
    }

    private Response put(Exchange exchange) throws IOException {
        ObjectNode body = exchange.jsonObject();
        String subscription = exchange.path("subscription");
        String name = exchange.path("group");
        String location =
                body.path("location").asString("").toLowerCase(Locale.ROOT).replace(" ", "");
        if (!location.matches("[a-z0-9-]{1,64}")) {
            throw new Problem.Invalid(
                    "LocationRequired",
                    "The location property is required for this definition: a region's name such as 'local'.",
                    "location");
        }
        boolean isNew = groups.find(subscription, name).isEmpty();
        ResourceGroup group = groups.put(subscription, name, location, WorkspaceResources.tags(body));
        return Response.json(isNew ? 201 : 200, resource(group));
    }

    private Response patch(Exchange exchange) throws IOException {
        ResourceGroup before = existing(exchange);
        ObjectNode body = exchange.jsonObject();
        return Response.ok(resource(groups.put(
                before.subscriptionId(),
                before.name(),
                before.location(),
                body.has("tags") ? WorkspaceResources.tags(body) : before.tags())));
    }

    private static ObjectNode resource(ResourceGroup group) {
        ObjectNode resource = Json.object()
                .put("id", group.armId())
                .put("name", group.name())
                .put("type", "Microsoft.Resources/resourceGroups")
                .put("location", group.location());
        resource.set("tags", group.tags());
        resource.set("properties", Json.object().put("provisioningState", "Succeeded"));
        return resource;
    }

    private Response deploy(Exchange exchange) throws IOException {
        Deployment ended = deployments.put(
                exchange.path("subscription"),
                exchange.path("group"),
                exchange.path("deployment"),
                exchange.jsonObject(),
                exchange.caller());
        ObjectNode accepted = resource(ended);
        if (accepted.get("properties") instanceof ObjectNode properties) {
            properties.put("provisioningState", "Accepted");
        }
        return Response.json(201, accepted)
                .header(
                        "Azure-AsyncOperation",
                        exchange.baseUrl() + ended.armId() + "/operationStatuses/"
                                + ended.endedAt().toEpochMilli() + "?api-version=2020-06-01")
                .header("Retry-After", "1");
    }

    private Deployment deployment(Exchange exchange) {
        return deployments.get(exchange.path("subscription"), exchange.path("group"), exchange.path("deployment"));
    }

    private Response listDeployments(Exchange exchange) {
        ResourceGroup group = existing(exchange);
        return Response.ok(Arm.list(
                deployments.list(group.subscriptionId(), group.name()).stream()
                        .map(SubscriptionRoutes::resource)
                        .toList(),
                null));
    }

    private Response status(Exchange exchange) {
        Deployment deployment = deployment(exchange);
        ObjectNode status = Json.object().put("status", deployment.state());
        if (deployment.error() != null) {
            status.set("error", deployment.error());
        }
        return Response.ok(status);
    }

    private Response operations(Exchange exchange) {
        Deployment deployment = deployment(exchange);
        boolean failed = deployment.error() != null;
        List<ObjectNode> all = new java.util.ArrayList<>();
        for (int i = 0; i < deployment.resources().size(); i++) {
            String id = deployment.resources().get(i);
            // A deployment ends with the resource that could not be made.
            boolean last = i == deployment.resources().size() - 1;
            ObjectNode properties = Json.object()
                    .put("provisioningOperation", "Create")
                    .put("provisioningState", failed && last ? "Failed" : "Succeeded")
                    .put("timestamp", Arm.time(deployment.endedAt()))
                    .put("duration", duration(deployment))
                    .put("statusCode", failed && last ? "Conflict" : "OK");
            if (failed && last) {
                properties.set("statusMessage", Json.object().set("error", deployment.error()));
            }
            properties.set(
                    "targetResource",
                    Json.object()
                            .put("id", id)
                            .put("resourceType", type(id))
                            .put("resourceName", id.substring(id.lastIndexOf('/') + 1)));
            ObjectNode operation = Json.object()
                    .put("id", deployment.armId() + "/operations/" + i)
                    .put("operationId", Integer.toString(i));
            operation.set("properties", properties);
            all.add(operation);
        }
        return Response.ok(Arm.list(all, null));
    }

    private static ObjectNode resource(Deployment deployment) {
        ObjectNode properties = Json.object()
                .put("provisioningState", deployment.state())
                .put("mode", "Incremental")
                .put("timestamp", Arm.time(deployment.endedAt()))
                .put("duration", duration(deployment))
                .put("correlationId", Arm.TENANT);
        properties.set("parameters", deployment.parameters());
        ArrayNode outputs = Json.array();
        if (deployment.error() == null) {
            deployment.resources().forEach(id -> outputs.add(Json.object().put("id", id)));
        } else {
            properties.set("error", deployment.error());
        }
        properties.set("outputResources", outputs);
        ObjectNode resource = Json.object()
                .put("id", deployment.armId())
                .put("name", deployment.name())
                .put("type", "Microsoft.Resources/deployments");
        resource.set("properties", properties);
        return resource;
    }

    private static String duration(Deployment deployment) {
        return Duration.between(deployment.startedAt(), deployment.endedAt()).toString();
    }

    private static String type(String id) {
        String[] parts =
                id.substring(id.indexOf("/providers/") + "/providers/".length()).split("/");
        StringBuilder type = new StringBuilder(parts[0]);
        for (int i = 1; i < parts.length; i += 2) {
            type.append('/').append(parts[i]);
        }
        return type.toString();
    }

    /// A resource that a workspace names: it is a part of this server, which the workspace's answer tells.
    private ObjectNode dependent(Exchange exchange, String type) {
        String id = "/subscriptions/" + exchange.path("subscription") + "/resourceGroups/" + exchange.path("group")
                + "/providers/" + type + "/" + exchange.path("name");
        WorkspaceResource holder = workspaces.list().stream()
                .filter(w -> names(WorkspaceRoutes.resource(exchange, w), id))
                .findFirst()
                .orElseThrow(() -> new Problem.NotFound(
                        "ResourceNotFound", "The Resource '" + id + "' was not found: no workspace names it."));
        ObjectNode resource = Json.object()
                .put("id", id)
                .put("name", exchange.path("name"))
                .put("type", type)
                .put("location", holder.workspace().location());
        resource.set("tags", Json.object());
        resource.set("properties", Json.object().put("provisioningState", "Succeeded"));
        return resource;
    }

    private static boolean names(ObjectNode workspace, String id) {
        return workspace.path("properties").properties().stream()
                .anyMatch(field -> field.getValue().isString()
                        && field.getValue().stringValue().equalsIgnoreCase(id));
    }
}
