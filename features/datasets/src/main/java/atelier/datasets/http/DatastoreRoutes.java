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
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    private Response put(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        String name = exchange.path("name");
        if (!(exchange.jsonObject().get("properties") instanceof ObjectNode properties)) {
            throw new Problem.Invalid("InvalidArgument", "The body needs an object 'properties'.", "properties");
        }
        boolean becomesDefault = properties.path("isDefault").asBoolean(false);
        if (datastores.isOwn(workspace, name) && becomesDefault) {
            return Response.ok(resource(exchange, workspace, datastores.makeDefault(workspace, name)));
        }
        boolean isNew = datastores.list(workspace).stream()
                .noneMatch(datastore -> datastore.name().equalsIgnoreCase(name));
        Datastore saved = datastores.put(workspace, DatastoreBody.draft(name, properties), exchange.caller());
        if (becomesDefault) {
            saved = datastores.makeDefault(workspace, name);
        }
        return Response.json(isNew ? 201 : 200, resource(exchange, workspace, saved));
    }

    /// What opens the datastore. For one whose bytes are here and that is reached by key or token, a SAS of this
    /// installation, because that is what opens it; asked for what does not expire, what its maker gave.
    private Response secrets(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        JsonNode body = exchange.json();
        Datastore datastore = datastores.get(workspace, exchange.path("name"));
        String type = datastore.details().credentialsType();
        boolean byKey = type.equals("AccountKey") || type.equals("Sas") || type.equals("None");
        Optional<String> kept = datastores.secret(workspace, datastore.name());
        boolean expiring = body.path("expirableSecret").asBoolean(false) || kept.isEmpty();
        if (datastore.type().served() && byKey && expiring) {
            int hours = body.path("expireAfterHours").asInt(1);
            String sas = datastores.sas(workspace, datastore.name(), Duration.ofHours(hours));
            return unstored(Json.object().put("secretsType", "Sas").put("sasToken", sas));
        }
        return unstored(kept.map(Json::parse)
                .orElseThrow(() -> new Problem.NotFound(
                        "SecretNotFound", "Datastore '" + datastore.name() + "' was made without credentials.")));
    }

    /// No cache on the way may keep a secret.
    private static Response unstored(JsonNode secret) {
        return Response.ok(secret).header("Cache-Control", "no-store");
    }

    private ObjectNode resource(Exchange exchange, Workspace workspace, Datastore datastore) {
        ObjectNode properties = Json.object()
                .put("description", datastore.description())
                .put("datastoreType", datastore.type().word())
                .put("isDefault", datastore.isDefault())
                .put("subscriptionId", workspace.subscriptionId())
                .put("resourceGroup", workspace.resourceGroup())
                .put("serviceDataAccessAuthIdentity", "None");
        datastore
                .details()
                .definition()
                .properties()
                .forEach(field -> properties.set(field.getKey(), field.getValue()));
        if (datastore.type().served()) {
            properties
                    .put("accountName", DatastorePlaneRoutes.accountName(exchange))
                    .put(datastore.type().placeField(), datastore.container())
                    .put("endpoint", endpointSuffix)
                    .put("protocol", "https");
        }
        properties.set("tags", Json.tree(datastore.tags()));
        properties.set(
                "properties",
                datastore.requestedAccount().isEmpty()
                        ? Json.object()
                        : Json.object().put("requestedAccountName", datastore.requestedAccount()));
        properties.set("credentials", datastore.details().credentials());
        return Arm.resource(
                workspace.armId() + "/datastores/" + datastore.name(),
                datastore.name(),
                "datastores",
                properties,
                datastore.createdBy(),
                datastore.createdAt(),
                datastore.modifiedAt());
    }
}
