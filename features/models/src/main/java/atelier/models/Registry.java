package atelier.models;

import atelier.assets.ListView;
import atelier.assets.NameMarker;
import atelier.kernel.Caller;
import atelier.kernel.Ids;
import atelier.kernel.Json;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.mlflow.Filter;
import atelier.mlflow.Keys;
import atelier.mlflow.MlflowRequest;
import atelier.mlflow.OrderBy;
import atelier.mlflow.PageToken;
import atelier.mlflow.Vocabulary;
import atelier.models.WebhookEvent.Action;
import atelier.models.WebhookEvent.Entity;
import atelier.models.internal.SqlHistory;
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
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The verbs of registered models: names, tags, aliases, search. Versions are [Versions].
public final class Registry {
    static final String IS_PROMPT = "mlflow.prompt.is_prompt";
    static final String PROMPT_TEXT = "mlflow.prompt.text";
    /// Tags by which clients mark a prompt; no news to anybody.
    static final List<String> PROMPT_MARKS = List.of(IS_PROMPT, "_mlflow_prompt_type");

    private static final int MAX_TAG_VALUE = 100_000;
    private static final Pattern ALIAS = Pattern.compile("[\\w\\-]{1,255}", Pattern.UNICODE_CHARACTER_CLASS);
    private final Database database;
    private final SqlModels store;
    private final SqlVersions versions;
    private final SqlHistory history;
    private final Webhooks webhooks;
    private final InstantSource clock;
    private final Ids ids;

    Registry(Database database, Stores stores, Webhooks webhooks, InstantSource clock, Ids ids) {
        this.database = database;
        this.store = stores.models();
        this.versions = stores.versions();
        this.history = stores.history();
        this.webhooks = webhooks;
        this.clock = clock;
        this.ids = ids;
    }

    record Stores(SqlModels models, SqlVersions versions, SqlHistory history) {}

    /// Something that happened to a model.
    ///
    /// @param what `stage`, `alias <name>`, `deployment <kind>/<endpoint>/<name>`, `created`, `deleted`, `renamed`
    /// @param at epoch milliseconds
    public record Event(String name, String version, String what, String before, String after, String who, long at) {}

    public RegisteredModel create(
            Workspace workspace, String name, @Nullable String description, Map<String, String> tags, Caller caller) {
        checkName(name);
        tags.forEach(Registry::checkTag);
        long now = clock.millis();
        RegisteredModel model =
                new RegisteredModel(name, description, 0, tags, Map.of(), new Version.Stamp(caller.name(), now, now));
        database.useTransaction(handle -> {
            if (!store.insert(handle, workspace.id(), model)) {
                throw taken(model, get(handle, workspace, name));
            }
            toldOf(handle, workspace, model);
        });
        return model;
    }

    /// Both characters end a name in the addresses of models (`models:/name/1`, `azureml:name:1`).
    private static void checkName(String name) {
        if (name.indexOf('/') >= 0 || name.indexOf(':') >= 0) {
            throw MlflowRequest.invalid("Invalid model name '" + name + "'. Names cannot contain '/' or ':'.");
        }
    }

    private static Problem taken(RegisteredModel wanted, RegisteredModel existing) {
        String name = wanted.name();
        if (wanted.isPrompt() == existing.isPrompt()) {
            return new Problem.AlreadyExists(
                    "RESOURCE_ALREADY_EXISTS",
                    (wanted.isPrompt() ? "Prompt" : "Registered Model") + " (name=" + name + ") already exists.");
        }
        String wish = wanted.isPrompt() ? "prompt" : "registered model";
        String other = existing.isPrompt() ? "prompt" : "registered model";
        return new Problem.AlreadyExists(
                "RESOURCE_ALREADY_EXISTS",
                "Tried to create a " + wish + " with name '" + name + "', but the name is already taken by a " + other
                        + ". MLflow does not allow creating a model and a prompt with the same name.");
    }

    private void toldOf(Handle handle, Workspace workspace, RegisteredModel made) {
        Map<String, String> tags = new TreeMap<>(made.tags());
        if (made.isPrompt()) {
            tags.keySet().removeAll(PROMPT_MARKS);
        }
        webhooks.happened(
                handle,
                workspace,
                made.isPrompt() ? Entity.PROMPT : Entity.REGISTERED_MODEL,
                Action.CREATED,
                described(Json.object().put("name", made.name()), tags, made.description()));
    }

    static ObjectNode described(ObjectNode data, Map<String, String> tags, @Nullable String description) {
        ObjectNode told = data.putObject("tags");
        tags.forEach(told::put);
        return data.put("description", description);
    }

    /// Makes the model unless it is there.
    void ensure(Handle handle, Workspace workspace, String name, Caller caller) {
        long now = clock.millis();
        RegisteredModel model =
                new RegisteredModel(name, null, 0, Map.of(), Map.of(), new Version.Stamp(caller.name(), now, now));
        if (store.insert(handle, workspace.id(), model)) {
            toldOf(handle, workspace, model);
        }
    }

    public RegisteredModel get(Workspace workspace, String name) {
        return database.read(handle -> get(handle, workspace, name));
    }

    public Optional<RegisteredModel> find(Workspace workspace, String name) {
        return database.read(handle -> store.find(handle, workspace.id(), name));
    }

    /// A page of names, those changed last first, without prompts.
    public Page<RegisteredModel> page(Workspace workspace, ListView view, @Nullable String marker, int max) {
        List<RegisteredModel> found =
                store.page(workspace.id(), view, marker == null ? null : NameMarker.parse(marker), max);
        if (found.size() <= max) {
            return Page.last(found);
        }
        RegisteredModel last = found.get(max - 1);
        return new Page<>(found.subList(0, max), new NameMarker(last.stamp().updatedAt(), last.name()).text());
    }

    /// Names of models, for messages that name the nearest.
    public List<String> names(Workspace workspace) {
        return store.names(workspace.id());
    }

    RegisteredModel get(Handle handle, Workspace workspace, String name) {
        return store.find(handle, workspace.id(), name).orElseThrow(() -> unknown(name));
    }

    static Problem unknown(String name) {
        return new Problem.NotFound("RESOURCE_DOES_NOT_EXIST", "Registered Model with name=" + name + " not found");
    }

    public RegisteredModel describe(Workspace workspace, String name, @Nullable String description) {
        return database.inTransaction(handle -> {
            get(handle, workspace, name);
            store.describe(handle, workspace.id(), name, description, clock.millis());
            return get(handle, workspace, name);
        });
    }

    public RegisteredModel rename(Workspace workspace, String name, String newName, Caller caller) {
        checkName(newName);
        return database.inTransaction(handle -> {
            get(handle, workspace, name);
            if (store.find(handle, workspace.id(), newName).isPresent()) {
                throw new Problem.AlreadyExists(
                        "RESOURCE_ALREADY_EXISTS", "Registered Model (name=" + newName + ") already exists.");
            }
            store.rename(handle, workspace.id(), name, newName, clock.millis());
            note(handle, workspace, new Event(newName, "", "renamed", name, newName, caller.name(), clock.millis()));
            return get(handle, workspace, newName);
        });
    }

    /// Deletes the model with all its versions.
    public void delete(Workspace workspace, String name, Caller caller) {
        database.useTransaction(handle -> {
            get(handle, workspace, name);
            store.delete(handle, workspace.id(), name);
            note(handle, workspace, new Event(name, "", "deleted", name, "", caller.name(), clock.millis()));
        });
    }

    public void setTag(Workspace workspace, String name, String key, String value) {
        checkTag(key, value);
        database.useTransaction(handle -> {
            RegisteredModel model = get(handle, workspace, name);
            store.setTag(handle, workspace.id(), name, key, value);
            store.touch(handle, workspace.id(), name, clock.millis());
            if (model.isPrompt()) {
                webhooks.happened(
                        handle,
                        workspace,
                        Entity.PROMPT_TAG,
                        Action.SET,
                        Json.object().put("name", name).put("key", key).put("value", value));
            }
        });
    }

    /// Fine when there is none.
    public void deleteTag(Workspace workspace, String name, String key) {
        database.useTransaction(handle -> {
            RegisteredModel model = get(handle, workspace, name);
            store.deleteTag(handle, workspace.id(), name, key);
            if (model.isPrompt()) {
                webhooks.happened(
                        handle,
                        workspace,
                        Entity.PROMPT_TAG,
                        Action.DELETED,
                        Json.object().put("name", name).put("key", key));
            }
        });
    }

    /// Points `alias` at a version; it may have pointed at another.
    public void setAlias(Workspace workspace, String name, String alias, String version, Caller caller) {
        if (!ALIAS.matcher(alias).matches()) {
            throw MlflowRequest.invalid("Invalid alias name: '" + alias
                    + "'. Names may only contain alphanumerics, underscores (_), and dashes (-).");
        }
        if (alias.equalsIgnoreCase("latest")) {
            throw MlflowRequest.invalid("'latest' alias name (case insensitive) is reserved.");
        }
        if (alias.matches("(?i)v\\d+")) {
            throw MlflowRequest.invalid("Version alias name '" + alias + "' is reserved.");
        }
        database.useTransaction(handle -> {
            RegisteredModel model = get(handle, workspace, name);
            if (versions.find(handle, workspace.id(), name, version).isEmpty()) {
                throw Versions.unknown(name, version);
            }
            String before = model.aliases().getOrDefault(alias, "");
            store.setAlias(handle, workspace.id(), name, alias, version);
            store.touch(handle, workspace.id(), name, clock.millis());
            if (!before.equals(version)) {
                note(
                        handle,
                        workspace,
                        new Event(name, version, "alias " + alias, before, version, caller.name(), clock.millis()));
            }
            webhooks.happened(
                    handle,
                    workspace,
                    model.isPrompt() ? Entity.PROMPT_ALIAS : Entity.MODEL_VERSION_ALIAS,
                    Action.CREATED,
                    Json.object().put("name", name).put("alias", alias).put("version", version));
        });
    }

    /// Fine when there is none.
    public void deleteAlias(Workspace workspace, String name, String alias, Caller caller) {
        database.useTransaction(handle -> {
            RegisteredModel model = get(handle, workspace, name);
            String before = model.aliases().get(alias);
            if (before != null) {
                store.deleteAlias(handle, workspace.id(), name, alias);
                note(
                        handle,
                        workspace,
                        new Event(name, before, "alias " + alias, before, "", caller.name(), clock.millis()));
                webhooks.happened(
                        handle,
                        workspace,
                        model.isPrompt() ? Entity.PROMPT_ALIAS : Entity.MODEL_VERSION_ALIAS,
                        Action.DELETED,
                        Json.object().put("name", name).put("alias", alias));
            }
        });
    }

    /// The version an alias points at. An unknown alias is a wrong parameter to MLflow, not a missing thing.
    public Version byAlias(Workspace workspace, String name, String alias) {
        return database.read(handle -> {
            String version = get(handle, workspace, name).aliases().get(alias);
            if (version == null) {
                throw MlflowRequest.invalid("Registered model alias " + alias + " not found.");
            }
            return versions.find(handle, workspace.id(), name, version)
                    .orElseThrow(() -> Versions.unknown(name, version));
        });
    }

    /// One page by name; prompts only when the filter asks for them.
    public Page<RegisteredModel> search(
            Workspace workspace, @Nullable String filter, List<String> orderBy, int max, @Nullable String token) {
        List<Vocabulary.Term> terms = withoutPrompts(SqlModels.VOCABULARY.terms(Filter.parse(filter)));
        int offset = PageToken.offset(token);
        List<RegisteredModel> found =
                store.search(workspace.id(), terms, SqlModels.VOCABULARY.orders(OrderBy.parse(orderBy)), max, offset);
        return found.size() > max ? new Page<>(found.subList(0, max), PageToken.of(offset + max)) : Page.last(found);
    }

    static List<Vocabulary.Term> withoutPrompts(List<Vocabulary.Term> terms) {
        boolean asked = terms.stream()
                .anyMatch(term ->
                        term.entity() == Vocabulary.Entity.TAG && term.key().equals(IS_PROMPT));
        if (asked) {
            return terms;
        }
        List<Vocabulary.Term> more = new ArrayList<>(terms);
        more.add(new Vocabulary.Term(
                Vocabulary.Entity.TAG, IS_PROMPT, Filter.Comparator.NE, new Filter.Value.Text("true"), 0));
        return more;
    }

    void note(Handle handle, Workspace workspace, Event event) {
        history.add(handle, workspace.id(), ids.guid(), event);
    }

    static void checkTag(String key, String value) {
        Keys.check(key, "key", "key");
        Keys.length(value, "value", MAX_TAG_VALUE);
    }
}
