package atelier.experiments;

import atelier.experiments.internal.SqlExperiments;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.mlflow.Filter;
import atelier.mlflow.Keys;
import atelier.mlflow.MlflowRequest;
import atelier.mlflow.OrderBy;
import atelier.mlflow.PageToken;
import atelier.store.Database;
import atelier.workspace.Workspace;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The verbs of experiments. Names are unique in a workspace, deleted experiments included; ids count up from 0,
/// which is `Default` and is always there.
public final class Experiments {
    static final int MAX_NAME = 500;
    static final int MAX_TAG_VALUE = 20_000;
    private final Database database;
    private final SqlExperiments store;
    private final InstantSource clock;
    private final Set<String> withDefault = ConcurrentHashMap.newKeySet();

    Experiments(Database database, SqlExperiments store, InstantSource clock) {
        this.database = database;
        this.store = store;
        this.clock = clock;
    }

    /// Makes an experiment; its id.
    ///
    /// @param artifactLocation null keeps artifacts here
    public long create(Workspace workspace, String name, @Nullable String artifactLocation, List<Entry> tags) {
        ensureDefault(workspace);
        Keys.length(name, "name", MAX_NAME);
        if (artifactLocation != null) {
            checkLocation(artifactLocation);
        }
        tags.forEach(Experiments::check);
        return database.inTransaction(handle -> {
            if (store.findByName(handle, workspace.id(), name).isPresent()) {
                throw new Problem.AlreadyExists(
                        "RESOURCE_ALREADY_EXISTS", "Experiment(name=" + name + ") already exists.");
            }
            long id = store.nextId(handle, workspace.id());
            long now = clock.millis();
            String location = artifactLocation == null || artifactLocation.isEmpty()
                    ? "mlflow-artifacts:/" + id
                    : artifactLocation;
            if (!store.insert(handle, workspace.id(), new Experiment(id, name, location, "active", now, now, tags))) {
                throw new Problem.AlreadyExists(
                        "RESOURCE_ALREADY_EXISTS", "Experiment(name=" + name + ") already exists.");
            }
            return id;
        });
    }

    /// Deleted ones too.
    ///
    /// @param id digits
    public Experiment get(Workspace workspace, String id) {
        ensureDefault(workspace);
        return database.read(handle -> get(handle, workspace, id));
    }

    Experiment get(Handle handle, Workspace workspace, String id) {
        return store.find(handle, workspace.id(), number(id)).orElseThrow(() -> unknown(id));
    }

    /// Throws unless the experiment is there and active.
    Experiment active(Handle handle, Workspace workspace, String id) {
        Experiment experiment = get(handle, workspace, id);
        if (!experiment.active()) {
            throw MlflowRequest.invalid("The experiment " + id + " must be in the 'active' state. Current state is "
                    + experiment.lifecycle() + ".");
        }
        return experiment;
    }

    public Experiment getByName(Workspace workspace, String name) {
        ensureDefault(workspace);
        return database.read(handle -> store.findByName(handle, workspace.id(), name))
                .orElseThrow(() -> new Problem.NotFound(
                        "RESOURCE_DOES_NOT_EXIST", "Could not find experiment with name '" + name + "'"));
    }

    public void rename(Workspace workspace, String id, String name) {
        ensureDefault(workspace);
        Keys.length(name, "name", MAX_NAME);
        database.useTransaction(handle -> {
            Experiment experiment = get(handle, workspace, id);
            if (!experiment.active()) {
                throw MlflowRequest.invalid("Cannot rename a non-active experiment.");
            }
            store.findByName(handle, workspace.id(), name).ifPresent(other -> {
                if (other.id() != experiment.id()) {
                    throw new Problem.AlreadyExists(
                            "RESOURCE_ALREADY_EXISTS", "Experiment(name=" + name + ") already exists.");
                }
            });
            store.update(handle, workspace.id(), experiment.id(), name, "active", clock.millis());
        });
    }

    /// Marks it and all its runs as deleted.
    public void delete(Workspace workspace, String id) {
        move(workspace, id, "active", "deleted");
    }

    /// Brings it and all its runs back.
    public void restore(Workspace workspace, String id) {
        move(workspace, id, "deleted", "active");
    }

    private void move(Workspace workspace, String id, String from, String to) {
        ensureDefault(workspace);
        database.useTransaction(handle -> {
            Experiment experiment = get(handle, workspace, id);
            if (!experiment.lifecycle().equals(from)) {
                throw unknown(id);
            }
            store.update(handle, workspace.id(), experiment.id(), experiment.name(), to, clock.millis());
            Long deletedAt = to.equals("deleted") ? clock.millis() : null;
            store.setRunsLifecycle(handle, workspace.id(), experiment.id(), to, deletedAt);
        });
    }

    public void setTag(Workspace workspace, String id, Entry tag) {
        ensureDefault(workspace);
        check(tag);
        database.useTransaction(handle -> {
            Experiment experiment = active(handle, workspace, id);
            store.setTag(handle, workspace.id(), experiment.id(), tag);
        });
    }

    public void deleteTag(Workspace workspace, String id, String key) {
        ensureDefault(workspace);
        database.useTransaction(handle -> {
            Experiment experiment = active(handle, workspace, id);
            if (!store.deleteTag(handle, workspace.id(), experiment.id(), key)) {
                throw new Problem.NotFound(
                        "RESOURCE_DOES_NOT_EXIST", "No tag with name: " + key + " in experiment with id " + id);
            }
        });
    }

    /// One page; newest first unless `orderBy` says otherwise.
    public Page<Experiment> search(
            Workspace workspace,
            @Nullable String filter,
            List<String> orderBy,
            ViewType view,
            int max,
            @Nullable String token) {
        ensureDefault(workspace);
        int offset = PageToken.offset(token);
        List<Experiment> found = store.search(
                workspace.id(),
                SqlExperiments.VOCABULARY.terms(Filter.parse(filter)),
                SqlExperiments.VOCABULARY.orders(OrderBy.parse(orderBy)),
                view,
                max,
                offset);
        return found.size() > max ? new Page<>(found.subList(0, max), PageToken.of(offset + max)) : Page.last(found);
    }

    /// Id of the experiment of this name; made when missing, brought back when deleted.
    public long idOf(Workspace workspace, String name) {
        ensureDefault(workspace);
        return database.inTransaction(handle -> {
            var found = store.findByName(handle, workspace.id(), name);
            if (found.isEmpty()) {
                try {
                    return create(workspace, name, null, List.of());
                } catch (Problem.AlreadyExists e) {
                    // Another server of this database was faster; what it made can be seen by now.
                    found = store.findByName(handle, workspace.id(), name);
                }
            }
            Experiment experiment = found.orElseThrow();
            if (!experiment.active()) {
                restore(workspace, Long.toString(experiment.id()));
            }
            return experiment.id();
        });
    }

    void ensureDefault(Workspace workspace) {
        if (withDefault.contains(workspace.id())) {
            return;
        }
        database.useTransaction(handle -> {
            long now = clock.millis();
            store.insert(
                    handle,
                    workspace.id(),
                    new Experiment(0, "Default", "mlflow-artifacts:/0", "active", now, now, List.of()));
        });
        withDefault.add(workspace.id());
    }

    /// @throws Problem.Invalid when `id` is not a number
    static long number(String id) {
        if (!id.matches("\\d{1,18}")) {
            throw MlflowRequest.invalid("Invalid experiment id '" + id + "': experiment ids are whole numbers.");
        }
        return Long.parseLong(id);
    }

    private static Problem unknown(String id) {
        return new Problem.NotFound("RESOURCE_DOES_NOT_EXIST", "No Experiment with id=" + id + " exists");
    }

    private static void check(Entry tag) {
        Keys.check(tag.key(), "key", "key");
        Keys.length(tag.value(), "value", MAX_TAG_VALUE);
    }

    private static void checkLocation(String location) {
        int query = location.indexOf('?');
        if (location.indexOf('#') >= 0 || location.indexOf(';') >= 0) {
            throw MlflowRequest.invalid("'artifact_location' URL can't include fragments or params.");
        }
        if (query >= 0 && ArtifactPaths.decoded(location.substring(query)).contains("..")) {
            throw MlflowRequest.invalid("Invalid query string");
        }
    }
}
