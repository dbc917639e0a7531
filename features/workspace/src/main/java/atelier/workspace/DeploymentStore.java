package atelier.workspace;

import java.util.List;
import java.util.Optional;

/// The port of deployments. Names match in any case.
public interface DeploymentStore {
    /// Adds or replaces.
    void put(Deployment deployment);

    Optional<Deployment> find(String subscriptionId, String resourceGroup, String name);

    /// Newest first.
    List<Deployment> list(String subscriptionId, String resourceGroup);
}
