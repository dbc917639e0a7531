package atelier.workspace;

import atelier.kernel.Json;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Checks the body of a workspace (specification machinelearningservices/…/workspaceRP.json, Workspace): what is known
/// must
/// have its form, what is unknown is kept and answered, what the server makes itself is left out.
final class WorkspaceFields {
    private static final List<String> KINDS = List.of("Default", "Hub", "Project", "FeatureStore");
    private static final List<String> ACCESS = List.of("Enabled", "Disabled");
    private static final List<String> IDENTITIES =
            List.of("None", "SystemAssigned", "UserAssigned", "SystemAssigned,UserAssigned");
    private static final List<String> TEXTS = List.of(
            "friendlyName",
            "description",
            "keyVault",
            "applicationInsights",
            "containerRegistry",
            "storageAccount",
            "imageBuildCompute",
            "primaryUserAssignedIdentity",
            "systemDatastoresAuthMode");
    private static final List<String> SWITCHES = List.of(
            "hbiWorkspace",
            "v1LegacyMode",
            "allowPublicAccessWhenBehindVnet",
            "enableDataIsolation",
            "allowRecoverSoftDeletedWorkspace",
            "provisionNetworkNow",
            "allowRoleAssignmentOnRG",
            "softDeleteEnabled");
    private static final Set<String> SERVER_MADE = Set.of(
            "workspaceId",
            "provisioningState",
            "discoveryUrl",
            "mlFlowTrackingUri",
            "creationTime",
            "tenantId",
            "serviceProvisionedResourceGroup",
            "privateLinkCount",
            "storageHnsEnabled",
            "notebookInfo",
            "privateEndpointConnections",
            "sharedPrivateLinkResources");

    private WorkspaceFields() {}

    /// The parts to keep, checked.
    ///
    /// @throws Problem.Invalid naming the field
    static ObjectNode check(ObjectNode body) {
        ObjectNode kept = Json.object();
        object(body, "properties").ifPresent(given -> kept.set("properties", properties(given)));
        object(body, "tags").ifPresent(given -> kept.set("tags", tags(given)));
        object(body, "identity").ifPresent(given -> kept.set("identity", identity(given)));
        object(body, "sku").ifPresent(given -> kept.set("sku", given));
        JsonNode kind = body.path("kind");
        if (!kind.isMissingNode() && !kind.isNull()) {
            kept.put("kind", oneOf(kind, KINDS, "kind"));
        }
        return kept;
    }

    /// The location in its short form: `West Europe` is `westeurope`.
    static Optional<String> location(ObjectNode body) {
        JsonNode location = body.path("location");
        if (location.isMissingNode() || location.isNull()) {
            return Optional.empty();
        }
        String text = location.asString("").toLowerCase(Locale.ROOT).replace(" ", "");
        if (!text.matches("[a-z0-9-]{1,64}")) {
            throw new Problem.Invalid(
                    "LocationNotAvailableForResourceType",
                    "A location is a region's name such as 'local' or 'westeurope'.",
                    "location");
        }
        return Optional.of(text);
    }

    /// Tags as Azure takes them: at most 50, values are text.
    static ObjectNode tags(ObjectNode given) {
        if (given.size() > 50) {
            throw new Problem.Invalid("TooManyTags", "A resource has 50 tags at most.", "tags");
        }
        ObjectNode tags = Json.object();
        given.properties().forEach(tag -> {
            if (tag.getValue().isContainer()) {
                throw new Problem.Invalid(
                        "InvalidTagValue", "The value of tag '" + tag.getKey() + "' must be text.", "tags");
            }
            tags.put(tag.getKey(), tag.getValue().isNull() ? "" : tag.getValue().asString());
        });
        return tags;
    }

    private static ObjectNode properties(ObjectNode given) {
        ObjectNode kept = Json.object();
        given.properties().stream()
                .filter(field -> !SERVER_MADE.contains(field.getKey()))
                .forEach(field -> kept.set(field.getKey(), field.getValue()));
        for (String text : TEXTS) {
            JsonNode value = kept.path(text);
            if (value.isContainer()) {
                throw new Problem.Invalid("'" + text + "' must be text.", "properties." + text);
            }
        }
        for (String name : SWITCHES) {
            JsonNode value = kept.path(name);
            if (!value.isMissingNode() && !value.isNull()) {
                kept.put(name, toggle(value, "properties." + name));
            }
        }
        JsonNode access = kept.path("publicNetworkAccess");
        if (!access.isMissingNode() && !access.isNull()) {
            kept.put("publicNetworkAccess", oneOf(access, ACCESS, "properties.publicNetworkAccess"));
        }
        return kept;
    }

    private static ObjectNode identity(ObjectNode given) {
        ObjectNode kept = given.deepCopy();
        String compact = given.path("type").asString("").replace(" ", "");
        String type = IDENTITIES.stream()
                .filter(known -> known.equalsIgnoreCase(compact))
                .findFirst()
                .orElseThrow(() -> new Problem.Invalid(
                        "InvalidIdentityType",
                        "'" + given.path("type").asString("") + "' is no type of identity; it is "
                                + String.join(", ", IDENTITIES) + "." + Nearest.hint(compact, IDENTITIES),
                        "identity.type"));
        kept.put("type", type);
        if (type.contains("UserAssigned") && !(given.get("userAssignedIdentities") instanceof ObjectNode)) {
            throw new Problem.Invalid(
                    "An identity of type " + type + " needs 'userAssignedIdentities', an object of resource ids.",
                    "identity.userAssignedIdentities");
        }
        return kept;
    }

    private static Optional<ObjectNode> object(ObjectNode body, String name) {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (value instanceof ObjectNode object) {
            return Optional.of(object);
        }
        throw new Problem.Invalid("'" + name + "' must be an object.", name);
    }

    private static String oneOf(JsonNode value, List<String> words, String target) {
        String given = value.asString("");
        return words.stream()
                .filter(word -> word.equalsIgnoreCase(given))
                .findFirst()
                .orElseThrow(() -> new Problem.Invalid(
                        "'" + given + "' is not allowed here; it is one of " + String.join(", ", words) + "."
                                + Nearest.hint(given, words),
                        target));
    }

    private static boolean toggle(JsonNode value, String target) {
        String text = value.asString("").toLowerCase(Locale.ROOT);
        return switch (text) {
            case "true" -> true;
            case "false", "" -> false;
            default -> throw new Problem.Invalid("It is true or false, not '" + text + "'.", target);
        };
    }
}
