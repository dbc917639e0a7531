package atelier.mlflow;

import atelier.kernel.Caller;
import atelier.kernel.Problem;
import atelier.web.Exchange;
import atelier.web.JsonBodies;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The parameters of one MLflow call, from the query of a GET or the JSON body of any other method, read as MLflow's
/// handlers do (mlflow/server/handlers.py): 64-bit numbers may be strings, `NaN` may be bare, camelCase names are
/// known in bodies. The sentences of its complaints are matched by clients.
public final class MlflowRequest {
    private static final String SEE = " See the API docs for more information about request parameters.";
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();
    private final Exchange exchange;
    private final Workspace workspace;
    private final ObjectNode fields;
    private final boolean query;
    private final String path;

    private MlflowRequest(Exchange exchange, Workspace workspace, ObjectNode fields, boolean query, String path) {
        this.exchange = exchange;
        this.workspace = workspace;
        this.fields = fields;
        this.query = query;
        this.path = path;
    }

    /// Reads the query or the body of `exchange`.
    public static MlflowRequest of(Exchange exchange, Workspace workspace) throws IOException {
        if (exchange.method().equals("GET") || exchange.method().equals("HEAD")) {
            return new MlflowRequest(exchange, workspace, query(exchange.queries()), true, "");
        }
        String type = exchange.header("Content-Type");
        byte[] body = exchange.bytes(Exchange.JSON_LIMIT);
        if (!exchange.method().equals("DELETE") || body.length > 0) {
            checkContentType(type);
        }
        return new MlflowRequest(exchange, workspace, body(body), false, "");
    }

    public Workspace workspace() {
        return workspace;
    }

    public Caller caller() {
        return exchange.caller();
    }

    /// The exchange itself, for path parameters.
    public Exchange exchange() {
        return exchange;
    }

    public boolean has(String name) {
        return find(name) != null;
    }

    /// Null when absent or null.
    public @Nullable String text(String name) {
        JsonNode node = find(name);
        if (node == null) {
            return null;
        }
        if (!node.isString()) {
            throw wrongType(name, node);
        }
        return node.stringValue();
    }

    public String text(String name, String otherwise) {
        String text = text(name);
        return text == null ? otherwise : text;
    }

    /// A string that must be there and not empty.
    public String required(String name) {
        String text = text(name);
        if (text == null || text.isEmpty()) {
            throw missing(name);
        }
        return text;
    }

    /// A required string that clients also send as a number (experiment ids).
    public String requiredId(String name) {
        JsonNode node = find(name);
        return node != null && node.isIntegralNumber() ? node.asString() : required(name);
    }

    /// `run_id`, or the older `run_uuid`.
    public String runId() {
        String id = text("run_id");
        if (id == null || id.isEmpty()) {
            id = text("run_uuid");
        }
        if (id == null || id.isEmpty()) {
            throw missing("run_id");
        }
        return id;
    }

    /// A 64-bit whole number, sent as number or string; null when absent.
    public @Nullable Long integer(String name) {
        JsonNode node = find(name);
        if (node == null) {
            return null;
        }
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        if (node.isString()) {
            try {
                return Long.parseLong(node.stringValue().strip());
            } catch (NumberFormatException e) {
                throw wrongType(name, node);
            }
        }
        if (node.isFloatingPointNumber() && node.doubleValue() == Math.rint(node.doubleValue())) {
            return (long) node.doubleValue();
        }
        throw wrongType(name, node);
    }

    public long integer(String name, long otherwise) {
        Long value = integer(name);
        return value == null ? otherwise : value;
    }

    public long requiredInteger(String name) {
        Long value = integer(name);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    /// `max_results` within its bounds.
    public int maxResults(int otherwise, int most) {
        long value = integer("max_results", otherwise);
        if (value <= 0) {
            throw invalid(
                    "Invalid value " + value + " for parameter 'max_results' supplied. It must be a positive integer");
        }
        if (value > most) {
            throw invalid("Invalid value " + value + " for parameter 'max_results' supplied. It must be at most " + most
                    + ". Hint: ask for fewer and follow 'next_page_token'.");
        }
        return (int) value;
    }

    /// A double: a number, a numeric string, `NaN`, `Infinity`, or a boolean (1 or 0).
    public double requiredNumber(String name) {
        JsonNode node = find(name);
        if (node == null) {
            throw missing(name);
        }
        if (node.isNumber()) {
            return node.doubleValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue() ? 1 : 0;
        }
        if (node.isString()) {
            try {
                return number(node.stringValue());
            } catch (NumberFormatException e) {
                throw wrongType(name, node);
            }
        }
        throw wrongType(name, node);
    }

    private static double number(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "nan" -> Double.NaN;
            case "inf", "infinity", "+inf" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    public boolean bool(String name, boolean otherwise) {
        JsonNode node = find(name);
        if (node == null) {
            return otherwise;
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isString() && query) {
            return node.stringValue().equalsIgnoreCase("true");
        }
        throw wrongType(name, node);
    }

    /// An enum by name or number; null when absent or unknown (MLflow ignores unknown names).
    public <E extends Enum<E>> @Nullable E choice(String name, Map<String, E> names) {
        JsonNode node = find(name);
        return node == null ? null : names.get(node.asString());
    }

    /// Repeated strings; numbers are taken as text (ids).
    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode node : elements(name)) {
            if (!node.isString() && !node.isIntegralNumber()) {
                throw wrongType(name, node);
            }
            texts.add(node.asString());
        }
        return texts;
    }

    /// Repeated messages; complaints about their fields name `list[0].field`.
    public List<MlflowRequest> items(String name) {
        List<MlflowRequest> items = new ArrayList<>();
        for (JsonNode node : elements(name)) {
            if (!(node instanceof ObjectNode object)) {
                throw wrongType(name, node);
            }
            items.add(new MlflowRequest(exchange, workspace, object, false, path + name + "[" + items.size() + "]."));
        }
        return items;
    }

    /// A nested message; empty when absent.
    public MlflowRequest item(String name) {
        JsonNode node = find(name);
        if (node == null) {
            return new MlflowRequest(
                    exchange, workspace, JsonNodeFactory.instance.objectNode(), false, path + name + ".");
        }
        if (!(node instanceof ObjectNode object)) {
            throw wrongType(name, node);
        }
        return new MlflowRequest(exchange, workspace, object, false, path + name + ".");
    }

    /// A value of any JSON type; null when absent or null.
    public @Nullable JsonNode any(String name) {
        return find(name);
    }

    /// A map of strings (protobuf's `map<string, string>`), in the order it was sent; empty when absent.
    public Map<String, String> map(String name) {
        JsonNode node = find(name);
        if (node == null) {
            return Map.of();
        }
        if (!(node instanceof ObjectNode object)) {
            throw wrongType(name, node);
        }
        Map<String, String> map = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!field.getValue().isString()) {
                throw wrongType(name + "." + field.getKey(), field.getValue());
            }
            map.put(field.getKey(), field.getValue().stringValue());
        }
        return map;
    }

    /// The full name of a field in complaints: `metrics[0].key`.
    public String path(String name) {
        return path + name;
    }

    public Problem missing(String name) {
        return invalid("Missing value for required parameter '" + path + name + "'." + SEE);
    }

    public static Problem.Invalid invalid(String message) {
        return new Problem.Invalid("INVALID_PARAMETER_VALUE", message, null);
    }

    private Problem wrongType(String name, JsonNode node) {
        String type = node.isString()
                ? "str"
                : node.isBoolean()
                        ? "bool"
                        : node.isIntegralNumber()
                                ? "int"
                                : node.isNumber() ? "float" : node.isArray() ? "list" : "dict";
        String shown = node.toString();
        return invalid("Invalid value " + (shown.length() > 200 ? shown.substring(0, 200) + "…" : shown)
                + " for parameter '" + path + name + "' supplied:  Hint: Value was of type '" + type + "'." + SEE);
    }

    private Iterable<JsonNode> elements(String name) {
        JsonNode node = find(name);
        if (node == null) {
            return List.of();
        }
        if (node.isArray()) {
            return node;
        }
        if (query) {
            return List.of(node);
        }
        throw wrongType(name, node);
    }

    private @Nullable JsonNode find(String name) {
        JsonNode node = fields.get(name);
        if (node == null && !query) {
            node = fields.get(camelCase(name));
        }
        return node == null || node.isNull() ? null : node;
    }

    private static String camelCase(String name) {
        if (name.indexOf('_') < 0) {
            return name;
        }
        StringBuilder camel = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            camel.append(c == '_' && i + 1 < name.length() ? Character.toUpperCase(name.charAt(++i)) : c);
        }
        return camel.toString();
    }

    private static ObjectNode query(Map<String, List<String>> queries) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        queries.forEach((name, values) -> {
            if (values.size() == 1) {
                fields.put(name, values.getFirst());
            } else {
                ArrayNode array = fields.putArray(name);
                values.forEach(array::add);
            }
        });
        return fields;
    }

    private static ObjectNode body(byte[] body) {
        if (body.length == 0) {
            // The complaint is then about the first missing parameter.
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            JsonNode node = MAPPER.readTree(body);
            if (node.isString()) {
                node = MAPPER.readTree(node.stringValue());
            }
            JsonBodies.check(node);
            if (node instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            throw invalid("The body is not valid JSON: " + e.getOriginalMessage());
        }
        throw invalid("The body must be a JSON object.");
    }

    private static void checkContentType(@Nullable String type) {
        if (type == null || type.isBlank()) {
            throw invalid("Bad Request. Content-Type header is missing.");
        }
        int semicolon = type.indexOf(';');
        String media = semicolon < 0 ? type : type.substring(0, semicolon);
        if (!media.strip().equalsIgnoreCase("application/json")) {
            throw invalid("Bad Request. Content-Type must be one of ['application/json'].");
        }
    }
}
