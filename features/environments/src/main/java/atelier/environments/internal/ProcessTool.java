package atelier.environments.internal;

import atelier.kernel.Problem;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// [Tool] by real processes; closing it ends those under way.
public final class ProcessTool implements Tool, AutoCloseable {
    /// Lines of output that an error message may quote.
    private static final int MOST_LINES = 500;

    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    @Override
    public Result run(List<String> command, Map<String, String> variables, Consumer<String> lines) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        variables.forEach((name, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(name);
            } else {
                builder.environment().put(name, value);
            }
        });
        Process process;
        try {
            process = builder.start();
            process.getOutputStream().close();
        } catch (IOException e) {
            return new Result(127, command.getFirst() + ": " + e.getMessage());
        }
        running.add(process);
        if (closed) {
            end(process); // started while the others were being ended
        }
        ArrayDeque<String> last = new ArrayDeque<>();
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                last.addLast(line);
                if (last.size() > MOST_LINES) {
                    last.removeFirst();
                }
                lines.accept(line);
            }
            int exit = process.waitFor();
            if (closed) {
                throw failed(command, null);
            }
            return new Result(exit, String.join("\n", last));
        } catch (IOException e) {
            throw failed(command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(command, e);
        } finally {
            running.remove(process);
            end(process);
        }
    }

    @Override
    public void close() {
        closed = true;
        running.forEach(ProcessTool::end);
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static Problem failed(List<String> command, @Nullable Exception cause) {
        return new Problem.Unavailable(
                "ToolFailed", "'" + command.getFirst() + "' was ended before it was done.", cause);
    }
}
