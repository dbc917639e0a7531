package atelier.environments.internal;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Runs a command of the machine and waits for it. The port to processes, so that tests need none.
public interface Tool {
    /// @param variables set for the command; an empty value removes a variable that the server has
    /// @param lines gets each line of output and error output as it comes
    /// @throws atelier.kernel.Problem.Unavailable `ToolFailed` when the command cannot be started, or when the
    ///     waiting thread is interrupted; the process is ended then
    Result run(List<String> command, Map<String, String> variables, Consumer<String> lines);

    /// @param exit the exit code; 127 when there is no such command
    /// @param output the last lines of output and error output
    record Result(int exit, String output) {}
}
