package atelier.cli.assets;

import atelier.cli.http.Api;
import atelier.cli.yaml.Fields;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import atelier.kernel.Names;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Command components (`commandComponent.schema.json`): the YAML goes to the server as JSON, with code and environment
/// replaced by ids.
public final class ComponentAssets {
    /// The name under which components that only one pipeline uses are kept.
    private static final String ANONYMOUS = "azureml_anonymous";

    private static final String NAMES = "$schema name id version description tags properties type display_name"
            + " is_deterministic inputs outputs command code environment resources distribution queue_settings"
            + " additional_includes creation_context latest_version auto_delete_setting intellectual_property";
    private static final Fields NAMED =
            Fields.of("a command component", NAMES).required("name", "command", "environment");
    private static final Fields INLINE = Fields.of("a command component", NAMES).required("command", "environment");
    private static final Fields INPUT = Fields.of(
                    "an input of a component", "type description optional default mode max min enum")
            .required("type");
    private static final Fields OUTPUT = Fields.of(
                    "an output of a component", "type description mode early_available is_control")
            .required("type");
    private static final List<String> INPUT_TYPES = List.of(
            "uri_file",
            "uri_folder",
            "mltable",
            "mlflow_model",
            "custom_model",
            "triton_model",
            "string",
            "number",
            "integer",
            "boolean");
    private static final List<String> OUTPUT_TYPES = List.of(
            "uri_file",
            "uri_folder",
            "mltable",
            "mlflow_model",
            "custom_model",
            "triton_model",
            "string",
            "number",
            "integer",
            "boolean");
    private final Assets assets;
    private final EnvironmentAssets environments;

    public ComponentAssets(Assets assets) {
        this.assets = assets;
        this.environments = new EnvironmentAssets(assets);
    }

    public JsonNode create(YamlFile file) {
        NAMED.check(file, "");
        String name = Names.asset(file.text("name", ""));
        String version = file.text("version", "");
        if (version.isEmpty()) {
            version = assets.nextVersion("components", name);
        }
        ObjectNode properties = Json.object();
        properties.set("componentSpec", spec(file, name, version));
        properties.put("isAnonymous", false);
        Common.describe(file, properties);
        return assets.api().put(assets.path("components", name, Names.version(version)), Api.resource(properties));
    }

    /// Keeps a component for one pipeline; its ARM id. The version is a hash of what it says, so the same component has
    /// the same id every time.
    public String anonymous(YamlFile file) {
        INLINE.check(file, "");
        ObjectNode spec = spec(file, file.text("name", ANONYMOUS), file.text("version", ""));
        String version = UUID.nameUUIDFromBytes(Json.write(spec).getBytes(StandardCharsets.UTF_8))
                .toString();
        ObjectNode properties = Json.object();
        properties.set("componentSpec", spec);
        properties.put("isAnonymous", true);
        Common.describe(file, properties);
        String path = assets.path("components", ANONYMOUS, version);
        assets.api().put(path, Api.resource(properties));
        return path;
    }

    private ObjectNode spec(YamlFile file, String name, String version) {
        String type = file.text("type", "command");
        if (!type.equals("command")) {
            throw file.error("/type", "components of type '" + type + "' are not supported yet; only 'command' is.");
        }
        checkPorts(file, "inputs", INPUT, INPUT_TYPES);
        checkPorts(file, "outputs", OUTPUT, OUTPUT_TYPES);
        ObjectNode spec = Json.object();
        spec.put("name", name);
        if (!version.isEmpty()) {
            spec.put("version", version);
        }
        for (String field : new String[] {
            "$schema",
            "display_name",
            "description",
            "is_deterministic",
            "inputs",
            "outputs",
            "command",
            "resources",
            "distribution"
        }) {
            if (file.root().has(field)) {
                spec.set(field, file.root().path(field));
            }
        }
        if (file.root().path("tags").isObject()) {
            spec.set("tags", Common.texts(file.root().path("tags")));
        }
        spec.put("type", "command");
        if (file.root().has("code")) {
            spec.put("code", prefixed(code(file, "/code")));
        }
        spec.put("environment", prefixed(environments.reference(file, "/environment")));
        spec.put("_source", "YAML.COMPONENT");
        return spec;
    }

    private static String prefixed(String id) {
        return id.startsWith("/") ? "azureml:" + id : id;
    }

    /// The code of a job or component: a local folder is registered as a snapshot; its ARM id.
    public String code(YamlFile file, String pointer) {
        String text = file.root().at(pointer).asString("");
        if (Assets.isRemote(text)) {
            return assets.reference("codes", text, file, pointer);
        }
        Path local = file.local(text);
        if (!Files.exists(local)) {
            throw file.error(pointer, "there is no file or folder " + local + ".");
        }
        return assets.uploads().code(local);
    }

    private static void checkPorts(YamlFile file, String field, Fields fields, List<String> types) {
        JsonNode ports = file.root().path(field);
        if (ports.isMissingNode() || ports.isNull()) {
            return;
        }
        if (!ports.isObject()) {
            throw file.error("/" + field, "'" + field + "' must be a mapping.");
        }
        for (String name : ports.propertyNames()) {
            String pointer = "/" + field + "/" + name;
            fields.check(file, pointer);
            Fields.oneOf(file, pointer + "/type", ports.path(name).path("type").asString(""), types);
        }
    }
}
