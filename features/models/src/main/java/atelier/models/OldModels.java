package atelier.models;

import atelier.kernel.Caller;
import atelier.kernel.Problem;
import atelier.models.internal.Flavors;
import atelier.models.internal.SqlModels;
import atelier.models.internal.SqlVersions;
import atelier.store.Database;
import atelier.workspace.Workspace;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Takes in what another registry recorded: numbers, times, stages and aliases stay what they were there. What is here
/// already is never changed, and webhooks are told nothing: it is old news.
public final class OldModels {
    private final Database database;
    private final Registry registry;
    private final Versions versions;
    private final SqlModels models;
    private final SqlVersions store;
    private final Flavors flavors;
    private final Sources sources;

    OldModels(Database database, Registry registry, Versions versions, Stores stores, Sources sources) {
        this.database = database;
        this.registry = registry;
        this.versions = versions;
        this.models = stores.models();
        this.store = stores.versions();
        this.flavors = stores.flavors();
        this.sources = sources;
    }

    record Stores(SqlModels models, SqlVersions versions, Flavors flavors) {}

    /// What became of one thing.
    public enum Outcome {
        TAKEN,
        /// It is here since an earlier import.
        PRESENT,
        /// Another one of this name is here.
        DIFFERS
    }

    /// @param lastVersion the greatest number that was ever given to a version there; 0 when that is not known
    /// @param createdAt, updatedAt epoch milliseconds
    public record OldModel(
            String name,
            @Nullable String description,
            Map<String, String> tags,
            long lastVersion,
            long createdAt,
            long updatedAt) {
        public OldModel {
            tags = Map.copyOf(tags);
        }
    }

    /// @param source an address that means something here
    /// @param runId, runLink empty when not said
    /// @param createdBy empty when not said
    public record OldVersion(
            String name,
            String version,
            String source,
            String runId,
            String runLink,
            @Nullable String description,
            String stage,
            Map<String, String> tags,
            String createdBy,
            long createdAt,
            long updatedAt) {
        public OldVersion {
            tags = Map.copyOf(tags);
        }
    }

    /// A name is the same one when it was made at the same moment.
    public Outcome model(Workspace workspace, OldModel old, Caller caller) {
        RegisteredModel model = new RegisteredModel(
                old.name(),
                old.description(),
                0,
                old.tags(),
                Map.of(),
                new Version.Stamp(caller.name(), old.createdAt(), old.updatedAt()));
        return database.inTransaction(handle -> {
            if (models.insert(handle, workspace.id(), model)) {
                models.raiseVersion(handle, workspace.id(), old.name(), old.lastVersion());
                return Outcome.TAKEN;
            }
            return registry.get(handle, workspace, old.name()).stamp().createdAt() == old.createdAt()
                    ? Outcome.PRESENT
                    : Outcome.DIFFERS;
        });
    }

    /// A version is the same one when it was made at the same moment by the same run.
    ///
    /// @throws Problem when its source names nothing that is here
    public Outcome version(Workspace workspace, OldVersion old, boolean prompt, Caller caller) {
        Optional<Version> known =
                database.read(handle -> store.find(handle, workspace.id(), old.name(), old.version()));
        if (known.isPresent()) {
            Version here = known.get();
            return here.stamp().createdAt() == old.createdAt()
                            && (old.runId().isEmpty() || here.lineage().runId().equals(old.runId()))
                    ? Outcome.PRESENT
                    : Outcome.DIFFERS;
        }
        String stage = Stages.canonical(old.stage());
        Sources.Found found = prompt
                ? new Sources.Found(null, old.runId(), "")
                : sources.find(
                        workspace,
                        old.source(),
                        old.runId(),
                        "",
                        (name, reference) -> versions.find(workspace, name, reference));
        ObjectNode flavours = flavors.read(found.location());
        String by = old.createdBy().isEmpty() ? caller.name() : old.createdBy();
        Version version = new Version(
                old.name(),
                old.version(),
                old.source(),
                found.location(),
                flavours.isEmpty() ? "custom_model" : "mlflow_model",
                flavours,
                new Version.Lineage(found.runId(), old.runLink(), found.modelId()),
                old.description(),
                stage,
                old.tags(),
                Map.of(),
                false,
                new Version.Stamp(old.createdBy(), old.createdAt(), old.updatedAt()));
        return database.inTransaction(handle -> {
            registry.get(handle, workspace, old.name());
            models.raiseVersion(handle, workspace.id(), old.name(), version.number());
            store.insert(handle, workspace.id(), version);
            registry.note(
                    handle,
                    workspace,
                    new Registry.Event(old.name(), old.version(), "created", "", old.version(), by, old.createdAt()));
            if (!stage.equals(Stages.NONE)) {
                // When it came there is not kept by MLflow; the last change is the nearest to it that is.
                registry.note(
                        handle,
                        workspace,
                        new Registry.Event(
                                old.name(), old.version(), "stage", Stages.NONE, stage, by, old.updatedAt()));
            }
            return Outcome.TAKEN;
        });
    }

    /// An alias that points at another version here stays.
    ///
    /// @param at epoch milliseconds, since when it counts
    /// @throws Problem.NotFound when there is no such version here
    public Outcome alias(Workspace workspace, String name, String alias, String version, long at, Caller caller) {
        return database.inTransaction(handle -> {
            RegisteredModel model = registry.get(handle, workspace, name);
            String here = model.aliases().get(alias);
            if (here != null) {
                return here.equals(version) ? Outcome.PRESENT : Outcome.DIFFERS;
            }
            if (store.find(handle, workspace.id(), name, version).isEmpty()) {
                throw Versions.unknown(name, version);
            }
            models.setAlias(handle, workspace.id(), name, alias, version);
            registry.note(
                    handle,
                    workspace,
                    new Registry.Event(name, version, "alias " + alias, "", version, caller.name(), at));
            return Outcome.TAKEN;
        });
    }
}
