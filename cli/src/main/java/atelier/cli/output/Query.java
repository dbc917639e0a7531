package atelier.cli.output;

import atelier.cli.CliError;
import io.burt.jmespath.BaseRuntime;
import io.burt.jmespath.Expression;
import io.burt.jmespath.JmesPathException;
import io.burt.jmespath.JmesPathType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A JMESPath expression (`--query`).
public final class Query {
    private static final Values VALUES = new Values();
    private final String text;
    private final Expression<JsonNode> expression;

    private Query(String text, Expression<JsonNode> expression) {
        this.text = text;
        this.expression = expression;
    }

    /// @throws CliError when it is no expression
    public static Query of(String text) {
        try {
            return new Query(text, VALUES.compile(text));
        } catch (JmesPathException e) {
            throw new CliError("--query '" + text + "' is not a JMESPath expression: " + plain(e) + ".", e);
        }
    }

    public JsonNode on(JsonNode value) {
        try {
            return expression.search(value);
        } catch (JmesPathException e) {
            throw new CliError("--query '" + text + "' does not fit the answer: " + plain(e) + ".", e);
        }
    }

    private static String plain(JmesPathException e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }

    /// Jackson's tree as the values of JMESPath.
    private static final class Values extends BaseRuntime<JsonNode> {
        private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

        @Override
        public JsonNode parseString(String string) {
            try {
                return atelier.kernel.Json.MAPPER.readTree(string);
            } catch (JacksonException e) {
                throw new JmesPathException("'" + string + "' is not JSON", e);
            }
        }

        @Override
        public List<JsonNode> toList(JsonNode value) {
            List<JsonNode> list = new ArrayList<>();
            value.forEach(list::add);
            return list;
        }

        @Override
        public String toString(JsonNode value) {
            return value.isString() ? value.asString() : value.toString();
        }

        @Override
        public Number toNumber(JsonNode value) {
            return value.isNumber() ? value.numberValue() : 0;
        }

        @Override
        public boolean isTruthy(JsonNode value) {
            return switch (typeOf(value)) {
                case NULL -> false;
                case BOOLEAN -> value.asBoolean();
                case STRING -> !value.asString().isEmpty();
                case ARRAY, OBJECT -> !value.isEmpty();
                case NUMBER -> true;
            };
        }

        @Override
        public JmesPathType typeOf(JsonNode value) {
            return switch (value.getNodeType()) {
                case ARRAY -> JmesPathType.ARRAY;
                case OBJECT, POJO -> JmesPathType.OBJECT;
                case BOOLEAN -> JmesPathType.BOOLEAN;
                case NUMBER -> JmesPathType.NUMBER;
                case STRING, BINARY -> JmesPathType.STRING;
                case NULL, MISSING -> JmesPathType.NULL;
            };
        }

        @Override
        public JsonNode getProperty(JsonNode value, JsonNode name) {
            JsonNode found = value.path(name.asString(""));
            return found.isMissingNode() ? NODES.nullNode() : found;
        }

        @Override
        public Collection<JsonNode> getPropertyNames(JsonNode value) {
            List<JsonNode> names = new ArrayList<>();
            value.propertyNames().forEach(name -> names.add(NODES.stringNode(name)));
            return names;
        }

        @Override
        public JsonNode createNull() {
            return NODES.nullNode();
        }

        @Override
        public JsonNode createArray(Collection<JsonNode> elements) {
            ArrayNode array = NODES.arrayNode();
            elements.forEach(array::add);
            return array;
        }

        @Override
        public JsonNode createString(String value) {
            return NODES.stringNode(value);
        }

        @Override
        public JsonNode createBoolean(boolean value) {
            return NODES.booleanNode(value);
        }

        @Override
        public JsonNode createObject(Map<JsonNode, JsonNode> values) {
            ObjectNode object = NODES.objectNode();
            values.forEach((name, value) -> object.set(name.asString(""), value));
            return object;
        }

        @Override
        public JsonNode createNumber(double value) {
            return NODES.numberNode(value);
        }

        @Override
        public JsonNode createNumber(long value) {
            return NODES.numberNode(value);
        }
    }
}
