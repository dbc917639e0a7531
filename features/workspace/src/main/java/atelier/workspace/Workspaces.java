package atelier.workspace;

import java.util.List;

/// Finds and makes workspaces.
public interface Workspaces {
    /// Names match in any case, as in Azure Resource Manager.
    ///
    /// @throws atelier.kernel.Problem.NotFound `ResourceNotFound`
    Workspace get(String subscriptionId, String resourceGroup, String name);

    /// By [Workspace#id()].
    Workspace byId(String id);

    /// By name alone (scoring addresses); names are unique on one server.
    Workspace byName(String name);

    List<Workspace> list();
}
