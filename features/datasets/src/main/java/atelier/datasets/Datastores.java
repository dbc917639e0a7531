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
import org.jspecify.annotations.Nullable;

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
    private final Access access;
    private final InstantSource clock;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    Datastores(DatastoreStore store, Blobs blobs, Access access, InstantSource clock) {
        this.store = store;
        this.blobs = blobs;
        this.access = access;
        this.clock = clock;
    }

    /// How clients get at bytes, and how what they entrust is kept.
    record Access(SasTokens tokens, DatastoreSecrets secrets) {}

    /// The workspace's own first, then the users' by name.
    public List<Datastore> list(Workspace workspace) {
        List<Datastore> all = new ArrayList<>(own(workspace));
        all.addAll(store.list(workspace.id()));
        all.forEach(this::ensure);
        String chosen = defaultName(workspace);
        return all.stream().map(datastore -> marked(datastore, chosen)).toList();
    }

    private String defaultName(Workspace workspace) {
        return store.defaultName(workspace.id()).orElse(DEFAULT);
    }

    private static Datastore marked(Datastore datastore, String chosen) {
        boolean isDefault = datastore.name().equalsIgnoreCase(chosen);
        return datastore.isDefault() == isDefault ? datastore : with(datastore, isDefault);
    }

    private static Datastore with(Datastore datastore, boolean isDefault) {
        return new Datastore(
                datastore.name(),
                datastore.type(),
                datastore.container(),
                datastore.requestedAccount(),
                datastore.description(),
                datastore.tags(),
                datastore.details(),
                isDefault,
                datastore.createdBy(),
                datastore.createdAt(),
                datastore.modifiedAt());
    }

    /// @throws Problem.NotFound naming those that exist
    public Datastore get(Workspace workspace, String name) {
        Datastore found = find(workspace, name)
                .orElseThrow(() -> new Problem.NotFound("Datastore '" + name
                        + "' does not exist. There are: "
                        + String.join(
                                ", ",
                                list(workspace).stream().map(Datastore::name).toList()) + "."));
        return marked(ensure(found), defaultName(workspace));
    }

    /// One whose bytes are here.
    ///
    /// @throws Problem.Unsupported `DatastoreNotServed` for kinds that are kept as definitions only
    public Datastore served(Workspace workspace, String name) {
        Datastore found = get(workspace, name);
        if (!found.type().served()) {
            throw new Problem.Unsupported(
                    "DatastoreNotServed",
                    "Datastore '" + found.name() + "' is of kind "
                            + found.type().word()
                            + ", whose bytes are elsewhere: its definition is kept, its data cannot be read or written"
                            + " here. Copy the data into " + DEFAULT + ", or into a datastore of kind AzureBlob.");
        }
        return found;
    }

    /// The one that uploads go to when none is named.
    public Datastore defaultOne(Workspace workspace) {
        return get(workspace, defaultName(workspace));
    }

    /// Where jobs keep their outputs. It stays when another datastore becomes the default, so that what was written
    /// before is found afterwards.
    public Datastore outputs(Workspace workspace) {
        return get(workspace, DEFAULT);
    }

    /// Makes a datastore the default.
    ///
    /// @throws Problem.Unsupported for one whose bytes are elsewhere
    public Datastore makeDefault(Workspace workspace, String name) {
        Datastore chosen = served(workspace, name);
        store.makeDefault(workspace.id(), chosen.name().equals(DEFAULT) ? null : chosen.name());
        return get(workspace, name);
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
                draft.details(),
                false,
                before.map(Datastore::createdBy).orElse(caller.name()),
                before.map(Datastore::createdAt).orElse(now),
                now);
        ensure(datastore);
        String secret = draft.secret();
        store.put(
                workspace.id(),
                datastore,
                secret == null ? null : access.secrets().seal(secret));
        return marked(datastore, defaultName(workspace));
    }

    /// Forgets the datastore; its container and bytes stay. True when it was there.
    public boolean delete(Workspace workspace, String name) {
        notOwn(workspace, name, "deleted");
        if (defaultName(workspace).equalsIgnoreCase(name)) {
            throw new Problem.Conflict(
                    "UserError",
                    "Datastore '" + name + "' is the default of the workspace. Make another the default first.");
        }
        return store.delete(workspace.id(), name);
    }

    /// A SAS for the datastore's container, good for `life` but a day at most.
    public String sas(Workspace workspace, String name, Duration life) {
        Duration allowed = life.isNegative() || life.isZero() ? Duration.ofHours(1) : life;
        return access.tokens()
                .forContainer(
                        served(workspace, name).container(),
                        allowed.compareTo(LONGEST_LIFE) > 0 ? LONGEST_LIFE : allowed);
    }

    /// The secret that its maker gave, as JSON (`secretsType` and its field).
    public Optional<String> secret(Workspace workspace, String name) {
        return store.secret(workspace.id(), name).map(access.secrets()::open);
    }

    /// What a user asks for.
    ///
    /// @param secret JSON of the `secrets` object; null when none was sent
    public record Draft(
            String name,
            Datastore.Type type,
            String container,
            String account,
            String description,
            Map<String, String> tags,
            Datastore.Details details,
            @Nullable String secret) {
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

    /// Whether it is one of the four that every workspace has.
    public boolean isOwn(Workspace workspace, String name) {
        return own(workspace).stream().anyMatch(own -> own.name().equalsIgnoreCase(name));
    }

    private void notOwn(Workspace workspace, String name, String verb) {
        if (isOwn(workspace, name)) {
            throw new Problem.Conflict(
                    "UserError", "Datastore '" + name + "' belongs to the workspace and cannot be " + verb + ".");
        }
    }

    private Datastore ensure(Datastore datastore) {
        if (datastore.type().served()) {
            ensureContainer(datastore.container());
        }
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
                Datastore.Details.of("AccountKey"),
                name.equals(DEFAULT),
                Caller.SYSTEM.name(),
                workspace.createdAt(),
                workspace.createdAt());
    }
}
