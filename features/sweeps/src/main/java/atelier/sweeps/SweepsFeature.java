package atelier.sweeps;

import atelier.datasets.DataUris;
import atelier.experiments.Runs;
import atelier.jobs.JobsFeature;
import atelier.storage.Blobs;
import atelier.sweeps.http.TrialRoutes;
import atelier.sweeps.internal.SweepKind;
import atelier.sweeps.internal.SweepTools;
import atelier.web.Routes;
import atelier.workspace.Workspaces;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// The sweeps feature, wired. It registers the job kind `Sweep`: create it before [JobsFeature#recover()].
///
/// @param routes what the gateway mounts
public record SweepsFeature(List<Routes> routes) {
    /// How often early termination looks at what running trials have logged.
    public static final Duration WATCH = Duration.ofSeconds(1);

    /// The features sweeps use, beside jobs.
    public record Features(Workspaces workspaces, Blobs blobs, DataUris uris, Runs runs) {}

    public static SweepsFeature create(InstantSource clock, Duration watch, JobsFeature jobs, Features features) {
        jobs.jobs()
                .register(new SweepKind(new SweepTools(
                        jobs.jobs(),
                        features.runs(),
                        features.blobs(),
                        features.uris(),
                        jobs.outputs(),
                        clock,
                        watch)));
        return new SweepsFeature(
                List.of(new TrialRoutes(jobs.jobs(), features.runs(), features.workspaces()).routes()));
    }
}
