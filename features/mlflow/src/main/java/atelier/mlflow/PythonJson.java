package atelier.mlflow;

import atelier.kernel.Json;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// JSON with a blank after each comma and colon, as Python writes it. What spans hold is compared and searched as text
/// by clients in that form.
public final class PythonJson {
    private PythonJson() {}

    public static String write(JsonNode node) {
        StringBuilder out = new StringBuilder();
        write(node, out);
        return out.toString();
    }

    private static void write(JsonNode node, StringBuilder out) {
        if (node.isObject()) {
            String separator = "{";
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                out.append(separator).append(Json.write(field.getKey())).append(": ");
                write(field.getValue(), out);
                separator = ", ";
            }
            out.append(node.isEmpty() ? "{}" : "}");
        } else if (node.isArray()) {
            String separator = "[";
            for (JsonNode item : node) {
                out.append(separator);
                write(item, out);
                separator = ", ";
            }
            out.append(node.isEmpty() ? "[]" : "]");
        } else {
            out.append(Json.MAPPER.writeValueAsString(node));
        }
    }
}
