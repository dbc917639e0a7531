package atelier.cli.jobs;

import atelier.cli.assets.Assets;
import atelier.cli.assets.DataAssets;
import atelier.cli.assets.Datastores;
import atelier.cli.assets.ModelAssets;
import atelier.cli.yaml.Fields;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Inputs and outputs of jobs. On the wire they have two spellings: camelCase on a job (`jobInputType`), snake_case on
/// the nodes inside a pipeline (`job_input_type`).
final class Ports {
    private static final Fields INPUT =
            Fields.of("an input", "type path mode description path_on_compute datastore value");
    private static final Fields OUTPUT = Fields.of("an output", "type path mode description name version");
    private static final Map<String, String> INPUT_MODES = Map.of(
            "ro_mount", "ReadOnlyMount",
            "rw_mount", "ReadWriteMount",
            "mount", "ReadOnlyMount",
            "download", "Download",
            "direct", "Direct",
            "eval_mount", "EvalMount",
            "eval_download", "EvalDownload");
    private static final Map<String, String> OUTPUT_MODES =
            Map.of("rw_mount", "ReadWriteMount", "mount", "ReadWriteMount", "upload", "Upload", "direct", "Direct");
    private static final List<String> TYPES = types();

    private final Assets assets;

    Ports(Assets assets) {
        this.assets = assets;
    }

    private static List<String> types() {
        List<String> types = new ArrayList<>(DataAssets.TYPES);
        types.addAll(ModelAssets.TYPES);
        return List.copyOf(types);
    }

    /// `inputs` of a job, for the wire.
    ObjectNode inputs(YamlFile file) {
        return each(file, "inputs", (value, pointer) -> {
            if (!value.isObject()) {
                return literal("jobInputType", YamlFile.scalar(value));
            }
            if (value.has("value")) {
                INPUT.check(file, pointer);
                return literal("jobInputType", YamlFile.scalar(value.path("value")));
            }
            return data(file, value, pointer, "jobInputType");
        });
    }

    /// `inputs` of a node of a pipeline, for the wire.
    ObjectNode nodeInputs(YamlFile file, String field) {
        return each(file, field, (value, pointer) -> {
            if (!value.isObject()) {
                return literal("job_input_type", YamlFile.scalar(value));
            }
            String path = value.path("path").asString("");
            if (path.startsWith("${{")) {
                INPUT.check(file, pointer);
                ObjectNode bound = literal("job_input_type", path);
                mode(file, value, pointer, INPUT_MODES, bound);
                return bound;
            }
            return data(file, value, pointer, "job_input_type");
        });
    }

    /// One input by its place in the file, for the wire; `type` when it says none.
    ObjectNode input(YamlFile file, String pointer, String type) {
        JsonNode given = file.root().at(pointer);
        ObjectNode value = given instanceof ObjectNode mapping
                ? mapping.deepCopy()
                : Json.object().put("path", given.asString(""));
        if (!value.has("type")) {
            value.put("type", type);
        }
        return data(file, value, pointer, "jobInputType");
    }

    /// `outputs` of a job, for the wire.
    ObjectNode outputs(YamlFile file) {
        return each(file, "outputs", (value, pointer) -> output(file, value, pointer, true));
    }

    /// `outputs` of a node of a pipeline, for the wire.
    ObjectNode nodeOutputs(YamlFile file, String field) {
        ObjectNode outputs = each(file, field, (value, pointer) -> {
            if (value.isString()) {
                ObjectNode bound = Json.object();
                bound.put("value", value.asString()).put("type", "literal");
                return bound;
            }
            return output(file, value, pointer, false);
        });
        // An output of which nothing is said is its component's; the official client does not send it.
        JsonNode given = file.root().at(field);
        given.properties().forEach(each -> {
            if (each.getValue().isNull()) {
                outputs.remove(each.getKey());
            }
        });
        return outputs;
    }

    private ObjectNode output(YamlFile file, JsonNode value, String pointer, boolean camel) {
        ObjectNode output = Json.object();
        if (value.isNull()) {
            return output.put(camel ? "jobOutputType" : "job_output_type", "uri_folder");
        }
        OUTPUT.check(file, pointer);
        String type = Fields.oneOf(file, pointer + "/type", value.path("type").asString("uri_folder"), TYPES);
        output.put(camel ? "jobOutputType" : "job_output_type", type);
        mode(file, value, pointer, OUTPUT_MODES, output);
        if (value.has("path")) {
            output.put("uri", value.path("path").asString(""));
        }
        if (value.has("name")) {
            output.put(camel ? "assetName" : "asset_name", value.path("name").asString(""));
        }
        if (value.has("version")) {
            output.put(camel ? "assetVersion" : "asset_version", YamlFile.scalar(value.path("version")));
        }
        return output;
    }

    private static ObjectNode literal(String typeField, String value) {
        ObjectNode literal = Json.object();
        return literal.put(typeField, "literal").put("value", value);
    }

    private ObjectNode data(YamlFile file, JsonNode value, String pointer, String typeField) {
        INPUT.check(file, pointer);
        String type = value.path("type").asString("uri_folder");
        if (List.of("string", "number", "integer", "boolean").contains(type)) {
            throw file.error(pointer, "an input of type " + type + " in a job is given as its value: `name: value`.");
        }
        Fields.oneOf(file, pointer + "/type", type, TYPES);
        String path = value.path("path").asString("");
        if (path.isEmpty()) {
            throw file.error(pointer, "an input of type " + type + " needs 'path'.");
        }
        ObjectNode input = Json.object();
        input.put(typeField, type);
        input.put("uri", uri(file, pointer + "/path", type, path));
        mode(file, value, pointer, INPUT_MODES, input);
        // The server says why it does not place data where a job wants.
        if (value.hasNonNull("path_on_compute")) {
            input.put("pathOnCompute", value.path("path_on_compute").asString(""));
        }
        return input;
    }

    private String uri(YamlFile file, String pointer, String type, String path) {
        if (Assets.isRemote(path)) {
            return assets.reference(ModelAssets.TYPES.contains(type) ? "models" : "data", path, file, pointer);
        }
        Path local = file.local(path);
        if (!Files.exists(local)) {
            throw file.error(pointer, "there is no file or folder " + local + ".");
        }
        if (type.equals("uri_file") == Files.isDirectory(local)) {
            throw file.error(pointer, local + " does not fit the type " + type + ".");
        }
        String below = assets.uploads().toDatastore(local, Datastores.DEFAULT, "input", "1");
        return Assets.datastoreUri(Datastores.DEFAULT, below);
    }

    private static void mode(
            YamlFile file, JsonNode value, String pointer, Map<String, String> modes, ObjectNode into) {
        if (value.has("mode")) {
            String mode = value.path("mode").asString("");
            Fields.oneOf(
                    file,
                    pointer + "/mode",
                    mode,
                    modes.keySet().stream().sorted().toList());
            into.put("mode", modes.get(mode));
        }
    }

    private interface Port {
        ObjectNode of(JsonNode value, String pointer);
    }

    private static ObjectNode each(YamlFile file, String field, Port port) {
        ObjectNode result = Json.object();
        JsonNode ports =
                field.startsWith("/") ? file.root().at(field) : file.root().path(field);
        if (ports.isMissingNode() || ports.isNull()) {
            return result;
        }
        String base = field.startsWith("/") ? field : "/" + field;
        if (!ports.isObject()) {
            throw file.error(base, "'" + base.substring(base.lastIndexOf('/') + 1) + "' must be a mapping.");
        }
        for (var entry : ports.properties()) {
            result.set(entry.getKey(), port.of(entry.getValue(), base + "/" + entry.getKey()));
        }
        return result;
    }
}
