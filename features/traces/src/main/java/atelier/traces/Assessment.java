package atelier.traces;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What somebody or something thinks of a trace or of one of its spans (MLflow's `Assessment`).
///
/// @param id `a-` and 32 hexadecimal digits; empty in a wish
/// @param value any JSON; for an issue `{"issue_name": …}`
/// @param error what went wrong in judging: `{error_code, error_message, stack_trace}`
/// @param sourceType `HUMAN`, `LLM_JUDGE` or `CODE`
/// @param overrides the assessment it takes the place of
/// @param valid false when another took its place
/// @param createdAt, updatedAt epoch milliseconds
public record Assessment(
        String id,
        String traceId,
        Kind kind,
        String name,
        JsonNode value,
        @Nullable JsonNode error,
        String sourceType,
        String sourceId,
        @Nullable String spanId,
        @Nullable String rationale,
        @Nullable String overrides,
        boolean valid,
        Map<String, String> metadata,
        long createdAt,
        long updatedAt) {
    public Assessment {
        metadata = new TreeMap<>(metadata);
    }

    /// What is said: an opinion, what should have come out, or a known problem.
    public enum Kind {
        FEEDBACK,
        EXPECTATION,
        ISSUE;

        /// The field of the message that holds the value.
        public String field() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// What an update changes; null leaves as it is.
    ///
    /// @param kind of the value, when that changes
    /// @param metadata merged into what is there
    public record Change(
            @Nullable String name,
            @Nullable Kind kind,
            @Nullable JsonNode value,
            @Nullable JsonNode error,
            @Nullable String rationale,
            @Nullable Map<String, String> metadata,
            @Nullable Boolean valid) {}
}
