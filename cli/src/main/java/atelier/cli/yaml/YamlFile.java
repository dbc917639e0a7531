package atelier.cli.yaml;

import atelier.cli.CliError;
import atelier.kernel.Json;
import atelier.schemas.Mark;
import atelier.schemas.Mistake;
import atelier.schemas.Schemas;
import atelier.schemas.YamlText;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A YAML file as a JSON tree that still knows on which line each field stands (YAML 1.2 core schema: `yes` is text).
/// Paths in it are relative to its own folder.
public final class YamlFile {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private final Path path;
    private final ObjectNode root;
    private final Map<String, Mark> marks;

    private YamlFile(Path path, ObjectNode root, Map<String, Mark> marks) {
        this.path = path;
        this.root = root;
        this.marks = marks;
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

    /// A file that is none: an empty mapping whose paths are relative to `folder`.
    public static YamlFile empty(Path folder) {
        return new YamlFile(folder.resolve("(no file)"), NODES.objectNode(), new HashMap<>());
    }

    static YamlFile parse(Path path, String text) {
        try {
            YamlText yaml = YamlText.parse(text);
            return new YamlFile(path, yaml.root(), yaml.marks());
        } catch (YamlText.NotYaml e) {
            throw new CliError(path + ":" + e.mistake(), e);
        }
    }

    /// What of the file is not as its kind has it: a noun of the command line (`job`) or a kind (`sweep job`).
    public List<Mistake> mistakes(String kind) {
        return Schemas.check(kind, root, marks);
    }

    /// @throws CliError with every mistake on a line of its own
    public YamlFile checked(String kind) {
        List<Mistake> mistakes = mistakes(kind);
        if (!mistakes.isEmpty()) {
            throw new CliError(
                    String.join("\n", mistakes.stream().map(this::sentence).toList()));
        }
        return this;
    }

    private String sentence(Mistake mistake) {
        return marks.isEmpty() ? mistake.message() : path + ":" + mistake;
    }

    /// A file made of a mapping inside `this`, such as an inline component.
    public YamlFile inline(String pointer, ObjectNode mapping) {
        Map<String, Mark> below = new HashMap<>();
        marks.forEach((key, mark) -> {
            if (key.startsWith(pointer)) {
                below.put(key.substring(pointer.length()), mark);
            }
        });
        return new YamlFile(path, mapping, below);
    }

    /// The same file as if it lacked a field.
    public YamlFile without(String field) {
        ObjectNode fewer = root.deepCopy();
        fewer.remove(field);
        return new YamlFile(path, fewer, marks);
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

    /// A mistake at `pointer` (such as `/inputs/data`), with file, line and column.
    public CliError error(String pointer, String what) {
        Mark mark = YamlText.mark(marks, pointer);
        return new CliError(sentence(new Mistake(mark.line(), mark.column(), pointer, what)));
    }

    /// Sets `a.b[0].c` to a value read as YAML (`--set inputs.rate=0.1`).
    public void set(String assignment) {
        int equals = assignment.indexOf('=');
        if (equals <= 0) {
            throw new CliError("--set needs FIELD=VALUE, not '" + assignment + "'.");
        }
        set(assignment.substring(0, equals), assignment.substring(equals + 1), "--set");
    }

    /// Sets the field at a dotted path; `option` is what asked for it. Names and versions stay text.
    public void set(String field, String text, String option) {
        FieldPath.of(field, option).set(root, TEXTS.contains(field) ? NODES.stringNode(text) : value(text, option));
    }

    private static final java.util.Set<String> TEXTS =
            java.util.Set.of("name", "version", "path", "description", "display_name", "endpoint_name");

    private static JsonNode value(String text, String option) {
        try {
            return parse(Path.of(option), "value: " + text).root.path("value");
        } catch (CliError notYaml) {
            return NODES.stringNode(text);
        }
    }
}
