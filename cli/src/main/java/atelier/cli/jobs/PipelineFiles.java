package atelier.cli.jobs;

import atelier.cli.assets.Assets;
import atelier.cli.assets.Common;
import atelier.cli.assets.ComponentAssets;
import atelier.cli.yaml.Fields;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import atelier.kernel.Nearest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Pipeline YAML to REST. Each node becomes a component by id: registered ones by their name, those in a file or
/// written into the node itself as anonymous components.
final class PipelineFiles {
    private static final Fields SETTINGS = Fields.of(
            "settings", "default_datastore default_compute continue_on_step_failure force_rerun on_init on_finalize");
    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]*");
    private static final Pattern BINDING = Pattern.compile(
            "\\$\\{\\{\\s*parent\\.(?:inputs\\.([A-Za-z0-9_]+)|outputs\\.([A-Za-z0-9_]+)|jobs\\.([A-Za-z0-9_]+)\\.outputs"
                    + "\\.([A-Za-z0-9_]+))[^}]*}}");

    private final Assets assets;
    private final Ports ports;
    private final ComponentAssets components;

    PipelineFiles(Assets assets, Ports ports, ComponentAssets components) {
        this.assets = assets;
        this.ports = ports;
        this.components = components;
    }

    ObjectNode properties(YamlFile file) {
        if (file.root().has("component")) {
            return byComponent(file);
        }
        ObjectNode properties = Json.object();
        properties.put("jobType", "Pipeline");
        JobFiles.describe(file, properties);
        properties.set("inputs", ports.inputs(file));
        properties.set("outputs", ports.outputs(file));
        properties.set("settings", settings(file));
        properties.set("jobs", steps(file));
        String compute = file.text("compute", "");
        if (!compute.isEmpty() && !compute.endsWith("serverless")) {
            properties.put("computeId", assets.compute(compute));
        }
        return properties;
    }

    /// A pipeline whose steps are those of a pipeline component.
    private ObjectNode byComponent(YamlFile file) {
        ObjectNode properties = Json.object();
        properties.put("jobType", "Pipeline");
        JobFiles.describe(file, properties);
        properties.put("componentId", components.reference(file, "/component"));
        properties.set("inputs", ports.inputs(file));
        properties.set("outputs", ports.outputs(file));
        properties.set("settings", settings(file));
        properties.putObject("jobs");
        compute(file.root(), properties);
        return properties;
    }

    /// The steps of a pipeline job or component, for the wire.
    ObjectNode steps(YamlFile file) {
        if (!file.root().path("jobs").isObject() || file.root().path("jobs").isEmpty()) {
            throw file.error("/jobs", "'jobs' must be a mapping with at least one step.");
        }
        checkBindings(file);
        ObjectNode steps = Json.object();
        for (String name : file.root().path("jobs").propertyNames()) {
            steps.set(name, node(file, name));
        }
        return steps;
    }

    private ObjectNode settings(YamlFile file) {
        ObjectNode settings = Json.object();
        settings.put("_source", "YAML.JOB");
        JsonNode given = file.root().path("settings");
        if (given.isMissingNode() || given.isNull()) {
            return settings;
        }
        SETTINGS.check(file, "/settings");
        for (String field : List.of("continue_on_step_failure", "force_rerun", "on_init", "on_finalize")) {
            if (given.has(field)) {
                settings.set(field, given.path(field));
            }
        }
        String compute = given.path("default_compute").asString("");
        if (!compute.isEmpty()) {
            settings.put("default_compute", compute.endsWith("serverless") ? "serverless" : assets.compute(compute));
        }
        String datastore = given.path("default_datastore").asString("");
        if (!datastore.isEmpty()) {
            String name = datastore.substring(datastore.lastIndexOf(':') + 1);
            settings.put("default_datastore", assets.api().workspace() + "/datastores/" + name);
        }
        return settings;
    }

    private ObjectNode node(YamlFile file, String name) {
        String pointer = "/jobs/" + name;
        if (!NAME.matcher(name).matches()) {
            throw file.error(
                    pointer, "'" + name + "' is not a name for a step: lower-case letters, digits and '_' only.");
        }
        JsonNode given = file.root().at(pointer);
        String type =
                given.path("type").asString(given.has("task") && given.has("primary_metric") ? "automl" : "command");
        Fields.oneOf(file, pointer + "/type", type, TYPES);
        ObjectNode node = Json.object();
        node.put("name", name).put("type", type);
        if (type.equals("automl")) {
            return automl(file, pointer, given, node);
        }
        if (type.equals("sweep")) {
            node.putObject("trial").put("componentId", trial(file, pointer, given));
            Sweeps.putNode(file, pointer, given, node);
        } else {
            node.put("componentId", component(file, pointer, given));
        }
        node.set("inputs", ports.nodeInputs(file, pointer + "/inputs"));
        node.set("outputs", ports.nodeOutputs(file, pointer + "/outputs"));
        compute(given, node);
        for (String field : FIELDS.getOrDefault(type, List.of())) {
            if (given.has(field)) {
                node.set(field, given.path(field));
            }
        }
        if (given.path("partition_keys").isArray()) {
            // A list in YAML, a text on the wire.
            node.put("partition_keys", Json.write(given.path("partition_keys")));
        }
        if (given.path("task") instanceof ObjectNode task && type.equals("parallel")) {
            node.set("task", components.task(file, pointer + "/task", task));
        }
        for (String field : new String[] {"tags", "properties", "environment_variables"}) {
            if (given.path(field).isObject()) {
                node.set(field, Common.texts(given.path(field)));
            }
        }
        node.put("_source", source(given));
        return node;
    }

    /// Where the component of a step came from, in the words of azure-ai-ml.
    private static String source(JsonNode given) {
        JsonNode component = given.has("component") ? given.path("component") : given.path("trial");
        String text = component.asString("");
        if (text.startsWith("azureml://registries/")) {
            return "REMOTE.REGISTRY";
        }
        if (text.startsWith("azureml:")) {
            return "REMOTE.WORKSPACE.COMPONENT";
        }
        return component.isMissingNode() ? "YAML.JOB" : "YAML.COMPONENT";
    }

    private static final List<String> TYPES = List.of("command", "sweep", "pipeline", "parallel", "spark", "automl");

    /// The fields of a step that go to the server as they are.
    private static final Map<String, List<String>> FIELDS = Map.of(
            "command",
            List.of(
                    "display_name",
                    "comment",
                    "resources",
                    "distribution",
                    "limits",
                    "queue_settings",
                    "services",
                    "identity"),
            "sweep",
            List.of("display_name", "comment", "identity"),
            "pipeline",
            List.of("display_name", "comment", "settings"),
            "parallel",
            List.of(
                    "display_name",
                    "comment",
                    "resources",
                    "retry_settings",
                    "logging_level",
                    "mini_batch_size",
                    "error_threshold",
                    "mini_batch_error_threshold",
                    "max_concurrency_per_instance",
                    "input_data",
                    "identity"),
            "spark",
            List.of(
                    "display_name",
                    "comment",
                    "resources",
                    "entry",
                    "py_files",
                    "jars",
                    "files",
                    "archives",
                    "conf",
                    "args",
                    "identity"));

    private void compute(JsonNode given, ObjectNode node) {
        String compute = given.path("compute").asString("");
        if (compute.startsWith("${{")) {
            node.put("computeId", compute);
        } else if (!compute.isEmpty() && !compute.endsWith("serverless")) {
            node.put("computeId", assets.compute(compute));
        }
    }

    /// An AutoML step is a job of its own: it keeps its YAML words, its ports as those of any step.
    private ObjectNode automl(YamlFile file, String pointer, JsonNode given, ObjectNode node) {
        for (var each : given.properties()) {
            if (!List.of("type", "compute", "outputs").contains(each.getKey())) {
                node.set(each.getKey(), each.getValue());
            }
        }
        node.set("outputs", ports.nodeOutputs(file, pointer + "/outputs"));
        compute(given, node);
        node.put("_source", "YAML.JOB");
        return node;
    }

    /// The component of a sweep's trial.
    private String trial(YamlFile file, String pointer, JsonNode given) {
        if (given.path("trial") instanceof ObjectNode mapping && mapping.has("command")) {
            ObjectNode component = mapping.deepCopy();
            if (!component.has("inputs")) {
                component.set("inputs", inputs(file, given));
                given.path("search_space")
                        .properties()
                        .forEach(each -> ((ObjectNode) component.path("inputs"))
                                .putObject(each.getKey())
                                .put("type", "number"));
            }
            if (!component.has("outputs")) {
                component.set("outputs", outputs(file, given));
            }
            return components.anonymous(file.inline(pointer + "/trial", component));
        }
        if (!given.has("trial")) {
            throw file.error(pointer, "a sweep needs 'trial': a component.");
        }
        return components.reference(file, pointer + "/trial");
    }

    private String component(YamlFile file, String pointer, JsonNode given) {
        if (given.has("component")) {
            return components.reference(file, pointer + "/component");
        }
        if (given.has("jobs")) {
            return components.anonymous(file.inline(pointer, nested(given)));
        }
        if (!given.has("command") && !given.has("task") && !given.has("entry")) {
            throw file.error(pointer, "a step needs 'component', or 'command' and 'environment'.");
        }
        return components.anonymous(inline(file, pointer, given));
    }

    /// A pipeline written into a step, as a component.
    private static ObjectNode nested(JsonNode given) {
        ObjectNode component = ((ObjectNode) given).deepCopy();
        component.remove(List.of("settings", "compute", "experiment_name"));
        return component;
    }

    /// A step with a command of its own: its component is made of the step, with the types that its bindings have.
    private static YamlFile inline(YamlFile file, String pointer, JsonNode given) {
        ObjectNode component = Json.object();
        component.put("type", given.path("type").asString("command"));
        for (String field : OWN) {
            if (given.has(field)) {
                component.set(field, given.path(field));
            }
        }
        component.set("inputs", inputs(file, given));
        component.set("outputs", outputs(file, given));
        return file.inline(pointer, component);
    }

    /// What a step says that is its component's.
    private static final List<String> OWN = List.of(
            "command",
            "code",
            "environment",
            "display_name",
            "description",
            "distribution",
            "task",
            "input_data",
            "mini_batch_size",
            "partition_keys",
            "entry",
            "py_files",
            "jars",
            "files",
            "archives",
            "conf",
            "args",
            "additional_includes");

    private static ObjectNode inputs(YamlFile file, JsonNode given) {
        ObjectNode inputs = Json.object();
        given.path("inputs")
                .properties()
                .forEach(entry -> inputs.putObject(entry.getKey()).put("type", typeOf(file, entry.getValue())));
        return inputs;
    }

    private static ObjectNode outputs(YamlFile file, JsonNode given) {
        ObjectNode outputs = Json.object();
        given.path("outputs").properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            String type = value.isObject() ? value.path("type").asString("uri_folder") : typeOf(file, value);
            outputs.putObject(entry.getKey()).put("type", type.equals("string") ? "uri_folder" : type);
        });
        return outputs;
    }

    private static String typeOf(YamlFile file, JsonNode value) {
        if (value.isObject()) {
            String path = value.path("path").asString("");
            return value.has("type") || !path.startsWith("${{")
                    ? value.path("type").asString("uri_folder")
                    : typeOf(file, value.path("path"));
        }
        if (value.isBoolean()) {
            return "boolean";
        }
        if (value.isNumber()) {
            return value.isIntegralNumber() ? "integer" : "number";
        }
        Matcher binding = BINDING.matcher(value.asString(""));
        if (!binding.matches()) {
            return "string";
        }
        if (binding.group(1) != null) {
            return typeOf(file, file.root().path("inputs").path(binding.group(1)));
        }
        if (binding.group(2) != null) {
            return file.root()
                    .path("outputs")
                    .path(binding.group(2))
                    .path("type")
                    .asString("uri_folder");
        }
        JsonNode output =
                file.root().path("jobs").path(binding.group(3)).path("outputs").path(binding.group(4));
        return output.path("type").asString("uri_folder");
    }

    /// Every `${{parent…}}` must name an input, output or step that this file has.
    private static void checkBindings(YamlFile file) {
        for (var step : file.root().path("jobs").properties()) {
            for (String field : List.of("inputs", "outputs")) {
                for (var port : step.getValue().path(field).properties()) {
                    JsonNode value = port.getValue();
                    String text = value.isObject() ? value.path("path").asString("") : value.asString("");
                    String pointer = "/jobs/" + step.getKey() + "/" + field + "/" + port.getKey();
                    Matcher binding = BINDING.matcher(text);
                    while (binding.find()) {
                        check(file, pointer, "inputs", "pipeline input", binding.group(1));
                        check(file, pointer, "outputs", "pipeline output", binding.group(2));
                        check(file, pointer, "jobs", "step", binding.group(3));
                    }
                }
            }
        }
    }

    private static void check(
            YamlFile file, String pointer, String field, String what, @org.jspecify.annotations.Nullable String name) {
        if (name == null || file.root().path(field).has(name)) {
            return;
        }
        Set<String> known = new TreeSet<>();
        known.addAll(file.root().path(field).propertyNames());
        throw file.error(pointer, "there is no " + what + " '" + name + "' in this file." + Nearest.hint(name, known));
    }
}
