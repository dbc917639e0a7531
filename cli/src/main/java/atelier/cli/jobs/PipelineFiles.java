package atelier.cli.jobs;

import atelier.cli.assets.Assets;
import atelier.cli.assets.Common;
import atelier.cli.assets.ComponentAssets;
import atelier.cli.yaml.Fields;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import atelier.kernel.Nearest;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Pipeline YAML to REST. Each node becomes a component by id: registered ones by their name, those in a file or
/// written into the node itself as anonymous components.
final class PipelineFiles {
    private static final Fields PIPELINE = Fields.of("a pipeline job", JobFiles.COMMON + " settings jobs component")
            .required("jobs");
    private static final Fields SETTINGS =
            Fields.of("settings", "default_datastore default_compute continue_on_step_failure force_rerun");
    private static final Fields NODE = Fields.of(
            "a step",
            "$schema name type component inputs outputs compute display_name description tags properties"
                    + " environment_variables limits resources distribution identity queue_settings services"
                    + " experiment_name comment command code environment");
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
        PIPELINE.check(file, "");
        if (!file.root().path("jobs").isObject() || file.root().path("jobs").isEmpty()) {
            throw file.error("/jobs", "'jobs' must be a mapping with at least one step.");
        }
        checkBindings(file);
        ObjectNode properties = Json.object();
        properties.put("jobType", "Pipeline");
        JobFiles.describe(file, properties);
        properties.set("inputs", ports.inputs(file));
        properties.set("outputs", ports.outputs(file));
        properties.set("settings", settings(file));
        ObjectNode nodes = properties.putObject("jobs");
        for (String name : file.root().path("jobs").propertyNames()) {
            nodes.set(name, node(file, name));
        }
        String compute = file.text("compute", "");
        if (!compute.isEmpty() && !compute.endsWith("serverless")) {
            properties.put("computeId", assets.compute(compute));
        }
        return properties;
    }

    private ObjectNode settings(YamlFile file) {
        ObjectNode settings = Json.object();
        settings.put("_source", "YAML.JOB");
        JsonNode given = file.root().path("settings");
        if (given.isMissingNode() || given.isNull()) {
            return settings;
        }
        SETTINGS.check(file, "/settings");
        for (String field : new String[] {"continue_on_step_failure", "force_rerun"}) {
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
        NODE.check(file, pointer);
        JsonNode given = file.root().at(pointer);
        String type = given.path("type").asString("command");
        if (!type.equals("command")) {
            throw file.error(
                    pointer + "/type", "steps of type '" + type + "' are not supported yet; only 'command' is.");
        }
        ObjectNode node = Json.object();
        node.put("name", name).put("type", "command").put("componentId", component(file, pointer, given));
        node.set("inputs", ports.nodeInputs(file, pointer + "/inputs"));
        node.set("outputs", ports.nodeOutputs(file, pointer + "/outputs"));
        String compute = given.path("compute").asString("");
        if (!compute.isEmpty() && !compute.endsWith("serverless")) {
            node.put("computeId", assets.compute(compute));
        }
        for (String field : new String[] {"display_name", "resources", "distribution", "limits"}) {
            if (given.has(field)) {
                node.set(field, given.path(field));
            }
        }
        for (String field : new String[] {"tags", "properties", "environment_variables"}) {
            if (given.path(field).isObject()) {
                node.set(field, Common.texts(given.path(field)));
            }
        }
        node.put("_source", "YAML.JOB");
        return node;
    }

    private String component(YamlFile file, String pointer, JsonNode given) {
        JsonNode component = given.path("component");
        if (component.isMissingNode()) {
            if (!given.has("command")) {
                throw file.error(pointer, "a step needs 'component', or 'command' and 'environment'.");
            }
            return components.anonymous(inline(file, pointer, given));
        }
        if (component instanceof ObjectNode mapping) {
            return components.anonymous(file.inline(pointer + "/component", mapping));
        }
        String text = component.asString("");
        if (text.startsWith("azureml:")) {
            return assets.reference("components", text, file, pointer + "/component");
        }
        String path = text.startsWith("file:") ? text.substring("file:".length()) : text;
        var local = file.local(path);
        if (!java.nio.file.Files.isRegularFile(local)) {
            throw file.error(pointer + "/component", "there is no component file " + local + ".");
        }
        return components.anonymous(YamlFile.read(local));
    }

    /// A step with a command of its own: its component is made of the step, with the types that its bindings have.
    private static YamlFile inline(YamlFile file, String pointer, JsonNode given) {
        ObjectNode component = Json.object();
        component.put("type", "command");
        for (String field : new String[] {"command", "code", "environment", "display_name", "description"}) {
            if (given.has(field)) {
                component.set(field, given.path(field));
            }
        }
        ObjectNode inputs = component.putObject("inputs");
        given.path("inputs")
                .properties()
                .forEach(entry -> inputs.putObject(entry.getKey()).put("type", typeOf(file, entry.getValue())));
        ObjectNode outputs = component.putObject("outputs");
        given.path("outputs").properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            String type = value.isObject() ? value.path("type").asString("uri_folder") : typeOf(file, value);
            outputs.putObject(entry.getKey()).put("type", type.equals("string") ? "uri_folder" : type);
        });
        return file.inline(pointer, component);
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
