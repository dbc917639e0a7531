package atelier.endpoints.internal;

import atelier.endpoints.Deployment;
import atelier.endpoints.DeploymentSpec;
import atelier.endpoints.DeploymentState;
import atelier.endpoints.EndpointStore;
import atelier.endpoints.ServingPlan;
import atelier.kernel.Problem;
import atelier.models.Deployed;
import atelier.models.Models;
import atelier.workspace.Operations;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out what was accepted, each deployment on a thread of its own: prepares files and environment, starts the
/// processes beside those that serve, lets them take over, and says how it ended. A roll-out that a server restart cut
/// short is done again from the stored state.
public final class RollOut {
    private static final Logger LOG = LoggerFactory.getLogger(RollOut.class);
    private static final Duration ENDING = Duration.ofSeconds(5);
    private final EndpointStore store;
    private final Operations operations;
    private final Preparation preparation;
    private final Fleet fleet;
    private final Deployed deployed;
    private final InstantSource clock;
    private final Set<Thread> working = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public RollOut(
            EndpointStore store,
            Operations operations,
            Preparation preparation,
            Fleet fleet,
            Deployed deployed,
            InstantSource clock) {
        this.store = store;
        this.operations = operations;
        this.preparation = preparation;
        this.fleet = fleet;
        this.deployed = deployed;
        this.clock = clock;
    }

    /// The model that is to be served.
    ///
    /// @throws Problem when model, environment or code cannot be found
    public Models.ModelVersion check(Workspace workspace, DeploymentSpec spec) {
        return preparation.find(workspace, spec).model();
    }

    /// Begins; returns at once.
    public void begin(Workspace workspace, Deployment deployment) {
        work("rollout-" + deployment.endpoint() + "-" + deployment.name(), () -> apply(workspace, deployment));
    }

    /// Ends the processes, then runs `done`; returns at once.
    public void beginRemoval(Iterable<Deployment> deployments, Runnable done) {
        work("removal", () -> {
            for (Deployment deployment : deployments) {
                fleet.remove(DeploymentKey.of(deployment));
            }
            done.run();
        });
    }

    /// Puts back what served, and goes on with what was under way when the server ended.
    public void resume(Workspace workspace, Deployment deployment) {
        ServingPlan plan = deployment.plan();
        if (plan != null) {
            fleet.restore(
                    DeploymentKey.of(deployment),
                    plan,
                    DeploymentSpec.parse(deployment.body()).instances());
        }
        switch (deployment.state()) {
            case DeploymentState.Creating _, DeploymentState.Updating _ -> begin(workspace, deployment);
            case DeploymentState.Deleting _, DeploymentState.Succeeded _, DeploymentState.Failed _ -> {
                // removals go on in their own verb; the others are done
            }
        }
    }

    /// The server ends: roll-outs stop where they are. Waits until they did, for the next server works in the same
    /// folders; one that hangs in a call that cannot be interrupted is left to itself.
    public void close() {
        closed = true;
        List<Thread> threads = List.copyOf(working);
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                if (!thread.join(ENDING)) {
                    LOG.warn("{} has not ended after {}", thread.getName(), ENDING);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work(String name, Runnable task) {
        Thread thread = Thread.ofVirtual().name(name).unstarted(() -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("{} broke", name, e);
            } finally {
                working.remove(Thread.currentThread());
            }
        });
        working.add(thread);
        thread.start();
    }

    private void apply(Workspace workspace, Deployment deployment) {
        DeploymentKey key = DeploymentKey.of(deployment);
        try {
            Preparation.Parts parts = preparation.find(workspace, DeploymentSpec.parse(deployment.body()));
            ServingPlan plan = rolledOut(key, deployment, parts);
            boolean served = deployed.together(() -> {
                boolean stored = finish(key, d -> d.succeed(plan, clock.instant()));
                if (stored) {
                    deployed.serves(
                            workspace,
                            deployment.place(),
                            parts.model().name(),
                            parts.model().version());
                }
                return stored;
            });
            if (served) {
                operations.succeed(operation(deployment));
                fleet.keepOnly(key, plan.generation());
                log(key, "Deployment '" + key.name() + "' is ready");
            }
        } catch (InterruptedException e) {
            // The server ends; the next one goes on.
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            if (closed) {
                // Cut short by the end of the server, whatever it looks like.
                return;
            }
            if (e instanceof Problem problem) {
                failed(key, deployment, problem);
                return;
            }
            LOG.error("Deployment {} could not be rolled out", key, e);
            failed(key, deployment, new Problem.Unavailable("DeploymentFailed", "The deployment failed: " + e, e));
        }
    }

    private ServingPlan rolledOut(DeploymentKey key, Deployment deployment, Preparation.Parts parts)
            throws IOException, InterruptedException {
        int count = parts.spec().instances();
        ServingPlan now = deployment.plan();
        if (now != null && now.generation().equals(parts.generation()) && fleet.serves(key, parts.generation())) {
            fleet.resize(key, count);
            return now;
        }
        ServingPlan plan = preparation.prepare(
                key, parts, line -> log(key, line), line -> log(key, fleet.initializerLog(key), line));
        Optional<String> failure = fleet.replace(key, plan, count);
        if (failure.isPresent()) {
            throw new Problem.Invalid("DeploymentFailed", failure.get(), null);
        }
        return plan;
    }

    private void failed(DeploymentKey key, Deployment deployment, Problem problem) {
        log(key, "Deployment '" + key.name() + "' failed: " + problem.message());
        ServingPlan plan = deployment.plan();
        if (finish(key, d -> d.fail(problem, clock.instant()))) {
            operations.fail(operation(deployment), problem);
            fleet.keepOnly(key, plan == null ? "" : plan.generation());
        }
    }

    /// False when the deployment went on its way out meanwhile; its removal does the rest.
    private boolean finish(DeploymentKey key, UnaryOperator<Deployment> change) {
        Optional<Deployment> current = store.findDeployment(key.workspaceId(), key.endpoint(), key.name());
        if (current.isEmpty() || current.get().state() instanceof DeploymentState.Deleting) {
            fleet.remove(key);
            return false;
        }
        return store.replace(change.apply(current.get()));
    }

    private static String operation(Deployment deployment) {
        return switch (deployment.state()) {
            case DeploymentState.Creating s -> s.operation();
            case DeploymentState.Updating s -> s.operation();
            case DeploymentState.Deleting s -> s.operation();
            case DeploymentState.Succeeded _, DeploymentState.Failed _ -> "";
        };
    }

    private void log(DeploymentKey key, String line) {
        log(key, fleet.log(key), line);
    }

    private void log(DeploymentKey key, Path log, String line) {
        try {
            ServerLog.append(log, clock.instant() + " " + line);
        } catch (IOException e) {
            LOG.warn("The log of {} cannot be written", key, e);
        }
    }
}
