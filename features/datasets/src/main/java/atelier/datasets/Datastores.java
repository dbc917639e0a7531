package atelier.datasets;

import atelier.kernel.Caller;
import atelier.kernel.Problem;
import atelier.storage.Blobs;
import atelier.workspace.Workspace;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The datastores of a workspace: the four that every Azure ML workspace has, and those that users make.
/// The container behind a datastore exists once this class has named it.
public final class Datastores {
    /// Where uploads go when nothing else is said.
    public static final String DEFAULT = "workspaceblobstore";

    /// Where runs keep their artifacts and logs; container [Workspace#artifactContainer].
    public static final String ARTIFACTS = "workspaceartifactstore";

    private static final Duration LONGEST_LIFE = Duration.ofHours(24);
    private final DatastoreStore store;
    private final Blobs blobs;
    private final SasTokens tokens;
    private final InstantSource clock;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    Datastores(DatastoreStore store, Blobs blobs, SasTokens tokens, InstantSource clock) {
        this.store = store;
        this.blobs = blobs;
        this.tokens = tokens;
        this.clock = clock;
    }

    /// The workspace's own first, then the users' by name.
    public List<Datastore> list(Workspace workspace) {
        List<Datastore> all = new ArrayList<>(own(workspace));
        all.addAll(store.list(workspace.id()));
        all.forEach(this::ensure);
        return all;
    }

    /// @throws Problem.NotFound naming those that exist
    public Datastore get(Workspace workspace, String name) {
        Datastore found = find(workspace, name)
                .orElseThrow(() -> new Problem.NotFound("Datastore '" + name
                        + "' does not exist. There are: "
                        + String.join(
                                ", ",
                                list(workspace).stream().map(Datastore::name).toList()) + "."));
        return ensure(found);
    }

    public Datastore defaultOne(Workspace workspace) {
        return get(workspace, DEFAULT);
    }

    /// A container that other parts of the workspace rely on.
    String ensureContainer(String container) {
        if (!known.contains(container)) {
            blobs.ensureContainer(container);
            known.add(container);
        }
        return container;
    }

    /// Makes or changes a user's datastore.
    ///
    /// @throws Problem.Conflict for the four of the workspace
    public Datastore put(Workspace workspace, Draft draft, Caller caller) {
        notOwn(workspace, draft.name(), "changed");
        var now = clock.instant();
        Optional<Datastore> before = store.find(workspace.id(), draft.name());
        Datastore datastore = new Datastore(
                draft.name(),
                draft.type(),
                draft.container(),
                draft.account(),
                draft.description(),
                draft.tags(),
                draft.credentialsType(),
                false,
                before.map(Datastore::createdBy).orElse(caller.name()),
                before.map(Datastore::createdAt).orElse(now),
                now);
        ensure(datastore);
        store.put(workspace.id(), datastore);
        return datastore;
    }

    /// Forgets the datastore; its container and bytes stay. True when it was there.
    public boolean delete(Workspace workspace, String name) {
        notOwn(workspace, name, "deleted");
        return store.delete(workspace.id(), name);
    }

    /// A SAS for the datastore's container, good for `life` but a day at most.
    public String secret(Workspace workspace, String name, Duration life) {
        Duration allowed = life.isNegative() || life.isZero() ? Duration.ofHours(1) : life;
        return tokens.forContainer(
                get(workspace, name).container(), allowed.compareTo(LONGEST_LIFE) > 0 ? LONGEST_LIFE : allowed);
    }

    /// What a user asks for.
    public record Draft(
            String name,
            Datastore.Type type,
            String container,
            String account,
            String description,
            Map<String, String> tags,
            String credentialsType) {
        public Draft {
            tags = Map.copyOf(tags);
        }
    }

    private Optional<Datastore> find(Workspace workspace, String name) {
        for (Datastore own : own(workspace)) {
            if (own.name().equalsIgnoreCase(name)) {
                return Optional.of(own);
            }
        }
        return store.find(workspace.id(), name);
    }

    private void notOwn(Workspace workspace, String name, String verb) {
        if (own(workspace).stream().anyMatch(own -> own.name().equalsIgnoreCase(name))) {
            throw new Problem.Conflict(
                    "UserError", "Datastore '" + name + "' belongs to the workspace and cannot be " + verb + ".");
        }
    }

    private Datastore ensure(Datastore datastore) {
        ensureContainer(datastore.container());
        return datastore;
    }

    /// Containers of this workspace alone; they go when it is purged.
    public static List<String> ownContainers(Workspace workspace) {
        return own(workspace).stream().map(Datastore::container).toList();
    }

    private static List<Datastore> own(Workspace workspace) {
        return List.of(
                own(workspace, DEFAULT, Datastore.Type.AZURE_BLOB, "azureml-blobstore-" + workspace.id()),
                own(workspace, ARTIFACTS, Datastore.Type.AZURE_BLOB, workspace.artifactContainer()),
                own(workspace, "workspacefilestore", Datastore.Type.AZURE_FILE, "azureml-filestore-" + workspace.id()),
                own(workspace, "workspaceworkingdirectory", Datastore.Type.AZURE_FILE, "code-" + workspace.id()));
    }

    private static Datastore own(Workspace workspace, String name, Datastore.Type type, String container) {
        return new Datastore(
                name,
                type,
                container,
                "",
                "",
                Map.of(),
                "AccountKey",
                name.equals(DEFAULT),
                Caller.SYSTEM.name(),
                workspace.createdAt(),
                workspace.createdAt());
    }
}
