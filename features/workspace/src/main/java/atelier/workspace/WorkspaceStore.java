package atelier.workspace;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The port of workspaces as resources. Names match in any case; deleted workspaces are in it until they are purged.
public interface WorkspaceStore {
    /// Deleted ones too.
    Optional<WorkspaceResource> resource(String name);

    /// In the order of their making; deleted ones only, or the others only.
    List<WorkspaceResource> resources(boolean deleted);

    /// @throws atelier.kernel.Problem.AlreadyExists when the name was taken meanwhile
    WorkspaceResource insert(
            String subscriptionId,
            String resourceGroup,
            String name,
            String location,
            ObjectNode kept,
            String createdBy);

    /// Keeps a scope that was made elsewhere (a registry); false when there is one of that name.
    boolean insert(Workspace workspace, ObjectNode kept, String createdBy);

    /// Scopes of registries, in the order of their making.
    List<WorkspaceResource> registries();

    /// Replaces what is kept.
    void replace(Workspace workspace, ObjectNode kept);

    /// Deletes softly (`at`), or recovers (null). False when it was in that state already.
    boolean mark(Workspace workspace, @Nullable Instant at);

    /// Removes the workspace and every row of the database that carries its key.
    void purge(Workspace workspace);
}
