package atelier.sweeps;

import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// Reads fields in the spelling of REST (`maxTotalTrials`) and of YAML (`max_total_trials`), which steps of pipelines
/// have. Every problem names the field.
final class Fields {
    private Fields() {}

    static final String CODE = "InvalidSweep";

    private static final Duration LONGEST = Duration.ofDays(3650);

    /// The field of that REST name in either spelling; missing when it is not there or null.
    static JsonNode get(JsonNode node, String name) {
        JsonNode value = node.path(name);
        if (value.isMissingNode()) {
            value = node.path(snake(name));
        }
        return value.isNull() ? MissingNode.getInstance() : value;
    }

    static String text(JsonNode node, String name) {
        return get(node, name).asString("");
    }

    static String snake(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    static Problem invalid(String target, String message) {
        return new Problem.Invalid(CODE, target + ": " + message, target);
    }

    /// A word of a list in any case and with or without `_`; the empty word when there is none.
    static String word(JsonNode value, Collection<String> known, String target) {
        String given = value.asString("");
        for (String word : known) {
            if (plain(word).equals(plain(given))) {
                return word;
            }
        }
        throw invalid(
                target,
                (given.isEmpty() ? "It is missing" : "'" + given + "' is not allowed") + "; allowed are "
                        + String.join(", ", known) + "." + Nearest.hint(given, known));
    }

    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace("_", "");
    }

    static int whole(JsonNode value, int otherwise, int least, int most, String target) {
        if (value.isMissingNode()) {
            return otherwise;
        }
        double number = number(value, 0, target);
        if (number != Math.rint(number) || number < least || number > most) {
            throw invalid(
                    target, "It must be a whole number from " + least + " to " + most + ", not " + shown(value) + ".");
        }
        return (int) number;
    }

    /// Numbers may come as text, from files.
    static double number(JsonNode value, double otherwise, String target) {
        if (value.isMissingNode()) {
            return otherwise;
        }
        try {
            double number = value.isNumber() ? value.asDouble() : Double.parseDouble(value.asString("?"));
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw invalid(target, "It must be a number, not " + shown(value) + ".");
    }

    /// ISO 8601 (`PT2H`), or seconds; null for none.
    static @Nullable Duration duration(JsonNode value, String target) {
        if (value.isMissingNode() || value.isString() && value.asString().isEmpty()) {
            return null;
        }
        try {
            Duration given = value.isNumber()
                    ? Duration.ofSeconds(Math.round(value.asDouble()))
                    : Duration.parse(value.asString(""));
            if (given.isPositive() && given.compareTo(LONGEST) <= 0) {
                return given;
            }
        } catch (DateTimeParseException | ArithmeticException e) {
            // Said below.
        }
        throw invalid(
                target,
                "It must be a duration of more than 0 and less than ten years, in ISO 8601 such as PT1H or in seconds, not "
                        + shown(value) + ".");
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
}
