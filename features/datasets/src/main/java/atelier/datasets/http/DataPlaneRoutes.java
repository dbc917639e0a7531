package atelier.datasets.http;

import atelier.assets.Asset;
import atelier.assets.Assets;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/data/v1.0{ws}/dataversion/…`, the data plane that `mltable` and `jobs.download` ask (azure-ai-ml, dataset
/// dataplane client: `DataVersionResponse`, `BatchDataUriResponse`).
public final class DataPlaneRoutes {
    private static final String DATA_VERSION = "/data/v1.0" + Arm.WORKSPACE + "/dataversion";
    private final Assets assets;
    private final Workspaces workspaces;

    public DataPlaneRoutes(Assets assets, Workspaces workspaces) {
        this.assets = assets;
        this.workspaces = workspaces;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .get(DATA_VERSION + "/{name}/versions/{version}", this::version)
                .post(DATA_VERSION + "/batchGetResolvedUris", this::resolved);
    }

    private Response version(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        Asset asset = assets.resolve(workspace, "data", exchange.path("name") + ":" + exchange.path("version"));
        ObjectNode version = Json.object()
                .put("assetId", assetId(workspace, asset))
                .put("dataContainerName", asset.name())
                .put("versionId", asset.version())
                .put("dataType", planeType(asset))
                .put("dataUri", asset.properties().path("dataUri").asString())
                .put("isArchived", asset.archived());
        JsonNode tags = asset.properties().path("tags");
        version.set("tags", tags.isObject() ? tags : Json.object());
        JsonNode referenced = asset.properties().path("referencedUris");
        version.set("referencedUris", referenced.isArray() ? referenced : Json.array());
        // mltable reads isV2 without asking whether it is there: the address of the asset, not a dataflow of the old
        // SDK.
        ObjectNode answer = Json.object().put("isV2", true);
        answer.set("dataVersion", version);
        return Response.ok(answer);
    }

    private Response resolved(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        if (!(exchange.jsonObject().get("values") instanceof ArrayNode ids)) {
            throw new Problem.Invalid("The body needs a list 'values' of asset ids.", "values");
        }
        ObjectNode values = Json.object();
        for (JsonNode id : ids) {
            Asset asset = assets.resolve(workspace, "data", armId(id.asString("")));
            values.set(
                    id.asString(""),
                    Json.object()
                            .put("uri", asset.properties().path("dataUri").asString())
                            .put("type", planeType(asset)));
        }
        ObjectNode answer = Json.object();
        answer.set("values", values);
        return Response.ok(answer);
    }

    /// The data plane has words of its own for the types; `mltable.load` refuses any but `MLTable`.
    private static String planeType(Asset asset) {
        String type = asset.properties().path("dataType").asString();
        return switch (type) {
            case "uri_file" -> "UriFile";
            case "uri_folder" -> "UriFolder";
            case "mltable" -> "MLTable";
            default -> type;
        };
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
