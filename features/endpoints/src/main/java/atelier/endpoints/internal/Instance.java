package atelier.endpoints.internal;

import atelier.compute.Processes;
import atelier.endpoints.Probe;
import atelier.endpoints.ServingPlan;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// One scoring process and its successors: found again after a server restart, started again when it ends.
///
/// `folder` has a numbered folder for each start (bookkeeping of [Processes]) with the status file of the scoring
/// server beside it.
final class Instance {
    private static final Logger LOG = LoggerFactory.getLogger(Instance.class);
    private static final int STOP_GRACE_SECONDS = 10;
    private final String label;
    private final ServingPlan plan;
    private final Path folder;
    private final Path log;
    private final Processes processes;
    private final Backoff backoff;
    private final CountDownLatch decided = new CountDownLatch(1);
    private final Object guard = new Object();
    private volatile int port;
    private volatile boolean unready;
    private volatile boolean stopped;
    private volatile @Nullable String failure;
    private @Nullable Thread keeper;
    private Processes.@Nullable Handle running;

    /// @param label what logs call it
    /// @param log file that takes the process's output
    Instance(String label, ServingPlan plan, Path folder, Path log, Processes processes, Backoff backoff) {
        this.label = label;
        this.plan = plan;
        this.folder = folder;
        this.log = log;
        this.processes = processes;
        this.backoff = backoff;
    }

    /// Begins; returns at once.
    ///
    /// @param patient goes on after a failed first start (a restart of what served before) instead of giving up
    void start(boolean patient) {
        keeper = Thread.ofVirtual().name("instance-" + label).start(() -> keep(patient));
    }

    /// Port on loopback; 0 while it is not ready.
    int port() {
        return unready ? 0 : port;
    }

    /// Waits until it is ready or has given up; the reason when it has.
    Optional<String> awaitFirst() throws InterruptedException {
        decided.await();
        return Optional.ofNullable(failure);
    }

    /// Whether the first start was decided, now or within `moment`.
    boolean decidedWithin(Duration moment) throws InterruptedException {
        return decided.await(moment.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Ends the process and keeps it ended; returns when it has ended.
    void stop() {
        stopped = true;
        port = 0;
        Processes.Handle handle;
        synchronized (guard) {
            handle = running;
        }
        if (handle != null) {
            handle.kill(STOP_GRACE_SECONDS);
        }
        abandon();
    }

    /// Looks after it no more, but lets the process live.
    void abandon() {
        stopped = true;
        Thread thread = keeper;
        if (thread != null) {
            thread.interrupt();
        }
        decided.countDown();
    }

    private void keep(boolean patient) {
        int failures = 0;
        try {
            while (!stopped) {
                String reason = serve();
                if (stopped) {
                    return;
                }
                boolean wasReady = reason == null;
                if (!wasReady && !patient && decided.getCount() > 0) {
                    failure = reason;
                    decided.countDown();
                    return;
                }
                failures = wasReady ? 0 : failures + 1;
                Duration wait = backoff.after(failures);
                LOG.warn(
                        "{} {}; it is started again in {} ms",
                        label,
                        wasReady ? "ended" : "did not start: " + reason,
                        wait.toMillis());
                Thread.sleep(wait);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOG.error("{} cannot be kept running", label, e);
            failure = e instanceof Problem problem ? problem.message() : String.valueOf(e);
        } finally {
            decided.countDown();
        }
    }

    /// One process from start or finding to its end; null when it had been ready, else why it was not.
    private @Nullable String serve() throws IOException, InterruptedException {
        Attempt attempt = findOrStart();
        try {
            String reason = awaitReady(attempt);
            if (stopped) {
                // Whoever stopped it ends the process, or lets it live for the next server.
                return reason;
            }
            if (reason != null) {
                attempt.handle.kill(STOP_GRACE_SECONDS);
                return reason;
            }
            decided.countDown();
            unready = false;
            try (Watch _ = new Watch("liveness-" + label, port, plan.live(), well -> live(attempt, well));
                    Watch _ = new Watch("readiness-" + label, port, plan.ready(), this::ready)) {
                attempt.handle.await();
            }
            return null;
        } finally {
            port = 0;
        }
    }

    /// What fails its liveness probe is ended; [#keep] starts another.
    private void live(Attempt attempt, boolean well) {
        if (!well && !stopped) {
            say("The liveness probe failed " + plan.live().failureThreshold()
                    + " times in a row; the scoring server is started again.");
            attempt.handle.kill(STOP_GRACE_SECONDS);
        }
    }

    private void ready(boolean well) {
        unready = !well;
        say(
                well
                        ? "The readiness probe succeeds again; requests come again."
                        : "The readiness probe failed " + plan.ready().failureThreshold()
                                + " times in a row; no requests come until it succeeds.");
    }

    private void say(String line) {
        LOG.warn("{}: {}", label, line);
        try {
            ServerLog.append(log, line);
        } catch (IOException e) {
            LOG.warn("The log of {} cannot be written", label, e);
        }
    }

    private record Attempt(Processes.Handle handle, Path status) {}

    private Attempt findOrStart() throws IOException {
        Files.createDirectories(folder);
        List<Integer> numbers = new ArrayList<>();
        for (Path child : Trees.children(folder)) {
            String name = child.getFileName().toString();
            if (name.matches("\\d+")) {
                numbers.add(Integer.parseInt(name));
            }
        }
        numbers.sort(null);
        if (!numbers.isEmpty()) {
            int last = numbers.getLast();
            Optional<Processes.Handle> found = processes.find(folder.resolve(Integer.toString(last)));
            if (found.isPresent() && found.get().state() instanceof Processes.State.Running) {
                return remember(new Attempt(found.get(), status(last)));
            }
        }
        int next = numbers.isEmpty() ? 1 : numbers.getLast() + 1;
        for (int old : numbers) {
            Trees.delete(folder.resolve(Integer.toString(old)));
            Files.deleteIfExists(status(old));
        }
        Path bookkeeping = Files.createDirectory(folder.resolve(Integer.toString(next)));
        List<String> command = new ArrayList<>(plan.command());
        command.addAll(List.of("--status-file", status(next).toString()));
        synchronized (guard) {
            if (stopped) {
                throw new IllegalStateException("stopped");
            }
            ServerLog.rotate(log);
            Processes.Handle handle = processes.start(
                    new Processes.Spec(command, plan.variables(), Path.of(plan.folder()), log), bookkeeping);
            running = handle;
            return new Attempt(handle, status(next));
        }
    }

    private Attempt remember(Attempt attempt) {
        synchronized (guard) {
            running = attempt.handle;
        }
        return attempt;
    }

    private Path status(int number) {
        return folder.resolve(number + ".json");
    }

    /// Null when it is ready, else why it will not be.
    private @Nullable String awaitReady(Attempt attempt) throws InterruptedException {
        // Whoever says how long a process may be unwell means the one that starts, too.
        Duration patience = plan.live().equals(Probe.DEFAULT)
                ? backoff.start()
                : plan.live().patience();
        long deadline = System.nanoTime() + patience.toNanos();
        while (!stopped) {
            boolean alive = attempt.handle.state() instanceof Processes.State.Running;
            JsonNode status = read(attempt.status());
            switch (status.path("state").asString("")) {
                case "ready" -> {
                    if (alive) {
                        port = status.path("port").asInt();
                        return null;
                    }
                }
                case "failed" -> {
                    return status.path("error").asString("The scoring server could not start.");
                }
                default -> {
                    // not yet
                }
            }
            if (!alive) {
                return "The scoring server ended before it was ready. Its log ends with: " + ServerLog.tail(log, 5);
            }
            if (System.nanoTime() > deadline) {
                return "The scoring server was not ready after " + patience.toSeconds() + " seconds"
                        + (plan.live().equals(Probe.DEFAULT)
                                ? "."
                                : " (the liveness probe's initialDelay and failureThreshold times period).");
            }
            Thread.sleep(backoff.poll());
        }
        return "stopped";
    }

    private static JsonNode read(Path status) {
        try {
            return Json.parse(Files.readString(status));
        } catch (IOException | Problem e) {
            return Json.object();
        }
    }
}
