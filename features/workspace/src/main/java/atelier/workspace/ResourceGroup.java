package atelier.workspace;

import atelier.kernel.Problem;
import java.time.Instant;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// A resource group: a name under which workspaces stand together.
///
/// @param location Azure region name; `local` here unless somebody said otherwise
public record ResourceGroup(String subscriptionId, String name, String location, ObjectNode tags, Instant createdAt) {
    private static final Pattern NAME = Pattern.compile("[-\\w._()]{0,89}[-\\w_()]", Pattern.UNICODE_CHARACTER_CLASS);

    public ResourceGroup {
        if (!NAME.matcher(name).matches()) {
            throw new Problem.Invalid(
                    "InvalidResourceGroup",
                    "A resource group's name has letters, digits, '-', '_', '.', '(' and ')' only, 90 at most, and does not"
                            + " end with '.'.",
                    "resourceGroupName");
        }
    }

    public String armId() {
        return "/subscriptions/" + subscriptionId + "/resourceGroups/" + name;
    }
}
