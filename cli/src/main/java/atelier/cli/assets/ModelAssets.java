package atelier.cli.assets;

import atelier.cli.http.Api;
import atelier.cli.yaml.Fields;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import atelier.kernel.Names;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Models (`model.schema.json`): from a local path, a job's output, or a place in storage.
public final class ModelAssets {
    public static final List<String> TYPES = List.of("custom_model", "mlflow_model", "triton_model");
    private static final String NAMES = "$schema name version id type path description properties tags stage"
            + " utc_time_created flavors creation_context job_name latest_version datastore intellectual_property"
            + " system_metadata default_deployment_template allowed_deployment_templates";
    private static final Fields FIELDS = Fields.of("a model", NAMES).required("name", "path");
    private static final Fields INLINE = Fields.of("a model", NAMES).required("path");
    private final Assets assets;

    public ModelAssets(Assets assets) {
        this.assets = assets;
    }

    public JsonNode create(YamlFile file) {
        FIELDS.check(file, "");
        String name = Names.asset(file.text("name", ""));
        String version = file.text("version", "");
        if (version.isEmpty()) {
            version = assets.nextVersion("models", name);
        }
        return put(file, name, Names.version(version));
    }

    /// A model given by name (`azureml:name:1`) or as a mapping with a path, which is registered first; its ARM id.
    public String reference(YamlFile file, String pointer, String nameIfNone) {
        JsonNode given = file.root().at(pointer);
        if (given instanceof ObjectNode mapping) {
            YamlFile inline = file.inline(pointer, mapping);
            INLINE.check(inline, "");
            String name = inline.text("name", nameIfNone);
            String version = inline.text("version", assets.nextVersion("models", name));
            return put(inline, name, version).path("id").asString("");
        }
        return assets.reference("models", given.asString(""), file, pointer);
    }

    private JsonNode put(YamlFile file, String name, String version) {
        String type = Fields.oneOf(file, "/type", file.text("type", "custom_model"), TYPES);
        ObjectNode properties = Json.object();
        properties.put("modelType", type);
        properties.put("modelUri", uri(file, type, name, version));
        properties.put("isAnonymous", false);
        Common.describe(file, properties);
        if (file.root().has("stage")) {
            properties.put("stage", file.text("stage", ""));
        }
        return assets.api().put(assets.path("models", name, version), Api.resource(properties));
    }

    private String uri(YamlFile file, String type, String name, String version) {
        String path = file.text("path", "");
        if (Assets.isRemote(path)) {
            return path;
        }
        Path local = file.local(path);
        if (!Files.exists(local)) {
            throw file.error("/path", "there is no file or folder " + local + ".");
        }
        if (type.equals("mlflow_model") && !Files.isRegularFile(local.resolve("MLmodel"))) {
            throw file.error("/path", local + " has no file 'MLmodel', which an mlflow_model needs.");
        }
        String datastore = Datastores.name(file.text("datastore", Datastores.DEFAULT));
        String below = assets.uploads().toDatastore(local, datastore, name, version);
        String scope = assets.api().workspace().replace("/providers/Microsoft.MachineLearningServices", "");
        return "azureml:/" + scope + "/datastores/" + datastore + "/paths/" + below;
    }
}
