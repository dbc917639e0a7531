package atelier.environments;

import atelier.workspace.Workspace;
import java.util.Optional;

/// The port to the files of a build context, which a client uploaded before it named their folder.
@FunctionalInterface
public interface BuildContexts {
    /// The text of a file of the context.
    ///
    /// @param contextUri address of the folder, as the environment has it
    /// @param path relative to it
    Optional<String> text(Workspace workspace, String contextUri, String path);
}
