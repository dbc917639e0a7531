package atelier.workspace.http;

import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Operations;
import atelier.workspace.Workspace;
import atelier.workspace.WorkspaceResource;
import atelier.workspace.WorkspaceResources;
import atelier.workspace.Workspaces;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Azure Resource Manager's door to workspaces (specification machinelearningservices/…/workspaceRP.json): the resource
/// itself, its keys and its checks. Changes answer as long-running operations; they have ended when first polled.
public final class WorkspaceRoutes {
    private static final String PROVIDER = "/providers/Microsoft.MachineLearningServices";
    private static final String LISTED =
            "/subscriptions/{subscription}/resourceGroups/{group}" + PROVIDER + "/workspaces";
    private static final String RULE = Arm.WORKSPACE + "/outboundRules/{rule}";
    private final WorkspaceResources resources;
    private final Workspaces workspaces;
    private final Operations operations;

    public WorkspaceRoutes(WorkspaceResources resources, Workspaces workspaces, Operations operations) {
        this.resources = resources;
        this.workspaces = workspaces;
        this.operations = operations;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .get(Arm.WORKSPACE, exchange -> Response.ok(resource(exchange, existing(exchange))))
                .put(Arm.WORKSPACE, this::put)
                .patch(Arm.WORKSPACE, this::patch)
                .delete(Arm.WORKSPACE, this::delete)
                .get(LISTED, exchange -> list(exchange, Optional.of(exchange.path("group"))))
                .get(
                        "/subscriptions/{subscription}" + PROVIDER + "/workspaces",
                        exchange -> list(exchange, Optional.empty()))
                .get(
                        "/subscriptions/{subscription}" + PROVIDER + "/locations/{location}/deletedWorkspaces",
                        this::listDeleted)
                .post(Arm.WORKSPACE + "/listKeys", this::keys)
                .post(Arm.WORKSPACE + "/resyncKeys", this::resync)
                .post(Arm.WORKSPACE + "/listStorageAccountKeys", this::storageKeys)
                .post(Arm.WORKSPACE + "/diagnose", this::diagnose)
                .get(Arm.WORKSPACE + "/outboundRules", this::nothing)
                .get(RULE, this::rule)
                .delete(RULE, exchange -> {
                    workspaces.of(exchange);
                    return Response.status(204);
                })
                .get(Arm.WORKSPACE + "/privateEndpointConnections", this::nothing)
                .get(Arm.WORKSPACE + "/privateLinkResources", this::nothing)
                .get(Arm.WORKSPACE + "/features", this::nothing);
    }

    private WorkspaceResource existing(Exchange exchange) {
        return resources.get(exchange.path("subscription"), exchange.path("group"), exchange.path("workspace"));
    }

    private Response put(Exchange exchange) throws IOException {
        WorkspaceResources.Put put = resources.put(
                exchange.path("subscription"),
                exchange.path("group"),
                exchange.path("workspace"),
                exchange.jsonObject(),
                person(exchange));
        return accepted(exchange, put.resource(), put.isNew() ? 201 : 200);
    }

    private Response patch(Exchange exchange) throws IOException {
        return accepted(
                exchange,
                resources.patch(
                        exchange.path("subscription"),
                        exchange.path("group"),
                        exchange.path("workspace"),
                        exchange.jsonObject()),
                202);
    }

    private Response accepted(Exchange exchange, WorkspaceResource resource, int status) {
        Workspace workspace = resource.workspace();
        String operation = operations.start(workspace, workspace.armId());
        operations.succeed(operation);
        return operations.accepted(exchange, workspace, operation, status, resource(exchange, resource));
    }

    private Response delete(Exchange exchange) {
        person(exchange);
        boolean purge = exchange.query("forceToPurge", "false").equalsIgnoreCase("true");
        Optional<Workspace> deleted = resources.delete(
                exchange.path("subscription"), exchange.path("group"), exchange.path("workspace"), purge);
        if (deleted.isEmpty()) {
            return Response.status(204);
        }
        Workspace workspace = deleted.get();
        String operation = operations.start(workspace, workspace.armId());
        operations.succeed(operation);
        return operations.acceptedOutside(exchange, workspace.subscriptionId(), workspace.location(), operation, 202);
    }

    /// A job may use its workspace; it may not make or delete one.
    private static Caller person(Exchange exchange) {
        Caller caller = exchange.caller();
        if (caller.kind() == Caller.Kind.JOB) {
            throw new Problem.Forbidden("AuthorizationFailed", "A job may not make or delete workspaces.");
        }
        return caller;
    }

    private Response list(Exchange exchange, Optional<String> group) {
        String kinds = exchange.query("kind", "").toLowerCase(Locale.ROOT);
        return Response.ok(Arm.list(
                resources.list().stream()
                        .filter(w -> w.workspace().subscriptionId().equalsIgnoreCase(exchange.path("subscription")))
                        .filter(w ->
                                group.isEmpty() || w.workspace().resourceGroup().equalsIgnoreCase(group.get()))
                        .filter(w -> kinds.isEmpty()
                                || List.of(kinds.split(",")).contains(w.kind().toLowerCase(Locale.ROOT)))
                        .map(w -> resource(exchange, w))
                        .toList(),
                null));
    }

    private Response listDeleted(Exchange exchange) {
        return Response.ok(Arm.list(
                resources.deleted().stream()
                        .filter(w -> w.workspace().subscriptionId().equalsIgnoreCase(exchange.path("subscription")))
                        .filter(w -> w.workspace().location().equalsIgnoreCase(exchange.path("location")))
                        .map(w -> resource(exchange, w))
                        .toList(),
                null));
    }

    private Response nothing(Exchange exchange) {
        workspaces.of(exchange);
        return Response.ok(Arm.list(List.of(), null));
    }

    private Response rule(Exchange exchange) {
        workspaces.of(exchange);
        throw new Problem.NotFound(
                "ResourceNotFound",
                "There is no outbound rule '" + exchange.path("rule")
                        + "': this server's workspaces have no managed network.");
    }

    private Response keys(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        person(exchange);
        ObjectNode keys = Json.object()
                .put("userStorageKey", resources.storageKey())
                .put("userStorageResourceId", storageAccount(existing(exchange)))
                .put("appInsightsInstrumentationKey", workspace.id());
        keys.set("containerRegistryCredentials", Json.object());
        keys.set("notebookAccessKeys", Json.object());
        return secret(keys);
    }

    private Response storageKeys(Exchange exchange) {
        workspaces.of(exchange);
        person(exchange);
        return secret(Json.object().put("userStorageKey", resources.storageKey()));
    }

    private static Response secret(ObjectNode body) {
        return Response.ok(body).header("Cache-Control", "no-store");
    }

    /// Keys are read where they are kept with every call, so there is nothing to copy: the operation ends at once.
    private Response resync(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        String operation = operations.start(workspace, workspace.armId() + "/resyncKeys");
        operations.succeed(operation);
        return operations.accepted(exchange, workspace, operation, 202, Json.object());
    }

    /// The checks of Azure's networks find nothing where there are none.
    private Response diagnose(Exchange exchange) {
        workspaces.of(exchange);
        ObjectNode value = Json.object();
        for (String check : List.of(
                "userDefinedRouteResults",
                "networkSecurityRuleResults",
                "resourceLockResults",
                "dnsResolutionResults",
                "storageAccountResults",
                "keyVaultResults",
                "containerRegistryResults",
                "applicationInsightsResults",
                "otherResults")) {
            value.set(check, Json.array());
        }
        return Response.ok(Json.object().set("value", value));
    }

    private static String storageAccount(WorkspaceResource resource) {
        Workspace workspace = resource.workspace();
        return resource.property(
                "storageAccount",
                "/subscriptions/" + workspace.subscriptionId() + "/resourceGroups/" + workspace.resourceGroup()
                        + "/providers/Microsoft.Storage/storageAccounts/atelier");
    }

    static ObjectNode resource(Exchange exchange, WorkspaceResource given) {
        Workspace workspace = given.workspace();
        String base = exchange.baseUrl();
        ObjectNode properties = given.object("properties").deepCopy();
        properties.remove("allowRecoverSoftDeletedWorkspace");
        properties
                .put("friendlyName", given.property("friendlyName", workspace.name()))
                .put("description", given.property("description", ""))
                .put("workspaceId", workspace.id())
                .put("provisioningState", given.deletedAt() == null ? "Succeeded" : "SoftDeleted")
                .put("creationTime", Arm.time(workspace.createdAt()))
                .put("tenantId", Arm.TENANT)
                .put("discoveryUrl", base + "/discovery")
                .put("mlFlowTrackingUri", base + "/mlflow/v1.0" + workspace.armId())
                .put("storageAccount", storageAccount(given))
                .put("storageHnsEnabled", false)
                .put("publicNetworkAccess", given.property("publicNetworkAccess", "Enabled"))
                .put("v1LegacyMode", properties.path("v1LegacyMode").asBoolean(false))
                .put("hbiWorkspace", properties.path("hbiWorkspace").asBoolean(false));
        if (given.deletedAt() != null) {
            properties.put("softDeletedAt", Arm.time(given.deletedAt()));
        }
        ObjectNode resource = Arm.resource(
                workspace.armId(),
                workspace.name(),
                "",
                properties,
                given.createdBy(),
                workspace.createdAt(),
                given.modifiedAt());
        resource.put("location", workspace.location()).put("kind", given.kind());
        resource.set("tags", given.object("tags"));
        resource.set("identity", Arm.identity(given.object("identity"), workspace.id()));
        ObjectNode sku = given.object("sku");
        resource.set("sku", sku.isEmpty() ? Json.object().put("name", "Basic").put("tier", "Basic") : sku);
        return resource;
    }
}
