package atelier.assets;

import atelier.kernel.Caller;
import atelier.kernel.Page;
import atelier.workspace.Workspace;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The rules of named and versioned things: a version's content is fixed once made (description, tags, stage and
/// `isArchived` may change), `latest` is the newest created, the next version is one more than the greatest whole
/// number.
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

    /// `1` for a new name. A number is not given twice while the name has versions.
    String nextVersion(Workspace workspace, String kind, String name);

    /// Every version of a kind, also archived ones and what jobs brought along: what a purge has to free.
    List<Asset> all(Workspace workspace, String kind);

    /// One page of a name's versions.
    Page<Asset> versions(Workspace workspace, String kind, String name, AssetQuery query);

    /// One page of names, those with the latest made version first; without what jobs brought along.
    Page<AssetName> names(Workspace workspace, String kind, ListView view, @Nullable String marker, int max);

    Optional<AssetName> name(Workspace workspace, String kind, String name);

    /// Sets what is written about a name, which is made when it is not there; null words stay as they are.
    AssetName describe(Workspace workspace, String kind, String name, AssetName.Words words, Caller caller);

    /// Archives or restores every version of a name; false when there is no such name.
    boolean archive(Workspace workspace, String kind, String name, boolean archived);

    /// All versions of a kind whose property `property` is `value` (code assets by hash), newest first.
    List<Asset> withProperty(Workspace workspace, String kind, String property, String value);

    /// Finds by `name:version`, `name@latest`, `azureml:…` of these, or the ARM id of a version.
    ///
    /// @throws atelier.kernel.Problem.NotFound `ResourceNotFound` naming near matches
    Asset resolve(Workspace workspace, String kind, String reference);

    /// Names of a kind, for messages that name the nearest; a thousand at most.
    List<String> knownNames(Workspace workspace, String kind);

    /// Deletes one version; false when there was none.
    boolean delete(Workspace workspace, String kind, String name, String version);

    /// Deletes a name with all its versions; what was deleted.
    List<Asset> delete(Workspace workspace, String kind, String name);
}
