package atelier.endpoints;

import atelier.assets.Assets;
import atelier.compute.Processes;
import atelier.datasets.DataUris;
import atelier.endpoints.http.DeploymentRoutes;
import atelier.endpoints.http.EndpointRoutes;
import atelier.endpoints.http.ScoringRoutes;
import atelier.endpoints.internal.Backoff;
import atelier.endpoints.internal.Fleet;
import atelier.endpoints.internal.Preparation;
import atelier.endpoints.internal.RollOut;
import atelier.endpoints.internal.ServingCode;
import atelier.endpoints.internal.SqlEndpointStore;
import atelier.environments.Environments;
import atelier.identity.Tokens;
import atelier.insights.Requests;
import atelier.kernel.Ids;
import atelier.models.Deployed;
import atelier.models.Models;
import atelier.storage.Blobs;
import atelier.store.Database;
import atelier.web.Routes;
import atelier.workspace.Operations;
import atelier.workspace.Workspaces;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/// The endpoints feature, wired. Call [#resume] when the server answers, and close it when the server ends: the
/// scoring processes go on and are found again. [#stopProcesses] ends them.
public final class EndpointsFeature implements AutoCloseable {
    private final Endpoints endpoints;
    private final Deployments deployments;
    private final Scoring scoring;
    private final List<Routes> routes;
    private final Parts parts;

    /// What a workspace gives.
    public record Platform(
            Workspaces workspaces, Operations operations, Tokens tokens, Requests requests, Processes processes) {}

    /// Where a deployment's parts come from.
    public record Sources(
            Models models, Deployed deployed, Environments environments, Assets assets, DataUris uris, Blobs blobs) {}

    /// @param deployments folder of all deployments' files
    /// @param serving folder for the unpacked scoring server
    public record Folders(Path deployments, Path serving) {}

    private record Parts(Workspaces workspaces, RollOut rollOut, Fleet fleet, ScoringRoutes door) {}

    private EndpointsFeature(
            Endpoints endpoints, Deployments deployments, Scoring scoring, List<Routes> routes, Parts parts) {
        this.endpoints = endpoints;
        this.deployments = deployments;
        this.scoring = scoring;
        this.routes = routes;
        this.parts = parts;
    }

    /// @throws IOException when the scoring server cannot be unpacked
    public static EndpointsFeature create(
            Database database, Platform platform, Sources from, Folders folders, InstantSource clock, Ids ids)
            throws IOException {
        return create(
                new SqlEndpointStore(database),
                platform,
                new Preparation(
                        folders.deployments(),
                        ServingCode.unpack(folders.serving()),
                        new Preparation.Sources(
                                from.models(), from.environments(), from.assets(), from.uris(), from.blobs())),
                from.deployed(),
                Backoff.NORMAL,
                clock,
                ids);
    }

    static EndpointsFeature create(
            EndpointStore store,
            Platform platform,
            Preparation preparation,
            Deployed deployed,
            Backoff backoff,
            InstantSource clock,
            Ids ids) {
        Fleet fleet = new Fleet(preparation.root(), platform.processes(), backoff);
        RollOut rollOut = new RollOut(store, platform.operations(), preparation, fleet, deployed, clock);
        Endpoints endpoints = new Endpoints(store, platform.operations(), rollOut, deployed, clock, ids);
        Deployments deployments =
                new Deployments(store, endpoints, platform.operations(), rollOut, fleet, deployed, clock);
        Scoring scoring = new Scoring(platform.workspaces(), endpoints, store, fleet, platform.requests(), clock);
        ScoringRoutes door = new ScoringRoutes(scoring);
        return new EndpointsFeature(
                endpoints,
                deployments,
                scoring,
                List.of(
                        new EndpointRoutes(
                                        endpoints,
                                        scoring,
                                        platform.workspaces(),
                                        platform.operations(),
                                        platform.tokens(),
                                        clock)
                                .routes(),
                        new DeploymentRoutes(deployments, platform.workspaces(), platform.operations()).routes(),
                        door.routes()),
                new Parts(platform.workspaces(), rollOut, fleet, door));
    }

    public Endpoints endpoints() {
        return endpoints;
    }

    public Deployments deployments() {
        return deployments;
    }

    public Scoring scoring() {
        return scoring;
    }

    /// What the gateway mounts.
    public List<Routes> routes() {
        return routes;
    }

    /// Finds the processes of an earlier run again, starts those that ended, goes on with roll-outs and removals.
    public void resume() {
        deployments.resume(parts.workspaces());
    }

    /// Ends every scoring process; they are started again at the next [#resume].
    public void stopProcesses() {
        parts.fleet().stopAll();
    }

    @Override
    public void close() {
        parts.rollOut().close();
        parts.fleet().abandon();
        parts.door().close();
    }
}
