package atelier.storage;

import atelier.kernel.Ids;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.store.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// The verbs of containers.
public final class Containers {
    private final Database database;
    private final BlobStore store;
    private final Bytes bytes;
    private final InstantSource clock;
    private final Ids ids;

    Containers(Database database, BlobStore store, Bytes bytes, InstantSource clock, Ids ids) {
        this.database = database;
        this.store = store;
        this.bytes = bytes;
        this.clock = clock;
        this.ids = ids;
    }

    /// @throws Problem.AlreadyExists `ContainerAlreadyExists`
    public Container create(String name, Map<String, String> metadata) {
        Container container = new Container(name, Bytes.etag(ids), metadata, clock.instant());
        if (!database.inTransaction(_ -> store.insertContainer(container))) {
            throw new Problem.AlreadyExists("ContainerAlreadyExists", "The specified container already exists.");
        }
        return container;
    }

    /// Makes a container; fine when it exists.
    public void ensure(String name) {
        BlobPath.checkContainer(name);
        if (store.container(name).isEmpty()) {
            Container container = new Container(name, Bytes.etag(ids), Map.of(), clock.instant());
            database.inTransaction(_ -> store.insertContainer(container));
        }
    }

    /// @throws Problem.NotFound `ContainerNotFound`
    public Container get(String name) {
        return store.container(BlobPath.checkContainer(name)).orElseThrow(Containers::notFound);
    }

    /// Containers whose name starts with `prefix`; `marker` is the last page's `next`.
    public Page<Container> list(String prefix, String marker, int max) {
        List<Container> found = store.containers(prefix, marker, max + 1);
        return found.size() <= max
                ? Page.last(found)
                : new Page<>(found.subList(0, max), found.get(max).name());
    }

    /// Replaces the metadata.
    public Container describe(String name, Map<String, String> metadata, Conditions conditions) {
        return database.inTransaction(_ -> {
            Container current = store.lockContainer(name).orElseThrow(Containers::notFound);
            check(conditions, current);
            Container changed = new Container(name, Bytes.etag(ids), metadata, clock.instant());
            store.updateContainer(changed);
            return changed;
        });
    }

    /// Deletes a container with all its blobs and frees their bytes.
    public void delete(String name, Conditions conditions) {
        database.useTransaction(handle -> {
            check(conditions, store.lockContainer(name).orElseThrow(Containers::notFound));
            BlobStore.Removed removed = store.removeBelow(name, "");
            store.deleteContainer(name);
            handle.afterCommit(() -> bytes.free(removed.contents()));
        });
    }

    private static void check(Conditions conditions, Container container) {
        if (!conditions.readable(container.etag(), container.modifiedAt())) {
            throw new Problem.PreconditionFailed(
                    "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met.");
        }
    }

    static Problem notFound() {
        return new Problem.NotFound("ContainerNotFound", "The specified container does not exist.");
    }
}
