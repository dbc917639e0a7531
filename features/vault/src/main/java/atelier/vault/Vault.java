package atelier.vault;

import atelier.workspace.Workspace;
import java.util.Optional;

/// Keeps secrets of a workspace. What is kept is encrypted at rest; a backup of the database without the installation's
/// key
/// tells nothing. Names are compared as written; a feature begins its names with a word of its own (`connections/…`).
public interface Vault {
    /// Adds or replaces; joins the transaction of the caller.
    void put(Workspace workspace, String name, String secret);

    Optional<String> get(Workspace workspace, String name);

    /// True when it was there.
    boolean delete(Workspace workspace, String name);
}
