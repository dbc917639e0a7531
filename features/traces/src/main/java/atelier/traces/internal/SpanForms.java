package atelier.traces.internal;

import atelier.kernel.Json;
import atelier.mlflow.MlflowRequest;
import atelier.mlflow.PythonJson;
import atelier.traces.Span;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The written forms of a span: OpenTelemetry's message, as clients send it; the object of `traces.json`, whose
/// attributes are JSON texts; and OpenTelemetry's message as protobuf's JSON, which `traces/get` answers.
public final class SpanForms {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int DEEPEST = 200;
    private static final String REQUEST_ID = "mlflow.traceRequestId";
    private static final Map<Integer, String> STATUS = Map.of(0, "UNSET", 1, "OK", 2, "ERROR");

    private SpanForms() {}

    /// Reads a message.
    public static Span of(io.opentelemetry.proto.trace.v1.Span message, List<KeyValue> resource) {
        String trace = hex(message.getTraceId(), 16, "trace_id");
        String span = hex(message.getSpanId(), 8, "span_id");
        String traceId = "tr-" + trace;
        String parent =
                message.getParentSpanId().isEmpty() ? null : hex(message.getParentSpanId(), 8, "parent_span_id");
        ObjectNode attributes = values(message.getAttributesList());
        attributes.put(REQUEST_ID, traceId);
        String status = STATUS.getOrDefault(message.getStatus().getCodeValue(), "UNSET");
        Long end = message.getEndTimeUnixNano() == 0 ? null : time(message.getEndTimeUnixNano());
        ObjectNode content = Json.object();
        content.put("trace_id", base64(message.getTraceId()));
        content.put("span_id", base64(message.getSpanId()));
        content.put("parent_span_id", parent == null ? null : base64(message.getParentSpanId()));
        content.put("name", clean(message.getName()));
        content.put("start_time_unix_nano", time(message.getStartTimeUnixNano()));
        content.put("end_time_unix_nano", end);
        ArrayNode events = content.putArray("events");
        message.getEventsList().forEach(event -> {
            ObjectNode one = events.addObject();
            one.put("name", clean(event.getName()));
            one.put("time_unix_nano", time(event.getTimeUnixNano()));
            one.set("attributes", values(event.getAttributesList()));
        });
        content.putObject("status")
                .put("code", "STATUS_CODE_" + status)
                .put("message", clean(message.getStatus().getMessage()));
        ObjectNode dumped = content.putObject("attributes");
        attributes.properties().forEach(field -> dumped.put(field.getKey(), PythonJson.write(field.getValue())));
        ArrayNode links = content.putArray("links");
        message.getLinksList().forEach(link -> {
            ObjectNode one = links.addObject();
            one.put("trace_id", "tr-" + hex(link.getTraceId(), 16, "links.trace_id"));
            one.put("span_id", hex(link.getSpanId(), 8, "links.span_id"));
            one.set("attributes", values(link.getAttributesList()));
        });
        Map<String, JsonNode> program = new HashMap<>();
        resource.forEach(one -> program.put(clean(one.getKey()), value(one.getValue(), 0)));
        return new Span(
                traceId,
                span,
                parent,
                clean(message.getName()),
                attributes.path("mlflow.spanType").asString("UNKNOWN"),
                status,
                time(message.getStartTimeUnixNano()),
                end,
                attributes,
                content,
                program);
    }

    /// The span of `traces.json` as protobuf's JSON of OpenTelemetry's message.
    public static ObjectNode message(JsonNode content) {
        ObjectNode message = Json.object();
        for (String field : List.of("trace_id", "span_id", "parent_span_id", "name")) {
            if (content.path(field).isString()) {
                message.put(field, content.path(field).stringValue());
            }
        }
        for (String field : List.of("start_time_unix_nano", "end_time_unix_nano")) {
            if (content.path(field).isIntegralNumber()) {
                message.put(field, content.path(field).asString());
            }
        }
        ArrayNode attributes = message.putArray("attributes");
        content.path("attributes")
                .properties()
                .forEach(field -> attributes
                        .addObject()
                        .put("key", field.getKey())
                        .set("value", any(parsed(field.getValue()), 0)));
        ArrayNode events = Json.array();
        content.path("events").forEach(event -> {
            ObjectNode one = events.addObject();
            one.put("time_unix_nano", event.path("time_unix_nano").asString("0"));
            one.put("name", event.path("name").asString(""));
            one.set("attributes", pairs(event.path("attributes")));
        });
        if (!events.isEmpty()) {
            message.set("events", events);
        }
        ArrayNode links = Json.array();
        content.path("links").forEach(link -> {
            byte[] trace = bytes(link.path("trace_id").asString("").replace("tr-", ""), 16);
            byte[] span = bytes(link.path("span_id").asString(""), 8);
            if (trace != null && span != null) {
                ObjectNode one = links.addObject();
                one.put("trace_id", Base64.getEncoder().encodeToString(trace));
                one.put("span_id", Base64.getEncoder().encodeToString(span));
                one.set("attributes", pairs(link.path("attributes")));
            }
        });
        if (!links.isEmpty()) {
            message.set("links", links);
        }
        ObjectNode status = message.putObject("status");
        status.put("code", content.path("status").path("code").asString("STATUS_CODE_UNSET"));
        String why = content.path("status").path("message").asString("");
        if (!why.isEmpty()) {
            status.put("message", why);
        }
        return message;
    }

    /// What an attribute of `traces.json` says: it is written as JSON text.
    private static JsonNode parsed(JsonNode dumped) {
        if (!dumped.isString()) {
            return dumped;
        }
        try {
            return Json.parse(dumped.stringValue());
        } catch (atelier.kernel.Problem.Invalid _) {
            // Spans of other makers hold plain text.
            return dumped;
        }
    }

    private static ArrayNode pairs(JsonNode object) {
        ArrayNode pairs = Json.array();
        object.properties()
                .forEach(field -> pairs.addObject().put("key", field.getKey()).set("value", any(field.getValue(), 0)));
        return pairs;
    }

    private static ObjectNode any(JsonNode value, int depth) {
        ObjectNode any = Json.object();
        if (depth > DEEPEST) {
            return any.put("string_value", value.toString());
        }
        if (value.isBoolean()) {
            any.put("bool_value", value.booleanValue());
        } else if (value.isString()) {
            any.put("string_value", value.stringValue());
        } else if (value.isIntegralNumber() && value.canConvertToLong()) {
            any.put("int_value", value.asString());
        } else if (value.isNumber()) {
            any.put("double_value", value.doubleValue());
        } else if (value.isArray()) {
            ArrayNode values = any.putObject("array_value").putArray("values");
            value.forEach(item -> values.add(any(item, depth + 1)));
        } else if (value.isObject()) {
            ArrayNode values = any.putObject("kvlist_value").putArray("values");
            value.properties()
                    .forEach(field -> values.addObject()
                            .put("key", field.getKey())
                            .set("value", any(field.getValue(), depth + 1)));
        }
        return any;
    }

    private static ObjectNode values(List<KeyValue> pairs) {
        ObjectNode values = Json.object();
        pairs.forEach(pair -> values.set(clean(pair.getKey()), value(pair.getValue(), 0)));
        return values;
    }

    private static JsonNode value(AnyValue value, int depth) {
        if (depth > DEEPEST) {
            throw MlflowRequest.invalid("An attribute of a span is nested deeper than " + DEEPEST + " levels.");
        }
        return switch (value.getValueCase()) {
            case STRING_VALUE -> NODES.stringNode(clean(value.getStringValue()));
            case BOOL_VALUE -> NODES.booleanNode(value.getBoolValue());
            case INT_VALUE -> NODES.numberNode(value.getIntValue());
            case DOUBLE_VALUE ->
                Double.isFinite(value.getDoubleValue())
                        ? NODES.numberNode(value.getDoubleValue())
                        : NODES.stringNode(Double.toString(value.getDoubleValue()));
            case BYTES_VALUE -> NODES.stringNode(base64(value.getBytesValue()));
            case ARRAY_VALUE -> {
                ArrayNode array = Json.array();
                value.getArrayValue().getValuesList().forEach(item -> array.add(value(item, depth + 1)));
                yield array;
            }
            case KVLIST_VALUE -> {
                ObjectNode object = Json.object();
                value.getKvlistValue()
                        .getValuesList()
                        .forEach(pair -> object.set(clean(pair.getKey()), value(pair.getValue(), depth + 1)));
                yield object;
            }
            default -> NODES.nullNode();
        };
    }

    /// PostgreSQL keeps no NUL in a text.
    private static String clean(String text) {
        return text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
    }

    private static long time(long nanos) {
        if (nanos < 0) {
            throw MlflowRequest.invalid(
                    "A time of a span lies beyond the year 2262; times are nanoseconds since 1970.");
        }
        return nanos;
    }

    private static String base64(ByteString bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static String hex(ByteString id, int length, String field) {
        if (id.size() != length) {
            throw MlflowRequest.invalid(
                    "'" + field + "' of a span must be " + length + " bytes, not " + id.size() + ".");
        }
        return HexFormat.of().formatHex(id.toByteArray());
    }

    private static byte @Nullable [] bytes(String hex, int length) {
        return hex.matches("[0-9a-fA-F]{" + 2 * length + "}") ? HexFormat.of().parseHex(hex) : null;
    }
}
