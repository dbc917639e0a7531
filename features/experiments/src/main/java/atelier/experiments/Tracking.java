package atelier.experiments;

import atelier.experiments.internal.RunNames;
import atelier.experiments.internal.SqlLoggedModels;
import atelier.experiments.internal.SqlRunSearch;
import atelier.experiments.internal.SqlRuns;
import atelier.kernel.Ids;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.mlflow.Keys;
import atelier.mlflow.MlflowRequest;
import atelier.store.Database;
import atelier.workspace.Workspace;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// The verbs of runs, as MLflow's clients use them, but for logging ([RunLog]) and reading metrics ([MetricHistory]).
public final class Tracking {
    static final String RUN_NAME = "mlflow.runName";
    static final String MODEL_HISTORY = "mlflow.log-model.history";
    private final Database database;
    private final Experiments experiments;
    private final SqlRuns store;
    private final SqlRunSearch search;
    private final SqlLoggedModels models;
    private final Ids ids;
    private final InstantSource clock;

    Tracking(
            Database database,
            Experiments experiments,
            SqlRuns store,
            SqlRunSearch search,
            SqlLoggedModels models,
            Ids ids,
            InstantSource clock) {
        this.database = database;
        this.experiments = experiments;
        this.store = store;
        this.search = search;
        this.models = models;
        this.ids = ids;
        this.clock = clock;
    }

    /// What a new run starts with.
    ///
    /// @param runId null lets the server choose 32 hexadecimal digits
    /// @param name null takes the tag `mlflow.runName`, or makes one up
    /// @param job the run of a job, which alone sets its status
    public record NewRun(
            String experimentId,
            @Nullable String runId,
            @Nullable String name,
            String userId,
            RunStatus status,
            long startTime,
            List<Entry> tags,
            boolean job) {
        public NewRun {
            tags = List.copyOf(tags);
        }
    }

    public Run create(Workspace workspace, NewRun wish) {
        experiments.ensureDefault(workspace);
        Set<String> seen = new HashSet<>();
        for (Entry tag : wish.tags()) {
            Keys.check(tag.key(), "key", "key");
            if (!seen.add(tag.key())) {
                throw MlflowRequest.invalid("The tag '" + tag.key() + "' is given twice.");
            }
        }
        return database.inGroup(handle -> {
            Experiment experiment = experiments.active(handle, workspace, wish.experimentId());
            String runId = wish.runId() == null ? ids.hex() : wish.runId();
            String name = name(wish, runId);
            Run.Head head = new Run.Head(
                    store.nextNumber(handle),
                    runId,
                    experiment.id(),
                    name,
                    wish.userId(),
                    wish.status(),
                    wish.startTime(),
                    null,
                    child(experiment.artifactLocation(), runId + "/artifacts"),
                    "active",
                    wish.job());
            if (!store.insert(handle, workspace.id(), head)) {
                throw new Problem.AlreadyExists("RESOURCE_ALREADY_EXISTS", "Run '" + runId + "' already exists.");
            }
            List<Entry> tags = new ArrayList<>(wish.tags());
            tags.removeIf(tag -> tag.key().equals(RUN_NAME));
            tags.add(new Entry(RUN_NAME, name));
            List<Entry> kept = truncated(tags);
            store.setTags(handle, head.number(), kept);
            return new Run(head, List.of(), List.of(), kept, List.of(), List.of(), List.of());
        });
    }

    private static String name(NewRun wish, String runId) {
        String tagged = wish.tags().stream()
                .filter(tag -> tag.key().equals(RUN_NAME))
                .map(Entry::value)
                .findFirst()
                .orElse("");
        String given = wish.name() == null ? "" : wish.name();
        if (!tagged.isEmpty() && !given.isEmpty() && !tagged.equals(given)) {
            throw MlflowRequest.invalid("Both 'run_name' argument and 'mlflow.runName' tag are specified, but with"
                    + " different values (run_name='" + given + "', mlflow.runName='" + tagged + "').");
        }
        return !given.isEmpty() ? given : !tagged.isEmpty() ? tagged : RunNames.of(runId);
    }

    static List<Entry> truncated(List<Entry> tags) {
        return tags.stream()
                .map(tag -> new Entry(tag.key(), Keys.truncated(tag.value(), RunLog.MAX_TAG_VALUE)))
                .toList();
    }

    private static String child(String location, String rest) {
        int query = location.indexOf('?');
        String base = query < 0 ? location : location.substring(0, query);
        return (base.endsWith("/") ? base : base + "/") + rest + (query < 0 ? "" : location.substring(query));
    }

    public Run get(Workspace workspace, String runId) {
        return database.read(handle ->
                store.load(handle, List.of(head(handle, workspace, runId))).getFirst());
    }

    public Optional<Run> find(Workspace workspace, String runId) {
        return database.read(handle -> store.find(handle, workspace.id(), runId)
                .map(head -> store.load(handle, List.of(head)).getFirst()));
    }

    /// A run's own row, deleted ones too.
    public Run.Head head(Workspace workspace, String runId) {
        return database.read(handle -> head(handle, workspace, runId));
    }

    Run.Head head(Handle handle, Workspace workspace, String runId) {
        return store.find(handle, workspace.id(), Keys.runId(runId)).orElseThrow(() -> unknown(runId));
    }

    /// Throws unless the run is there and active.
    Run.Head active(Handle handle, Workspace workspace, String runId) {
        Run.Head head = head(handle, workspace, runId);
        if (!head.lifecycle().equals("active")) {
            throw MlflowRequest.invalid(
                    "The run " + runId + " must be in the 'active' state. Current state is " + head.lifecycle() + ".");
        }
        return head;
    }

    static Problem unknown(String runId) {
        return new Problem.NotFound("RESOURCE_DOES_NOT_EXIST", "Run with id=" + runId + " not found");
    }

    /// Changes what is given. The status and end of a job's run are the job's to set: a script resumes and finishes it
    /// several times while the job goes on, so for such a run they are left as they are.
    public Run.Head update(
            Workspace workspace,
            String runId,
            @Nullable RunStatus status,
            @Nullable Long endTime,
            @Nullable String name) {
        return database.inGroup(handle -> {
            Run.Head head = active(handle, workspace, runId);
            RunStatus newStatus = status == null || head.job() ? head.status() : status;
            Long newEnd = endTime == null || head.job() ? head.endTime() : endTime;
            String newName = name == null || name.isEmpty() ? head.name() : name;
            // Tags before the run's own row, as when tags are logged: on PostgreSQL two that rename would else wait for
            // each other.
            if (!newName.equals(head.name())) {
                store.setTags(handle, head.number(), List.of(new Entry(RUN_NAME, newName)));
            }
            store.update(handle, head.number(), newName, newStatus, newEnd);
            return head(handle, workspace, runId);
        });
    }

    /// Marks a run as deleted; fine when it is.
    public void delete(Workspace workspace, String runId) {
        setLifecycle(workspace, runId, "deleted", clock.millis());
    }

    public void restore(Workspace workspace, String runId) {
        setLifecycle(workspace, runId, "active", null);
    }

    private void setLifecycle(Workspace workspace, String runId, String lifecycle, @Nullable Long deletedAt) {
        database.useGroup(handle ->
                store.setLifecycle(handle, head(handle, workspace, runId).number(), lifecycle, deletedAt));
    }

    public void deleteTag(Workspace workspace, String runId, String key) {
        database.useGroup(handle -> {
            Run.Head head = active(handle, workspace, runId);
            if (!store.deleteTag(handle, head.number(), key)) {
                throw new Problem.NotFound(
                        "RESOURCE_DOES_NOT_EXIST", "No tag with name: " + key + " in run with id " + runId);
            }
        });
    }

    /// Runs in the order asked for, each with its latest metrics, parameters and tags.
    public Run.Found search(Workspace workspace, SqlRunSearch.Query query) {
        return database.read(handle -> {
            SqlRunSearch.Heads page = search.search(handle, workspace.id(), query);
            return new Run.Found(store.load(handle, page.heads()), page.next());
        });
    }

    /// Data that runs of these experiments say they used.
    public List<DatasetSummary> datasets(Workspace workspace, List<Long> experimentIds) {
        return database.read(handle -> search.datasets(handle, workspace.id(), experimentIds));
    }

    /// @param context what the data was used for; empty when not said
    public record DatasetSummary(long experiment, String name, String digest, String context) {}

    /// Notes data and logged models that the run uses.
    public void logInputs(Workspace workspace, String runId, List<DatasetInput> datasets, List<String> modelIds) {
        datasets.forEach(DatasetInput::check);
        database.useGroup(handle -> {
            Run.Head head = active(handle, workspace, runId);
            store.addDatasets(handle, head.number(), datasets);
            modelIds.forEach(id -> models.require(handle, workspace.id(), id));
            store.addModels(
                    handle,
                    head.number(),
                    false,
                    modelIds.stream().map(id -> new ModelLink(id, 0)).toList());
        });
    }

    /// Notes logged models that the run made.
    public void logOutputs(Workspace workspace, String runId, List<ModelLink> made) {
        database.useGroup(handle -> {
            Run.Head head = active(handle, workspace, runId);
            made.forEach(model -> models.require(handle, workspace.id(), model.modelId()));
            store.addModels(handle, head.number(), true, made);
        });
    }

    /// Adds a model of MLflow 2 (its `MLmodel` as JSON) to the run's history tag.
    public void logModel(Workspace workspace, String runId, String modelJson) {
        JsonNode model;
        try {
            model = Json.parse(modelJson);
        } catch (Problem.Invalid e) {
            throw MlflowRequest.invalid("Malformed model info. \n " + modelJson + " \n is not valid JSON.");
        }
        for (String field : List.of("artifact_path", "flavors", "utc_time_created", "run_id")) {
            if (!model.has(field)) {
                throw MlflowRequest.invalid("Model json is missing mandatory fields: ['" + field + "']");
            }
        }
        database.useTransaction(handle -> {
            Run.Head head = active(handle, workspace, runId);
            ArrayNode history = store.tag(handle, head.number(), MODEL_HISTORY)
                                    .map(Json::parse)
                                    .orElseGet(Json::array)
                            instanceof ArrayNode array
                    ? array
                    : Json.array();
            history.add(model);
            store.setTags(handle, head.number(), List.of(new Entry(MODEL_HISTORY, history.toString())));
        });
    }
}
