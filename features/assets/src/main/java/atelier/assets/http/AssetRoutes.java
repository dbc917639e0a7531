package atelier.assets.http;

import atelier.assets.Asset;
import atelier.assets.AssetDoor;
import atelier.assets.AssetReference;
import atelier.assets.Assets;
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
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `{ws}/{kind}`, `{ws}/{kind}/{name}` and `{ws}/{kind}/{name}/versions/{version}`: the containers and versions that
/// every
/// asset of Azure ML has (specification machinelearningservices/…/mfe.json). Built-in assets are read like any other.
public final class AssetRoutes {
    private static final int PAGE = 200;
    private final Assets assets;
    private final Workspaces workspaces;
    private final AssetDoor door;

    public AssetRoutes(Assets assets, Workspaces workspaces, AssetDoor door) {
        this.assets = assets;
        this.workspaces = workspaces;
        this.door = door;
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
        List<ObjectNode> items = new java.util.ArrayList<>();
        for (Asset latest : assets.names(workspace, door.kind(), archivedToo(exchange))) {
            items.add(container(workspace, latest));
        }
        builtInNames(workspace).forEach(asset -> items.add(container(workspace, asset)));
        return Response.ok(Arm.list(items, null));
    }

    private Response getContainer(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        return Response.ok(container(workspace, newest(workspace, exchange.path("name"))));
    }

    private Asset newest(Workspace workspace, String name) {
        List<Asset> own =
                assets.versions(workspace, door.kind(), name, true, null, 1).items();
        if (!own.isEmpty()) {
            return assets.latest(workspace, door.kind(), name).orElse(own.getFirst());
        }
        return builtInNames(workspace).stream()
                .filter(asset -> asset.name().equals(name))
                .findFirst()
                .orElseThrow(() -> missing(workspace, name));
    }

    /// Archives or restores every version of a name; other container fields are answered from the versions.
    private Response putContainer(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        String name = exchange.path("name");
        JsonNode archived = exchange.jsonObject().path("properties").path("isArchived");
        if (archived.isBoolean()) {
            for (Asset asset : assets.versions(workspace, door.kind(), name, true, null, Integer.MAX_VALUE - 1)
                    .items()) {
                ObjectNode change = asset.properties().deepCopy();
                change.put("isArchived", archived.asBoolean());
                assets.put(workspace, door.kind(), name, asset.version(), change, exchange.caller());
            }
        }
        return Response.ok(container(workspace, newest(workspace, name)));
    }

    private Response deleteContainer(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        List<Asset> versions = assets.versions(
                        workspace, door.kind(), exchange.path("name"), true, null, Integer.MAX_VALUE - 1)
                .items();
        versions.forEach(asset -> delete(workspace, asset));
        return Response.status(versions.isEmpty() ? 204 : 200);
    }

    private Response listVersions(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        String name = exchange.path("name");
        int top = Math.clamp(exchange.query("$top", PAGE), 1, PAGE);
        Page<Asset> page =
                assets.versions(workspace, door.kind(), name, archivedToo(exchange), exchange.query("$skip"), top);
        List<Asset> items =
                page.items().isEmpty() && exchange.query("$skip") == null ? builtIn(workspace, name) : page.items();
        String hash = exchange.query("hash");
        if (hash != null) {
            items = assets.withProperty(workspace, door.kind(), "hash_sha256", hash);
        }
        String next = page.next() == null ? null : next(exchange, page.next(), top);
        return Response.ok(Arm.list(
                items.stream().map(a -> version(workspace, a, exchange)).toList(), next));
    }

    private static String next(Exchange exchange, String marker, int top) {
        String view = exchange.query("listViewType", "ActiveOnly");
        return exchange.baseUrl() + exchange.rawPath() + "?$skip=" + marker + "&$top=" + top + "&listViewType=" + view
                + "&api-version=" + exchange.query("api-version", "2024-04-01");
    }

    private Response getVersion(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        return Response.ok(version(workspace, existing(workspace, exchange), exchange));
    }

    private Asset existing(Workspace workspace, Exchange exchange) {
        String name = exchange.path("name");
        String version = exchange.path("version");
        Optional<Asset> found = assets.find(workspace, door.kind(), name, version)
                .or(() -> builtIn(workspace, name).stream()
                        .filter(asset -> asset.version().equals(version))
                        .findFirst());
        return found.orElseThrow(() -> new Problem.NotFound(
                "ResourceNotFound",
                "There is no version '" + version + "' of " + AssetReference.noun(door.kind()) + " '" + name
                        + "' in workspace '" + workspace.name() + "'."));
    }

    private Response putVersion(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        String name = exchange.path("name");
        String version = exchange.path("version");
        if (!(exchange.jsonObject().get("properties") instanceof ObjectNode given)) {
            throw new Problem.Invalid("InvalidArgument", "The body needs an object 'properties'.", "properties");
        }
        if (builtIn(workspace, name).stream().anyMatch(asset -> asset.version().equals(version))) {
            throw new Problem.Conflict(
                    "UserError", "'" + name + "' version " + version + " is curated and cannot be changed.");
        }
        boolean isNew = assets.find(workspace, door.kind(), name, version).isEmpty();
        ObjectNode properties = isNew ? door.accept(workspace, name, version, given, exchange) : given;
        if (!isNew) {
            properties = door.accept(workspace, name, version, given.deepCopy(), exchange);
        }
        Asset kept = assets.put(workspace, door.kind(), name, version, properties, exchange.caller());
        return Response.json(isNew ? 201 : 200, version(workspace, kept, exchange));
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

    private ObjectNode container(Workspace workspace, Asset latest) {
        ObjectNode properties = Json.object()
                .put("latestVersion", latest.version())
                .put("nextVersion", nextVersion(workspace, latest))
                .put("isArchived", latest.archived())
                .put("description", latest.properties().path("description").asString(""))
                .put("provisioningState", "Succeeded");
        JsonNode tags = latest.properties().path("tags");
        properties.set("tags", tags.isObject() ? tags : Json.object());
        properties.set("properties", Json.object());
        door.completeContainer(workspace, latest, properties);
        return Arm.resource(
                id(workspace, latest.name()),
                latest.name(),
                door.kind(),
                properties,
                latest.createdBy(),
                latest.createdAt(),
                latest.modifiedAt());
    }

    private @Nullable String nextVersion(Workspace workspace, Asset latest) {
        return assets.nextVersion(workspace, door.kind(), latest.name());
    }

    private List<Asset> builtIn(Workspace workspace, String name) {
        return door.builtIn(workspace).stream()
                .filter(asset -> asset.name().equals(name))
                .sorted(Comparator.comparing(Asset::createdAt).reversed())
                .toList();
    }

    private List<Asset> builtInNames(Workspace workspace) {
        java.util.LinkedHashMap<String, Asset> newest = new java.util.LinkedHashMap<>();
        door.builtIn(workspace).stream()
                .sorted(Comparator.comparing(Asset::createdAt).reversed())
                .forEach(asset -> newest.putIfAbsent(asset.name(), asset));
        return List.copyOf(newest.values());
    }

    private String id(Workspace workspace, String name) {
        return workspace.armId() + "/" + door.kind() + "/" + name;
    }

    private static boolean archivedToo(Exchange exchange) {
        return !exchange.query("listViewType", "ActiveOnly")
                .toLowerCase(Locale.ROOT)
                .equals("activeonly");
    }

    private Problem missing(Workspace workspace, String name) {
        List<String> known = assets.names(workspace, door.kind(), false).stream()
                .map(Asset::name)
                .toList();
        return new Problem.NotFound(
                "ResourceNotFound",
                "There is no " + AssetReference.noun(door.kind()) + " '" + name + "' in workspace '" + workspace.name()
                        + "'." + Nearest.hint(name, known));
    }
}
