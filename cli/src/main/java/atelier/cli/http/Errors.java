package atelier.cli.http;

import atelier.kernel.Json;
import atelier.kernel.Problem;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// One sentence out of an error answer, whichever dialect it is in: ARM, MLflow, storage XML, or plain text.
final class Errors {
    private static final Pattern XML = Pattern.compile("<Code>([^<]*)</Code>\\s*<Message>([^<]*)</Message>");

    private Errors() {}

    static String sentence(int status, String body) {
        String text = body.strip();
        if (text.startsWith("{")) {
            try {
                String found = ofJson(Json.parse(text));
                if (!found.isBlank()) {
                    return found;
                }
            } catch (Problem notJson) {
                // Falls through to the plain text.
            }
        }
        Matcher xml = XML.matcher(text);
        if (xml.find()) {
            return xml.group(2).lines().findFirst().orElse(xml.group(1)).strip();
        }
        if (text.isEmpty()) {
            return "The server answered " + status + " without saying why.";
        }
        return text.length() <= 300 ? text : text.substring(0, 300) + "...";
    }

    /// The machine-readable code, or an empty string.
    static String code(String body) {
        if (!body.strip().startsWith("{")) {
            Matcher xml = XML.matcher(body);
            return xml.find() ? xml.group(1) : "";
        }
        try {
            JsonNode node = Json.parse(body);
            return node.path("error")
                    .path("code")
                    .asString(node.path("error_code").asString(""));
        } catch (Problem notJson) {
            return "";
        }
    }

    private static String ofJson(JsonNode node) {
        JsonNode error = node.path("error");
        if (error.isObject()) {
            return error.path("message").asString("");
        }
        if (error.isString()) {
            return error.asString();
        }
        return node.path("message").asString("");
    }
}
