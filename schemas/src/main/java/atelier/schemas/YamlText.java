package atelier.schemas;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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

/// A YAML text as a JSON tree that still knows where each field stands (YAML 1.2 core schema: `yes` is text; anchors
/// and merge keys as everywhere).
public final class YamlText {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    /// An alias may repeat a mapping; what grows beyond this is an attack, not a job.
    private static final int MOST_NODES = 200_000;

    private static final int DEEPEST = 100;

    private final ObjectNode root;
    private final Map<String, Mark> marks;

    private YamlText(ObjectNode root, Map<String, Mark> marks) {
        this.root = root;
        this.marks = marks;
    }

    /// A text that is no YAML mapping.
    public static final class NotYaml extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Mistake mistake;

        NotYaml(int line, int column, String message) {
            super(message);
            mistake = new Mistake(line, column, "", message);
        }

        public Mistake mistake() {
            return mistake;
        }
    }

    /// @throws NotYaml with the place, when it is not a YAML mapping
    public static YamlText parse(String text) throws NotYaml {
        Optional<Node> composed;
        try {
            composed = new Compose(
                            LoadSettings.builder().setSchema(new CoreSchema()).build())
                    .composeString(text);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            int column = e.getProblemMark().map(mark -> mark.getColumn() + 1).orElse(1);
            throw new NotYaml(line, column, "this is not valid YAML: " + e.getProblem() + ".");
        } catch (YamlEngineException e) {
            throw new NotYaml(1, 1, "this is not valid YAML: " + e.getMessage() + ".");
        } catch (StackOverflowError e) {
            throw new NotYaml(1, 1, "this YAML is nested too deeply.");
        }
        if (composed.isEmpty() || !(composed.get() instanceof MappingNode mapping)) {
            throw new NotYaml(1, 1, "a YAML mapping is needed, that is lines of `name: value`.");
        }
        Map<String, Mark> marks = new HashMap<>();
        return new YamlText((ObjectNode) new Reader(marks).convert(mapping, "", 0), marks);
    }

    public ObjectNode root() {
        return root;
    }

    /// Where each field stands, by JSON pointer.
    public Map<String, Mark> marks() {
        return marks;
    }

    /// Where the field stands; for one that is not there, the nearest that holds it.
    public static Mark mark(Map<String, Mark> marks, String pointer) {
        String at = pointer;
        while (true) {
            @Nullable Mark found = marks.get(at);
            if (found != null) {
                return found;
            }
            if (at.isEmpty()) {
                return new Mark(1, 1);
            }
            at = at.substring(0, at.lastIndexOf('/'));
        }
    }

    /// A name as a step of a JSON pointer.
    public static String step(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static final class Reader {
        private final Map<String, Mark> marks;
        private int nodes;

        Reader(Map<String, Mark> marks) {
            this.marks = marks;
        }

        private static Mark place(Node node) {
            return node.getStartMark()
                    .map(mark -> new Mark(mark.getLine() + 1, mark.getColumn() + 1))
                    .orElse(new Mark(1, 1));
        }

        JsonNode convert(Node node, String pointer, int depth) throws NotYaml {
            Mark place = place(node);
            if (++nodes > MOST_NODES || depth > DEEPEST) {
                throw new NotYaml(place.line(), place.column(), "this YAML is too large or nested too deeply.");
            }
            marks.putIfAbsent(pointer, place);
            switch (node) {
                case MappingNode mapping -> {
                    return mapping(mapping, pointer, depth);
                }
                case SequenceNode sequence -> {
                    ArrayNode array = NODES.arrayNode();
                    int index = 0;
                    for (Node item : sequence.getValue()) {
                        array.add(convert(item, pointer + "/" + index++, depth + 1));
                    }
                    return array;
                }
                case ScalarNode scalar -> {
                    return scalar(scalar);
                }
                default -> throw new NotYaml(place.line(), place.column(), "a kind of YAML that is not known here.");
            }
        }

        private ObjectNode mapping(MappingNode mapping, String pointer, int depth) throws NotYaml {
            ObjectNode object = NODES.objectNode();
            List<NodeTuple> merged = new java.util.ArrayList<>();
            for (NodeTuple tuple : mapping.getValue()) {
                Mark place = place(tuple.getKeyNode());
                if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                    throw new NotYaml(place.line(), place.column(), "a key must be plain text.");
                }
                String name = key.getValue();
                if (name.equals("<<") && tuple.getValueNode() instanceof MappingNode) {
                    merged.add(tuple);
                    continue;
                }
                if (object.has(name)) {
                    throw new NotYaml(place.line(), place.column(), "'" + name + "' is given twice.");
                }
                String inside = pointer + "/" + step(name);
                marks.put(inside, place);
                object.set(name, convert(tuple.getValueNode(), inside, depth + 1));
            }
            for (NodeTuple tuple : merged) {
                ObjectNode more = (ObjectNode) convert(tuple.getValueNode(), pointer, depth + 1);
                more.properties().forEach(each -> {
                    if (!object.has(each.getKey())) {
                        object.set(each.getKey(), each.getValue());
                    }
                });
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
