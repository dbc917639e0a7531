package atelier.registries;

import atelier.assets.Assets;
import atelier.registries.http.ImportRoutes;
import atelier.registries.http.RegistryAssetRoutes;
import atelier.registries.http.RegistryRoutes;
import atelier.web.Routes;
import atelier.workspace.Operations;
import atelier.workspace.Workspace;
import atelier.workspace.WorkspaceParts;
import atelier.workspace.WorkspaceStore;
import atelier.workspace.Workspaces;
import java.time.InstantSource;
import java.util.List;

/// The registries feature, wired.
///
/// @param routes what the gateway mounts
public record RegistriesFeature(Registries registries, List<Routes> routes) {
    /// What registries take from other features.
    ///
    /// @param parts frees what a registry held
    public record Collaborators(
            WorkspaceStore store, Workspaces workspaces, WorkspaceParts parts, Operations operations, Assets assets) {}

    /// @param files copies models and data
    /// @param home workspace beside which the registry `azureml` stands
    /// @param doors routes of all features; those of assets are opened for registries too
    public static RegistriesFeature create(
            Collaborators with,
            Uploads uploads,
            KeptFiles files,
            Workspace home,
            List<Routes> doors,
            InstantSource clock) {
        Registries registries = new Registries(with.store(), with.parts(), clock);
        registries.ensure(home.subscriptionId(), home.resourceGroup(), home.location());
        return new RegistriesFeature(
                registries,
                List.of(
                        new RegistryRoutes(registries, with.operations()).routes(),
                        new RegistryAssetRoutes(registries, uploads, with.operations()).routes(doors),
                        new ImportRoutes(registries, new Sharing(with.assets(), with.workspaces(), files)).routes()));
    }
}
