package atelier.registries;

import atelier.kernel.Caller;
import atelier.workspace.Workspace;

/// Assets whose files a registry keeps for itself: models, data and code. What is shared stays when the workspace it
/// came from
/// is gone.
public interface KeptFiles {
    /// Whether a registry has this version.
    ///
    /// @param kind `models`, `data` or `codes`
    boolean has(Workspace registry, String kind, String name, String version);

    /// Copies the files, then registers the version; what was begun before is begun again.
    ///
    /// @param registry the registry's scope
    /// @param name, version what it is called there
    /// @param baseUrl the server as the caller knows it
    /// @throws atelier.kernel.Problem.NotFound when the workspace has no such version, or it has no files
    void copy(Source source, Workspace registry, String name, String version, Caller caller, String baseUrl);

    /// A version of a workspace's asset.
    record Source(Workspace workspace, String kind, String name, String version) {}
}
