package atelier.traces.http;

import atelier.mlflow.MlflowRequest;
import atelier.traces.Assessment;
import atelier.traces.Trace;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads what [TraceJson] writes.
final class TraceForms {
    private TraceForms() {}

    /// A `TraceInfoV3`. A time that is missing is `now`.
    static Trace trace(MlflowRequest info, long now) {
        String id = info.required("trace_id");
        MlflowRequest location = info.item("trace_location");
        String experiment = location.item("mlflow_experiment").requiredId("experiment_id");
        Trace.State state = info.choice("state", Trace.State.BY_NAME);
        Long start = time(info, "request_time");
        List<Assessment> assessments = new ArrayList<>();
        for (MlflowRequest one : info.items("assessments")) {
            assessments.add(AssessmentForms.assessment(one, id, now));
        }
        return new Trace(
                id,
                experimentId(experiment),
                start == null ? now : start,
                duration(info),
                state == null ? Trace.State.STATE_UNSPECIFIED : state,
                info.text("client_request_id"),
                info.text("request_preview"),
                info.text("response_preview"),
                info.map("trace_metadata"),
                info.map("tags"),
                assessments);
    }

    static long experimentId(String id) {
        if (!id.matches("\\d{1,18}")) {
            throw MlflowRequest.invalid("Invalid experiment id '" + id + "': experiment ids are whole numbers.");
        }
        return Long.parseLong(id);
    }

    /// `[{key, value}]` as a map.
    static Map<String, String> pairs(MlflowRequest request, String name) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (MlflowRequest pair : request.items(name)) {
            pairs.put(pair.required("key"), pair.text("value", ""));
        }
        return pairs;
    }

    /// An RFC 3339 time as epoch milliseconds; null when absent.
    static @Nullable Long time(MlflowRequest request, String name) {
        String text = request.text(name);
        if (text == null) {
            return null;
        }
        try {
            Instant instant = OffsetDateTime.parse(text).toInstant();
            long millis = instant.toEpochMilli();
            if (Math.abs(millis) < 253_402_300_800_000L) {
                return millis;
            }
        } catch (DateTimeException | ArithmeticException e) {
            // Said below.
        }
        throw MlflowRequest.invalid("Invalid value '" + text + "' for parameter '" + request.path(name)
                + "' supplied: a time is written as 2026-01-31T12:00:00.000Z.");
    }

    private static @Nullable Long duration(MlflowRequest info) {
        JsonNode given = info.any("execution_duration");
        if (given == null) {
            return null;
        }
        String text = given.isString() ? given.stringValue() : "";
        if (!text.matches("-?\\d{1,12}(\\.\\d{1,9})?s")) {
            throw MlflowRequest.invalid("Invalid value " + given + " for parameter '" + info.path("execution_duration")
                    + "' supplied: a duration is written as 1.5s.");
        }
        return new BigDecimal(text.substring(0, text.length() - 1))
                .movePointRight(3)
                .longValue();
    }
}
