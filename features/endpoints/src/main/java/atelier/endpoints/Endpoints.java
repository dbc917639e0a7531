package atelier.endpoints;

import atelier.endpoints.internal.DeploymentKey;
import atelier.endpoints.internal.RollOut;
import atelier.kernel.Caller;
import atelier.kernel.Ids;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import atelier.models.Deployed;
import atelier.workspace.Operations;
import atelier.workspace.Workspace;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The verbs of endpoints: make, change, share out traffic, renew keys, delete with all deployments.
public final class Endpoints {
    private static final int KEY_BYTES = 32;
    private final EndpointStore store;
    private final Operations operations;
    private final RollOut rollOut;
    private final Deployed deployed;
    private final InstantSource clock;
    private final Ids ids;
    /// What the scoring door reads with each request. This server is the only writer, so a copy stays true.
    private final Map<DeploymentKey, Open> open = new ConcurrentHashMap<>();

    Endpoints(
            EndpointStore store,
            Operations operations,
            RollOut rollOut,
            Deployed deployed,
            InstantSource clock,
            Ids ids) {
        this.store = store;
        this.operations = operations;
        this.rollOut = rollOut;
        this.deployed = deployed;
        this.clock = clock;
        this.ids = ids;
    }

    /// An endpoint with its keys.
    record Open(OnlineEndpoint endpoint, EndpointKeys keys, Optional<Mirror> mirror) {}

    /// @param operation id of the long-running operation
    public record Accepted<T>(T value, String operation, boolean isNew) {}

    public List<OnlineEndpoint> list(Workspace workspace) {
        return store.list(workspace.id());
    }

    /// @throws Problem.NotFound naming the nearest
    public OnlineEndpoint get(Workspace workspace, String name) {
        return store.find(workspace.id(), name).orElseThrow(() -> missing(workspace, name));
    }

    /// Makes an endpoint or changes it.
    ///
    /// @param body the REST resource; its `properties.traffic` and `properties.mirrorTraffic` may name existing
    ///     deployments only
    public Accepted<OnlineEndpoint> put(Workspace workspace, String name, ObjectNode body, Caller caller) {
        Optional<OnlineEndpoint> before = store.find(workspace.id(), name);
        before.ifPresent(Endpoints::requireStaying);
        var properties = body.path("properties");
        // A body that does not speak of traffic leaves it as it is.
        Traffic traffic = properties.hasNonNull("traffic")
                ? Traffic.parse(properties.path("traffic"))
                : before.map(OnlineEndpoint::traffic).orElse(Traffic.NONE);
        requireDeployments(workspace, name, traffic);
        var now = clock.instant();
        OnlineEndpoint endpoint = new OnlineEndpoint(
                workspace.id(),
                name,
                AuthMode.parse(properties.path("authMode").asString("Key")),
                traffic,
                kept(body),
                false,
                before.map(OnlineEndpoint::createdBy).orElse(caller.name()),
                before.map(OnlineEndpoint::createdAt).orElse(now),
                now);
        if (before.isPresent() && !properties.has("mirrorTraffic")) {
            JsonNode mirrored = before.get().body().path("properties").path("mirrorTraffic");
            endpoint = mirrored instanceof ObjectNode shares ? endpoint.withMirror(shares, now) : endpoint;
        }
        requireMirror(workspace, endpoint);
        String operation = operations.start(workspace, armId(workspace, name));
        save(workspace, endpoint, caller);
        operations.succeed(operation);
        return new Accepted<>(endpoint, operation, before.isEmpty());
    }

    /// Shares out the requests anew.
    ///
    /// @param traffic null leaves it
    /// @param mirrored percent by deployment; null leaves it
    public OnlineEndpoint setTraffic(
            Workspace workspace, String name, @Nullable Traffic traffic, @Nullable ObjectNode mirrored, Caller caller) {
        OnlineEndpoint endpoint = get(workspace, name);
        requireStaying(endpoint);
        var now = clock.instant();
        if (traffic != null) {
            requireDeployments(workspace, name, traffic);
            endpoint = endpoint.withTraffic(traffic, now);
        }
        if (mirrored != null) {
            endpoint = endpoint.withMirror(mirrored, now);
        }
        requireMirror(workspace, endpoint);
        return save(workspace, endpoint, caller);
    }

    /// Ends the processes of all deployments and forgets the endpoint. Empty when there is none.
    public Optional<String> delete(Workspace workspace, String name, Caller caller) {
        Optional<OnlineEndpoint> found = store.find(workspace.id(), name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        String operation = operations.start(workspace, armId(workspace, name));
        deployed.together(() -> {
            deployed.gone(workspace, Deployed.Kind.ONLINE, name, null, caller);
            store.put(found.get().goingAway(clock.instant()), newKeys());
            return name;
        });
        forget(workspace, name);
        rollOut.beginRemoval(store.listDeployments(workspace.id(), name), () -> {
            store.delete(workspace.id(), name);
            forget(workspace, name);
            operations.succeed(operation);
        });
        return Optional.of(operation);
    }

    /// @throws Problem.Invalid when the endpoint does not open by key
    public EndpointKeys keys(Workspace workspace, String name) {
        OnlineEndpoint endpoint = get(workspace, name);
        if (endpoint.authMode() != AuthMode.KEY) {
            throw new Problem.Invalid(
                    "KeysNotUsed",
                    "Endpoint '" + name + "' has no keys: its authMode is "
                            + endpoint.authMode().word() + ".",
                    null);
        }
        return store.keys(workspace.id(), name).orElseThrow(() -> missing(workspace, name));
    }

    /// Renews one of the keys; the old one does not open from now on.
    public EndpointKeys renew(Workspace workspace, String name, boolean primary) {
        EndpointKeys before = keys(workspace, name);
        String key = ids.secret(KEY_BYTES);
        EndpointKeys after =
                primary ? new EndpointKeys(key, before.secondary()) : new EndpointKeys(before.primary(), key);
        store.putKeys(workspace.id(), name, after);
        forget(workspace, name);
        return after;
    }

    /// The endpoint and its keys for the scoring door; empty when there is none that stays.
    Optional<Open> open(Workspace workspace, String name) {
        // Read inside the map's lock: a change that is stored meanwhile removes what was read before it.
        return Optional.ofNullable(
                open.computeIfAbsent(new DeploymentKey(workspace.id(), name, ""), _ -> read(workspace, name)));
    }

    private @Nullable Open read(Workspace workspace, String name) {
        Optional<OnlineEndpoint> endpoint = store.find(workspace.id(), name).filter(e -> !e.deleting());
        Optional<EndpointKeys> keys = store.keys(workspace.id(), name);
        return endpoint.isEmpty() || keys.isEmpty()
                ? null
                : new Open(endpoint.get(), keys.get(), endpoint.get().mirror());
    }

    /// Stores it, and tells the models' history how traffic is shared now.
    OnlineEndpoint save(Workspace workspace, OnlineEndpoint endpoint, Caller caller) {
        deployed.together(() -> {
            store.put(endpoint, newKeys());
            deployed.shares(
                    workspace,
                    Deployed.Kind.ONLINE,
                    endpoint.name(),
                    endpoint.traffic().weights(),
                    caller);
            return endpoint;
        });
        forget(workspace, endpoint.name());
        return endpoint;
    }

    static String armId(Workspace workspace, String name) {
        return workspace.armId() + "/onlineEndpoints/" + name;
    }

    static void requireStaying(OnlineEndpoint endpoint) {
        if (endpoint.deleting()) {
            throw new Problem.Conflict("OperationInProgress", "Endpoint '" + endpoint.name() + "' is being deleted.");
        }
    }

    private EndpointKeys newKeys() {
        return new EndpointKeys(ids.secret(KEY_BYTES), ids.secret(KEY_BYTES));
    }

    private void forget(Workspace workspace, String name) {
        open.remove(new DeploymentKey(workspace.id(), name, ""));
    }

    private void requireDeployments(Workspace workspace, String name, Traffic traffic) {
        List<String> known = deployments(workspace, name);
        traffic.weights().forEach((deployment, percent) -> {
            if (percent > 0 && !known.contains(deployment)) {
                throw new Problem.Invalid(
                        "There is no deployment '" + deployment + "' under endpoint '" + name + "' to send traffic to."
                                + Nearest.hint(deployment, known),
                        "properties.traffic");
            }
        });
    }

    private void requireMirror(Workspace workspace, OnlineEndpoint endpoint) {
        endpoint.mirror().ifPresent(mirror -> {
            List<String> known = deployments(workspace, endpoint.name());
            if (!known.contains(mirror.deployment())) {
                throw new Problem.Invalid(
                        "There is no deployment '" + mirror.deployment() + "' under endpoint '" + endpoint.name()
                                + "' to mirror requests to." + Nearest.hint(mirror.deployment(), known),
                        "properties.mirrorTraffic");
            }
        });
    }

    private List<String> deployments(Workspace workspace, String endpoint) {
        return store.listDeployments(workspace.id(), endpoint).stream()
                .map(Deployment::name)
                .toList();
    }

    private Problem missing(Workspace workspace, String name) {
        List<String> known = list(workspace).stream().map(OnlineEndpoint::name).toList();
        return new Problem.NotFound("There is no online endpoint '" + name + "' in workspace '" + workspace.name()
                + "'." + Nearest.hint(name, known));
    }

    /// The body without secrets and without what the record holds.
    private static ObjectNode kept(ObjectNode body) {
        ObjectNode kept = body.deepCopy();
        if (kept.get("properties") instanceof ObjectNode properties) {
            properties.remove(List.of("keys", "traffic", "authMode", "provisioningState", "scoringUri", "swaggerUri"));
        }
        return kept;
    }
}
