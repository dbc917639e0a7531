package atelier.workspace;

import atelier.web.Exchange;
import java.util.List;

/// Finds and makes workspaces.
public interface Workspaces {
    /// Names match in any case, as in Azure Resource Manager.
    ///
    /// @throws atelier.kernel.Problem.NotFound `ResourceNotFound`
    Workspace get(String subscriptionId, String resourceGroup, String name);

    /// The workspace of a route that starts with [Arm#WORKSPACE].
    default Workspace of(Exchange exchange) {
        return get(exchange.path("subscription"), exchange.path("group"), exchange.path("workspace"));
    }

    /// By [Workspace#id()].
    Workspace byId(String id);

    /// By name alone (scoring addresses); names are unique on one server.
    Workspace byName(String name);

    List<Workspace> list();

    /// The workspace of that name, made when it does not exist.
    ///
    /// @throws atelier.kernel.Problem.AlreadyExists when the name is taken in another resource group
    Workspace ensure(String subscriptionId, String resourceGroup, String name, String location);
}
