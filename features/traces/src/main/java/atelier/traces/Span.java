package atelier.traces;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One call within a trace.
///
/// @param traceId of the trace, as MLflow names it: `tr-` and the 32 hexadecimal digits of OpenTelemetry
/// @param spanId, parentId 16 hexadecimal digits; the root has no parent
/// @param type what kind of call, e.g. `LLM`, `TOOL`; `UNKNOWN` when not said
/// @param status `UNSET`, `OK` or `ERROR`
/// @param startNs, endNs epoch nanoseconds; no end while it runs
/// @param attributes what was said of it, as values
/// @param content the whole span in the form of `traces.json`
/// @param resource what is known of the program that made it
public record Span(
        String traceId,
        String spanId,
        @Nullable String parentId,
        String name,
        String type,
        String status,
        long startNs,
        @Nullable Long endNs,
        ObjectNode attributes,
        ObjectNode content,
        Map<String, JsonNode> resource) {
    public Span {
        resource = Map.copyOf(resource);
    }

    /// An attribute that is text; null when it is not there or no text.
    public @Nullable String text(String attribute) {
        JsonNode value = attributes.path(attribute);
        return value.isString() ? value.stringValue() : null;
    }

    public long startMs() {
        return Math.floorDiv(startNs, 1_000_000L);
    }
}
