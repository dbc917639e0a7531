package atelier.experiments;

import atelier.datasets.Location;
import atelier.experiments.http.ArtifactRoutes;
import atelier.experiments.http.ExperimentRoutes;
import atelier.experiments.http.LoggedModelRoutes;
import atelier.experiments.http.MultipartRoutes;
import atelier.experiments.http.PurgeRoutes;
import atelier.experiments.http.RunRoutes;
import atelier.experiments.http.SeriesRoutes;
import atelier.experiments.internal.SqlExperiments;
import atelier.experiments.internal.SqlForget;
import atelier.experiments.internal.SqlLoggedModels;
import atelier.experiments.internal.SqlMetrics;
import atelier.experiments.internal.SqlPurge;
import atelier.experiments.internal.SqlRunSearch;
import atelier.experiments.internal.SqlRuns;
import atelier.experiments.internal.TrackingRuns;
import atelier.kernel.Ids;
import atelier.mlflow.MlflowRoutes;
import atelier.storage.Blobs;
import atelier.storage.BlockBlobs;
import atelier.storage.Sas;
import atelier.store.Database;
import atelier.store.Migrations;
import atelier.web.Routes;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.time.InstantSource;
import java.util.List;

/// Wires experiments: the verbs and the routes over them.
public final class ExperimentsFeature {
    public static final Migrations MIGRATIONS = new Migrations("experiments");
    private final Experiments experiments;
    private final Tracking tracking;
    private final RunLog log;
    private final MetricHistory history;
    private final MetricSeries series;
    private final LoggedModels models;
    private final Artifacts artifacts;
    private final Runs runs;
    private final TakenIn imports;
    private final Routes routes;
    private final Routes seriesRoutes;
    private final SqlForget forget;
    private final Blobs blobs;
    private final Database database;
    private final InstantSource clock;

    private ExperimentsFeature(Database database, Blobs blobs, Workspaces workspaces, InstantSource clock, Ids ids) {
        SqlRuns sqlRuns = new SqlRuns(database);
        SqlMetrics sqlMetrics = new SqlMetrics(database.kind(), clock);
        SqlLoggedModels sqlModels = new SqlLoggedModels(database);
        SqlExperiments sqlExperiments = new SqlExperiments(database);
        this.experiments = new Experiments(database, sqlExperiments, clock);
        this.tracking = new Tracking(database, experiments, sqlRuns, new SqlRunSearch(database), sqlModels, ids, clock);
        this.log = new RunLog(database, tracking, sqlRuns, sqlMetrics, sqlModels);
        this.history = new MetricHistory(database, sqlRuns, sqlMetrics);
        this.series = new MetricSeries(database, sqlRuns, sqlMetrics);
        this.models = new LoggedModels(database, experiments, sqlModels, clock, ids);
        this.artifacts = new Artifacts(database, blobs, sqlRuns, sqlModels);
        this.runs = new TrackingRuns(database, experiments, tracking, log, sqlRuns, sqlMetrics, sqlModels, clock);
        this.imports = new TakenIn(database, experiments, sqlExperiments, sqlRuns, sqlMetrics, sqlModels);
        this.forget = new SqlForget(database);
        this.blobs = blobs;
        this.database = database;
        this.clock = clock;
        MlflowRoutes mount = new MlflowRoutes(workspaces);
        new ExperimentRoutes(experiments, tracking).mount(mount);
        new RunRoutes(tracking, log, history).mount(mount);
        new LoggedModelRoutes(models, artifacts).mount(mount);
        new ArtifactRoutes(artifacts, tracking).mount(mount);
        this.routes = mount.routes();
        this.seriesRoutes = new SeriesRoutes(series, workspaces).routes();
    }

    public static ExperimentsFeature create(
            Database database, Blobs blobs, Workspaces workspaces, InstantSource clock, Ids ids) {
        return new ExperimentsFeature(database, blobs, workspaces, clock, ids);
    }

    /// Frees the artifacts of all runs, logged models and traces of a workspace, and what hangs on its runs: the
    /// workspace is being purged. Does no harm when it is called again.
    public void forget(Workspace workspace) {
        for (String run : forget.runs(workspace.id())) {
            Location place = ArtifactPaths.run(workspace, run);
            blobs.deletePrefix(place.container(), place.path() + "/");
        }
        for (String model : forget.models(workspace.id())) {
            Location place = ArtifactPaths.model(workspace, model);
            blobs.deletePrefix(place.container(), place.path() + "/");
        }
        Location others = ArtifactPaths.others(workspace);
        blobs.deletePrefix(others.container(), others.path() + "/");
        forget.forget(workspace.id());
    }

    /// The door of artifacts in parts.
    ///
    /// @param blocks, sas of the storage account that keeps artifacts
    public Routes multipartRoutes(BlockBlobs blocks, Sas sas, Workspaces workspaces, Ids ids) {
        MlflowRoutes mount = new MlflowRoutes(workspaces);
        new MultipartRoutes(new Multipart(artifacts, blocks, sas, ids)).mount(mount);
        return mount.routes();
    }

    /// Permanent deletion.
    ///
    /// @param uses who else needs artifacts
    /// @param bound who keeps more for a run or experiment
    public Purge purge(FilesInUse uses, BoundToRuns bound) {
        artifacts.readableBy(uses);
        return new Purge(database, blobs, new SqlPurge(database), uses, bound, clock);
    }

    /// The door of permanent deletion.
    public static Routes purgeRoutes(Purge purge, Workspaces workspaces) {
        return new PurgeRoutes(purge, workspaces).routes();
    }

    /// What jobs and models need of runs.
    public Runs runs() {
        return runs;
    }

    public Experiments experiments() {
        return experiments;
    }

    public Tracking tracking() {
        return tracking;
    }

    public RunLog log() {
        return log;
    }

    public MetricHistory history() {
        return history;
    }

    public MetricSeries series() {
        return series;
    }

    public LoggedModels loggedModels() {
        return models;
    }

    public Artifacts artifacts() {
        return artifacts;
    }

    /// What an import needs: writing what was elsewhere, as it was there.
    public TakenIn imports() {
        return imports;
    }

    public List<Routes> routes() {
        return List.of(routes, seriesRoutes);
    }
}
