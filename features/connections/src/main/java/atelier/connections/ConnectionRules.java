package atelier.connections;

import atelier.kernel.Json;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Checks what a connection is made of.
final class ConnectionRules {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{1,63}");
    private static final List<String> CATEGORIES = words("categories.txt");
    private static final List<String> AUTHENTICATIONS = words("authentication.txt");

    private ConnectionRules() {}

    static void name(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new Problem.Invalid(
                    "InvalidName",
                    "'" + shown(name)
                            + "' is not allowed. A connection's name has 2 to 64 letters, digits, '_', '.' and"
                            + " '-' and starts with a letter or digit.",
                    "connectionName");
        }
    }

    /// The properties in Azure's spelling, `credentials` among them.
    ///
    /// @throws Problem.Invalid naming the field
    static ObjectNode check(ObjectNode given) {
        ObjectNode kept = given.deepCopy();
        kept.put("category", word(given.path("category"), CATEGORIES, "properties.category"));
        kept.put("authType", word(given.path("authType"), AUTHENTICATIONS, "properties.authType"));
        JsonNode target = given.path("target");
        if (target.isContainer()) {
            throw new Problem.Invalid("'target' must be text, the address of the service.", "properties.target");
        }
        JsonNode credentials = given.path("credentials");
        if (!credentials.isMissingNode() && !credentials.isNull() && !credentials.isObject()) {
            throw new Problem.Invalid("'credentials' must be an object.", "properties.credentials");
        }
        JsonNode metadata = given.path("metadata");
        if (metadata.isMissingNode() || metadata.isNull()) {
            kept.set("metadata", Json.object());
        } else if (!metadata.isObject()) {
            throw new Problem.Invalid("'metadata' must be an object.", "properties.metadata");
        }
        return kept;
    }

    private static String word(JsonNode value, List<String> words, String target) {
        String given = value.asString("");
        return words.stream()
                .filter(word -> word.equalsIgnoreCase(given))
                .findFirst()
                .orElseThrow(() -> new Problem.Invalid(
                        (given.isEmpty() ? "It is missing" : "'" + shown(given) + "' is not known")
                                + "; known are, among others, "
                                + String.join(", ", words.subList(0, Math.min(8, words.size()))) + "."
                                + Nearest.hint(given, words),
                        target));
    }

    private static String shown(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }

    private static List<String> words(String resource) {
        try (InputStream in = Objects.requireNonNull(ConnectionRules.class.getResourceAsStream(resource), resource);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
