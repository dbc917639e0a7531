package atelier.endpoints;

import atelier.kernel.Problem;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What of a deployment's REST body decides how it runs (specification mfe.json, ManagedOnlineDeployment).
///
/// @param model reference to a model version
/// @param environment reference to an environment; null takes the model's own conda.yaml
/// @param code reference to a code snapshot; null serves an MLflow model without code
/// @param script scoring script in the snapshot
/// @param instances number of processes
/// @param timeout longest time of one request
/// @param concurrency requests that one process scores at once
/// @param queueWait longest wait for a free place
/// @param liveness a process that fails it is ended, and started again
/// @param readiness a process that fails it gets no requests
public record DeploymentSpec(
        String model,
        @Nullable String environment,
        @Nullable String code,
        @Nullable String script,
        Map<String, String> variables,
        int instances,
        Duration timeout,
        int concurrency,
        Duration queueWait,
        Probe liveness,
        Probe readiness) {
    /// Azure's default is 5 seconds; a first request to a large model on a busy laptop takes longer.
    public static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static final int MOST_INSTANCES = 16;
    private static final int CONCURRENCY = 4;

    public DeploymentSpec {
        variables = Map.copyOf(variables);
        if (instances < 1 || instances > MOST_INSTANCES) {
            throw new Problem.Invalid(
                    "A deployment has 1 to " + MOST_INSTANCES + " instances here, not " + instances + ".",
                    "sku.capacity");
        }
        if ((code == null) != (script == null)) {
            throw new Problem.Invalid(
                    "'codeConfiguration' needs both 'codeId' and 'scoringScript'.", "properties.codeConfiguration");
        }
        if (script != null && (script.startsWith("/") || script.contains(".."))) {
            throw new Problem.Invalid(
                    "The scoring script is a path inside the code folder.",
                    "properties.codeConfiguration.scoringScript");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new Problem.Invalid(
                    "'requestTimeout' must be longer than nothing.", "properties.requestSettings.requestTimeout");
        }
        if (queueWait.isNegative()) {
            throw new Problem.Invalid(
                    "'maxQueueWait' must not be negative.", "properties.requestSettings.maxQueueWait");
        }
    }

    /// @throws Problem.Invalid naming the field
    public static DeploymentSpec parse(ObjectNode body) {
        JsonNode properties = body.path("properties");
        JsonNode kind = properties.path("endpointComputeType");
        if (kind.isString() && !kind.asString().equalsIgnoreCase("Managed")) {
            throw new Problem.Unsupported(
                    "UnsupportedEndpointComputeType",
                    "Deployments are 'Managed' here; '" + kind.asString() + "' needs a cluster of its own.");
        }
        JsonNode settings = properties.path("requestSettings");
        if (!settings.isObject() && !settings.isNull() && !settings.isMissingNode()) {
            throw new Problem.Invalid("'requestSettings' must be an object.", "properties.requestSettings");
        }
        JsonNode code = properties.path("codeConfiguration");
        return new DeploymentSpec(
                model(properties.path("model")),
                text(properties.path("environmentId")),
                text(code.path("codeId")),
                text(code.path("scoringScript")),
                variables(properties.path("environmentVariables")),
                Probe.whole(body.path("sku"), "capacity", "sku", 1),
                duration(settings, "requestTimeout", TIMEOUT),
                Probe.whole(settings, "maxConcurrentRequestsPerInstance", "properties.requestSettings", CONCURRENCY),
                duration(settings, "maxQueueWait", Duration.ofSeconds(30)),
                Probe.of(properties, "livenessProbe"),
                Probe.of(properties, "readinessProbe"));
    }

    /// A reference, or the object form `{"assetId": …}`.
    private static String model(JsonNode node) {
        String text = text(node.isObject() ? node.path("assetId") : node);
        if (text == null) {
            throw new Problem.Invalid("A deployment needs 'model', the id of a model version.", "properties.model");
        }
        return text;
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() && !node.stringValue().isEmpty() ? node.stringValue() : null;
    }

    private static Map<String, String> variables(JsonNode node) {
        Map<String, String> variables = new TreeMap<>();
        if (node instanceof ObjectNode object) {
            object.properties()
                    .forEach(entry ->
                            variables.put(entry.getKey(), entry.getValue().asString("")));
        }
        return variables;
    }

    private static Duration duration(JsonNode settings, String field, Duration otherwise) {
        JsonNode given = settings.path(field);
        if (given.isMissingNode() || given.isNull()) {
            return otherwise;
        }
        String value = given.asString("");
        try {
            return Duration.parse(value);
        } catch (DateTimeParseException e) {
            throw new Problem.Invalid(
                    "'" + field + "' is not an ISO 8601 duration such as PT5S: '" + value + "'.",
                    "properties.requestSettings." + field);
        }
    }
}
