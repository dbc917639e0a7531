package atelier.traces.internal;

import atelier.kernel.Json;
import atelier.mlflow.MlflowRequest;
import atelier.mlflow.PythonJson;
import atelier.traces.EvaluationDataset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Records of evaluation data sets: what they must be, when two are the same, how they merge.
public final class RecordForms {
    private RecordForms() {}

    /// A place in the list of records: after the record of this time and id.
    public record Place(long time, String id) {}

    /// @throws atelier.kernel.Problem.Invalid when a field is not what it must be
    public static void check(ObjectNode one) {
        if (!one.path("inputs").isObject()) {
            throw MlflowRequest.invalid("A record needs 'inputs', a JSON object.");
        }
        for (String field : new String[] {"expectations", "tags", "source"}) {
            JsonNode value = one.path(field);
            if (!value.isMissingNode() && !value.isNull() && !value.isObject()) {
                throw MlflowRequest.invalid("'" + field + "' of a record must be a JSON object.");
            }
        }
    }

    /// SHA-256 of the inputs, whatever the order of their keys.
    public static String hash(JsonNode inputs) {
        return sha256(PythonJson.write(sorted(inputs)));
    }

    private static JsonNode sorted(JsonNode node) {
        if (node.isObject()) {
            Map<String, JsonNode> fields = new TreeMap<>();
            node.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
            ObjectNode object = Json.object();
            fields.forEach(object::set);
            return object;
        }
        if (node.isArray()) {
            var array = Json.array();
            node.forEach(item -> array.add(sorted(item)));
            return array;
        }
        return node;
    }

    /// Eight digits that change with each change of a data set.
    public static String digest(String name, long time) {
        return sha256(name + ":" + time).substring(0, 8);
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    public static EvaluationDataset.Entry fresh(String id, ObjectNode one, long now, @Nullable String by) {
        return new EvaluationDataset.Entry(
                id,
                Json.write(one.path("inputs")),
                text(one, "outputs"),
                text(one, "expectations"),
                text(one, "tags"),
                text(one, "source"),
                now,
                now,
                by,
                by);
    }

    /// Outputs are replaced when there are new ones; expectations and tags are merged.
    public static EvaluationDataset.Entry merged(
            EvaluationDataset.Entry old, ObjectNode one, long now, @Nullable String by) {
        return new EvaluationDataset.Entry(
                old.id(),
                old.inputs(),
                one.has("outputs") ? text(one, "outputs") : old.outputs(),
                merged(old.expectations(), one.path("expectations")),
                merged(old.tags(), one.path("tags")),
                old.source(),
                old.createdAt(),
                now,
                old.createdBy(),
                by == null ? old.updatedBy() : by);
    }

    private static @Nullable String text(ObjectNode one, String field) {
        JsonNode value = one.get(field);
        return value == null || value.isNull() ? null : Json.write(value);
    }

    private static @Nullable String merged(@Nullable String old, JsonNode more) {
        if (!more.isObject() || more.isEmpty()) {
            return old;
        }
        ObjectNode all = Json.object();
        if (old != null) {
            Json.parse(old).properties().forEach(field -> all.set(field.getKey(), field.getValue()));
        }
        more.properties().forEach(field -> all.set(field.getKey(), field.getValue()));
        return Json.write(all);
    }

    /// The schema with the fields of one more record: `{"inputs": {"question": "string"}, …, "version": "1.0"}`.
    public static String schema(@Nullable String old, ObjectNode one) {
        ObjectNode schema = old != null && Json.parse(old) instanceof ObjectNode known ? known : Json.object();
        for (String part : new String[] {"inputs", "outputs", "expectations"}) {
            if (!schema.has(part)) {
                schema.putObject(part);
            }
            JsonNode said = one.path(part);
            if (said.isObject() && schema.get(part) instanceof ObjectNode fields) {
                said.properties().forEach(field -> {
                    if (!fields.has(field.getKey())) {
                        fields.put(field.getKey(), type(field.getValue()));
                    }
                });
            } else if (part.equals("outputs")
                    && !said.isMissingNode()
                    && !said.isNull()
                    && schema.path(part).isEmpty()) {
                schema.put(part, type(said));
            }
        }
        schema.put("version", "1.0");
        return Json.write(schema);
    }

    private static String type(JsonNode value) {
        return switch (value.getNodeType()) {
            case NULL -> "null";
            case BOOLEAN -> "boolean";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "float";
            case STRING -> "string";
            case ARRAY -> "array";
            case OBJECT -> "object";
            default -> "unknown";
        };
    }

    /// The place a token stands for; null without one.
    public static @Nullable Place place(@Nullable String token) {
        if (token == null || token.isEmpty()) {
            return null;
        }
        try {
            String text = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            if (colon > 0 && text.indexOf('\0') < 0) {
                return new Place(Long.parseLong(text.substring(0, colon)), text.substring(colon + 1));
            }
        } catch (IllegalArgumentException _) {
            // Said below.
        }
        throw MlflowRequest.invalid("Invalid page token, could not base64-decode");
    }

    public static String token(EvaluationDataset.Entry last) {
        return Base64.getEncoder()
                .encodeToString((last.createdAt() + ":" + last.id()).getBytes(StandardCharsets.UTF_8));
    }
}
