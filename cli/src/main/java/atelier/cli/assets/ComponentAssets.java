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

    private static final List<String> TYPES = List.of("command", "pipeline", "parallel", "spark");

    /// Fields that go into the component as they are.
    private static final List<String> COPIED = List.of(
            "$schema",
            "display_name",
            "description",
            "is_deterministic",
            "inputs",
            "outputs",
            "command",
            "resources",
            "distribution",
            "input_data",
            "mini_batch_size",
            "partition_keys",
            "logging_level",
            "max_concurrency_per_instance",
            "error_threshold",
            "mini_batch_error_threshold",
            "retry_settings",
            "entry",
            "py_files",
            "jars",
            "files",
            "archives",
            "conf",
            "args");

    /// The steps of a pipeline component as they stand on the wire.
    @FunctionalInterface
    public interface Steps {
        ObjectNode of(YamlFile file);
    }

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
    private final Steps steps;
    private final EnvironmentAssets environments;

    /// For components without steps.
    public ComponentAssets(Assets assets) {
        this(assets, file -> {
            throw file.error("/type", "a pipeline component cannot be used here.");
        });
    }

    public ComponentAssets(Assets assets, Steps steps) {
        this.assets = assets;
        this.steps = steps;
        this.environments = new EnvironmentAssets(assets);
    }

    public JsonNode create(YamlFile file) {
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

    /// What a field that names a component means: an ARM id for `azureml:…`; a file or a mapping is kept first.
    public String reference(YamlFile file, String pointer) {
        JsonNode given = file.root().at(pointer);
        if (given instanceof ObjectNode mapping) {
            return anonymous(file.inline(pointer, mapping));
        }
        String text = given.asString("");
        if (text.startsWith("azureml:")) {
            return assets.reference("components", text, file, pointer);
        }
        Path local = file.local(text.startsWith("file:") ? text.substring("file:".length()) : text);
        if (!Files.isRegularFile(local)) {
            throw file.error(pointer, "there is no component file " + local + ".");
        }
        return anonymous(YamlFile.read(local));
    }

    private ObjectNode spec(YamlFile file, String name, String version) {
        String type = Fields.oneOf(file, "/type", file.text("type", "command"), TYPES);
        checkPorts(file, "inputs", INPUT, INPUT_TYPES);
        checkPorts(file, "outputs", OUTPUT, OUTPUT_TYPES);
        ObjectNode spec = Json.object();
        spec.put("name", name);
        if (!version.isEmpty()) {
            spec.put("version", version);
        }
        for (String field : COPIED) {
            if (file.root().has(field)) {
                spec.set(field, file.root().path(field));
            }
        }
        if (file.root().path("tags").isObject()) {
            spec.set("tags", Common.texts(file.root().path("tags")));
        }
        spec.put("type", type);
        if (file.root().has("code") || file.root().has("additional_includes")) {
            spec.put("code", prefixed(code(file, "/code")));
        }
        if (file.root().has("environment")) {
            spec.put("environment", prefixed(environments.reference(file, "/environment")));
        } else if (type.equals("command")) {
            throw file.error("", "a command component needs 'environment'.");
        }
        switch (type) {
            case "command" -> {
                if (!file.root().has("command")) {
                    throw file.error("", "a command component needs 'command'.");
                }
            }
            case "pipeline" -> spec.set("jobs", steps.of(file));
            case "parallel" -> parallel(file, spec);
            default -> {
                // Nothing that the fields above do not say.
            }
        }
        spec.put("_source", "YAML.COMPONENT");
        return spec;
    }

    private void parallel(YamlFile file, ObjectNode spec) {
        if (!(file.root().path("task") instanceof ObjectNode task)) {
            throw file.error("", "a parallel component needs 'task'.");
        }
        spec.set("task", task(file, "/task", task));
        if (spec.path("partition_keys").isArray()) {
            // A list in YAML, a text on the wire.
            spec.put("partition_keys", Json.write(spec.path("partition_keys")));
        }
    }

    /// The task of a parallel component or step, its code and environment registered.
    public ObjectNode task(YamlFile file, String pointer, ObjectNode given) {
        ObjectNode task = given.deepCopy();
        if (given.has("code")) {
            task.put("code", prefixed(code(file, pointer + "/code")));
        }
        if (given.has("environment")) {
            task.put("environment", prefixed(environments.reference(file, pointer + "/environment")));
        }
        return task;
    }

    private static String prefixed(String id) {
        return id.startsWith("/") ? "azureml:" + id : id;
    }

    /// The code of a job or component: a local folder is registered as a snapshot, with the `additional_includes` of
    /// the
    /// file in it; its ARM id.
    public String code(YamlFile file, String pointer) {
        String text = file.root().at(pointer).asString("");
        if (Assets.isRemote(text)) {
            return assets.reference("codes", text, file, pointer);
        }
        JsonNode more = file.root().path("additional_includes");
        if (more.isArray() && !more.isEmpty()) {
            return Includes.together(file, text, more, assets.uploads()::code);
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
