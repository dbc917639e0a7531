package atelier.endpoints;

import atelier.kernel.Json;
import atelier.kernel.Problem;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How a deployment's processes are asked whether they are well (specification mfe.json, ProbeSettings): `GET /` of the
/// scoring server must answer 200.
///
/// @param initialDelayMillis from ready to the first question
/// @param periodMillis from question to question
/// @param timeoutMillis longest wait for an answer
/// @param successThreshold good answers in a row that make it well again
/// @param failureThreshold bad ones in a row that make it unwell
public record Probe(
        long initialDelayMillis, long periodMillis, long timeoutMillis, int successThreshold, int failureThreshold) {
    /// Azure's.
    public static final Probe DEFAULT = new Probe(10_000, 10_000, 2_000, 1, 30);

    private static final int MOST = 1_000_000;

    /// Fields that are missing are Azure's defaults.
    ///
    /// @param field of the deployment: `livenessProbe` or `readinessProbe`
    /// @throws Problem.Invalid naming the field
    static Probe of(JsonNode properties, String field) {
        JsonNode given = properties.path(field);
        if (given.isMissingNode() || given.isNull()) {
            return DEFAULT;
        }
        String where = "properties." + field;
        if (!given.isObject()) {
            throw new Problem.Invalid("'" + field + "' must be an object.", where);
        }
        return new Probe(
                millis(given, "initialDelay", where, DEFAULT.initialDelayMillis, 0),
                millis(given, "period", where, DEFAULT.periodMillis, 1),
                millis(given, "timeout", where, DEFAULT.timeoutMillis, 1),
                whole(given, "successThreshold", where, DEFAULT.successThreshold),
                whole(given, "failureThreshold", where, DEFAULT.failureThreshold));
    }

    private static long millis(JsonNode given, String field, String where, long otherwise, long least) {
        JsonNode value = given.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        try {
            long millis = Duration.parse(value.asString("")).toMillis();
            if (millis >= least) {
                return millis;
            }
        } catch (DateTimeParseException | ArithmeticException e) {
            // told below
        }
        throw new Problem.Invalid(
                "'" + field + "' is not a" + (least > 0 ? " positive" : "") + " ISO 8601 duration such as PT10S: "
                        + shown(value) + ".",
                where + "." + field);
    }

    /// A whole number of at least one.
    static int whole(JsonNode given, String field, String where, int otherwise) {
        JsonNode value = given.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (value.isString() && value.stringValue().matches("[1-9]\\d{0,5}")) {
            return Integer.parseInt(value.stringValue());
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1 || value.intValue() > MOST) {
            throw new Problem.Invalid(
                    "'" + field + "' must be a whole number from 1 to " + MOST + ", not " + shown(value) + ".",
                    where + "." + field);
        }
        return value.intValue();
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= 100 ? text : text.substring(0, 97) + "...";
    }

    /// As the specification has it.
    public ObjectNode json() {
        return Json.object()
                .put("initialDelay", Duration.ofMillis(initialDelayMillis).toString())
                .put("period", Duration.ofMillis(periodMillis).toString())
                .put("timeout", Duration.ofMillis(timeoutMillis).toString())
                .put("successThreshold", successThreshold)
                .put("failureThreshold", failureThreshold);
    }

    /// From the start of a process to its end when it never gets well.
    public Duration patience() {
        return Duration.ofMillis(initialDelayMillis).plusMillis(periodMillis * failureThreshold);
    }
}
