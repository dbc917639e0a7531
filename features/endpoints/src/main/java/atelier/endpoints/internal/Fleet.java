package atelier.endpoints.internal;

import atelier.compute.Processes;
import atelier.endpoints.ServingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All scoring processes, by deployment. One generation of each serves; another may be starting beside it.
public final class Fleet {
    private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);
    private static final Duration MOMENT = Duration.ofSeconds(5);
    private final Path root;
    private final Processes processes;
    private final Backoff backoff;
    private final Map<DeploymentKey, Serving> serving = new ConcurrentHashMap<>();

    /// @param root folder of all deployments
    public Fleet(Path root, Processes processes, Backoff backoff) {
        this.root = root;
        this.processes = processes;
        this.backoff = backoff;
    }

    /// Where the next request of a deployment goes; empty while nothing is ready.
    public OptionalInt next(DeploymentKey key) {
        Serving current = serving.get(key);
        return current == null ? OptionalInt.empty() : current.next();
    }

    /// Longest time of one request of what serves now, in milliseconds.
    public long timeoutMillis(DeploymentKey key) {
        Serving current = serving.get(key);
        return current == null ? 0 : current.plan().timeoutMillis();
    }

    /// Whether this generation serves already; one that is just being found again after a restart gets a moment.
    boolean serves(DeploymentKey key, String generation) throws InterruptedException {
        Serving current = serving.get(key);
        return current != null && current.plan().generation().equals(generation) && current.readyWithin(MOMENT);
    }

    void resize(DeploymentKey key, int count) throws InterruptedException {
        Serving current = serving.get(key);
        if (current != null) {
            current.resize(count, true);
            current.awaitReady();
        }
    }

    /// Puts back what served before the server was restarted; returns at once.
    void restore(DeploymentKey key, ServingPlan plan, int count) {
        Serving again = new Serving(key, plan, key.folder(root), processes, backoff);
        serving.put(key, again);
        again.resize(count, true);
    }

    /// Starts another generation beside what serves, and lets it take over when all of it is ready.
    ///
    /// @return why it did not; what served before goes on then
    Optional<String> replace(DeploymentKey key, ServingPlan plan, int count) throws InterruptedException {
        Serving same = serving.get(key);
        if (same != null && same.plan().generation().equals(plan.generation())) {
            // It does not answer, and two may not share one folder.
            serving.remove(key);
            same.stop();
        }
        Serving next = new Serving(key, plan, key.folder(root), processes, backoff);
        next.resize(count, false);
        Optional<String> failure;
        try {
            failure = next.awaitReady();
        } catch (InterruptedException e) {
            next.abandon();
            throw e;
        }
        if (failure.isPresent()) {
            next.stop();
            return failure;
        }
        Serving before = serving.put(key, next);
        if (before != null) {
            before.stop();
        }
        return failure;
    }

    /// Ends a deployment's processes and removes its files.
    void remove(DeploymentKey key) {
        Serving current = serving.remove(key);
        if (current != null) {
            current.stop();
        }
        keepOnly(key, "");
        try {
            Trees.delete(key.folder(root));
        } catch (IOException e) {
            LOG.warn("The files of {} could not be removed", key, e);
        }
    }

    /// Removes every other generation's files; a process that a crash left behind in one is ended first.
    void keepOnly(DeploymentKey key, String generation) {
        try {
            for (Path other : Trees.children(key.folder(root))) {
                if (Files.isDirectory(other) && !other.getFileName().toString().equals(generation)) {
                    endAll(other);
                    Trees.delete(other);
                }
            }
        } catch (IOException e) {
            LOG.warn("Old files of {} could not be removed", key, e);
        }
    }

    private void endAll(Path generation) throws IOException {
        for (Path instance : Trees.children(generation)) {
            if (!Files.isDirectory(instance)
                    || !instance.getFileName().toString().matches("i\\d+")) {
                continue;
            }
            for (Path attempt : Trees.children(instance)) {
                if (Files.isDirectory(attempt)) {
                    processes
                            .find(attempt)
                            .filter(handle -> handle.state() instanceof Processes.State.Running)
                            .ifPresent(handle -> handle.kill(1));
                }
            }
        }
    }

    /// The last lines of what a deployment's processes and its roll-out said.
    public String logTail(DeploymentKey key, int lines) {
        return ServerLog.tail(log(key), lines);
    }

    /// The last lines of how its files were brought.
    public String initializerTail(DeploymentKey key, int lines) {
        return ServerLog.tail(initializerLog(key), lines);
    }

    Path log(DeploymentKey key) {
        return key.folder(root).resolve("server.log");
    }

    Path initializerLog(DeploymentKey key) {
        return key.folder(root).resolve("storage-initializer.log");
    }

    /// The server ends; the processes go on and are found again.
    public void abandon() {
        serving.values().forEach(Serving::abandon);
    }

    /// Ends every process.
    public void stopAll() {
        serving.values().forEach(Serving::stop);
        serving.clear();
    }
}
