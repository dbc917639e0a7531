package atelier.environments;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How far the build of an environment is.
///
/// @param python version of the interpreter, empty until it is chosen
/// @param hash name of the folder that holds it, empty until the lock is known
/// @param lock exact requirement lines, empty until they are known
/// @param log what the build said so far
/// @param sizeBytes size on disk, shared files counted once for each environment; 0 until it is built
/// @param error one message with the tool's own words, when it failed
public record BuildStatus(
        State status,
        String python,
        String hash,
        String lock,
        String log,
        long sizeBytes,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable String error) {

    /// The states by their names in the API.
    public enum State {
        NOT_BUILT("NotBuilt"),
        BUILDING("Building"),
        SUCCEEDED("Succeeded"),
        FAILED("Failed");

        private final String text;

        State(String text) {
            this.text = text;
        }

        /// The name in the API.
        public String text() {
            return text;
        }
    }

    /// Nobody asked for it yet.
    public static final BuildStatus NOT_BUILT = new BuildStatus(State.NOT_BUILT, "", "", "", "", 0, null, null, null);
}
