package atelier.environments.internal;

import atelier.environments.Environments.Interpreter;
import atelier.kernel.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/// A build under way: what it said so far, and everybody who listens and waits. Those who come later first hear what
/// was said before.
final class Build {
    private final Instant startedAt;
    private final List<String> lines = new ArrayList<>();
    private final List<Consumer<String>> listeners = new ArrayList<>();
    private final CompletableFuture<Interpreter> done = new CompletableFuture<>();

    Build(Instant startedAt) {
        this.startedAt = startedAt;
    }

    Instant startedAt() {
        return startedAt;
    }

    synchronized void say(String line) {
        lines.add(line);
        listeners.forEach(listener -> listener.accept(line));
    }

    synchronized String log() {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    void succeed(Interpreter interpreter) {
        done.complete(interpreter);
    }

    void fail(Throwable failure) {
        done.completeExceptionally(failure);
    }

    /// Waits for the end. An interrupted listener goes; the build goes on for the others.
    Interpreter follow(Consumer<String> listener) {
        synchronized (this) {
            lines.forEach(listener);
            listeners.add(listener);
        }
        try {
            return done.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Problem problem) {
                throw problem;
            }
            throw new IllegalStateException("The build of an environment failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem.Unavailable("Interrupted", "The wait for an environment was ended.", e);
        } finally {
            synchronized (this) {
                listeners.remove(listener);
            }
        }
    }
}
