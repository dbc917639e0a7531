package atelier.workspace;

import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The verbs of workspaces as Azure Resource Manager has them: make, change, delete softly, recover, purge.
///
/// Deleting follows Azure: what runs ends, computes and endpoints go, everything else is kept and the name stays taken
/// until the workspace is purged or recovered (`allowRecoverSoftDeletedWorkspace` in a PUT of its name).
public final class WorkspaceResources {
    private static final Logger LOG = LoggerFactory.getLogger(WorkspaceResources.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{2,32}");
    private final WorkspaceStore store;
    private final ResourceGroups groups;
    private final InstantSource clock;
    private volatile WorkspaceParts parts = WorkspaceParts.NONE;

    WorkspaceResources(WorkspaceStore store, ResourceGroups groups, InstantSource clock) {
        this.store = store;
        this.groups = groups;
        this.clock = clock;
    }

    /// Tells what the other parts of the server do for workspaces; called once, before the first request.
    public void connect(WorkspaceParts given) {
        parts = given;
    }

    public String storageKey() {
        return parts.storageKey();
    }

    /// How a PUT ended.
    public record Put(WorkspaceResource resource, boolean isNew) {}

    /// Workspaces that are not deleted.
    public List<WorkspaceResource> list() {
        return store.resources(false);
    }

    /// Workspaces that are deleted and can be recovered.
    public List<WorkspaceResource> deleted() {
        return store.resources(true);
    }

    /// @throws Problem.NotFound `ResourceNotFound`; also for a deleted one
    public WorkspaceResource get(String subscriptionId, String resourceGroup, String name) {
        return find(subscriptionId, resourceGroup, name)
                .filter(found -> found.deletedAt() == null)
                .orElseThrow(() -> new Problem.NotFound(
                        "ResourceNotFound",
                        "The Resource 'Microsoft.MachineLearningServices/workspaces/" + name
                                + "' under resource group '" + resourceGroup + "' was not found."));
    }

    private Optional<WorkspaceResource> find(String subscriptionId, String resourceGroup, String name) {
        return store.resource(name)
                .filter(found -> found.workspace().subscriptionId().equalsIgnoreCase(subscriptionId))
                .filter(found -> found.workspace().resourceGroup().equalsIgnoreCase(resourceGroup));
    }

    /// Makes a workspace, replaces what one keeps, or recovers a deleted one.
    ///
    /// @param body the REST resource: `location`, `properties`, `tags`, `identity`, `kind`, `sku`
    /// @throws Problem.Conflict `Conflict` for the name of a deleted one that is not asked to be recovered
    /// @throws Problem.AlreadyExists when another resource group has the name
    public Put put(String subscriptionId, String resourceGroup, String name, ObjectNode body, Caller caller) {
        ObjectNode kept = WorkspaceFields.check(body);
        Optional<WorkspaceResource> taken = store.resource(name);
        if (taken.isEmpty()) {
            if (!NAME.matcher(name).matches()) {
                throw new Problem.Invalid(
                        "InvalidWorkspaceName",
                        "A workspace name has 3 to 33 letters, digits, '-' and '_' and starts with a letter or digit; '"
                                + shortened(name) + "' does not.",
                        "workspaceName");
            }
            ResourceGroup group = groups.get(subscriptionId, resourceGroup);
            String location = WorkspaceFields.location(body)
                    .orElseThrow(() -> new Problem.Invalid(
                            "LocationRequired", "The location property is required for this definition.", "location"));
            return new Put(
                    store.insert(group.subscriptionId(), group.name(), name, location, kept, caller.name()), true);
        }
        WorkspaceResource before = find(subscriptionId, resourceGroup, name)
                .orElseThrow(() -> new Problem.AlreadyExists(
                        "WorkspaceNameTaken",
                        "A workspace '" + name + "' exists in resource group '"
                                + taken.get().workspace().resourceGroup()
                                + "'; names are unique on one server. Choose another name."));
        if (before.deletedAt() != null) {
            if (!kept.path("properties")
                    .path("allowRecoverSoftDeletedWorkspace")
                    .asBoolean(false)) {
                throw new Problem.Conflict(
                        "Conflict",
                        "Soft-deleted workspace exists. Please purge or recover it: delete it with forceToPurge=true"
                                + " (permanently_delete in the SDK), or send the property"
                                + " 'allowRecoverSoftDeletedWorkspace': true.");
            }
            store.mark(before.workspace(), null);
            return new Put(again(before), false);
        }
        WorkspaceFields.location(body)
                .filter(location -> !location.equals(before.workspace().location()))
                .ifPresent(location -> {
                    throw new Problem.Conflict(
                            "InvalidResourceLocation",
                            "Workspace '" + name + "' is in location '"
                                    + before.workspace().location() + "'; it cannot be moved to '" + location + "'.");
                });
        store.replace(before.workspace(), kept);
        return new Put(again(before), false);
    }

    /// Changes what is given and keeps the rest; tags are replaced as a whole.
    public WorkspaceResource patch(String subscriptionId, String resourceGroup, String name, ObjectNode body) {
        WorkspaceResource before = get(subscriptionId, resourceGroup, name);
        ObjectNode change = WorkspaceFields.check(body);
        ObjectNode kept = before.kept().deepCopy();
        for (String part : List.of("properties", "identity", "sku")) {
            if (change.get(part) instanceof ObjectNode given) {
                ObjectNode into = kept.get(part) instanceof ObjectNode had ? had : Json.object();
                given.properties().stream()
                        .filter(field -> !field.getValue().isNull())
                        .forEach(field -> into.set(field.getKey(), field.getValue()));
                kept.set(part, into);
            }
        }
        JsonNode tags = change.get("tags");
        if (tags != null && !tags.isNull()) {
            kept.set("tags", tags);
        }
        store.replace(before.workspace(), kept);
        return again(before);
    }

    /// Deletes softly, or for good. Empty when there is nothing to delete.
    ///
    /// @param purge frees the name, the rows and the bytes; also of a workspace that is deleted already
    public Optional<Workspace> delete(String subscriptionId, String resourceGroup, String name, boolean purge) {
        Optional<WorkspaceResource> found =
                find(subscriptionId, resourceGroup, name).filter(resource -> purge || resource.deletedAt() == null);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Workspace workspace = found.get().workspace();
        boolean marked = store.mark(workspace, clock.instant());
        // Once more for a purge: a crash may have cut the first time short.
        if (marked || purge) {
            parts.closing(workspace);
        }
        if (purge) {
            parts.purging(workspace);
            store.purge(workspace);
            LOG.info("Workspace {} is purged", workspace.name());
        }
        return Optional.of(workspace);
    }

    /// The checked tags of a body; none when it has none.
    public static ObjectNode tags(ObjectNode body) {
        return WorkspaceFields.check(Json.object()
                                        .set(
                                                "tags",
                                                body.path("tags").isMissingNode() ? Json.object() : body.get("tags")))
                                .get("tags")
                        instanceof ObjectNode tags
                ? tags
                : Json.object();
    }

    private WorkspaceResource again(WorkspaceResource before) {
        return store.resource(before.workspace().name()).orElse(before);
    }

    private static String shortened(String name) {
        return name.length() <= 80 ? name : name.substring(0, 77).toLowerCase(Locale.ROOT) + "...";
    }
}
