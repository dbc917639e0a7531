package atelier.registries.http;

import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.registries.Registries;
import atelier.registries.Uploads;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Route;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Operations;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// The assets of registries. The doors that features have for a workspace's environments, components, models, data and
/// code are opened for a registry's scope too, at the address of Azure Resource Manager and at the one of the registry
/// service (`/mferp/managementfrontend…`). Ids of assets are said as `azureml://registries/{r}/{kind}/{name}/…`.
public final class RegistryAssetRoutes {
    private static final List<String> KINDS = List.of("environments", "components", "models", "data", "codes");
    private static final List<String> PREFIXES = List.of("", "/mferp/managementfrontend");
    private static final Pattern ASSET_ID = Pattern.compile("(?i)/subscriptions/[^/]+/resourceGroups/[^/]+/providers/"
            + "Microsoft\\.MachineLearningServices/registries/([^/]+)/("
            + String.join("|", KINDS) + ")/(.+)");
    private static final Pattern ACCOUNT = Pattern.compile("(https?://[^/]+/[^/.]+\\.blob\\.[^/]+)/.*");
    private final Registries registries;
    private final Uploads uploads;
    private final Operations operations;

    public RegistryAssetRoutes(Registries registries, Uploads uploads, Operations operations) {
        this.registries = registries;
        this.uploads = uploads;
        this.operations = operations;
    }

    public Routes routes(List<Routes> doors) {
        Routes opened = new Routes(ArmProblems.INSTANCE);
        for (Routes door : doors) {
            for (Route route : door.list()) {
                if (!route.open() && isAsset(route.template())) {
                    String below = route.template().substring(Arm.WORKSPACE.length());
                    for (String prefix : PREFIXES) {
                        opened.add(
                                route.method(),
                                prefix + RegistryRoutes.ONE + below,
                                exchange -> answer(route, exchange));
                    }
                }
            }
        }
        for (String prefix : PREFIXES) {
            opened.put(prefix + RegistryRoutes.ONE + "/tempdatarefs/{name}/versions/{version}", this::room)
                    .post(prefix + RegistryRoutes.ONE + "/datarefs/{name}/versions/{version}", this::permission);
        }
        return opened;
    }

    private Response answer(Route route, Exchange exchange) throws IOException {
        Workspace scope = registries.get(exchange.path("registry")).scope();
        Response answer =
                route.handler().handle(new ScopedExchange(exchange, scope)).mapJson(RegistryAssetRoutes::said);
        if (!route.method().equals("PUT") || answer.status() >= 300) {
            return answer;
        }
        if (!route.template().endsWith("/versions/{version}")) {
            return answer.withStatus(201);
        }
        // Clients take a version of a registry for a long-running operation: 202, even when it has ended.
        String operation = operations.start(scope, scope.armId());
        operations.succeed(operation);
        Response polled =
                operations.acceptedOutside(exchange, scope.subscriptionId(), scope.location(), operation, 202);
        Response accepted = answer.withStatus(202);
        for (String name : List.of("Azure-AsyncOperation", "Location", "Retry-After")) {
            accepted = accepted.header(name, String.valueOf(polled.header(name)));
        }
        return accepted;
    }

    private static boolean isAsset(String template) {
        return KINDS.stream()
                .anyMatch(kind -> template.equals(Arm.WORKSPACE + "/" + kind)
                        || template.startsWith(Arm.WORKSPACE + "/" + kind + "/"));
    }

    /// Every ARM id of a registry's asset as the registry service says it.
    private static JsonNode said(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(field -> object.set(field.getKey(), said(field.getValue())));
            return object;
        }
        if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, said(array.get(i)));
            }
            return array;
        }
        if (node.isString() && node.stringValue().startsWith("/")) {
            var asset = ASSET_ID.matcher(node.stringValue());
            if (asset.matches()) {
                return StringNode.valueOf("azureml://registries/" + asset.group(1) + "/"
                        + asset.group(2).toLowerCase(Locale.ROOT) + "/" + asset.group(3));
            }
        }
        return node;
    }

    /// Where to send the files of an asset before it is made: `PUT …/tempdatarefs/{name}/versions/{version}`.
    private Response room(Exchange exchange) throws IOException {
        Workspace scope = registries.get(exchange.path("registry")).scope();
        String asset = exchange.jsonObject().path("assetId").asString("");
        String key = scope.id() + "/" + asset.toLowerCase(Locale.ROOT) + "/" + exchange.path("name") + "/"
                + exchange.path("version");
        // Any name becomes one that containers may have; asked again, the same.
        String container = "code-" + UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
        return Response.ok(reference(uploads.container(container, exchange.baseUrl()), scope));
    }

    /// Permission to read an asset's files: `POST …/datarefs/{name}/versions/{version}`.
    private Response permission(Exchange exchange) throws IOException {
        Workspace scope = registries.get(exchange.path("registry")).scope();
        String address = exchange.jsonObject().path("blobUri").asString("");
        String query = uploads.permission(address, exchange.baseUrl());
        if (query.isEmpty()) {
            throw new Problem.Invalid("'blobUri' is no address of a blob in this server's storage account.", "blobUri");
        }
        // The SDK lists below what it takes for the container, by the path that it takes for the rest of the address.
        var account = ACCOUNT.matcher(address);
        return Response.ok(reference((account.matches() ? account.group(1) : address) + "?" + query, scope));
    }

    private static ObjectNode reference(String address, Workspace scope) {
        ObjectNode reference = Json.object()
                .put("blobUri", address.substring(0, address.indexOf('?')))
                .put(
                        "storageAccountArmId",
                        "/subscriptions/" + scope.subscriptionId() + "/resourceGroups/" + scope.resourceGroup()
                                + "/providers/Microsoft.Storage/storageAccounts/atelier");
        reference.set("credential", Json.object().put("credentialType", "SAS").put("sasUri", address));
        return Json.object().set("blobReferenceForConsumption", reference);
    }
}
