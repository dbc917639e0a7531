package atelier.web;

import atelier.kernel.Json;
import atelier.kernel.Problem;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What a JSON body may not hold, whatever its dialect: characters that neither a database nor a JSON answer carries.
public final class JsonBodies {
    private static final int SHOWN = 60;

    private JsonBodies() {}

    /// Parses a body and looks through it.
    ///
    /// @throws Problem.Invalid `InvalidJson` naming the field
    public static JsonNode parse(byte[] bytes) {
        JsonNode node = Json.parse(new java.io.ByteArrayInputStream(bytes));
        check(node);
        return node;
    }

    /// Looks through what was parsed elsewhere.
    ///
    /// @throws Problem.Invalid `InvalidJson` naming the field
    public static void check(JsonNode node) {
        check(node, "");
    }

    private static void check(JsonNode node, String at) {
        if (node.isString()) {
            check(node.asString(), at, "The value of '" + shown(at) + "'");
        } else if (node.isObject()) {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                check(field.getKey(), at, "A name in '" + shown(at) + "'");
                check(field.getValue(), at.isEmpty() ? field.getKey() : at + "." + field.getKey());
            }
        } else if (node.isArray()) {
            node.forEach(item -> check(item, at));
        }
    }

    private static void check(String text, String at, String what) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean paired = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (c == 0 || Character.isSurrogate(c) && !paired) {
                throw new Problem.Invalid(
                        "InvalidJson",
                        what + " has a character that is none (" + (c == 0 ? "NUL" : "half of a surrogate pair")
                                + "); send text without it.",
                        shown(at));
            }
            if (paired) {
                i++;
            }
        }
    }

    private static String shown(String at) {
        if (at.isEmpty()) {
            return "the body";
        }
        return at.codePointCount(0, at.length()) <= SHOWN
                ? at
                : at.substring(0, at.offsetByCodePoints(0, SHOWN)) + "...";
    }
}
