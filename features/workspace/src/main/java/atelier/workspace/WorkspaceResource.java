package atelier.workspace;

import atelier.kernel.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A workspace with what its makers wrote into it, as Azure Resource Manager keeps it.
///
/// @param kept `{"properties","tags","identity","kind","sku"}`, each as accepted and each optional
/// @param createdBy name of the caller who made it
/// @param deletedAt when it was deleted; it can be recovered, and its name is taken, until it is purged
public record WorkspaceResource(
        Workspace workspace,
        ObjectNode kept,
        String createdBy,
        Instant modifiedAt,
        @Nullable Instant deletedAt) {
    /// The kept object of that name; an empty one when there is none.
    public ObjectNode object(String name) {
        return kept.get(name) instanceof ObjectNode object ? object : Json.object();
    }

    /// `Default`, `Hub`, `Project` or `FeatureStore`.
    public String kind() {
        return kept.path("kind").asString("Default");
    }

    /// A kept property as text; `otherwise` when it was never given.
    public String property(String name, String otherwise) {
        JsonNode value = object("properties").path(name);
        return value.isString() ? value.stringValue() : otherwise;
    }
}
