package atelier.workspace;

import atelier.kernel.Ids;
import atelier.store.Database;
import atelier.web.Routes;
import atelier.workspace.http.OperationRoutes;
import atelier.workspace.http.SubscriptionRoutes;
import atelier.workspace.http.WorkspaceRoutes;
import atelier.workspace.internal.SqlDeployments;
import atelier.workspace.internal.SqlOperations;
import atelier.workspace.internal.SqlResourceGroups;
import atelier.workspace.internal.SqlWorkspaces;
import java.time.InstantSource;
import java.util.List;

/// The workspace feature, wired.
///
/// @param routes what the gateway mounts
public record WorkspaceFeature(
        Workspaces workspaces,
        WorkspaceResources resources,
        ResourceGroups groups,
        Operations operations,
        WorkspaceStore store,
        List<Routes> routes) {
    /// @param version the product's version, told by `/atelier/me`
    public static WorkspaceFeature create(Database database, InstantSource clock, Ids ids, String version) {
        SqlWorkspaces workspaces = new SqlWorkspaces(database, clock, ids);
        SqlOperations operations = new SqlOperations(database, clock, ids);
        SqlResourceGroups groups = new SqlResourceGroups(database, clock);
        WorkspaceResources resources = new WorkspaceResources(workspaces, groups, clock);
        Deployments deployments = new Deployments(new SqlDeployments(database), resources, groups, clock);
        return new WorkspaceFeature(
                workspaces,
                resources,
                groups,
                operations,
                workspaces,
                List.of(
                        new WorkspaceRoutes(resources, workspaces, operations).routes(),
                        new SubscriptionRoutes(groups, deployments, resources).routes(),
                        new OperationRoutes(workspaces, operations, version).routes()));
    }
}
