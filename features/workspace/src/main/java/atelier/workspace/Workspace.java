package atelier.workspace;

import java.time.Instant;

/// A workspace: the folder of everything else.
///
/// @param id GUID; the key that all other tables hold
/// @param subscriptionId, resourceGroup, name where Azure Resource Manager's addresses find it
/// @param location Azure region name; `local` here
public record Workspace(
        String id, String subscriptionId, String resourceGroup, String name, String location, Instant createdAt) {
    /// `/subscriptions/{s}/resourceGroups/{rg}/providers/Microsoft.MachineLearningServices/workspaces/{name}`.
    public String armId() {
        return "/subscriptions/" + subscriptionId + "/resourceGroups/" + resourceGroup
                + "/providers/Microsoft.MachineLearningServices/workspaces/" + name;
    }
}
