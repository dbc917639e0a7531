package atelier.workspace;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A deployment of an ARM template that has ended: workspaces are made at once.
///
/// @param state `Succeeded` or `Failed`
/// @param parameters as sent, secrets left out
/// @param resources ARM ids of what the template asked for, in its order
/// @param error `{"code","message"}` when it failed
public record Deployment(
        String subscriptionId,
        String resourceGroup,
        String name,
        String state,
        ObjectNode parameters,
        List<String> resources,
        @Nullable ObjectNode error,
        Instant startedAt,
        Instant endedAt) {
    public Deployment {
        resources = List.copyOf(resources);
    }

    public String armId() {
        return "/subscriptions/" + subscriptionId + "/resourceGroups/" + resourceGroup
                + "/providers/Microsoft.Resources/deployments/" + name;
    }
}
