package atelier.workspace;

import java.time.Instant;

/// A workspace: the folder of everything else.
///
/// @param id GUID; the key that all other tables hold
/// @param subscriptionId, resourceGroup, name where Azure Resource Manager's addresses find it
/// @param location Azure region name; `local` here
public record Workspace(
        String id, String subscriptionId, String resourceGroup, String name, String location, Instant createdAt) {
    /// Container of the storage account in which the runs of this workspace keep artifacts and logs. Names of jobs are
    /// unique in a workspace only, so each has its own; `main`, the first of every server, has Azure's name.
    public String artifactContainer() {
        return name.equalsIgnoreCase("main") ? "azureml" : "azureml-" + id;
    }

    /// `/subscriptions/{s}/resourceGroups/{rg}/providers/Microsoft.MachineLearningServices/workspaces/{name}`.
    public String armId() {
        return "/subscriptions/" + subscriptionId + "/resourceGroups/" + resourceGroup
                + "/providers/Microsoft.MachineLearningServices/workspaces/" + name;
    }
}
