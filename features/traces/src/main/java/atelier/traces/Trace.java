package atelier.traces;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What is known of a trace without its spans (MLflow's `TraceInfoV3`).
///
/// @param traceId `tr-` and 32 hexadecimal digits, or what the client chose
/// @param experiment number of its experiment
/// @param startTime epoch milliseconds
/// @param duration milliseconds; null while it runs
/// @param requestPreview, responsePreview the beginning of what went in and came out
/// @param metadata set once by the client, e.g. `mlflow.trace.session`; sorted
/// @param tags sorted
public record Trace(
        String traceId,
        long experiment,
        long startTime,
        @Nullable Long duration,
        State state,
        @Nullable String clientRequestId,
        @Nullable String requestPreview,
        @Nullable String responsePreview,
        Map<String, String> metadata,
        Map<String, String> tags,
        List<Assessment> assessments) {
    /// Tag: its name.
    public static final String NAME = "mlflow.traceName";
    /// Tag: where clients put and look for `traces.json`.
    public static final String ARTIFACTS = "mlflow.artifactLocation";
    /// Tag: `TRACKING_STORE` when the spans are in the database.
    public static final String SPANS = "mlflow.trace.spansLocation";

    public static final String IN_DATABASE = "TRACKING_STORE";
    public static final String SESSION = "mlflow.trace.session";
    public static final String USER = "mlflow.trace.user";
    public static final String RUN = "mlflow.sourceRun";
    public static final String TOKENS = "mlflow.trace.tokenUsage";
    public static final String COST = "mlflow.trace.cost";
    public static final String SIZE = "mlflow.trace.sizeStats";

    public Trace {
        metadata = new TreeMap<>(metadata);
        tags = new TreeMap<>(tags);
        assessments = List.copyOf(assessments);
    }

    /// MLflow's states of a trace.
    public enum State {
        STATE_UNSPECIFIED,
        OK,
        ERROR,
        IN_PROGRESS;

        /// By name or number, as protobuf's JSON has enums.
        public static final Map<String, State> BY_NAME = byName();

        private static Map<String, State> byName() {
            Map<String, State> names = new TreeMap<>();
            for (State state : values()) {
                names.put(state.name(), state);
                names.put(Integer.toString(state.ordinal()), state);
            }
            names.put("TRACE_STATUS_UNSPECIFIED", STATE_UNSPECIFIED);
            return Map.copyOf(names);
        }
    }

    /// Whether its spans are in the database, and not only in `traces.json`.
    public boolean spansInDatabase() {
        return IN_DATABASE.equals(tags.get(SPANS));
    }
}
