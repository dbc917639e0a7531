package atelier.workspace;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The verbs of resource groups and subscriptions. A group exists when somebody made it or a workspace stands in it;
/// a subscription is any id under which groups stand. Names match in any case.
public interface ResourceGroups {
    /// Known subscriptions, oldest first.
    List<String> subscriptions();

    List<ResourceGroup> list(String subscriptionId);

    Optional<ResourceGroup> find(String subscriptionId, String name);

    /// Makes a group or changes its tags; its location stays.
    ResourceGroup put(String subscriptionId, String name, String location, ObjectNode tags);

    /// @throws atelier.kernel.Problem.NotFound `ResourceGroupNotFound`
    default ResourceGroup get(String subscriptionId, String name) {
        return find(subscriptionId, name)
                .orElseThrow(() -> new atelier.kernel.Problem.NotFound(
                        "ResourceGroupNotFound",
                        "Resource group '" + name + "' could not be found in subscription '" + subscriptionId
                                + "'. There are: "
                                + String.join(
                                        ", ",
                                        list(subscriptionId).stream()
                                                .map(ResourceGroup::name)
                                                .toList())
                                + ". `PUT` it, or `az group create`, makes one."));
    }

    /// Forgets an empty group; true when it was there.
    ///
    /// @throws atelier.kernel.Problem.Conflict while workspaces stand in it
    boolean delete(String subscriptionId, String name);
}
