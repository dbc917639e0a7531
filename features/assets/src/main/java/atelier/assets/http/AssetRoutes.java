package atelier.assets.http;

import atelier.assets.Asset;
import atelier.assets.AssetDoor;
import atelier.assets.AssetName;
import atelier.assets.AssetQuery;
import atelier.assets.AssetReference;
import atelier.assets.Assets;
import atelier.assets.ListParameters;
import atelier.kernel.Json;
import atelier.kernel.Nearest;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `{ws}/{kind}`, `{ws}/{kind}/{name}` and `{ws}/{kind}/{name}/versions/{version}`: the containers and versions that
/// every
/// asset of Azure ML has (specification machinelearningservices/…/mfe.json). Built-in assets are read like any other.
public final class AssetRoutes {
    private final Assets assets;
    private final Workspaces workspaces;
    private final AssetDoor door;
    private final BuiltIn builtIn;

    public AssetRoutes(Assets assets, Workspaces workspaces, AssetDoor door) {
        this.assets = assets;
        this.workspaces = workspaces;
        this.door = door;
        this.builtIn = new BuiltIn(door);
    }

    public Routes routes() {
        String all = Arm.WORKSPACE + "/" + door.kind();
        String container = all + "/{name}";
        String version = container + "/versions/{version}";
        return new Routes(ArmProblems.INSTANCE)
                .get(all, this::listContainers)
                .get(container, this::getContainer)
                .put(container, this::putContainer)
                .delete(container, this::deleteContainer)
                .get(container + "/versions", this::listVersions)
                .get(version, this::getVersion)
                .put(version, this::putVersion)
                .delete(version, this::deleteVersion);
    }

    private Response listContainers(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        AssetQuery query = ListParameters.of(exchange);
        Page<AssetName> page = assets.names(workspace, door.kind(), query.view(), query.marker(), query.max());
        List<ObjectNode> items = new ArrayList<>();
        page.items().forEach(name -> items.add(container(workspace, name)));
        if (page.next() == null && query.view().shows(false)) {
            // What exists without being made comes at the end, unless somebody made one of that name.
            builtIn.names(workspace).stream()
                    .filter(name ->
                            assets.name(workspace, door.kind(), name.name()).isEmpty())
                    .forEach(name -> items.add(container(workspace, name)));
        }
        return Response.ok(Arm.list(items, Arm.next(exchange, page.next())));
    }

    private Response getContainer(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        return Response.ok(container(workspace, existingName(workspace, AssetReference.bare(exchange.path("name")))));
    }

    private AssetName existingName(Workspace workspace, String name) {
        return assets.name(workspace, door.kind(), name)
                .or(() -> builtIn.name(workspace, name))
                .orElseThrow(() -> missing(workspace, name));
    }

    /// Writes about a name; `isArchived` goes to all its versions. What comes back as it was answered is not kept as
    /// the name's own words: those of the newest version go on to be shown.
    private Response putContainer(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        String name = exchange.path("name");
        if (!(exchange.jsonObject().get("properties") instanceof ObjectNode given)) {
            throw new Problem.Invalid("InvalidArgument", "The body needs an object 'properties'.", "properties");
        }
        Optional<AssetName> before = assets.name(workspace, door.kind(), name);
        if (before.isEmpty() && builtIn.name(workspace, name).isPresent()) {
            throw new Problem.Conflict("UserError", "'" + name + "' is curated and cannot be changed.");
        }
        ObjectNode shown =
                before.map(found -> properties(container(workspace, found))).orElseGet(Json::object);
        AssetName.Words words = new AssetName.Words(
                given.path("description").isString()
                                && !given.path("description").equals(shown.path("description"))
                        ? given.path("description").stringValue()
                        : null,
                changed(given, shown, "tags"),
                changed(given, shown, "properties"));
        assets.describe(workspace, door.kind(), name, words, exchange.caller());
        if (given.path("isArchived").isBoolean()) {
            assets.archive(
                    workspace, door.kind(), name, given.path("isArchived").booleanValue());
        }
        return Response.json(before.isEmpty() ? 201 : 200, container(workspace, existingName(workspace, name)));
    }

    private static @Nullable ObjectNode changed(ObjectNode given, ObjectNode shown, String field) {
        JsonNode value = given.path(field);
        if (value.isMissingNode() || value.isNull() || value.equals(shown.path(field))) {
            return null;
        }
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw new Problem.Invalid("InvalidArgument", "'" + field + "' must be an object.", "properties." + field);
    }

    private static ObjectNode properties(ObjectNode resource) {
        return (ObjectNode) resource.path("properties");
    }

    private Response deleteContainer(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        boolean found =
                assets.name(workspace, door.kind(), exchange.path("name")).isPresent();
        assets.delete(workspace, door.kind(), exchange.path("name")).forEach(asset -> door.deleted(workspace, asset));
        return Response.status(found ? 200 : 204);
    }

    private Response listVersions(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        String name = AssetReference.bare(exchange.path("name"));
        AssetQuery query = ListParameters.of(exchange);
        String hash = exchange.query("hash");
        if (hash != null) {
            // The name is a new one that the client made up: the content is looked for under all names.
            return Response.ok(Arm.list(
                    assets.withProperty(workspace, door.kind(), "hash_sha256", hash).stream()
                            .map(asset -> version(workspace, asset, exchange))
                            .toList(),
                    null));
        }
        Page<Asset> page = assets.versions(workspace, door.kind(), name, query);
        List<Asset> items = new ArrayList<>(page.items());
        boolean azures =
                workspace.registry().filter("azureml"::equalsIgnoreCase).isPresent();
        if (azures
                && builtIn.names(workspace).isEmpty()
                && assets.name(workspace, door.kind(), name).isEmpty()) {
            // Who asks for the latest version gets the reason too, not an empty list.
            throw missing(workspace, name);
        }
        boolean plain = query.tags().isEmpty() && query.properties().isEmpty() && query.stage() == null;
        if (page.next() == null && plain && query.view().shows(false)) {
            builtIn.versions(workspace, name).stream()
                    .limit(query.max() - (long) items.size())
                    .forEach(items::add);
        }
        return Response.ok(Arm.list(
                items.stream().map(a -> version(workspace, a, exchange)).toList(), Arm.next(exchange, page.next())));
    }

    private Response getVersion(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        return Response.ok(version(workspace, existing(workspace, exchange), exchange));
    }

    private Asset existing(Workspace workspace, Exchange exchange) {
        String name = AssetReference.bare(exchange.path("name"));
        String version = exchange.path("version");
        Optional<Asset> found =
                assets.find(workspace, door.kind(), name, version).or(() -> builtIn.version(workspace, name, version));
        return found.orElseThrow(() -> new Problem.NotFound(
                "ResourceNotFound",
                "There is no version '" + version + "' of " + AssetReference.noun(door.kind()) + " '" + name + "'"
                        + AssetReference.notThere(workspace, door.kind())));
    }

    private Response putVersion(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        String name = exchange.path("name");
        String version = exchange.path("version");
        if (!(exchange.jsonObject().get("properties") instanceof ObjectNode given)) {
            throw new Problem.Invalid("InvalidArgument", "The body needs an object 'properties'.", "properties");
        }
        if (builtIn.version(workspace, name, version).isPresent()) {
            throw new Problem.Conflict(
                    "UserError", "'" + name + "' version " + version + " is curated and cannot be changed.");
        }
        Optional<Asset> before = assets.find(workspace, door.kind(), name, version);
        before.ifPresent(old -> withoutAnswered(given, properties(version(workspace, old, exchange)), old));
        ObjectNode accepted = door.accept(workspace, name, version, given, exchange);
        Asset kept = assets.put(workspace, door.kind(), name, version, accepted, exchange.caller());
        return Response.json(before.isEmpty() ? 201 : 200, version(workspace, kept, exchange));
    }

    /// A client that archives sends back what it was answered, with fields that the server added.
    private static void withoutAnswered(ObjectNode given, ObjectNode answered, Asset old) {
        given.properties().stream()
                .filter(field -> !old.properties().has(field.getKey())
                        && field.getValue().equals(answered.path(field.getKey())))
                .map(Map.Entry::getKey)
                .filter(field -> !field.equals("isArchived"))
                .toList()
                .forEach(given::remove);
    }

    private Response deleteVersion(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        Optional<Asset> asset = assets.find(workspace, door.kind(), exchange.path("name"), exchange.path("version"));
        asset.ifPresent(a -> delete(workspace, a));
        return Response.status(asset.isPresent() ? 200 : 204);
    }

    private void delete(Workspace workspace, Asset asset) {
        if (assets.delete(workspace, door.kind(), asset.name(), asset.version())) {
            door.deleted(workspace, asset);
        }
    }

    private ObjectNode version(Workspace workspace, Asset asset, Exchange exchange) {
        ObjectNode properties = asset.properties().deepCopy();
        properties.put("isArchived", asset.archived());
        if (!properties.has("tags") || properties.get("tags").isNull()) {
            properties.set("tags", Json.object());
        }
        if (!properties.has("properties") || properties.get("properties").isNull()) {
            properties.set("properties", Json.object());
        }
        properties.put("provisioningState", "Succeeded");
        door.complete(workspace, asset, properties, exchange);
        return Arm.resource(
                id(workspace, asset.name()) + "/versions/" + asset.version(),
                asset.version(),
                door.kind() + "/versions",
                properties,
                asset.createdBy(),
                asset.createdAt(),
                asset.modifiedAt());
    }

    private ObjectNode container(Workspace workspace, AssetName name) {
        Optional<Asset> latest = name.latest();
        ObjectNode newest = latest.map(Asset::properties).orElseGet(Json::object);
        AssetName.Words words = name.words();
        ObjectNode properties = Json.object()
                .put("latestVersion", latest.map(Asset::version).orElse(null))
                .put("nextVersion", name.next())
                .put("isArchived", name.archived())
                .put(
                        "description",
                        words.description() == null ? newest.path("description").asString("") : words.description())
                .put("provisioningState", "Succeeded");
        JsonNode tags = words.tags() == null ? newest.path("tags") : words.tags();
        properties.set("tags", tags.isObject() ? tags : Json.object());
        properties.set("properties", words.properties() == null ? Json.object() : words.properties());
        latest.ifPresent(asset -> door.completeContainer(workspace, asset, properties));
        return Arm.resource(
                id(workspace, name.name()),
                name.name(),
                door.kind(),
                properties,
                name.createdBy(),
                name.createdAt(),
                name.modifiedAt());
    }

    private String id(Workspace workspace, String name) {
        return workspace.armId() + "/" + door.kind() + "/" + name;
    }

    private Problem missing(Workspace workspace, String name) {
        List<String> known = new ArrayList<>(assets.knownNames(workspace, door.kind()));
        builtIn.names(workspace).forEach(builtInName -> known.add(builtInName.name()));
        return new Problem.NotFound(
                "ResourceNotFound",
                "There is no " + AssetReference.noun(door.kind()) + " '" + name + "'"
                        + AssetReference.notThere(workspace, door.kind()) + Nearest.hint(name, known));
    }
}
