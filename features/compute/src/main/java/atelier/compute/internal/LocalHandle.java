package atelier.compute.internal;

import atelier.compute.Processes.Handle;
import atelier.compute.Processes.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A process by its bookkeeping folder; `child` when this server is the parent, which then needs no polling.
final class LocalHandle implements Handle {
    private static final Duration LONGEST_POLL = Duration.ofMillis(200);
    private static final Duration CLAIM = Duration.ofSeconds(5);
    private final Path folder;
    private final @Nullable Process child;

    LocalHandle(Path folder, @Nullable Process child) {
        this.folder = folder;
        this.child = child;
    }

    /// The environment variable that marks everything the process starts.
    static String cookie(Path folder) {
        return "ATELIER_PROCESS=" + folder.toAbsolutePath().normalize();
    }

    @Override
    public State state() {
        Optional<Integer> code = exitCode();
        if (code.isPresent()) {
            return new State.Exited(code.get());
        }
        if (supervisorAlive()) {
            return new State.Running();
        }
        // It may have written its code between the two looks.
        return exitCode().or(this::codeOfChild).<State>map(State.Exited::new).orElseGet(State.Lost::new);
    }

    /// When the disk is full the code is not in the file, but the supervisor ends with it. 128 and more may
    /// tell of the
    /// supervisor's own end by a signal.
    private Optional<Integer> codeOfChild() {
        Process process = child;
        return process == null || process.isAlive() || identity().isEmpty() || process.exitValue() >= 128
                ? Optional.empty()
                : Optional.of(process.exitValue());
    }

    private boolean supervisorAlive() {
        Process process = child;
        if (process != null) {
            return process.isAlive();
        }
        return identity().filter(Proc::alive).isPresent();
    }

    @Override
    public State.Ended await() throws InterruptedException {
        Process process = child;
        if (process != null) {
            process.waitFor();
        }
        long pause = 5;
        State state = state();
        while (!(state instanceof State.Ended)) {
            Thread.sleep(pause);
            pause = Math.min(pause * 2, LONGEST_POLL.toMillis());
            state = state();
        }
        State.Ended ended = (State.Ended) state;
        if (ended instanceof State.Lost) {
            // Without its supervisor nobody would learn how the command ended: it must not go on in secret.
            killTree(0);
        }
        return ended;
    }

    @Override
    public void kill(int graceSeconds) {
        awaitClaim();
        killTree(graceSeconds);
        long deadline = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        while (supervisorAlive() && System.nanoTime() < deadline) {
            pause(5);
        }
        if (supervisorAlive()) {
            ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private void killTree(int graceSeconds) {
        if (graceSeconds > 0) {
            tree().forEach(ProcessHandle::destroy);
            long deadline = System.nanoTime() + Duration.ofSeconds(graceSeconds).toNanos();
            while (!tree().isEmpty() && System.nanoTime() < deadline) {
                pause(20);
            }
        }
        // Again and again: what is being killed may start others.
        long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        List<ProcessHandle> left = tree();
        while (!left.isEmpty() && System.nanoTime() < deadline) {
            left.forEach(ProcessHandle::destroyForcibly);
            pause(5);
            left = tree();
        }
    }

    private List<ProcessHandle> tree() {
        return Proc.tree(pid(), supervisorAlive(), cookie(folder));
    }

    /// A supervisor that was just started has not written its identity yet.
    private void awaitClaim() {
        Process process = child;
        long deadline = System.nanoTime() + CLAIM.toNanos();
        while (process != null && process.isAlive() && identity().isEmpty() && System.nanoTime() < deadline) {
            pause(2);
        }
    }

    @Override
    public long pid() {
        Process process = child;
        return process != null
                ? process.pid()
                : identity().map(Proc.Identity::pid).orElse(-1L);
    }

    private Optional<Integer> exitCode() {
        return read("exit").map(text -> Integer.parseInt(text.strip()));
    }

    private Optional<Proc.Identity> identity() {
        return read("process").filter(text -> text.endsWith("\n")).map(text -> {
            String[] parts = text.strip().split(" ");
            return new Proc.Identity(Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2]);
        });
    }

    private Optional<String> read(String name) {
        try {
            return Optional.of(Files.readString(folder.resolve(name)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            // A kill that began is carried through; the caller sees the interrupt afterwards.
            Thread.currentThread().interrupt();
            Thread.onSpinWait();
        }
    }
}
