package atelier.datasets.http;

import atelier.assets.Asset;
import atelier.assets.AssetName;
import atelier.assets.AssetQuery;
import atelier.assets.Assets;
import atelier.assets.ListView;
import atelier.datasets.DataUris;
import atelier.kernel.Json;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/data/v1.0{ws}/dataversion/…`, the data plane that `mltable` and `jobs.download` ask (azure-ai-ml, dataset
/// dataplane client: `DataVersionResponse`, `BatchDataUriResponse`).
public final class DataPlaneRoutes {
    private static final String DATA_VERSION = "/data/v1.0" + Arm.WORKSPACE + "/dataversion";
    /// What run data names as the asset of an output without a name of its own.
    private static final Pattern OUTPUT = Pattern.compile("azureml://jobs/(?<job>[^/]+)/outputs/(?<output>[^/]+)");

    private static final String DATA_CONTAINER = "/data/v1.0" + Arm.WORKSPACE + "/datacontainer";
    private static final int PAGE = 200;
    private final Assets assets;
    private final DataUris uris;
    private final Workspaces workspaces;

    public DataPlaneRoutes(Assets assets, DataUris uris, Workspaces workspaces) {
        this.uris = uris;
        this.assets = assets;
        this.workspaces = workspaces;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .get(DATA_VERSION + "/{name}/versions/{version}", this::version)
                .get(DATA_VERSION + "/{name}/versions", this::versions)
                .get(DATA_VERSION + "/{name}/versions/{version}/exists", this::exists)
                .get(DATA_CONTAINER + "/{name}", this::container)
                .post(DATA_VERSION + "/batchGetResolvedUris", this::resolved);
    }

    private Response version(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        Asset asset = assets.resolve(workspace, "data", exchange.path("name") + ":" + exchange.path("version"));
        return Response.ok(version(workspace, asset));
    }

    private static ObjectNode version(Workspace workspace, Asset asset) {
        ObjectNode version = Json.object()
                .put("assetId", assetId(workspace, asset))
                .put("dataContainerName", asset.name())
                .put("versionId", asset.version())
                .put("dataType", asset.properties().path("dataType").asString())
                .put("dataUri", asset.properties().path("dataUri").asString())
                .put("description", asset.properties().path("description").asString(""))
                .put("isArchived", asset.archived());
        JsonNode tags = asset.properties().path("tags");
        version.set("tags", tags.isObject() ? tags : Json.object());
        JsonNode referenced = asset.properties().path("referencedUris");
        version.set("referencedUris", referenced.isArray() ? referenced : Json.array());
        ObjectNode answer = Json.object();
        answer.set("dataVersion", version);
        answer.set(
                "entityMetadata",
                Json.object()
                        .put("createdTime", Arm.time(asset.createdAt()))
                        .put("modifiedTime", Arm.time(asset.modifiedAt())));
        return answer;
    }

    private Response versions(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        String marker = exchange.query("continuationToken");
        Page<Asset> page = assets.versions(
                workspace,
                "data",
                exchange.path("name"),
                AssetQuery.page(ListView.ACTIVE, marker == null || marker.isEmpty() ? null : marker, PAGE));
        ObjectNode answer = Json.object();
        ArrayNode value = Json.array();
        page.items().forEach(asset -> value.add(version(workspace, asset)));
        answer.set("value", value);
        return Response.ok(answer.put("continuationToken", page.next()));
    }

    private Response exists(Exchange exchange) {
        boolean found = assets.find(workspaces.of(exchange), "data", exchange.path("name"), exchange.path("version"))
                .isPresent();
        return Response.ok(Json.tree(found));
    }

    private Response container(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        String name = exchange.path("name");
        AssetName found = assets.name(workspace, "data", name)
                .orElseThrow(() -> new Problem.NotFound(
                        "ResourceNotFound",
                        "There is no data asset '" + name + "' in workspace '" + workspace.name() + "'."));
        ObjectNode container = Json.object()
                .put("name", name)
                .put(
                        "dataType",
                        found.latest()
                                .map(asset ->
                                        asset.properties().path("dataType").asString("uri_folder"))
                                .orElse("uri_folder"))
                .put("isArchived", found.archived());
        ObjectNode answer = Json.object();
        answer.set("dataContainer", container);
        found.latest().ifPresent(asset -> answer.set("latestVersion", version(workspace, asset)));
        return Response.ok(answer.put("nextVersionId", found.next()));
    }

    private Response resolved(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        if (!(exchange.jsonObject().get("values") instanceof ArrayNode ids)) {
            throw new Problem.Invalid("The body needs a list 'values' of asset ids.", "values");
        }
        ObjectNode values = Json.object();
        for (JsonNode id : ids) {
            Matcher output = OUTPUT.matcher(id.asString(""));
            if (output.matches()) {
                String uri = uris.outputUri(workspace, output.group("job"), output.group("output"));
                values.set(id.asString(""), Json.object().put("uri", uri).put("type", "uri_folder"));
                continue;
            }
            Asset asset = assets.resolve(workspace, "data", armId(id.asString("")));
            values.set(
                    id.asString(""),
                    Json.object()
                            .put("uri", asset.properties().path("dataUri").asString())
                            .put("type", asset.properties().path("dataType").asString()));
        }
        ObjectNode answer = Json.object();
        answer.set("values", values);
        return Response.ok(answer);
    }

    private static String assetId(Workspace workspace, Asset asset) {
        return "azureml://locations/" + workspace.location() + "/workspaces/" + workspace.id() + "/data/" + asset.name()
                + "/versions/" + asset.version();
    }

    /// `azureml://locations/{l}/workspaces/{id}/data/…` names the same asset as its ARM id.
    private static String armId(String id) {
        return id.startsWith("azureml://locations/") ? id.substring("azureml:/".length()) : id;
    }
}
