package atelier.cli.jobs;

import atelier.cli.yaml.Fields;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a sweep says beside its trial: search space, sampling, objective, early termination, limits. On a job they are
/// camelCase; a step of a pipeline keeps the words of the YAML, except for early termination.
final class Sweeps {
    private static final Map<String, List<String>> ARGUMENTS = Map.ofEntries(
            Map.entry("choice", List.of("values")),
            Map.entry("uniform", List.of("min_value", "max_value")),
            Map.entry("loguniform", List.of("min_value", "max_value")),
            Map.entry("quniform", List.of("min_value", "max_value", "q")),
            Map.entry("qloguniform", List.of("min_value", "max_value", "q")),
            Map.entry("normal", List.of("mu", "sigma")),
            Map.entry("lognormal", List.of("mu", "sigma")),
            Map.entry("qnormal", List.of("mu", "sigma", "q")),
            Map.entry("qlognormal", List.of("mu", "sigma", "q")),
            Map.entry("randint", List.of("upper")));
    private static final Map<String, String> POLICIES = Map.of(
            "bandit", "Bandit", "median_stopping", "MedianStopping", "truncation_selection", "TruncationSelection");

    private Sweeps() {}

    /// The fields of a sweep job.
    static void put(YamlFile file, ObjectNode properties) {
        properties.set("searchSpace", space(file, ""));
        JsonNode sampling = file.root().path("sampling_algorithm");
        ObjectNode algorithm = properties.putObject("samplingAlgorithm");
        String type = sampling.isObject() ? sampling.path("type").asString("random") : sampling.asString("random");
        Fields.oneOf(file, "/sampling_algorithm", type.toLowerCase(Locale.ROOT), List.of("random", "grid", "bayesian"));
        algorithm.put("samplingAlgorithmType", capital(type));
        copy(sampling, "seed", algorithm, "seed");
        copy(sampling, "rule", algorithm, "rule");
        copy(sampling, "logbase", algorithm, "logbase");
        JsonNode objective = file.root().path("objective");
        if (!objective.path("primary_metric").isString()) {
            throw file.error("/objective", "a sweep needs 'objective' with 'goal' and 'primary_metric'.");
        }
        String goal = objective.path("goal").asString("");
        Fields.oneOf(file, "/objective/goal", goal.toLowerCase(Locale.ROOT), List.of("minimize", "maximize"));
        properties
                .putObject("objective")
                .put("goal", goal.toLowerCase(Locale.ROOT))
                .set("primaryMetric", objective.path("primary_metric"));
        JsonNode early = file.root().path("early_termination");
        if (early.isObject()) {
            properties.set("earlyTermination", policy(file, "", early, true));
        }
        JsonNode given = file.root().path("limits");
        ObjectNode limits = properties.putObject("limits").put("jobLimitsType", "Sweep");
        copy(given, "max_total_trials", limits, "maxTotalTrials");
        copy(given, "max_concurrent_trials", limits, "maxConcurrentTrials");
        seconds(given, "timeout", limits, "timeout");
        seconds(given, "trial_timeout", limits, "trialTimeout");
    }

    /// The fields of a step of a pipeline.
    static void putNode(YamlFile file, String pointer, JsonNode given, ObjectNode node) {
        node.set("search_space", given.path("search_space"));
        if (!given.path("search_space").isObject()) {
            throw file.error(pointer, "a sweep needs 'search_space'.");
        }
        space(file, pointer);
        for (String field : new String[] {"objective", "limits", "sampling_algorithm", "queue_settings", "resources"}) {
            if (given.has(field)) {
                node.set(field, given.path(field));
            }
        }
        if (given.path("early_termination").isObject()) {
            node.set("early_termination", policy(file, pointer, given.path("early_termination"), false));
        }
    }

    private static ObjectNode space(YamlFile file, String pointer) {
        ObjectNode space = Json.object();
        JsonNode given = file.root().at(pointer + "/search_space");
        for (var each : given.properties()) {
            String place = pointer + "/search_space/" + each.getKey();
            String type = each.getValue().path("type").asString("");
            Fields.oneOf(
                    file,
                    place + "/type",
                    type,
                    ARGUMENTS.keySet().stream().sorted().toList());
            ArrayNode arguments = Json.array();
            for (String name : ARGUMENTS.getOrDefault(type, List.of())) {
                JsonNode value = each.getValue().path(name);
                if (value.isMissingNode()) {
                    throw file.error(place, "'" + type + "' needs '" + name + "'.");
                }
                arguments.add(name.equals("values") ? values(value) : value);
            }
            space.set(each.getKey(), Json.array().add(type).add(arguments));
        }
        return space;
    }

    /// Choices may be mappings with spaces of their own (nested spaces), in the same form.
    private static JsonNode values(JsonNode given) {
        ArrayNode values = Json.array();
        for (JsonNode value : given) {
            if (value.isObject()) {
                ObjectNode made = Json.object();
                value.properties().forEach(each -> made.set(each.getKey(), nested(each.getValue())));
                values.add(made);
            } else {
                values.add(value);
            }
        }
        return values;
    }

    private static JsonNode nested(JsonNode value) {
        List<String> names = ARGUMENTS.get(value.path("type").asString(""));
        if (!value.isObject() || names == null) {
            return value;
        }
        ArrayNode arguments = Json.array();
        names.forEach(name -> arguments.add(name.equals("values") ? values(value.path(name)) : value.path(name)));
        return Json.array().add(value.path("type")).add(arguments);
    }

    private static ObjectNode policy(YamlFile file, String pointer, JsonNode given, boolean camel) {
        String type = given.path("type").asString("");
        Fields.oneOf(
                file,
                pointer + "/early_termination/type",
                type,
                POLICIES.keySet().stream().sorted().toList());
        ObjectNode policy = Json.object();
        policy.put(camel ? "policyType" : "policy_type", POLICIES.getOrDefault(type, type));
        for (String field : new String[] {
            "delay_evaluation", "evaluation_interval", "slack_factor", "slack_amount", "truncation_percentage"
        }) {
            copy(given, field, policy, camel ? camel(field) : field);
        }
        return policy;
    }

    private static String camel(String field) {
        String[] words = field.split("_");
        StringBuilder name = new StringBuilder(words[0]);
        for (int i = 1; i < words.length; i++) {
            name.append(capital(words[i]));
        }
        return name.toString();
    }

    private static String capital(String word) {
        return word.isEmpty()
                ? word
                : word.substring(0, 1).toUpperCase(Locale.ROOT)
                        + word.substring(1).toLowerCase(Locale.ROOT);
    }

    private static void copy(JsonNode from, String field, ObjectNode into, String name) {
        if (from.has(field)) {
            into.set(name, from.path(field));
        }
    }

    static void seconds(JsonNode from, String field, ObjectNode into, String name) {
        if (from.has(field)) {
            into.put(
                    name,
                    java.time.Duration.ofSeconds(from.path(field).asLong()).toString());
        }
    }
}
