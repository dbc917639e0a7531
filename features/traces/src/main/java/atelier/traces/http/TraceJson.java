package atelier.traces.http;

import static atelier.mlflow.MlflowJson.list;
import static atelier.mlflow.MlflowJson.number;
import static atelier.mlflow.MlflowJson.object;
import static atelier.mlflow.MlflowJson.text;

import atelier.traces.Assessment;
import atelier.traces.Trace;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/// Traces and assessments as MLflow writes them: protobuf's JSON, times as RFC 3339, durations in seconds.
final class TraceJson {
    private TraceJson() {}

    /// `TraceInfoV3`.
    static void info(JsonGenerator json, Trace trace) {
        text(json, "trace_id", trace.traceId());
        text(json, "client_request_id", trace.clientRequestId());
        object(json, "trace_location", location -> {
            text(location, "type", "MLFLOW_EXPERIMENT");
            object(location, "mlflow_experiment", e -> text(e, "experiment_id", Long.toString(trace.experiment())));
        });
        text(json, "request_preview", trace.requestPreview());
        text(json, "response_preview", trace.responsePreview());
        text(json, "request_time", time(trace.startTime()));
        text(json, "execution_duration", duration(trace.duration()));
        text(json, "state", trace.state().name());
        map(json, "trace_metadata", trace.metadata());
        map(json, "tags", trace.tags());
        list(json, "assessments", trace.assessments(), TraceJson::assessment);
    }

    /// `TraceInfo` of MLflow 2.
    static void legacyInfo(JsonGenerator json, Trace trace) {
        text(json, "request_id", trace.traceId());
        text(json, "experiment_id", Long.toString(trace.experiment()));
        number(json, "timestamp_ms", trace.startTime());
        number(json, "execution_time_ms", trace.duration());
        text(
                json,
                "status",
                trace.state() == Trace.State.STATE_UNSPECIFIED
                        ? "TRACE_STATUS_UNSPECIFIED"
                        : trace.state().name());
        pairs(json, "request_metadata", trace.metadata());
        pairs(json, "tags", trace.tags());
    }

    static void assessment(JsonGenerator json, Assessment one) {
        text(json, "assessment_id", one.id());
        text(json, "assessment_name", one.name());
        text(json, "trace_id", one.traceId());
        text(json, "span_id", one.spanId());
        object(json, "source", source -> {
            text(source, "source_type", one.sourceType());
            text(source, "source_id", one.sourceId());
        });
        text(json, "create_time", time(one.createdAt()));
        text(json, "last_update_time", time(one.updatedAt()));
        JsonNode value = one.value();
        switch (one.kind()) {
            case FEEDBACK ->
                object(json, "feedback", feedback -> {
                    tree(feedback, "value", value);
                    JsonNode error = one.error();
                    if (error != null) {
                        tree(feedback, "error", error);
                    }
                });
            case EXPECTATION ->
                object(json, "expectation", expectation -> {
                    if (value.isContainer()) {
                        object(expectation, "serialized_value", serialized -> {
                            text(serialized, "serialization_format", AssessmentForms.FORMAT);
                            text(serialized, "value", value.toString());
                        });
                    } else {
                        tree(expectation, "value", value);
                    }
                });
            case ISSUE -> tree(json, "issue", value);
        }
        text(json, "rationale", one.rationale());
        map(json, "metadata", one.metadata());
        text(json, "overrides", one.overrides());
        json.writeBooleanProperty("valid", one.valid());
    }

    static void tree(JsonGenerator json, String name, JsonNode value) {
        json.writeName(name);
        json.writeTree(value);
    }

    /// Epoch milliseconds as RFC 3339.
    static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    /// Milliseconds as protobuf writes a duration: `1.5s`.
    private static @Nullable String duration(@Nullable Long millis) {
        return millis == null
                ? null
                : BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString() + "s";
    }

    private static void map(JsonGenerator json, String name, Map<String, String> map) {
        if (!map.isEmpty()) {
            object(json, name, fields -> map.forEach((key, value) -> text(fields, key, value)));
        }
    }

    private static void pairs(JsonGenerator json, String name, Map<String, String> map) {
        list(json, name, map.entrySet(), (item, pair) -> {
            text(item, "key", pair.getKey());
            text(item, "value", pair.getValue());
        });
    }
}
