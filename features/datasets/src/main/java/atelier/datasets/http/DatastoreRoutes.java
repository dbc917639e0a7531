package atelier.datasets.http;

import atelier.datasets.Datastore;
import atelier.datasets.Datastores;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `{ws}/datastores` (specification machinelearningservices mfe.json, Datastores_*).
///
/// `accountName` is answered as `host:port/atelier`: the SDK builds `https://{accountName}.blob.{suffix}/…` from it and
/// so comes back to this server without a name server's help.
public final class DatastoreRoutes {
    private static final String DATASTORES = Arm.WORKSPACE + "/datastores";
    private static final String DATASTORE = DATASTORES + "/{name}";
    private final Datastores datastores;
    private final Workspaces workspaces;
    private final String endpointSuffix;

    /// @param endpointSuffix storage suffix of the cloud metadata, such as `core.local`
    public DatastoreRoutes(Datastores datastores, Workspaces workspaces, String endpointSuffix) {
        this.datastores = datastores;
        this.workspaces = workspaces;
        this.endpointSuffix = endpointSuffix;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .get(DATASTORES, this::list)
                .get(DATASTORE, exchange -> {
                    Workspace workspace = workspaces.of(exchange);
                    return Response.ok(resource(exchange, workspace, datastores.get(workspace, exchange.path("name"))));
                })
                .put(DATASTORE, this::put)
                .delete(
                        DATASTORE,
                        exchange -> Response.status(
                                datastores.delete(workspaces.of(exchange), exchange.path("name")) ? 200 : 204))
                .post(DATASTORE + "/listSecrets", this::secrets);
    }

    private Response list(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        List<Datastore> all = new ArrayList<>(datastores.list(workspace));
        String isDefault = exchange.query("isDefault");
        if (isDefault != null) {
            all.removeIf(datastore -> datastore.isDefault() != Boolean.parseBoolean(isDefault));
        }
        String names = exchange.query("names");
        if (names != null && !names.isEmpty()) {
            List<String> wanted = List.of(names.split(","));
            all.removeIf(datastore -> wanted.stream().noneMatch(datastore.name()::equalsIgnoreCase));
        }
        int skip = Math.clamp(exchange.query("skip", 0), 0, all.size());
        int count = Math.clamp(exchange.query("count", 30), 1, 1000);
        int end = Math.min(all.size(), skip + count);
        String next = end == all.size()
                ? null
                : exchange.baseUrl() + exchange.rawPath() + "?api-version=2024-07-01-preview&count=" + count + "&skip="
                        + end + (isDefault == null ? "" : "&isDefault=" + Boolean.parseBoolean(isDefault));
        return Response.ok(Arm.list(
                all.subList(skip, end).stream()
                        .map(datastore -> resource(exchange, workspace, datastore))
                        .toList(),
                next));
    }

    private Response put(Exchange exchange) throws java.io.IOException {
        Workspace workspace = workspaces.of(exchange);
        JsonNode properties = exchange.jsonObject().path("properties");
        Datastore.Type type = Datastore.Type.parse(required(properties, "datastoreType", "properties.datastoreType"));
        Datastore saved = datastores.put(
                workspace,
                new Datastores.Draft(
                        exchange.path("name"),
                        type,
                        required(properties, type.containerField(), "properties." + type.containerField()),
                        properties.path("accountName").asString(""),
                        properties.path("description").asString(""),
                        tags(properties.get("tags")),
                        properties.path("credentials").path("credentialsType").asString("None")),
                exchange.caller());
        return Response.json(201, resource(exchange, workspace, saved));
    }

    private Response secrets(Exchange exchange) throws java.io.IOException {
        JsonNode body = exchange.json();
        int hours = body.path("expireAfterHours").asInt(1);
        String sas = datastores.secret(workspaces.of(exchange), exchange.path("name"), Duration.ofHours(hours));
        return Response.ok(Json.object().put("secretsType", "Sas").put("sasToken", sas));
    }

    private ObjectNode resource(Exchange exchange, Workspace workspace, Datastore datastore) {
        ObjectNode properties = Json.object()
                .put("description", datastore.description())
                .put("datastoreType", datastore.type().word())
                .put("accountName", DatastorePlaneRoutes.accountName(exchange))
                .put(datastore.type().containerField(), datastore.container())
                .put("endpoint", endpointSuffix)
                .put("protocol", "https")
                .put("isDefault", datastore.isDefault())
                .put("subscriptionId", workspace.subscriptionId())
                .put("resourceGroup", workspace.resourceGroup())
                .put("serviceDataAccessAuthIdentity", "None");
        properties.set("tags", Json.tree(datastore.tags()));
        properties.set(
                "properties",
                datastore.requestedAccount().isEmpty()
                        ? Json.object()
                        : Json.object().put("requestedAccountName", datastore.requestedAccount()));
        properties.set("credentials", Json.object().put("credentialsType", datastore.credentialsType()));
        return Arm.resource(
                workspace.armId() + "/datastores/" + datastore.name(),
                datastore.name(),
                "datastores",
                properties,
                datastore.createdBy(),
                datastore.createdAt(),
                datastore.modifiedAt());
    }

    private static String required(JsonNode properties, String field, String target) {
        String value = properties.path(field).asString("");
        if (value.isEmpty()) {
            throw new Problem.Invalid("'" + target + "' is missing.", target);
        }
        return value;
    }

    private static Map<String, String> tags(@Nullable JsonNode node) {
        Map<String, String> tags = new HashMap<>();
        if (node instanceof ObjectNode object) {
            object.properties()
                    .forEach(entry -> tags.put(entry.getKey(), entry.getValue().asString("")));
        }
        return tags;
    }
}
