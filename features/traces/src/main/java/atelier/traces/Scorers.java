package atelier.traces;

import atelier.experiments.Experiment;
import atelier.experiments.Experiments;
import atelier.kernel.Ids;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.mlflow.Keys;
import atelier.mlflow.MlflowRequest;
import atelier.store.Database;
import atelier.traces.internal.SqlScorers;
import atelier.workspace.Workspace;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The verbs of scorers: judges that an experiment keeps, each in versions. They run at the client, never here.
public final class Scorers {
    private static final int LONGEST_NAME = 256;
    private final Database database;
    private final Experiments experiments;
    private final SqlScorers store;
    private final InstantSource clock;
    private final Ids ids;

    Scorers(Database database, Experiments experiments, SqlScorers store, InstantSource clock, Ids ids) {
        this.database = database;
        this.experiments = experiments;
        this.store = store;
        this.clock = clock;
        this.ids = ids;
    }

    /// One version of a scorer.
    ///
    /// @param serialized JSON, as the client wrote it
    /// @param createdAt epoch milliseconds
    public record Version(
            long experiment, String name, String scorerId, long version, String serialized, long createdAt) {}

    /// Keeps one more version. Numbers count up from 1 and are given out once.
    public Version register(Workspace workspace, String experimentId, String name, String serialized) {
        if (name.isBlank()) {
            throw MlflowRequest.invalid("Scorer name cannot be empty or contain only whitespace.");
        }
        Keys.length(name, "name", LONGEST_NAME);
        try {
            Json.parse(serialized);
        } catch (Problem.Invalid _) {
            throw MlflowRequest.invalid("serialized_scorer must be valid JSON");
        }
        Experiment experiment = active(workspace, experimentId);
        return database.inTransaction(handle -> {
            SqlScorers.Next next = store.next(handle, workspace.id(), experiment.id(), name, ids.guid());
            Version made =
                    new Version(experiment.id(), name, next.scorerId(), next.version(), serialized, clock.millis());
            store.insert(handle, workspace.id(), made);
            return made;
        });
    }

    /// The latest version of each scorer, by experiment and name.
    ///
    /// @param experimentIds null for all of the workspace
    public List<Version> list(Workspace workspace, @Nullable List<String> experimentIds) {
        List<Long> numbers = experimentIds == null
                ? null
                : experimentIds.stream().map(id -> active(workspace, id).id()).toList();
        return database.read(handle -> store.latest(handle, workspace.id(), numbers));
    }

    /// Oldest first.
    public List<Version> versions(Workspace workspace, String experimentId, String name) {
        Experiment experiment = active(workspace, experimentId);
        return database.read(handle -> versions(handle, workspace, experiment.id(), name));
    }

    private List<Version> versions(Handle handle, Workspace workspace, long experiment, String name) {
        List<Version> found = store.versions(handle, workspace.id(), experiment, name);
        if (found.isEmpty()) {
            throw unknown(name, null, experiment);
        }
        return found;
    }

    /// @param version null for the latest
    public Version get(Workspace workspace, String experimentId, String name, @Nullable Long version) {
        Experiment experiment = active(workspace, experimentId);
        List<Version> found = database.read(handle -> versions(handle, workspace, experiment.id(), name));
        return version == null
                ? found.getLast()
                : found.stream()
                        .filter(v -> v.version() == version)
                        .findFirst()
                        .orElseThrow(() -> unknown(name, version, experiment.id()));
    }

    /// @param version null for all
    public void delete(Workspace workspace, String experimentId, String name, @Nullable Long version) {
        Experiment experiment = active(workspace, experimentId);
        database.useTransaction(handle -> {
            List<Version> found = versions(handle, workspace, experiment.id(), name);
            if (version != null && found.stream().noneMatch(v -> v.version() == version)) {
                throw unknown(name, version, experiment.id());
            }
            store.delete(handle, workspace.id(), found.getFirst().scorerId(), version);
        });
    }

    private Experiment active(Workspace workspace, String id) {
        Experiment experiment = experiments.get(workspace, id);
        if (!experiment.active()) {
            throw MlflowRequest.invalid("The experiment " + id + " must be in the 'active' state. Current state is "
                    + experiment.lifecycle() + ".");
        }
        return experiment;
    }

    private static Problem unknown(String name, @Nullable Long version, long experiment) {
        return new Problem.NotFound(
                "RESOURCE_DOES_NOT_EXIST",
                "Scorer with name '" + name + "'" + (version == null ? "" : " and version " + version)
                        + " not found for experiment " + experiment + ".");
    }
}
