package atelier.experiments;

import atelier.experiments.internal.RunNames;
import atelier.experiments.internal.SqlLoggedModels;
import atelier.kernel.Ids;
import atelier.kernel.Problem;
import atelier.mlflow.Keys;
import atelier.mlflow.MlflowRequest;
import atelier.store.Database;
import atelier.workspace.Workspace;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The verbs of logged models (MLflow 3).
public final class LoggedModels {
    private static final int MAX_TAG_VALUE = 8000;
    private static final String FORBIDDEN = "/:.%\"'";
    private final Database database;
    private final Experiments experiments;
    private final SqlLoggedModels store;
    private final InstantSource clock;
    private final Ids ids;

    LoggedModels(Database database, Experiments experiments, SqlLoggedModels store, InstantSource clock, Ids ids) {
        this.database = database;
        this.experiments = experiments;
        this.store = store;
        this.clock = clock;
        this.ids = ids;
    }

    /// What a new logged model starts with.
    ///
    /// @param name empty makes one up
    /// @param sourceRunId empty when no run made it
    public record NewModel(
            String experimentId,
            String name,
            String modelType,
            String sourceRunId,
            List<Entry> params,
            List<Entry> tags) {
        public NewModel {
            params = List.copyOf(params);
            tags = List.copyOf(tags);
        }
    }

    public LoggedModel create(Workspace workspace, NewModel wish) {
        experiments.ensureDefault(workspace);
        if (wish.name().chars().anyMatch(c -> FORBIDDEN.indexOf(c) >= 0)) {
            throw MlflowRequest.invalid("Invalid model name ('" + wish.name()
                    + "') provided. Model name must be a non-empty string and cannot contain the following characters:"
                    + " ('/', ':', '.', '%', '\"', \"'\")");
        }
        checkUnique(wish.params());
        checkUnique(wish.tags());
        return database.inTransaction(handle -> {
            Experiment experiment = experiments.active(handle, workspace, wish.experimentId());
            String id = "m-" + ids.hex();
            long now = clock.millis();
            String location = experiment.artifactLocation();
            LoggedModel model = new LoggedModel(
                    id,
                    experiment.id(),
                    wish.name().isEmpty() ? RunNames.of(id) : wish.name(),
                    (location.endsWith("/") ? location : location + "/") + "models/" + id + "/artifacts",
                    LoggedModel.Status.LOGGED_MODEL_PENDING,
                    wish.modelType(),
                    wish.sourceRunId(),
                    now,
                    now,
                    cut(wish.tags()),
                    cut(wish.params()),
                    List.of());
            store.insert(handle, workspace.id(), model);
            return model;
        });
    }

    public LoggedModel get(Workspace workspace, String id) {
        return database.read(handle -> store.require(handle, workspace.id(), id));
    }

    public LoggedModel finish(Workspace workspace, String id, LoggedModel.Status status) {
        return database.inTransaction(handle -> {
            store.require(handle, workspace.id(), id);
            store.setStatus(handle, workspace.id(), id, status, clock.millis());
            return store.require(handle, workspace.id(), id);
        });
    }

    /// Hides it; its files stay until its experiment is purged.
    public void delete(Workspace workspace, String id) {
        database.useTransaction(handle -> {
            store.require(handle, workspace.id(), id);
            store.delete(handle, workspace.id(), id, clock.millis());
        });
    }

    public void setTags(Workspace workspace, String id, List<Entry> tags) {
        tags.forEach(tag -> Keys.length(tag.key(), "key", Keys.MAX_KEY));
        database.useTransaction(handle -> {
            store.require(handle, workspace.id(), id);
            store.setTags(handle, workspace.id(), id, cut(tags));
        });
    }

    public void deleteTag(Workspace workspace, String id, String key) {
        database.useTransaction(handle -> {
            store.require(handle, workspace.id(), id);
            if (!store.deleteTag(handle, workspace.id(), id, key)) {
                throw new Problem.NotFound(
                        "RESOURCE_DOES_NOT_EXIST",
                        "No tag with key '" + key + "' found for model with ID '" + id + "'.");
            }
        });
    }

    /// Parameters are added, never changed.
    public void addParams(Workspace workspace, String id, List<Entry> params) {
        checkUnique(params);
        database.useTransaction(handle -> {
            LoggedModel model = store.require(handle, workspace.id(), id);
            for (Entry param : params) {
                if (model.params().stream().anyMatch(p -> p.key().equals(param.key()))) {
                    throw MlflowRequest.invalid("Changing param values is not allowed. Param with key='" + param.key()
                            + "' was already logged for model ID='" + id + "'.");
                }
            }
            store.addParams(handle, workspace.id(), id, cut(params));
        });
    }

    public List<LoggedModel> search(Workspace workspace, SqlLoggedModels.Query query) {
        return store.search(workspace.id(), query);
    }

    private static List<Entry> cut(List<Entry> entries) {
        return entries.stream()
                .map(entry -> new Entry(entry.key(), Keys.truncated(entry.value(), MAX_TAG_VALUE)))
                .toList();
    }

    private static void checkUnique(List<Entry> entries) {
        Set<String> seen = new HashSet<>();
        for (Entry entry : entries) {
            Keys.length(entry.key(), "key", Keys.MAX_KEY);
            if (!seen.add(entry.key())) {
                throw MlflowRequest.invalid("The key '" + entry.key() + "' is given twice.");
            }
        }
    }
}
