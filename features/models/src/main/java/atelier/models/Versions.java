package atelier.models;

import atelier.assets.AssetQuery;
import atelier.datasets.Location;
import atelier.experiments.FilesInUse;
import atelier.experiments.Runs;
import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.mlflow.Filter;
import atelier.mlflow.MlflowRequest;
import atelier.mlflow.OrderBy;
import atelier.mlflow.PageToken;
import atelier.models.WebhookEvent.Action;
import atelier.models.WebhookEvent.Entity;
import atelier.models.internal.Flavors;
import atelier.models.internal.SqlModels;
import atelier.models.internal.SqlVersions;
import atelier.store.Database;
import atelier.workspace.Workspace;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The verbs of model versions, for both dialects.
public final class Versions {
    /// A prompt has no files; clients send one of these in place of an address.
    private static final List<String> PROMPT_SOURCES = List.of("dummy-source", "prompt-template");

    private static final List<String> CHANGED_LAST = List.of("last_updated_timestamp DESC");
    private static final int LONGEST_CHAIN = 20;
    private final Database database;
    private final Registry registry;
    private final SqlModels models;
    private final SqlVersions store;
    private final Sources sources;
    private final Flavors flavors;
    private final Webhooks webhooks;
    private final Runs runs;
    private final InstantSource clock;

    Versions(Database database, Registry registry, Stores stores, Sources sources, Runs runs, InstantSource clock) {
        this.database = database;
        this.registry = registry;
        this.models = stores.models();
        this.store = stores.versions();
        this.flavors = stores.flavors();
        this.webhooks = stores.webhooks();
        this.sources = sources;
        this.runs = runs;
        this.clock = clock;
    }

    record Stores(SqlModels models, SqlVersions versions, Flavors flavors, Webhooks webhooks) {}

    /// What a new version starts with.
    ///
    /// @param version null takes the next number
    /// @param type null decides by whether there is an MLmodel file
    public record NewVersion(
            String name,
            @Nullable String version,
            String source,
            @Nullable String type,
            Version.Lineage lineage,
            @Nullable String description,
            String stage,
            Map<String, String> tags,
            Map<String, String> properties) {
        public NewVersion {
            tags = Map.copyOf(tags);
            properties = Map.copyOf(properties);
        }
    }

    /// Makes a version of a model that exists.
    public Version create(Workspace workspace, NewVersion wish, Caller caller) {
        return create(
                workspace, wish, caller, registry.get(workspace, wish.name()).isPrompt());
    }

    /// Makes the model too when it is missing; neither is kept when the version is refused. Unlike MLflow's way this
    /// one
    /// wants a run that is named to be there.
    public Version createWithModel(Workspace workspace, NewVersion wish, Caller caller) {
        boolean prompt = registry.find(workspace, wish.name())
                .map(RegisteredModel::isPrompt)
                .orElse(false);
        sources.requireRun(workspace, wish.source());
        return create(workspace, wish, caller, prompt);
    }

    private Version create(Workspace workspace, NewVersion wish, Caller caller, boolean ofPrompt) {
        wish.tags().forEach(Registry::checkTag);
        boolean prompt = ofPrompt || "true".equals(wish.tags().get(Registry.IS_PROMPT));
        if (prompt && !PROMPT_SOURCES.contains(wish.source())) {
            throw MlflowRequest.invalid(
                    "Invalid prompt source: '" + wish.source() + "'. Prompt sources must use an MLflow placeholder.");
        }
        Sources.Found found = prompt
                ? new Sources.Found(null, wish.lineage().runId(), "")
                : sources.find(
                        workspace,
                        wish.source(),
                        wish.lineage().runId(),
                        wish.lineage().modelId(),
                        (name, reference) -> find(workspace, name, reference));
        // Files are read before the transaction: storage is slow, and a registered version does not change by it.
        ObjectNode flavours = flavors.read(found.location());
        String type = wish.type() != null ? wish.type() : flavours.isEmpty() ? "custom_model" : "mlflow_model";
        Map<String, String> properties = lineage(workspace, found.runId());
        properties.putAll(wish.properties());
        long now = clock.millis();
        Version made = database.inTransaction(handle -> {
            registry.ensure(handle, workspace, wish.name(), caller);
            String number = wish.version() != null
                    ? wish.version()
                    : Long.toString(models.nextVersion(handle, workspace.id(), wish.name()));
            if (wish.version() != null) {
                models.raiseVersion(handle, workspace.id(), wish.name(), Version.number(number));
            }
            Version version = new Version(
                    wish.name(),
                    number,
                    wish.source(),
                    found.location(),
                    type,
                    flavours,
                    new Version.Lineage(found.runId(), wish.lineage().runLink(), found.modelId()),
                    wish.description(),
                    wish.stage(),
                    wish.tags(),
                    properties,
                    false,
                    new Version.Stamp(caller.name(), now, now));
            store.insert(handle, workspace.id(), version);
            models.touch(handle, workspace.id(), wish.name(), now);
            registry.note(
                    handle,
                    workspace,
                    new Registry.Event(wish.name(), number, "created", "", number, caller.name(), now));
            noteStage(handle, workspace, with(version, null, Stages.NONE), version.stage(), caller);
            toldOf(handle, workspace, version, prompt);
            return version;
        });
        if (!found.modelId().isEmpty()) {
            runs.noteRegistration(workspace, found.modelId(), made.name(), made.version());
        }
        return made;
    }

    private void toldOf(Handle handle, Workspace workspace, Version made, boolean prompt) {
        Map<String, String> tags = new TreeMap<>(made.tags());
        ObjectNode data = Json.object().put("name", made.name()).put("version", made.version());
        if (prompt) {
            data.put("template", tags.remove(Registry.PROMPT_TEXT));
            tags.keySet().removeAll(Registry.PROMPT_MARKS);
        } else {
            String run = made.lineage().runId();
            data.put("source", made.source()).put("run_id", run.isEmpty() ? null : run);
        }
        String description = made.description();
        webhooks.happened(
                handle,
                workspace,
                prompt ? Entity.PROMPT_VERSION : Entity.MODEL_VERSION,
                Action.CREATED,
                Registry.described(data, tags, description == null || description.isEmpty() ? null : description));
    }

    private void toldOfTag(
            Handle handle, Workspace workspace, String name, String version, String key, @Nullable String value) {
        boolean prompt = registry.get(handle, workspace, name).isPrompt();
        ObjectNode data =
                Json.object().put("name", name).put("version", version).put("key", key);
        webhooks.happened(
                handle,
                workspace,
                prompt ? Entity.PROMPT_VERSION_TAG : Entity.MODEL_VERSION_TAG,
                value == null ? Action.DELETED : Action.SET,
                value == null ? data : data.put("value", value));
    }

    /// What the run's tags say of data and environment.
    private Map<String, String> lineage(Workspace workspace, String runId) {
        Map<String, String> lineage = new TreeMap<>();
        if (!runId.isEmpty()) {
            runs.find(workspace, runId)
                    .ifPresent(run -> run.tags().forEach((key, value) -> {
                        if (key.startsWith("azureml.")) {
                            lineage.put(key, value);
                        }
                    }));
        }
        return lineage;
    }

    /// @param reference version, or an alias, or `latest`
    public Optional<Version> find(Workspace workspace, String name, String reference) {
        return database.read(handle -> {
            Optional<Version> exact = store.find(handle, workspace.id(), name, reference);
            if (exact.isPresent()) {
                return exact;
            }
            if (reference.equalsIgnoreCase("latest")) {
                return store.newest(handle, workspace.id(), List.of(name)).stream()
                        .filter(version -> !version.archived())
                        .findFirst();
            }
            return models.find(handle, workspace.id(), name)
                    .map(model -> model.aliases().get(reference))
                    .flatMap(version -> store.find(handle, workspace.id(), name, version));
        });
    }

    /// @param version as MLflow asks: a whole number
    public Version get(Workspace workspace, String name, String version) {
        return database.read(handle -> get(handle, workspace, name, version));
    }

    private Version get(Handle handle, Workspace workspace, String name, String version) {
        Optional<Version> found = store.find(handle, workspace.id(), name, version);
        if (found.isEmpty() && !version.matches("-?\\d+")) {
            throw MlflowRequest.invalid("Parameter 'version' must be an integer, got '" + version + "'.");
        }
        return found.orElseThrow(() -> unknown(name, version));
    }

    static Problem unknown(String name, String version) {
        return new Problem.NotFound(
                "RESOURCE_DOES_NOT_EXIST", "Model Version (name=" + name + ", version=" + version + ") not found");
    }

    /// Newest first.
    public List<Version> of(Workspace workspace, String name) {
        return database.read(handle -> store.of(handle, workspace.id(), name));
    }

    /// A page of a name's versions, as Azure ML lists them.
    public Page<Version> page(Workspace workspace, String name, AssetQuery query) {
        List<Version> found = store.page(workspace.id(), name, query);
        if (found.size() <= query.max()) {
            return Page.last(found);
        }
        List<Version> items = found.subList(0, query.max());
        return new Page<>(items, SqlVersions.Place.text(items.getLast()));
    }

    /// By name: the newest version that is not archived, or the newest of all.
    public Map<String, Version> newest(Workspace workspace, List<String> names) {
        Map<String, Version> byName = new TreeMap<>();
        database.read(handle -> store.newest(handle, workspace.id(), names))
                .forEach(version -> byName.put(version.name(), version));
        return byName;
    }

    /// Archives or restores all versions of a name.
    public void archive(Workspace workspace, String name, boolean archived) {
        database.useTransaction(handle -> store.archive(handle, workspace.id(), name, archived, clock.millis()));
    }

    /// Of all models, by name, newest first.
    public List<Version> all(Workspace workspace) {
        return database.read(handle -> store.all(handle, workspace.id()));
    }

    /// The newest version of each stage, or of the stages asked for; by stage.
    public List<Version> latest(Workspace workspace, String name, List<String> stages) {
        List<String> wanted = stages.stream().map(Stages::canonical).toList();
        registry.get(workspace, name);
        Map<String, Version> newest = new TreeMap<>();
        for (Version version : of(workspace, name)) {
            if (wanted.isEmpty() || wanted.contains(version.stage())) {
                newest.merge(version.stage(), version, (a, b) -> a.number() >= b.number() ? a : b);
            }
        }
        return List.copyOf(newest.values());
    }

    /// Sets description, tags, properties, stage and archived state; the files stay what they are.
    public Version change(Workspace workspace, Version changed, Caller caller) {
        return database.inTransaction(handle -> {
            Version old = get(handle, workspace, changed.name(), changed.version());
            long now = clock.millis();
            store.update(handle, workspace.id(), changed, now);
            for (String key : old.tags().keySet()) {
                if (!changed.tags().containsKey(key)) {
                    store.deleteTag(handle, workspace.id(), old.name(), old.version(), key);
                    toldOfTag(handle, workspace, old.name(), old.version(), key, null);
                }
            }
            changed.tags().forEach((key, value) -> {
                if (!value.equals(old.tags().get(key))) {
                    store.setTag(handle, workspace.id(), old.name(), old.version(), key, value);
                    toldOfTag(handle, workspace, old.name(), old.version(), key, value);
                }
            });
            models.touch(handle, workspace.id(), old.name(), now);
            noteStage(handle, workspace, old, changed.stage(), caller);
            return get(handle, workspace, old.name(), old.version());
        });
    }

    public Version describe(Workspace workspace, String name, String version, @Nullable String description) {
        return database.inTransaction(handle -> {
            Version old = get(handle, workspace, name, version);
            store.update(handle, workspace.id(), with(old, description, old.stage()), clock.millis());
            return get(handle, workspace, name, version);
        });
    }

    /// @param archiveOthers moves other versions of that stage to `Archived`
    public Version moveToStage(
            Workspace workspace, String name, String version, String stage, boolean archiveOthers, Caller caller) {
        String canonical = Stages.canonical(stage);
        if (archiveOthers) {
            Stages.checkArchivable(canonical);
        }
        return database.inTransaction(handle -> {
            Version moved = get(handle, workspace, name, version);
            long now = clock.millis();
            if (archiveOthers) {
                for (Version other : store.of(handle, workspace.id(), name)) {
                    if (other.stage().equals(canonical) && !other.version().equals(version)) {
                        store.update(handle, workspace.id(), with(other, other.description(), "Archived"), now);
                        noteStage(handle, workspace, other, "Archived", caller);
                    }
                }
            }
            store.update(handle, workspace.id(), with(moved, moved.description(), canonical), now);
            models.touch(handle, workspace.id(), name, now);
            noteStage(handle, workspace, moved, canonical, caller);
            return get(handle, workspace, name, version);
        });
    }

    private void noteStage(Handle handle, Workspace workspace, Version old, String stage, Caller caller) {
        if (!old.stage().equals(stage)) {
            registry.note(
                    handle,
                    workspace,
                    new Registry.Event(
                            old.name(), old.version(), "stage", old.stage(), stage, caller.name(), clock.millis()));
        }
    }

    /// An alias that pointed here is left dangling, as MLflow does.
    public void delete(Workspace workspace, String name, String version, Caller caller) {
        database.useTransaction(handle -> {
            get(handle, workspace, name, version);
            store.delete(handle, workspace.id(), name, version);
            models.touch(handle, workspace.id(), name, clock.millis());
            registry.note(
                    handle,
                    workspace,
                    new Registry.Event(name, version, "deleted", version, "", caller.name(), clock.millis()));
        });
    }

    public void setTag(Workspace workspace, String name, String version, String key, String value) {
        Registry.checkTag(key, value);
        database.useTransaction(handle -> {
            get(handle, workspace, name, version);
            store.setTag(handle, workspace.id(), name, version, key, value);
            toldOfTag(handle, workspace, name, version, key, value);
        });
    }

    /// Fine when there is none.
    public void deleteTag(Workspace workspace, String name, String version, String key) {
        database.useTransaction(handle -> {
            get(handle, workspace, name, version);
            store.deleteTag(handle, workspace.id(), name, version, key);
            toldOfTag(handle, workspace, name, version, key, null);
        });
    }

    /// One page; changed last first, then by name, unless `orderBy` says otherwise. No prompts unless asked for.
    public Page<Version> search(
            Workspace workspace, @Nullable String filter, List<String> orderBy, int max, @Nullable String token) {
        int offset = PageToken.offset(token);
        List<Version> found = store.search(
                workspace.id(),
                Registry.withoutPrompts(SqlVersions.VOCABULARY.terms(Filter.parse(filter))),
                SqlVersions.VOCABULARY.orders(OrderBy.parse(orderBy.isEmpty() ? CHANGED_LAST : orderBy)),
                max,
                offset);
        return found.size() > max ? new Page<>(found.subList(0, max), PageToken.of(offset + max)) : Page.last(found);
    }

    /// Flavours now: those read at registration, or the file's when it came later.
    public ObjectNode flavors(Version version) {
        return version.flavors().isEmpty() && version.type().equals("mlflow_model")
                ? flavors.read(version.location())
                : version.flavors();
    }

    private static Version with(Version v, @Nullable String description, String stage) {
        return new Version(
                v.name(),
                v.version(),
                v.source(),
                v.location(),
                v.type(),
                v.flavors(),
                v.lineage(),
                description,
                stage,
                v.tags(),
                v.properties(),
                v.archived(),
                v.stamp());
    }

    /// Versions whose files are at or below a folder of the storage account, as those who would delete it are told.
    public List<FilesInUse.Use> filesBelow(Workspace workspace, Location folder) {
        List<FilesInUse.Use> uses = new ArrayList<>();
        for (Version version : store.below(workspace.id(), folder)) {
            Location place = version.location();
            if (place != null) {
                uses.add(new FilesInUse.Use(
                        place, "version " + version.version() + " of model '" + version.name() + "'"));
            }
        }
        return uses;
    }

    /// The version whose files these are: of a copy of files that are kept elsewhere (`models:/name/1`), the original.
    public Version original(Workspace workspace, Version version) {
        Version at = version;
        for (int i = 0; i < LONGEST_CHAIN && at.location() == null; i++) {
            Optional<Version> of = Sources.version(at.source(), (name, reference) -> find(workspace, name, reference));
            if (of.isEmpty()) {
                break;
            }
            at = of.get();
        }
        return at;
    }

    /// Whether the source names a run (`runs:/…`) that is there.
    public boolean isOfRun(Workspace workspace, Version version) {
        return version.source().startsWith("runs:/")
                && !version.lineage().runId().isEmpty()
                && runs.find(workspace, version.lineage().runId()).isPresent();
    }

    /// All aliases of a version.
    public static List<String> aliases(RegisteredModel model, String version) {
        List<String> aliases = new ArrayList<>();
        model.aliases().forEach((alias, of) -> {
            if (of.equals(version)) {
                aliases.add(alias);
            }
        });
        aliases.sort(null);
        return aliases;
    }
}
