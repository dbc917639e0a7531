package atelier.cli;

import atelier.cli.http.Api;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Which workspace is meant, as far as it was said.
public record Place(
        @Nullable String workspace,
        @Nullable String group,
        @Nullable String subscription) {
    /// What this leaves open, as `other` says.
    public Place or(Place other) {
        return new Place(
                workspace == null ? other.workspace : workspace,
                group == null ? other.group : group,
                subscription == null ? other.subscription : subscription);
    }

    /// The workspace's ARM path. A name alone is looked up among the server's workspaces; without a name it is the
    /// first of the group, without a group the first of all.
    ///
    /// @throws CliError when a group without workspaces is named and no workspace
    public String path(Api api) {
        if (workspace != null && group != null && subscription != null) {
            return path(subscription, group, workspace);
        }
        JsonNode all = api.me().path("workspaces");
        JsonNode found = null;
        for (JsonNode each : all) {
            if (fits(each, "name", workspace)
                    && fits(each, "resourceGroup", group)
                    && fits(each, "subscriptionId", subscription)) {
                found = each;
                break;
            }
        }
        if (found == null && workspace == null && group != null) {
            throw new CliError("The resource group '" + group
                    + "' has no workspace; make one with `az ml workspace create --name NAME`, or name another group.");
        }
        JsonNode base = found == null ? all.path(0) : found;
        return path(
                subscription == null ? base.path("subscriptionId").asString("") : subscription,
                group == null ? base.path("resourceGroup").asString("") : group,
                workspace == null ? base.path("name").asString("") : workspace);
    }

    private static boolean fits(JsonNode known, String field, @Nullable String wanted) {
        return wanted == null || known.path(field).asString("").equalsIgnoreCase(wanted);
    }

    public static String path(String subscription, String group, String workspace) {
        return "/subscriptions/" + subscription + "/resourceGroups/" + group
                + "/providers/Microsoft.MachineLearningServices/workspaces/" + workspace;
    }
}
