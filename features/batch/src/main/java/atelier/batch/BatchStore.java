package atelier.batch;

import java.util.List;
import java.util.Optional;

/// The port of batch endpoints and their deployments. Names match in any case.
public interface BatchStore {
    /// Adds an endpoint; false when there is one of that name.
    boolean add(BatchEndpoint endpoint);

    /// Replaces the endpoint of version `endpoint.version() - 1`; false when it is not that version any more.
    boolean replace(BatchEndpoint endpoint);

    Optional<BatchEndpoint> find(String workspaceId, String name);

    /// By name.
    List<BatchEndpoint> list(String workspaceId);

    /// Deletes the endpoint and its deployments; false when there was none.
    boolean delete(String workspaceId, String name);

    /// Adds a deployment; false when there is one of that name.
    boolean add(BatchDeployment deployment);

    /// Replaces the deployment of version `deployment.version() - 1`; false when it is not that version any more.
    boolean replace(BatchDeployment deployment);

    Optional<BatchDeployment> find(String workspaceId, String endpoint, String name);

    /// By name.
    List<BatchDeployment> list(String workspaceId, String endpoint);

    /// Deletes a deployment; an endpoint whose default it was has none from then on. False when there was none.
    boolean delete(String workspaceId, String endpoint, String name);
}
