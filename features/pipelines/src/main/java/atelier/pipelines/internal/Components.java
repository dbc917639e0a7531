package atelier.pipelines.internal;

import atelier.assets.Asset;
import atelier.assets.Assets;
import atelier.pipelines.Component;
import atelier.workspace.Workspace;

/// Finds components.
public final class Components {
    private final Assets assets;

    public Components(Assets assets) {
        this.assets = assets;
    }

    /// @param reference ARM id of a version, `azureml:name:version`, `azureml:name@latest`, a registry
    ///     address
    Component get(Workspace workspace, String reference) {
        Asset asset = assets.resolve(workspace, "components", reference);
        return Component.of(asset.name(), asset.version(), asset.properties().path("componentSpec"));
    }
}
