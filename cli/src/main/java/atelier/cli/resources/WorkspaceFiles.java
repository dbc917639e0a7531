package atelier.cli.resources;

import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Workspace YAML (`workspace.schema.json`) to REST.
public final class WorkspaceFiles {
    private static final Map<String, String> FIELDS = Map.of(
            "display_name", "friendlyName",
            "description", "description",
            "hbi_workspace", "hbiWorkspace",
            "storage_account", "storageAccount",
            "container_registry", "containerRegistry",
            "key_vault", "keyVault",
            "application_insights", "applicationInsights",
            "image_build_compute", "imageBuildCompute",
            "public_network_access", "publicNetworkAccess",
            "primary_user_assigned_identity", "primaryUserAssignedIdentity");

    private WorkspaceFiles() {}

    /// The body of the PUT; of a PATCH without `location` and identity.
    public static ObjectNode body(YamlFile file, String name, String location) {
        ObjectNode body = Json.object();
        body.put("location", file.text("location", location));
        body.set("tags", file.root().path("tags").isObject() ? file.root().path("tags") : Json.object());
        JsonNode identity = file.root().path("identity");
        body.putObject("identity")
                .put("type", identity.path("type").asString("").startsWith("user") ? "UserAssigned" : "SystemAssigned");
        ObjectNode properties = body.putObject("properties");
        properties.put("friendlyName", name);
        properties.setAll(changes(file));
        return body;
    }

    /// The REST properties that the file names.
    public static ObjectNode changes(YamlFile file) {
        ObjectNode properties = Json.object();
        for (var field : file.root().properties()) {
            String to = FIELDS.get(field.getKey());
            if (to != null) {
                properties.set(to, field.getValue());
            }
        }
        return properties;
    }
}
