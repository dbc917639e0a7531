package atelier.assets;

import atelier.kernel.Caller;
import atelier.kernel.Page;
import atelier.workspace.Workspace;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The rules of named and versioned things: a version's content is fixed once made (description, tags and
/// `isArchived`
/// may
/// change), `latest` is the newest created, the next version is one more than the greatest whole number.
public interface Assets {
    /// Makes a version, or changes description, tags and archived state of one that exists.
    /// An anonymous version (`isAnonymous`, what a job brings along; the client names it by a hash that does not
    /// cover all of it) is replaced: the job that is being submitted runs what it brought.
    ///
    /// @throws atelier.kernel.Problem.Conflict `UserError` when the version exists with other content
    Asset put(Workspace workspace, String kind, String name, String version, ObjectNode properties, Caller caller);

    Optional<Asset> find(Workspace workspace, String kind, String name, String version);

    /// The newest version that is not archived.
    Optional<Asset> latest(Workspace workspace, String kind, String name);

    /// `1` for a new name.
    String nextVersion(Workspace workspace, String kind, String name);

    /// Versions, newest first.
    Page<Asset> versions(
            Workspace workspace, String kind, String name, boolean archivedToo, @Nullable String marker, int max);

    /// The latest version of each name.
    List<Asset> names(Workspace workspace, String kind, boolean archivedToo);

    /// All versions of a kind whose property `property` is `value` (code assets by hash).
    List<Asset> withProperty(Workspace workspace, String kind, String property, String value);

    /// Finds by `name:version`, `name@latest`, `azureml:…` of these, or the ARM id of a version.
    ///
    /// @throws atelier.kernel.Problem.NotFound `ResourceNotFound` naming near matches
    Asset resolve(Workspace workspace, String kind, String reference);

    boolean delete(Workspace workspace, String kind, String name, String version);
}
