package atelier.batch;

import atelier.assets.Assets;
import atelier.batch.http.BatchDeploymentRoutes;
import atelier.batch.http.BatchEndpointRoutes;
import atelier.batch.http.BatchJobRoutes;
import atelier.batch.internal.DriverCode;
import atelier.batch.internal.ModelComponents;
import atelier.batch.internal.ParallelKind;
import atelier.batch.internal.SqlBatchStore;
import atelier.compute.Computes;
import atelier.datasets.DataUris;
import atelier.environments.Environments;
import atelier.jobs.JobsFeature;
import atelier.kernel.Ids;
import atelier.kernel.Problem;
import atelier.models.Deployed;
import atelier.models.Models;
import atelier.storage.Blobs;
import atelier.store.Database;
import atelier.web.Routes;
import atelier.workspace.Operations;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/// The batch feature, wired. It registers the job kind `Parallel`: create it before [JobsFeature#recover()].
///
/// @param routes what the gateway mounts
public record BatchFeature(
        BatchEndpoints endpoints,
        BatchDeployments deployments,
        BatchJobs jobs,
        List<Routes> routes,
        Workspaces workspaces,
        Operations operations) {
    /// Where it runs.
    ///
    /// @param folder for the unpacked engine
    /// @param processors how many worker processes a job of several instances may have
    public record Machine(Database database, Path folder, InstantSource clock, Ids ids, int processors) {}

    /// The features that batch endpoints use, beside jobs.
    public record Features(
            Workspaces workspaces,
            Operations operations,
            Assets assets,
            Models models,
            Deployed deployed,
            Environments environments,
            Computes computes,
            DataUris uris,
            Blobs blobs) {}

    public static BatchFeature create(Machine machine, JobsFeature jobs, Features features) {
        jobs.jobs()
                .register(new ParallelKind(
                        jobs.command(),
                        DriverCode.unpack(machine.folder()),
                        features.models(),
                        features.uris(),
                        features.blobs(),
                        machine.processors()));
        SqlBatchStore store = new SqlBatchStore(machine.database());
        ModelComponents components = new ModelComponents(
                features.assets(), features.models(), features.environments(), features.uris(), features.blobs());
        BatchEndpoints endpoints =
                new BatchEndpoints(store, features.operations(), features.deployed(), machine.clock());
        BatchDeployments deployments = new BatchDeployments(
                store,
                endpoints,
                features.operations(),
                components,
                features.computes(),
                features.deployed(),
                machine.clock());
        BatchJobs invocations = new BatchJobs(endpoints, deployments, components, jobs.jobs(), machine.ids());
        return new BatchFeature(
                endpoints,
                deployments,
                invocations,
                List.of(
                        new BatchEndpointRoutes(endpoints, features.workspaces(), features.operations()).routes(),
                        new BatchDeploymentRoutes(deployments, features.workspaces(), features.operations()).routes(),
                        new BatchJobRoutes(invocations, deployments, features.workspaces()).routes()),
                features.workspaces(),
                features.operations());
    }

    /// Ends operations that an earlier run of the server left open: what they did is done or is not.
    public void resume() {
        for (Workspace workspace : workspaces.list()) {
            operations.failOpen(
                    workspace,
                    BatchEndpoints.armId(workspace, ""),
                    new Problem.Conflict(
                            "OperationInterrupted", "The server ended during this operation; look and ask again."));
            deployments.resume(workspace);
        }
    }
}
