package atelier.endpoints.internal;

import atelier.compute.Processes;
import atelier.endpoints.ServingPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// The processes of one generation of a deployment, taken in turn.
final class Serving {
    private final DeploymentKey key;
    private final ServingPlan plan;
    private final Path folder;
    private final Processes processes;
    private final Backoff backoff;
    private final CopyOnWriteArrayList<Instance> instances = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();

    /// @param folder the deployment's folder
    Serving(DeploymentKey key, ServingPlan plan, Path folder, Processes processes, Backoff backoff) {
        this.key = key;
        this.plan = plan;
        this.folder = folder;
        this.processes = processes;
        this.backoff = backoff;
    }

    ServingPlan plan() {
        return plan;
    }

    /// Brings the number of processes to `count`.
    ///
    /// @param patient see [Instance#start]
    void resize(int count, boolean patient) {
        while (instances.size() < count) {
            int number = instances.size();
            Instance instance = new Instance(
                    key.endpoint() + "/" + key.name() + " instance " + number,
                    plan,
                    folder.resolve(plan.generation()).resolve("i" + number),
                    folder.resolve("server.log"),
                    processes,
                    backoff);
            instances.add(instance);
            instance.start(patient);
        }
        while (instances.size() > count) {
            instances.removeLast().stop();
        }
    }

    /// Waits for every process; why the first that gave up did.
    Optional<String> awaitReady() throws InterruptedException {
        for (Instance instance : instances) {
            Optional<String> failure = instance.awaitFirst();
            if (failure.isPresent()) {
                return failure;
            }
        }
        return Optional.empty();
    }

    /// Whether a process is ready, now or within `moment`.
    boolean readyWithin(Duration moment) throws InterruptedException {
        for (Instance instance : instances) {
            if (instance.port() > 0 || instance.decidedWithin(moment) && instance.port() > 0) {
                return true;
            }
        }
        return false;
    }

    /// The port of the next process in turn that is ready; empty when none is.
    OptionalInt next() {
        List<Instance> now = new ArrayList<>(instances);
        int size = now.size();
        int first = size == 0 ? 0 : Math.floorMod(turn.getAndIncrement(), size);
        for (int i = 0; i < size; i++) {
            int port = now.get((first + i) % size).port();
            if (port > 0) {
                return OptionalInt.of(port);
            }
        }
        return OptionalInt.empty();
    }

    void stop() {
        // Each may take its grace to end: all at once.
        List<Thread> ending = new ArrayList<>();
        for (Instance instance : instances) {
            ending.add(Thread.ofVirtual().start(instance::stop));
        }
        for (Thread thread : ending) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        instances.clear();
    }

    void abandon() {
        instances.forEach(Instance::abandon);
    }
}
