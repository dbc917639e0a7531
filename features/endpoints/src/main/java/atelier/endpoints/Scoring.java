package atelier.endpoints;

import atelier.endpoints.internal.DeploymentKey;
import atelier.endpoints.internal.Fleet;
import atelier.insights.Requests;
import atelier.kernel.Caller;
import atelier.kernel.Problem;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Who may score, and which process answers.
public final class Scoring {
    private final Workspaces workspaces;
    private final Endpoints endpoints;
    private final EndpointStore store;
    private final Fleet fleet;
    private final Requests requests;
    private final InstantSource clock;
    private final Map<String, Workspace> byName = new ConcurrentHashMap<>();
    private final AtomicLong count = new AtomicLong();

    Scoring(
            Workspaces workspaces,
            Endpoints endpoints,
            EndpointStore store,
            Fleet fleet,
            Requests requests,
            InstantSource clock) {
        this.workspaces = workspaces;
        this.endpoints = endpoints;
        this.store = store;
        this.fleet = fleet;
        this.requests = requests;
        this.clock = clock;
    }

    /// A request on its way to one deployment.
    ///
    /// @param deployment its name
    /// @param mirror the deployment that gets a copy of the request; null for none
    public record Way(
            String workspaceId,
            String endpoint,
            String deployment,
            @Nullable String mirror) {
        /// The copy's way.
        public Optional<Way> mirrored() {
            return mirror == null ? Optional.empty() : Optional.of(new Way(workspaceId, endpoint, mirror, null));
        }
    }

    /// A process that is ready.
    ///
    /// @param port on loopback
    public record Place(int port, Duration timeout) {}

    /// Checks the credential and chooses the deployment.
    ///
    /// @param key what stood behind `Bearer`; null without
    /// @param caller who calls, when the credential was a token of this installation
    /// @param deployment the one asked for; null lets the traffic decide
    /// @throws Problem.Unauthenticated with the wrong key or none
    /// @throws Problem.NotFound when the endpoint, the deployment, or any traffic is missing
    public Way way(
            String workspaceName,
            String endpointName,
            @Nullable String key,
            @Nullable Caller caller,
            @Nullable String deployment) {
        Workspace workspace = byName.computeIfAbsent(workspaceName, workspaces::byName);
        Endpoints.Open open = endpoints
                .open(workspace, endpointName)
                .orElseThrow(() -> new Problem.NotFound("There is no online endpoint '" + endpointName + "'."));
        boolean keyOpens = open.endpoint().authMode() == AuthMode.KEY
                && key != null
                && open.keys().open(key);
        if (!keyOpens && caller == null) {
            throw new Problem.Unauthenticated(
                    "Endpoint '" + endpointName
                            + "' does not open: send 'Authorization: Bearer <key>' with one of its keys (listKeys) or a token.");
        }
        if (deployment != null && !deployment.isEmpty()) {
            // Meant for that one: no live traffic, and nothing of it is mirrored.
            return new Way(workspace.id(), endpointName, deployment, null);
        }
        long number = count.getAndIncrement();
        String chosen = open.endpoint()
                .traffic()
                .choose(number)
                .orElseThrow(() -> new Problem.NotFound(
                        "NoTraffic",
                        "Endpoint '" + endpointName
                                + "' has no deployment with traffic. Set its traffic, or name a deployment in the"
                                + " header azureml-model-deployment."));
        String mirror = open.mirror()
                .filter(share -> share.takes(number))
                .map(Mirror::deployment)
                .orElse(null);
        return new Way(workspace.id(), endpointName, chosen, mirror);
    }

    /// The process that takes the copy of a request; empty while none is ready.
    public Optional<Place> mirrorPlace(Way way) {
        DeploymentKey key = new DeploymentKey(way.workspaceId(), way.endpoint(), way.deployment());
        OptionalInt port = fleet.next(key);
        return port.isPresent()
                ? Optional.of(new Place(port.getAsInt(), Duration.ofMillis(fleet.timeoutMillis(key))))
                : Optional.empty();
    }

    /// The process that takes the request; null while none is ready.
    ///
    /// @throws Problem.NotFound when there is no such deployment
    public @Nullable Place place(Way way) {
        DeploymentKey key = new DeploymentKey(way.workspaceId(), way.endpoint(), way.deployment());
        OptionalInt port = fleet.next(key);
        if (port.isPresent()) {
            return new Place(port.getAsInt(), Duration.ofMillis(fleet.timeoutMillis(key)));
        }
        if (store.findDeployment(way.workspaceId(), way.endpoint(), way.deployment())
                .isEmpty()) {
            throw new Problem.NotFound(
                    "There is no deployment '" + way.deployment() + "' under endpoint '" + way.endpoint() + "'.");
        }
        return null;
    }

    /// Remembers that a request was answered.
    public void answered(Way way, Duration latency, int status) {
        requests.record(new Requests.Request(
                way.workspaceId(), way.endpoint(), way.deployment(), clock.instant(), latency, status));
    }

    /// @throws Problem.NotFound when there is no such endpoint
    public Requests.Summary metrics(Workspace workspace, String endpoint, Duration window) {
        endpoints.get(workspace, endpoint);
        return requests.summary(workspace, endpoint, window);
    }
}
