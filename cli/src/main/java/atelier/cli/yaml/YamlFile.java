package atelier.cli.yaml;

import atelier.cli.CliError;
import atelier.kernel.Json;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A YAML file as a JSON tree that still knows on which line each field stands (YAML 1.2 core schema: `yes` is text).
/// Paths in it are relative to its own folder.
public final class YamlFile {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private final Path path;
    private final ObjectNode root;
    private final Map<String, Integer> lines;

    private YamlFile(Path path, ObjectNode root, Map<String, Integer> lines) {
        this.path = path;
        this.root = root;
        this.lines = lines;
    }

    /// @throws CliError when there is no such file, or it is not a YAML mapping
    public static YamlFile read(Path path) {
        String text;
        try {
            if (Files.isDirectory(path)) {
                throw new CliError(path + " is a folder; a YAML file is needed.");
            }
            text = Files.readString(path);
        } catch (MalformedInputException e) {
            throw new CliError(path + " is not a text file in UTF-8.", e);
        } catch (IOException e) {
            throw new CliError("There is no file " + path + " that can be read.", e);
        }
        return parse(path, text);
    }

    static YamlFile parse(Path path, String text) {
        Optional<Node> composed;
        try {
            LoadSettings settings = LoadSettings.builder()
                    .setSchema(new CoreSchema())
                    .setLabel(path.toString())
                    .build();
            composed = new Compose(settings).composeString(text);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new CliError(path + ", line " + line + ": this is not valid YAML: " + e.getProblem() + ".", e);
        } catch (YamlEngineException e) {
            throw new CliError(path + ": this is not valid YAML: " + e.getMessage(), e);
        }
        Map<String, Integer> lines = new HashMap<>();
        if (composed.isEmpty() || !(composed.get() instanceof MappingNode mapping)) {
            throw new CliError(path + " must be a YAML mapping, that is lines of `name: value`.");
        }
        return new YamlFile(path, (ObjectNode) new Reader(path, lines).convert(mapping, ""), lines);
    }

    /// A file made of a mapping inside `this`, such as an inline component.
    public YamlFile inline(String pointer, ObjectNode mapping) {
        Map<String, Integer> below = new HashMap<>();
        lines.forEach((key, line) -> {
            if (key.startsWith(pointer)) {
                below.put(key.substring(pointer.length()), line);
            }
        });
        return new YamlFile(path, mapping, below);
    }

    public Path path() {
        return path;
    }

    public ObjectNode root() {
        return root;
    }

    /// A local path written in this file.
    public Path local(String text) {
        Path folder = path.toAbsolutePath().getParent();
        Path relative = Path.of(text);
        return folder == null ? relative : folder.resolve(relative).normalize();
    }

    /// Text of a field, or `absent`.
    public String text(String name, String absent) {
        JsonNode value = root.path(name);
        return value.isMissingNode() || value.isNull() ? absent : scalar(value);
    }

    /// A scalar as the text that Azure ML would make of it: `True`/`False` for booleans, as Python prints them.
    public static String scalar(JsonNode value) {
        if (value.isBoolean()) {
            return value.asBoolean() ? "True" : "False";
        }
        return value.isString() ? value.asString() : Json.write(value);
    }

    /// A mistake at `pointer` (such as `/inputs/data`), with file and line.
    public CliError error(String pointer, String what) {
        String at = pointer;
        while (!lines.containsKey(at) && at.contains("/")) {
            at = at.substring(0, at.lastIndexOf('/'));
        }
        Integer line = lines.get(at);
        return new CliError(path + (line == null ? "" : ", line " + line) + ": " + what);
    }

    /// Sets `a.b.c` to a value read as YAML (`--set inputs.rate=0.1`).
    public void set(String assignment) {
        int equals = assignment.indexOf('=');
        if (equals <= 0) {
            throw new CliError("--set needs FIELD=VALUE, not '" + assignment + "'.");
        }
        String[] names = assignment.substring(0, equals).split("\\.", -1);
        ObjectNode at = root;
        for (int i = 0; i < names.length - 1; i++) {
            JsonNode next = at.path(names[i]);
            at = next instanceof ObjectNode object ? object : at.putObject(names[i]);
        }
        JsonNode value =
                parse(path, "value: " + assignment.substring(equals + 1)).root.path("value");
        String last = names[names.length - 1];
        // `--set inputs.data=…` on an input given as a mapping means its path.
        if (at.path(last) instanceof ObjectNode input && value.isString() && input.has("path")) {
            input.set("path", value);
        } else {
            at.set(last, value);
        }
    }

    private record Reader(Path path, Map<String, Integer> lines) {
        JsonNode convert(Node node, String pointer) {
            node.getStartMark().ifPresent(mark -> lines.putIfAbsent(pointer, mark.getLine() + 1));
            return switch (node) {
                case MappingNode mapping -> mapping(mapping, pointer);
                case SequenceNode sequence -> {
                    ArrayNode array = NODES.arrayNode();
                    int index = 0;
                    for (Node item : sequence.getValue()) {
                        array.add(convert(item, pointer + "/" + index++));
                    }
                    yield array;
                }
                case ScalarNode scalar -> scalar(scalar);
                default -> throw new CliError(path + ": a kind of YAML node that is not known here.");
            };
        }

        private ObjectNode mapping(MappingNode mapping, String pointer) {
            ObjectNode object = NODES.objectNode();
            for (NodeTuple tuple : mapping.getValue()) {
                int line = tuple.getKeyNode()
                        .getStartMark()
                        .map(mark -> mark.getLine() + 1)
                        .orElse(1);
                if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                    throw new CliError(path + ", line " + line + ": a key must be plain text.");
                }
                String name = key.getValue();
                if (object.has(name)) {
                    throw new CliError(path + ", line " + line + ": '" + name + "' is given twice.");
                }
                lines.put(pointer + "/" + name, line);
                object.set(name, convert(tuple.getValueNode(), pointer + "/" + name));
            }
            return object;
        }

        private static JsonNode scalar(ScalarNode scalar) {
            String text = scalar.getValue();
            Tag tag = scalar.getTag();
            if (tag.equals(Tag.NULL)) {
                return NODES.nullNode();
            }
            if (tag.equals(Tag.BOOL)) {
                return NODES.booleanNode(text.equalsIgnoreCase("true"));
            }
            try {
                if (tag.equals(Tag.INT)) {
                    return NODES.numberNode(Long.decode(text.replaceFirst("^([+-]?)0+(?=[1-9])", "$1")));
                }
                if (tag.equals(Tag.FLOAT)) {
                    return NODES.numberNode(Double.parseDouble(text));
                }
            } catch (NumberFormatException notANumberHere) {
                return NODES.stringNode(text);
            }
            return NODES.stringNode(text);
        }
    }
}
