package atelier.compute;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Processes that outlive the server: started detached in a session of their own, output straight to a file,
/// exit
/// code kept
/// in a file, so that after a crash the server finds them again or learns that they are lost. One is never
/// started
/// twice.
public interface Processes {
    /// Starts a process. `folder` is the bookkeeping folder of this process (pid, start time, exit code
    /// files),
    /// made by the caller
    /// and used for one process only.
    ///
    /// @throws atelier.kernel.Problem.Conflict `AlreadyStarted` when the folder was used before
    Handle start(Spec spec, Path folder);

    /// The process of a folder, running or ended; empty when none was ever started there.
    Optional<Handle> find(Path folder);

    /// @param command argument vector
    /// @param environment the whole environment; nothing is inherited but PATH, HOME, LANG and the proxy and
    ///     certificate variables
    /// @param output file that takes standard output and error, appended
    record Spec(List<String> command, Map<String, String> environment, Path workingDirectory, Path output) {
        public Spec {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
        }
    }

    /// One process and its whole tree.
    interface Handle {
        State state();

        /// Blocks until it ended.
        State.Ended await() throws InterruptedException;

        /// Ends the whole tree: SIGTERM, then SIGKILL after `graceSeconds`.
        void kill(int graceSeconds);

        long pid();
    }

    sealed interface State {
        record Running() implements State {}

        sealed interface Ended extends State {}

        /// @param code exit code; 128 + signal when a signal ended it
        record Exited(int code) implements Ended {}

        /// The process is gone and left no exit code (machine restart, SIGKILL of its supervisor).
        record Lost() implements Ended {}
    }
}
