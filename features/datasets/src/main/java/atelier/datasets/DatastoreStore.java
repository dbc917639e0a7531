package atelier.datasets;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The port of user-made datastores. Names match in any case.
public interface DatastoreStore {
    /// Adds or replaces.
    ///
    /// @param sealed the sealed secret; null keeps the one that is there
    void put(String workspaceId, Datastore datastore, @Nullable String sealed);

    Optional<Datastore> find(String workspaceId, String name);

    /// The sealed secret, when one was given.
    Optional<String> secret(String workspaceId, String name);

    /// By name.
    List<Datastore> list(String workspaceId);

    boolean delete(String workspaceId, String name);

    /// Name of the default datastore, when it is not the usual one.
    Optional<String> defaultName(String workspaceId);

    /// @param name null for the usual one
    void makeDefault(String workspaceId, @Nullable String name);
}
