package atelier.connections;

import java.util.List;
import java.util.Optional;

/// The port of connections. Names match in any case.
public interface ConnectionStore {
    /// Adds or replaces.
    void put(String workspaceId, Connection connection);

    Optional<Connection> find(String workspaceId, String name);

    /// By name.
    List<Connection> list(String workspaceId);

    boolean delete(String workspaceId, String name);
}
