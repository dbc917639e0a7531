package atelier.pipelines;

import atelier.assets.Assets;
import atelier.assets.AssetsFeature;
import atelier.compute.Computes;
import atelier.datasets.DataUris;
import atelier.environments.Environments;
import atelier.jobs.JobsFeature;
import atelier.models.Models;
import atelier.pipelines.http.ComponentDoor;
import atelier.pipelines.http.GraphRoutes;
import atelier.pipelines.internal.Components;
import atelier.pipelines.internal.PipelineKind;
import atelier.pipelines.internal.PipelineTools;
import atelier.pipelines.internal.SqlStepStore;
import atelier.storage.Blobs;
import atelier.store.Database;
import atelier.web.Routes;
import atelier.workspace.Workspaces;
import java.time.InstantSource;
import java.util.List;

/// The pipelines feature, wired. It registers the job kind `Pipeline`: create it before
/// [JobsFeature#recover()].
///
/// @param kinds where other features make their types of steps known
/// @param routes what the gateway mounts
public record PipelinesFeature(StepKinds kinds, List<Routes> routes) {
    /// The features pipelines use, beside jobs.
    public record Features(
            Workspaces workspaces,
            Assets assets,
            Blobs blobs,
            DataUris uris,
            Environments environments,
            Computes computes,
            Models models) {}

    public static PipelinesFeature create(Database database, InstantSource clock, JobsFeature jobs, Features features) {
        StepKinds kinds = new StepKinds();
        PipelineTools tools = new PipelineTools(
                jobs.jobs(),
                new Components(features.assets()),
                new SqlStepStore(database, clock),
                features.assets(),
                features.blobs(),
                features.uris(),
                features.environments(),
                features.computes(),
                features.models(),
                jobs.outputs(),
                clock,
                kinds);
        jobs.jobs().register(new PipelineKind(tools));
        return new PipelinesFeature(
                kinds,
                List.of(
                        new GraphRoutes(jobs.jobs(), features.workspaces()).routes(),
                        AssetsFeature.routes(features.assets(), features.workspaces(), new ComponentDoor())));
    }
}
