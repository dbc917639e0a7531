package atelier.datasets;

import java.util.List;
import java.util.Optional;

/// The port of user-made datastores. Names match in any case.
public interface DatastoreStore {
    /// Adds or replaces.
    void put(String workspaceId, Datastore datastore);

    Optional<Datastore> find(String workspaceId, String name);

    /// By name.
    List<Datastore> list(String workspaceId);

    boolean delete(String workspaceId, String name);
}
