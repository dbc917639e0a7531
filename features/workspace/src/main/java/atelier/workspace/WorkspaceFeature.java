package atelier.workspace;

import atelier.kernel.Ids;
import atelier.store.Database;
import atelier.web.Routes;
import atelier.workspace.http.WorkspaceRoutes;
import atelier.workspace.internal.SqlOperations;
import atelier.workspace.internal.SqlWorkspaces;
import java.time.InstantSource;
import java.util.List;

/// The workspace feature, wired.
///
/// @param routes what the gateway mounts
public record WorkspaceFeature(Workspaces workspaces, Operations operations, List<Routes> routes) {
    /// @param version the product's version, told by `/atelier/me`
    public static WorkspaceFeature create(Database database, InstantSource clock, Ids ids, String version) {
        SqlWorkspaces workspaces = new SqlWorkspaces(database, clock, ids);
        SqlOperations operations = new SqlOperations(database, clock, ids);
        return new WorkspaceFeature(
                workspaces, operations, List.of(new WorkspaceRoutes(workspaces, operations, version).routes()));
    }
}
