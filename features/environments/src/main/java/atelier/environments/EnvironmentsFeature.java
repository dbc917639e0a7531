package atelier.environments;

import atelier.assets.Assets;
import atelier.assets.AssetsFeature;
import atelier.environments.http.BuildRoutes;
import atelier.environments.http.EnvironmentDoor;
import atelier.environments.internal.Curated;
import atelier.environments.internal.Definitions;
import atelier.environments.internal.EnvironmentFolders;
import atelier.environments.internal.LockedEnvironments;
import atelier.environments.internal.ProcessTool;
import atelier.environments.internal.Pythons;
import atelier.environments.internal.Uv;
import atelier.web.Routes;
import atelier.workspace.Workspaces;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// Environments put together: the verbs, their routes and the curated ones.
///
/// @param routes the assets (`{ws}/environments/…`) and their builds (`{ws}/atelier/environments/…`)
public record EnvironmentsFeature(
        Environments environments, EnvironmentBuilds builds, List<Routes> routes, ProcessTool tools)
        implements AutoCloseable {

    /// @param data folder of the installation; `environments/`, `tools/` and `cache/uv` are made in it
    /// @param variables the process environment, where package indexes are configured
    /// @param contexts files of build contexts
    public static EnvironmentsFeature create(
            Path data,
            Map<String, String> variables,
            Assets assets,
            Workspaces workspaces,
            BuildContexts contexts,
            InstantSource clock) {
        Curated curated = Curated.load();
        ProcessTool tool = new ProcessTool();
        Pythons pythons = Pythons.installed(tool, variables);
        Uv uv = new Uv(tool, pythons, data, variables);
        EnvironmentFolders folders = new EnvironmentFolders(data.resolve("environments"));
        Definitions definitions = new Definitions(assets, curated, contexts);
        LockedEnvironments environments = new LockedEnvironments(definitions, pythons, uv, folders, clock);
        List<Routes> routes = List.of(
                AssetsFeature.routes(assets, workspaces, new EnvironmentDoor(curated)),
                BuildRoutes.create(environments, environments, workspaces));
        return new EnvironmentsFeature(environments, environments, routes, tool);
    }

    /// Ends builds that are under way; what they wrote is cleared by the next build of the same content.
    @Override
    public void close() {
        tools.close();
    }
}
