package atelier.environments;

import atelier.environments.Environments.Definition;

/// Builds as people watch them: started without waiting, looked at while they run.
public interface EnvironmentBuilds {
    BuildStatus status(Definition definition);

    /// Starts a build unless it is built or being built.
    BuildStatus start(Definition definition);
}
