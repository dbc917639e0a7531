package atelier.assets;

import atelier.assets.http.AssetRoutes;
import atelier.assets.http.ValidateRoutes;
import atelier.assets.internal.SqlAssets;
import atelier.store.Database;
import atelier.web.Routes;
import atelier.workspace.Workspaces;
import java.time.InstantSource;

/// The assets feature, wired. It has no routes of its own: each kind asks for its door.
public record AssetsFeature(Assets assets, Workspaces workspaces) {
    public static AssetsFeature create(Database database, Workspaces workspaces, InstantSource clock) {
        return new AssetsFeature(new SqlAssets(database, clock), workspaces);
    }

    /// The Azure ML routes of one kind.
    public Routes routes(AssetDoor door) {
        return routes(assets, workspaces, door);
    }

    /// The Azure ML routes of one kind, for features that hold the verbs only.
    public static Routes routes(Assets assets, Workspaces workspaces, AssetDoor door) {
        return new AssetRoutes(assets, workspaces, door).routes();
    }

    /// The check of YAML v2 files; one for all kinds.
    public static Routes validation(Workspaces workspaces) {
        return new ValidateRoutes(workspaces).routes();
    }
}
