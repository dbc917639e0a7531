package atelier.batch;

import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// How a model's batch job works through its input (specification mfe.json, BatchDeploymentProperties; the defaults are
/// Azure's).
///
/// @param appendRow whether results are kept in `outputFile`; false: `SummaryOnly`
/// @param miniBatchSize files in a mini-batch
/// @param concurrency worker processes of an instance
/// @param errorThreshold files that may fail; -1 for any number
/// @param timeout longest time of one mini-batch
public record BatchSettings(
        boolean appendRow,
        String outputFile,
        int miniBatchSize,
        int concurrency,
        int instances,
        int errorThreshold,
        int maxRetries,
        Duration timeout,
        String loggingLevel) {
    private static final List<String> ACTIONS = List.of("AppendRow", "SummaryOnly");
    private static final List<String> LEVELS = List.of("Info", "Warning", "Debug");
    private static final int MOST = 1_000_000;

    /// @param properties of a deployment, or of one with an invocation's own laid over it
    /// @throws Problem.Invalid naming the field
    public static BatchSettings parse(JsonNode properties) {
        JsonNode retry = properties.path("retrySettings");
        return new BatchSettings(
                word(properties, "outputAction", ACTIONS, "AppendRow").equals("AppendRow"),
                file(properties.path("outputFileName")),
                number(properties, "properties.", "miniBatchSize", 10, 1),
                number(properties, "properties.", "maxConcurrencyPerInstance", 1, 1),
                number(properties.path("resources"), "properties.resources.", "instanceCount", 1, 1),
                number(properties, "properties.", "errorThreshold", -1, -1),
                number(retry, "properties.retrySettings.", "maxRetries", 3, 0),
                timeout(retry.path("timeout")),
                word(properties, "loggingLevel", LEVELS, "Info"));
    }

    private static int number(JsonNode holder, String where, String field, int otherwise, int least) {
        JsonNode value = holder.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || value.asLong() < least || value.asLong() > MOST) {
            throw new Problem.Invalid(
                    "'" + field + "' is a whole number from " + least + " to " + MOST + ", not '"
                            + value.asString(value.toString()) + "'.",
                    where + field);
        }
        return value.asInt();
    }

    private static String word(JsonNode properties, String field, List<String> known, String otherwise) {
        JsonNode value = properties.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        String given = value.asString("");
        for (String word : known) {
            if (word.equalsIgnoreCase(given.replace("_", ""))) {
                return word;
            }
        }
        throw new Problem.Invalid(
                "'" + field + "' is " + String.join(" or ", known) + ", not '" + given + "'."
                        + Nearest.hint(given, known),
                "properties." + field);
    }

    private static String file(JsonNode value) {
        String name = value.asString("");
        if (name.isEmpty()) {
            return "predictions.csv";
        }
        if (name.contains("/") || name.contains("\\") || name.startsWith(".") || name.contains("${{")) {
            throw new Problem.Invalid(
                    "'outputFileName' is the name of a file, without folders, not '" + name + "'.",
                    "properties.outputFileName");
        }
        return name;
    }

    private static Duration timeout(JsonNode value) {
        String given = value.asString("");
        try {
            Duration timeout = given.isEmpty() ? Duration.ofSeconds(30) : Duration.parse(given);
            if (timeout.isPositive()) {
                return timeout;
            }
        } catch (DateTimeParseException e) {
            // Said below, as for a duration that is not positive.
        }
        throw new Problem.Invalid(
                "'timeout' is an ISO 8601 duration such as PT30S, not '" + given + "'.",
                "properties.retrySettings.timeout");
    }
}
