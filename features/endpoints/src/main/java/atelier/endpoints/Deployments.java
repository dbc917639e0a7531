package atelier.endpoints;

import atelier.endpoints.internal.DeploymentKey;
import atelier.endpoints.internal.Fleet;
import atelier.endpoints.internal.RollOut;
import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Names;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import atelier.models.Deployed;
import atelier.models.Models;
import atelier.workspace.Operations;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// The verbs of deployments. A change is accepted at once and rolled out behind it; what is asked for again unchanged
/// restarts nothing.
public final class Deployments {
    private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);
    private final EndpointStore store;
    private final Endpoints endpoints;
    private final Operations operations;
    private final RollOut rollOut;
    private final Fleet fleet;
    private final Deployed deployed;
    private final InstantSource clock;

    Deployments(
            EndpointStore store,
            Endpoints endpoints,
            Operations operations,
            RollOut rollOut,
            Fleet fleet,
            Deployed deployed,
            InstantSource clock) {
        this.store = store;
        this.endpoints = endpoints;
        this.operations = operations;
        this.rollOut = rollOut;
        this.fleet = fleet;
        this.deployed = deployed;
        this.clock = clock;
    }

    public List<Deployment> list(Workspace workspace, String endpoint) {
        endpoints.get(workspace, endpoint);
        return store.listDeployments(workspace.id(), endpoint);
    }

    /// @throws Problem.NotFound naming the nearest
    public Deployment get(Workspace workspace, String endpoint, String name) {
        List<String> known =
                list(workspace, endpoint).stream().map(Deployment::name).toList();
        return store.findDeployment(workspace.id(), endpoint, name)
                .orElseThrow(() -> new Problem.NotFound("There is no deployment '" + name + "' under endpoint '"
                        + endpoint + "'." + Nearest.hint(name, known)));
    }

    /// Accepts what is wanted and rolls it out.
    ///
    /// @param body the REST resource
    /// @throws Problem.NotFound when model, environment, code or endpoint do not exist
    /// @throws Problem.Conflict while an earlier change is under way
    public Endpoints.Accepted<Deployment> put(
            Workspace workspace, String endpoint, String name, ObjectNode body, Caller caller) {
        Names.endpoint(name);
        Endpoints.requireStaying(endpoints.get(workspace, endpoint));
        Optional<Deployment> before = store.findDeployment(workspace.id(), endpoint, name);
        before.ifPresent(Deployment::requireSettled);
        Models.ModelVersion model = rollOut.check(workspace, DeploymentSpec.parse(body));
        String operation = operations.start(workspace, armId(workspace, endpoint, name));
        var now = clock.instant();
        Deployment wanted = before.isPresent()
                ? before.get().change(body.deepCopy(), operation, now)
                : new Deployment(
                        workspace.id(),
                        endpoint,
                        name,
                        body.deepCopy(),
                        new DeploymentState.Creating(operation),
                        null,
                        1,
                        caller.name(),
                        now,
                        now);
        boolean won = deployed.together(() -> {
            boolean stored = before.isPresent() ? store.replace(wanted) : store.add(wanted);
            if (stored) {
                deployed.wanted(workspace, wanted.place(), model.name(), model.version(), caller);
            }
            return stored;
        });
        if (!won) {
            Problem lost = new Problem.Conflict(
                    "OperationInProgress",
                    "Deployment '" + name + "' was changed by another request at the same time.");
            operations.fail(operation, lost);
            throw lost;
        }
        rollOut.begin(workspace, wanted);
        return new Endpoints.Accepted<>(wanted, operation, before.isEmpty());
    }

    /// Changes some fields: `properties` and `sku` are merged, `tags` replaced.
    public Endpoints.Accepted<Deployment> patch(
            Workspace workspace, String endpoint, String name, ObjectNode change, Caller caller) {
        ObjectNode body = get(workspace, endpoint, name).body().deepCopy();
        for (String part : List.of("properties", "sku")) {
            if (change.get(part) instanceof ObjectNode given) {
                ObjectNode merged = body.get(part) instanceof ObjectNode own ? own : Json.object();
                merged.setAll(given);
                body.set(part, merged);
            }
        }
        if (change.has("tags")) {
            body.set("tags", change.get("tags"));
        }
        return put(workspace, endpoint, name, body, caller);
    }

    /// Ends the processes and forgets the deployment; its operation, empty when there is none.
    ///
    /// @throws Problem.Conflict while it has traffic
    public Optional<String> delete(Workspace workspace, String endpoint, String name, Caller caller) {
        OnlineEndpoint owner = endpoints.get(workspace, endpoint);
        Optional<Deployment> found = store.findDeployment(workspace.id(), endpoint, name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        if (owner.traffic().of(name) > 0) {
            throw new Problem.Conflict(
                    "UserError",
                    "Deployment '" + name + "' gets " + owner.traffic().of(name)
                            + " percent of the traffic; give it to another one first.");
        }
        owner.mirror().filter(mirror -> mirror.deployment().equals(name)).ifPresent(mirror -> {
            throw new Problem.Conflict(
                    "UserError",
                    "Deployment '" + name + "' gets a copy of " + mirror.percent()
                            + " percent of the requests; end that first (mirrorTraffic).");
        });
        String operation = operations.start(workspace, armId(workspace, endpoint, name));
        Deployment leaving = found.get().goingAway(operation, clock.instant());
        boolean won = deployed.together(() -> {
            boolean stored = store.replace(leaving);
            if (stored) {
                deployed.gone(workspace, Deployed.Kind.ONLINE, endpoint, name, caller);
            }
            return stored;
        });
        if (!won) {
            Problem lost = new Problem.Conflict("OperationInProgress", "Deployment '" + name + "' is being changed.");
            operations.fail(operation, lost);
            throw lost;
        }
        if (owner.traffic().weights().containsKey(name)) {
            endpoints.save(workspace, owner.withTraffic(owner.traffic().without(name), clock.instant()), caller);
        }
        remove(leaving, operation);
        return Optional.of(operation);
    }

    private void remove(Deployment leaving, String operation) {
        rollOut.beginRemoval(List.of(leaving), () -> {
            store.deleteDeployment(leaving.workspaceId(), leaving.endpoint(), leaving.name());
            operations.succeed(operation);
        });
    }

    /// Which of a deployment's two logs: what the roll-out and the processes said, or how the files were brought.
    public enum Log {
        INFERENCE_SERVER,
        STORAGE_INITIALIZER
    }

    /// The last `lines` lines of a log.
    public String log(Workspace workspace, String endpoint, String name, Log log, int lines) {
        DeploymentKey key = DeploymentKey.of(get(workspace, endpoint, name));
        int most = Math.clamp(lines, 1, 10_000);
        return switch (log) {
            case INFERENCE_SERVER -> fleet.logTail(key, most);
            case STORAGE_INITIALIZER -> fleet.initializerTail(key, most);
        };
    }

    /// After a start of the server: finds processes again, starts what is missing, goes on with what was under way.
    void resume(Workspaces workspaces) {
        for (Deployment deployment : store.allDeployments()) {
            Workspace workspace = workspaces.byId(deployment.workspaceId());
            Optional<OnlineEndpoint> owner = store.find(deployment.workspaceId(), deployment.endpoint());
            if (owner.isEmpty() || owner.get().deleting()) {
                endpoints.delete(workspace, deployment.endpoint(), Caller.SYSTEM);
            } else if (deployment.state() instanceof DeploymentState.Deleting leaving) {
                remove(deployment, leaving.operation());
            } else {
                rollOut.resume(workspace, deployment);
                tell(workspace, owner.get(), deployment);
            }
        }
    }

    /// What served before models had a history of deployments is told now.
    private void tell(Workspace workspace, OnlineEndpoint owner, Deployment deployment) {
        if (!(deployment.state() instanceof DeploymentState.Succeeded)) {
            return;
        }
        try {
            deployed.found(
                    workspace,
                    deployment.place(),
                    () -> rollOut.check(workspace, DeploymentSpec.parse(deployment.body())),
                    owner.traffic().of(deployment.name()),
                    deployment.createdBy());
        } catch (Problem e) {
            LOG.info("Deployment {} is not in the history of models: {}", deployment.name(), e.message());
        }
    }

    static String armId(Workspace workspace, String endpoint, String name) {
        return Endpoints.armId(workspace, endpoint) + "/deployments/" + name;
    }
}
