package atelier.assets;

import atelier.web.Exchange;
import atelier.workspace.Workspace;
import tools.jackson.databind.node.ObjectNode;

/// What one kind of asset adds to the common door: checks on the way in, server-made fields on the way out.
public interface AssetDoor {
    /// The address segment and key in [Assets]: `data`, `environments`, `components`, `codes`.
    String kind();

    /// Checks and completes the properties of a new version before it is kept.
    ///
    /// @throws atelier.kernel.Problem.Invalid naming the field
    default ObjectNode accept(
            Workspace workspace, String name, String version, ObjectNode properties, Exchange exchange) {
        return properties;
    }

    /// Adds fields to a version's `properties` that are answered but not kept.
    default void complete(Workspace workspace, Asset asset, ObjectNode properties, Exchange exchange) {}

    /// Adds fields to a container's `properties`, from its latest version.
    default void completeContainer(Workspace workspace, Asset latest, ObjectNode properties) {}

    /// What is freed when a version is deleted.
    default void deleted(Workspace workspace, Asset asset) {}

    /// Assets that exist without being made here (curated ones): every version, the newest of a name first.
    default java.util.List<Asset> builtIn(Workspace workspace) {
        return java.util.List.of();
    }
}
