package atelier.experiments;

import atelier.experiments.internal.SqlExperiments;
import atelier.experiments.internal.SqlLoggedModels;
import atelier.experiments.internal.SqlMetrics;
import atelier.experiments.internal.SqlRuns;
import atelier.experiments.internal.SqlTakenIn;
import atelier.store.Database;
import atelier.workspace.Workspace;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Takes in what another MLflow recorded: ids, times, states and the order of histories stay what they were there,
/// which no call of MLflow's API can do. Each verb joins the caller's transaction.
public final class TakenIn {
    private final Database database;
    private final Experiments experiments;
    private final SqlExperiments sqlExperiments;
    private final SqlRuns runs;
    private final SqlMetrics metrics;
    private final SqlLoggedModels models;
    private final SqlTakenIn points;

    TakenIn(
            Database database,
            Experiments experiments,
            SqlExperiments sqlExperiments,
            SqlRuns runs,
            SqlMetrics metrics,
            SqlLoggedModels models) {
        this.database = database;
        this.experiments = experiments;
        this.sqlExperiments = sqlExperiments;
        this.runs = runs;
        this.metrics = metrics;
        this.models = models;
        this.points = new SqlTakenIn();
    }

    /// An experiment, and whether it was made now.
    public record Made(Experiment experiment, boolean made) {}

    /// An experiment as it was elsewhere.
    ///
    /// @param lifecycle `active` or `deleted`
    /// @param createdAt, updatedAt epoch milliseconds
    public record OldExperiment(String name, String lifecycle, long createdAt, long updatedAt, List<Entry> tags) {
        public OldExperiment {
            tags = List.copyOf(tags);
        }
    }

    /// A run as it was elsewhere, but for its metrics, which come by [#points].
    ///
    /// @param experimentId of an experiment here
    /// @param deletedAt epoch milliseconds; null when it is active or that is not known
    /// @param artifactUri where its files are, outside of this server; null keeps them here
    public record OldRun(
            String experimentId,
            String runId,
            String name,
            String userId,
            RunStatus status,
            long startTime,
            @Nullable Long endTime,
            String lifecycle,
            @Nullable Long deletedAt,
            @Nullable String artifactUri,
            List<Entry> params,
            List<Entry> tags,
            List<DatasetInput> datasets,
            List<ModelLink> used,
            List<ModelLink> made) {
        public OldRun {
            params = List.copyOf(params);
            tags = List.copyOf(tags);
            datasets = List.copyOf(datasets);
            used = List.copyOf(used);
            made = List.copyOf(made);
        }
    }

    /// Finds the experiment by its name, or makes it; one that is there stays as it is.
    public Made experiment(Workspace workspace, OldExperiment old) {
        experiments.ensureDefault(workspace);
        return database.inTransaction(handle -> {
            Optional<Experiment> known = sqlExperiments.findByName(handle, workspace.id(), old.name());
            if (known.isPresent()) {
                return new Made(known.get(), false);
            }
            long id = sqlExperiments.nextId(handle, workspace.id());
            Experiment experiment = new Experiment(
                    id,
                    old.name(),
                    "mlflow-artifacts:/" + id,
                    old.lifecycle(),
                    old.createdAt(),
                    old.updatedAt(),
                    old.tags());
            boolean made = sqlExperiments.insert(handle, workspace.id(), experiment);
            return made
                    ? new Made(experiment, true)
                    : new Made(
                            sqlExperiments
                                    .findByName(handle, workspace.id(), old.name())
                                    .orElse(experiment),
                            false);
        });
    }

    /// Number of a run that is about to come.
    public long nextNumber() {
        return database.inTransaction(runs::nextNumber);
    }

    /// Adds points in the order in which they were logged. Nobody sees them before [#run] makes the run of this number.
    public void points(long number, List<Metric> more) {
        database.useTransaction(handle -> metrics.add(handle, number, more));
    }

    /// Takes back points whose run never came.
    public void forgetPoints(long number) {
        database.useTransaction(handle -> points.forget(handle, number));
    }

    public boolean hasRun(Workspace workspace, String runId) {
        return database.read(handle -> runs.find(handle, workspace.id(), runId).isPresent());
    }

    public boolean hasModel(Workspace workspace, String modelId) {
        return database.read(handle -> points.hasModel(handle, workspace.id(), modelId));
    }

    /// Makes the run with all it has; false when its id is taken.
    public boolean run(Workspace workspace, long number, OldRun old) {
        return database.inTransaction(handle -> {
            Experiment experiment = experiments.get(handle, workspace, old.experimentId());
            String uri = old.artifactUri();
            Run.Head head = new Run.Head(
                    number,
                    old.runId(),
                    experiment.id(),
                    old.name(),
                    old.userId(),
                    old.status(),
                    old.startTime(),
                    old.endTime(),
                    uri == null ? "mlflow-artifacts:/" + experiment.id() + "/" + old.runId() + "/artifacts" : uri,
                    old.lifecycle(),
                    false);
            if (!runs.insert(handle, workspace.id(), head)) {
                return false;
            }
            if (old.lifecycle().equals("deleted")) {
                runs.setLifecycle(handle, number, "deleted", old.deletedAt());
            }
            points.place(handle, number, experiment.id());
            runs.addParams(handle, number, old.params());
            runs.setTags(handle, number, old.tags());
            runs.addDatasets(handle, number, old.datasets());
            runs.addModels(handle, number, false, old.used());
            runs.addModels(handle, number, true, old.made());
            return true;
        });
    }

    /// Makes a logged model with all it has; false when its id is taken.
    ///
    /// @param old its experiment is one of this server; its artifact address is told by the server when it is empty
    public boolean model(Workspace workspace, LoggedModel old, boolean deleted) {
        return database.inTransaction(handle -> {
            experiments.get(handle, workspace, Long.toString(old.experiment()));
            if (points.hasModel(handle, workspace.id(), old.modelId())) {
                return false;
            }
            String uri = old.artifactUri().isEmpty()
                    ? "mlflow-artifacts:/" + old.experiment() + "/models/" + old.modelId() + "/artifacts"
                    : old.artifactUri();
            models.insert(
                    handle,
                    workspace.id(),
                    new LoggedModel(
                            old.modelId(),
                            old.experiment(),
                            old.name(),
                            uri,
                            old.status(),
                            old.modelType(),
                            old.sourceRunId(),
                            old.createdAt(),
                            old.updatedAt(),
                            old.tags(),
                            old.params(),
                            List.of()));
            old.metrics().stream()
                    .collect(Collectors.groupingBy(LoggedModel.Measure::runId))
                    .forEach((run, measures) -> models.addMetrics(
                            handle,
                            workspace.id(),
                            run,
                            measures.stream()
                                    .map(m -> new RunLog.Point(
                                            m.metric(), old.modelId(), m.datasetName(), m.datasetDigest()))
                                    .toList()));
            if (deleted) {
                models.delete(handle, workspace.id(), old.modelId(), old.updatedAt());
            }
            return true;
        });
    }
}
