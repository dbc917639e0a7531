package atelier.traces.http;

import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.mlflow.MlflowRequest;
import atelier.traces.Assessment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads assessments and changes of them.
final class AssessmentForms {
    static final String FORMAT = "JSON_FORMAT";
    private static final Map<String, String> SOURCES = Map.of(
            "0", "SOURCE_TYPE_UNSPECIFIED", "1", "HUMAN", "2", "LLM_JUDGE", "3", "CODE", "AI_JUDGE", "LLM_JUDGE");
    private static final Set<String> KNOWN = Set.of("SOURCE_TYPE_UNSPECIFIED", "HUMAN", "LLM_JUDGE", "CODE");

    private AssessmentForms() {}

    private record Said(
            Assessment.Kind kind, JsonNode value, @Nullable JsonNode error) {}

    static Assessment assessment(MlflowRequest one, String traceId, long now) {
        String name = one.required("assessment_name");
        Said said = said(one);
        if (said == null) {
            throw MlflowRequest.invalid("Exactly one of `expectation`, `feedback`, or `issue` should be specified.");
        }
        MlflowRequest source = one.item("source");
        Long created = TraceForms.time(one, "create_time");
        Long updated = TraceForms.time(one, "last_update_time");
        return new Assessment(
                one.text("assessment_id", ""),
                traceId,
                said.kind(),
                name,
                said.value(),
                said.error(),
                sourceType(source),
                source.text("source_id", ""),
                one.text("span_id"),
                one.text("rationale"),
                one.text("overrides"),
                one.bool("valid", true),
                one.map("metadata"),
                created == null ? now : created,
                updated == null ? now : updated);
    }

    /// What the mask (`assessment_name,feedback`, or camelCase, or `{paths: […]}`) names of the assessment.
    static Assessment.Change change(MlflowRequest request) {
        if (!request.has("assessment")) {
            throw request.missing("assessment");
        }
        MlflowRequest one = request.item("assessment");
        String name = null;
        Said said = null;
        String rationale = null;
        Map<String, String> metadata = null;
        Boolean valid = null;
        for (String field : mask(request)) {
            switch (field) {
                case "assessment_name" -> name = one.required("assessment_name");
                case "expectation", "feedback" -> {
                    said = said(one);
                    if (said == null || !said.kind().field().equals(field)) {
                        throw one.missing(field);
                    }
                }
                case "rationale" -> rationale = one.text("rationale", "");
                case "metadata" -> metadata = one.map("metadata");
                case "valid" -> valid = one.bool("valid", true);
                default ->
                    throw MlflowRequest.invalid("Invalid value '" + field + "' for parameter 'update_mask' supplied:"
                            + " an assessment's name, expectation, feedback, rationale, metadata and valid can be"
                            + " changed.");
            }
        }
        return new Assessment.Change(
                name,
                said == null ? null : said.kind(),
                said == null ? null : said.value(),
                said == null ? null : said.error(),
                rationale,
                metadata,
                valid);
    }

    private static List<String> mask(MlflowRequest request) {
        JsonNode mask = request.any("update_mask");
        List<String> fields = new ArrayList<>();
        if (mask != null && mask.isString()) {
            for (String field : mask.stringValue().split(",", -1)) {
                fields.add(snake(field.strip()));
            }
        } else if (mask != null && mask.isObject()) {
            request.item("update_mask").texts("paths").forEach(field -> fields.add(snake(field)));
        }
        fields.removeIf(String::isEmpty);
        if (fields.isEmpty()) {
            throw request.missing("update_mask");
        }
        return fields;
    }

    private static String snake(String camel) {
        return camel.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static @Nullable Said said(MlflowRequest one) {
        Said said = null;
        for (Assessment.Kind kind : Assessment.Kind.values()) {
            if (!one.has(kind.field())) {
                continue;
            }
            if (said != null) {
                throw MlflowRequest.invalid(
                        "Exactly one of `expectation`, `feedback`, or `issue` should be specified.");
            }
            MlflowRequest body = one.item(kind.field());
            said = switch (kind) {
                case FEEDBACK -> new Said(kind, value(body), error(body));
                case EXPECTATION -> new Said(kind, expectation(body), null);
                case ISSUE -> new Said(kind, Json.object().put("issue_name", body.required("issue_name")), null);
            };
        }
        return said;
    }

    private static JsonNode value(MlflowRequest body) {
        JsonNode value = body.any("value");
        return value == null ? JsonNodeFactory.instance.nullNode() : value;
    }

    private static JsonNode expectation(MlflowRequest body) {
        if (!body.has("serialized_value")) {
            return value(body);
        }
        MlflowRequest serialized = body.item("serialized_value");
        String format = serialized.text("serialization_format", FORMAT);
        if (!format.equals(FORMAT)) {
            throw MlflowRequest.invalid("Unknown serialization format: " + format + ". Only JSON_FORMAT is supported.");
        }
        try {
            JsonNode value = Json.parse(serialized.text("value", "null"));
            atelier.web.JsonBodies.check(value);
            return value;
        } catch (Problem.Invalid e) {
            throw MlflowRequest.invalid("'" + serialized.path("value") + "' is not valid JSON. " + e.message());
        }
    }

    private static @Nullable JsonNode error(MlflowRequest body) {
        if (!body.has("error")) {
            return null;
        }
        MlflowRequest given = body.item("error");
        ObjectNode error = Json.object();
        for (String field : List.of("error_code", "error_message", "stack_trace")) {
            String text = given.text(field);
            if (text != null) {
                error.put(field, text);
            }
        }
        return error;
    }

    private static String sourceType(MlflowRequest source) {
        JsonNode given = source.any("source_type");
        if (given == null) {
            return "CODE";
        }
        String type = given.asString("").toUpperCase(Locale.ROOT);
        type = SOURCES.getOrDefault(type, type);
        if (!KNOWN.contains(type)) {
            throw MlflowRequest.invalid("Invalid value " + given + " for parameter '" + source.path("source_type")
                    + "' supplied: it is HUMAN, LLM_JUDGE or CODE.");
        }
        return type;
    }
}
