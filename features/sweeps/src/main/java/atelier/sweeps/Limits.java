package atelier.sweeps;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// When a sweep has had enough (CLI (v2) sweep job YAML schema, `limits`).
///
/// @param timeout of the whole sweep: when it is over, the sweep and its trials are canceled
/// @param trialTimeout of each trial, from its start: it is canceled then; null for none
public record Limits(
        int maxTotalTrials,
        int maxConcurrentTrials,
        Duration timeout,
        @Nullable Duration trialTimeout) {
    /// Also the default.
    public static final int MOST_TRIALS = 1000;

    public static final Duration LONGEST = Duration.ofDays(60);

    static Limits of(JsonNode given) {
        if (!given.isMissingNode() && !given.isObject()) {
            throw Fields.invalid("limits", "It must be an object such as {\"maxTotalTrials\": 20}.");
        }
        int total =
                Fields.whole(Fields.get(given, "maxTotalTrials"), MOST_TRIALS, 1, MOST_TRIALS, "limits.maxTotalTrials");
        int concurrent = Fields.whole(
                Fields.get(given, "maxConcurrentTrials"), total, 1, MOST_TRIALS, "limits.maxConcurrentTrials");
        Duration timeout = Fields.duration(Fields.get(given, "timeout"), "limits.timeout");
        return new Limits(
                total,
                Math.min(concurrent, total),
                timeout == null ? LONGEST : timeout,
                Fields.duration(Fields.get(given, "trialTimeout"), "limits.trialTimeout"));
    }
}
