package atelier.sweeps;

import atelier.kernel.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Turns what a sweep step of a pipeline says (YAML v2: `search_space`, `sampling_algorithm`, …) into the fields of a
/// REST sweep job, which clients read back.
public final class SweepForm {
    private static final List<String> PARTS =
            List.of("searchSpace", "samplingAlgorithm", "objective", "limits", "earlyTermination", "queueSettings");

    private SweepForm() {}

    /// The search space of a step, in whatever form.
    public static JsonNode searchSpace(JsonNode step) {
        return Fields.get(step, "searchSpace");
    }

    /// The parts of the sweep in REST form; what is not there stays away, and what is wrong stays as it is, for
    /// [Sweep#of] to say.
    public static ObjectNode rest(JsonNode step) {
        ObjectNode rest = Json.object();
        for (String part : PARTS) {
            JsonNode value = Fields.get(step, part);
            if (!value.isMissingNode()) {
                rest.set(part, part(part, value));
            }
        }
        return rest;
    }

    private static JsonNode part(String part, JsonNode value) {
        if (part.equals("searchSpace") && value.isObject()) {
            ObjectNode space = Json.object();
            value.properties().forEach(field -> space.set(field.getKey(), distribution(field.getValue())));
            return space;
        }
        if (part.equals("samplingAlgorithm")) {
            return sampling(value);
        }
        if (!(value instanceof ObjectNode object)) {
            return value;
        }
        ObjectNode camel = Json.object();
        object.properties().forEach(field -> camel.set(camel(field.getKey()), field.getValue()));
        switch (part) {
            case "limits" -> {
                camel.put("jobLimitsType", "Sweep");
                iso(camel, "timeout");
                iso(camel, "trialTimeout");
            }
            case "earlyTermination" -> {
                JsonNode type = camel.has("policyType") ? camel.get("policyType") : camel.get("type");
                camel.remove("type");
                if (type != null) {
                    camel.put("policyType", pascal(type.asString("")));
                }
            }
            default -> {}
        }
        return camel;
    }

    private static JsonNode sampling(JsonNode value) {
        ObjectNode sampling = Json.object();
        if (value.isObject()) {
            value.properties().forEach(field -> sampling.set(camel(field.getKey()), field.getValue()));
        }
        JsonNode type = value.isObject()
                ? sampling.has("samplingAlgorithmType") ? sampling.get("samplingAlgorithmType") : sampling.get("type")
                : value;
        sampling.remove("type");
        return sampling.put("samplingAlgorithmType", type == null ? "Random" : pascal(type.asString("")));
    }

    /// `{"type": "uniform", "min_value": 0, "max_value": 1}` as `["uniform", [0, 1]]`; anything else as it is.
    private static JsonNode distribution(JsonNode given) {
        String type = given.path("type").asString("");
        List<String> names = SearchSpace.arguments(type);
        if (!given.isObject() || names.isEmpty()) {
            return given;
        }
        List<JsonNode> values = new ArrayList<>();
        for (String name : names) {
            JsonNode value = given.path(name);
            if (value.isMissingNode()) {
                return given;
            }
            values.add(type.equals("choice") ? options(value) : value);
        }
        if (given.size() != names.size() + 1) {
            return given;
        }
        ArrayNode rest = Json.array().add(type);
        rest.add(Json.array().addAll(values));
        return rest;
    }

    private static JsonNode options(JsonNode values) {
        if (!values.isArray()) {
            return values;
        }
        ArrayNode options = Json.array();
        for (JsonNode value : values) {
            if (value.isObject()) {
                ObjectNode members = Json.object();
                for (Map.Entry<String, JsonNode> member : value.properties()) {
                    members.set(member.getKey(), distribution(member.getValue()));
                }
                options.add(members);
            } else {
                options.add(value);
            }
        }
        return options;
    }

    private static void iso(ObjectNode limits, String field) {
        if (limits.path(field).isNumber()) {
            limits.put(field, "PT" + limits.path(field).asString() + "S");
        }
    }

    private static String camel(String name) {
        StringBuilder camel = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            boolean up = i > 0 && name.charAt(i - 1) == '_';
            if (name.charAt(i) != '_') {
                camel.append(up ? Character.toUpperCase(name.charAt(i)) : name.charAt(i));
            }
        }
        return camel.toString();
    }

    /// `median_stopping` and `MedianStopping` are one.
    private static String pascal(String word) {
        String camel = camel(word.contains("_") ? word.toLowerCase(Locale.ROOT) : word);
        return camel.isEmpty() ? camel : Character.toUpperCase(camel.charAt(0)) + camel.substring(1);
    }
}
