package atelier.jobs;

import atelier.assets.Assets;
import atelier.jobs.Jobs.JobContext;
import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.models.Models;
import atelier.workspace.Workspace;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Registers outputs that were given a name as data assets or models.
public final class OutputAssets {
    private final Assets assets;
    private final Models models;

    public OutputAssets(Assets assets, Models models) {
        this.assets = assets;
        this.models = models;
    }

    /// Registers each of `outputs` (REST `outputs` with `uri`) that has an `assetName`. Called again after a
    /// crash, it
    /// registers nothing twice: the version is chosen and kept in the job first.
    public void register(Workspace workspace, String job, ObjectNode outputs, JobContext context) {
        for (Map.Entry<String, JsonNode> field : outputs.properties()) {
            JsonNode output = field.getValue();
            String asset = output.path("assetName").asString("");
            if (asset.isEmpty()) {
                continue;
            }
            String type = output.path("jobOutputType").asString("uri_folder");
            String uri = output.path("uri").asString("");
            if (type.endsWith("_model")) {
                model(workspace, job, asset, uri, type, context.caller());
            } else {
                data(workspace, field.getKey(), output, asset, uri, type, context);
            }
            context.log("Output '" + field.getKey() + "' is registered as '" + asset + "'.");
        }
    }

    private void model(Workspace workspace, String job, String name, String uri, String type, Caller caller) {
        boolean done = models.list(workspace).stream()
                .anyMatch(model -> model.name().equals(name) && job.equals(model.runId()));
        if (!done) {
            models.register(workspace, name, uri, type, job, Map.of(), caller);
        }
    }

    private void data(
            Workspace workspace,
            String output,
            JsonNode given,
            String name,
            String uri,
            String type,
            JobContext context) {
        String wanted = given.path("assetVersion").asString("");
        String version = wanted.isEmpty() ? assets.nextVersion(workspace, "data", name) : wanted;
        if (wanted.isEmpty()) {
            context.update(properties -> {
                if (properties.path("outputs").path(output) instanceof ObjectNode kept) {
                    kept.put("assetVersion", version);
                }
                return properties;
            });
        }
        ObjectNode properties = Json.object().put("dataType", type).put("dataUri", uri);
        assets.put(workspace, "data", name, version, properties, context.caller());
    }
}
