package atelier.endpoints;

import java.util.List;
import java.util.Optional;

/// The port of endpoints and their deployments. Names are lower case; they match as they are.
public interface EndpointStore {
    /// Adds an endpoint, or changes all of it but its keys.
    void put(OnlineEndpoint endpoint, EndpointKeys keysIfNew);

    Optional<OnlineEndpoint> find(String workspaceId, String name);

    /// By name.
    List<OnlineEndpoint> list(String workspaceId);

    Optional<EndpointKeys> keys(String workspaceId, String name);

    void putKeys(String workspaceId, String name, EndpointKeys keys);

    /// Deletes the endpoint and its deployments.
    void delete(String workspaceId, String name);

    /// Adds a deployment of version 1; false when there is one of that name.
    boolean add(Deployment deployment);

    /// Replaces the deployment of version `deployment.version() - 1`; false when it is not that version any more.
    boolean replace(Deployment deployment);

    Optional<Deployment> findDeployment(String workspaceId, String endpoint, String name);

    /// By name.
    List<Deployment> listDeployments(String workspaceId, String endpoint);

    /// Those of every workspace and endpoint.
    List<Deployment> allDeployments();

    void deleteDeployment(String workspaceId, String endpoint, String name);
}
