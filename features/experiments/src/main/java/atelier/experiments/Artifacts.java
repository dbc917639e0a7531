package atelier.experiments;

import atelier.datasets.Location;
import atelier.experiments.internal.SqlLoggedModels;
import atelier.experiments.internal.SqlRuns;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.mlflow.MlflowRequest;
import atelier.storage.Blob;
import atelier.storage.BlobPath;
import atelier.storage.Blobs;
import atelier.store.Database;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The verbs of artifacts: files of runs and logged models in the storage account, by MLflow's proxy paths.
public final class Artifacts {
    private static final int PAGE = 5000;
    private final Database database;
    private final Blobs blobs;
    private final SqlRuns runs;
    private final SqlLoggedModels models;
    private volatile FilesInUse uses = (_, _) -> List.of();

    Artifacts(Database database, Blobs blobs, SqlRuns runs, SqlLoggedModels models) {
        this.database = database;
        this.blobs = blobs;
        this.runs = runs;
        this.models = models;
    }

    /// Files that others need are read on also when their run or model is gone for good.
    void readableBy(FilesInUse others) {
        uses = others;
    }

    /// An entry of a folder.
    ///
    /// @param name last part of the path
    /// @param bytes 0 for a folder
    public record FileInfo(String name, boolean folder, long bytes) {}

    /// A file's facts and its bytes.
    public record Opened(Blob blob, InputStream bytes) {}

    /// @param path proxy path, e.g. `0/{run}/artifacts/model/MLmodel`
    public void put(Workspace workspace, String path, InputStream body) throws IOException {
        Location location = locate(workspace, path, true);
        blobs.ensureContainer(location.container());
        blobs.put(file(location), body, null);
    }

    /// @throws Problem.NotFound when there is no such file
    public Opened open(Workspace workspace, String path) throws IOException {
        return open(locate(workspace, path, false), path);
    }

    /// A file below an artifact address of a run or logged model.
    public Opened openUri(Workspace workspace, String uri, String path) throws IOException {
        String inside = ArtifactPaths.checked(path);
        return open(proxied(workspace, uri).child(inside), path);
    }

    private Opened open(Location location, String path) throws IOException {
        if (location.path().isEmpty()) {
            throw MlflowRequest.invalid("Invalid path");
        }
        BlobPath file = file(location);
        Blob blob = blobs.find(file)
                .orElseThrow(
                        () -> new Problem.NotFound("RESOURCE_DOES_NOT_EXIST", "There is no artifact '" + path + "'."));
        return new Opened(blob, blobs.open(file));
    }

    /// The blob of a file that is to be written by other ways.
    BlobPath fileToWrite(Workspace workspace, String path) {
        Location location = locate(workspace, path, true);
        blobs.ensureContainer(location.container());
        return file(location);
    }

    /// @throws Problem.NotFound when there is no such file
    Blob find(Workspace workspace, String path) {
        Location location = locate(workspace, path, false);
        if (location.path().isEmpty()) {
            throw MlflowRequest.invalid("Invalid path");
        }
        return blobs.find(file(location))
                .orElseThrow(
                        () -> new Problem.NotFound("RESOURCE_DOES_NOT_EXIST", "There is no artifact '" + path + "'."));
    }

    /// Deletes a file, or all files of a folder; fine when there is none.
    public void delete(Workspace workspace, String path) {
        Location location = locate(workspace, path, true);
        blobs.delete(file(location));
        blobs.deletePrefix(location.container(), location.path() + "/");
    }

    /// Entries of a folder in order of names; none for a file or what does not exist.
    public List<FileInfo> list(Workspace workspace, String path) {
        Location location = locate(workspace, path, false);
        return list(location);
    }

    /// Entries of a folder below an artifact address of a run or logged model.
    ///
    /// @param uri `mlflow-artifacts:/…`; other addresses are read by clients themselves
    public List<FileInfo> listUri(Workspace workspace, String uri, String path) {
        String inside = ArtifactPaths.checked(path);
        return list(proxied(workspace, uri).child(inside));
    }

    private static Location proxied(Workspace workspace, String uri) {
        if (!ArtifactPaths.isProxied(uri)) {
            throw new Problem.Unsupported(
                    "NOT_IMPLEMENTED",
                    "These artifacts are kept at " + uri + ", outside of this server; read them there.");
        }
        return ArtifactPaths.uri(workspace, uri).location();
    }

    private List<FileInfo> list(Location location) {
        blobs.ensureContainer(location.container());
        String prefix = location.path().isEmpty() ? "" : location.path() + "/";
        Map<String, FileInfo> entries = new TreeMap<>();
        @Nullable String marker = null;
        do {
            Page<Blob> page = blobs.list(location.container(), prefix, marker, PAGE);
            for (Blob blob : page.items()) {
                String rest = blob.path().name().substring(prefix.length());
                int slash = rest.indexOf('/');
                String name = slash < 0 ? rest : rest.substring(0, slash);
                if (!name.isEmpty()) {
                    entries.merge(
                            name,
                            slash < 0 ? new FileInfo(name, false, blob.size()) : new FileInfo(name, true, 0),
                            (a, b) -> a.folder() ? a : b);
                }
            }
            marker = page.next();
        } while (marker != null);
        return new ArrayList<>(entries.values());
    }

    /// The place of a proxy path. A run's or model's files are found only through the workspace it is in.
    private Location locate(Workspace workspace, String path, boolean write) {
        ArtifactPaths.Target target = ArtifactPaths.proxy(workspace, ArtifactPaths.checked(path));
        boolean known = switch (target.kind()) {
            case RUN ->
                database.read(handle -> runs.find(handle, workspace.id(), target.owner()))
                        .isPresent();
            case MODEL ->
                database.read(handle -> models.find(handle, workspace.id(), target.owner()))
                        .isPresent();
            case DATASTORE -> !write;
            case OTHER -> true;
        };
        if (!known && !write && inUse(workspace, target)) {
            return target.location();
        }
        if (!known && target.kind() == ArtifactPaths.Target.Kind.DATASTORE) {
            throw new Problem.Forbidden("PERMISSION_DENIED", "The datastore is only read through this address.");
        }
        if (!known) {
            throw new Problem.NotFound(
                    "RESOURCE_DOES_NOT_EXIST",
                    "'" + path + "' belongs to " + target.owner() + ", which is not in this workspace.");
        }
        if (write && target.location().path().isEmpty()) {
            throw MlflowRequest.invalid("Invalid path");
        }
        return target.location();
    }

    private boolean inUse(Workspace workspace, ArtifactPaths.Target target) {
        Location root = target.kind() == ArtifactPaths.Target.Kind.RUN
                ? ArtifactPaths.run(workspace, target.owner())
                : ArtifactPaths.model(workspace, target.owner());
        return uses.below(workspace, root).stream()
                .anyMatch(use ->
                        use.holds(target.location()) || new FilesInUse.Use(target.location(), "").holds(use.place()));
    }

    private static BlobPath file(Location location) {
        return new BlobPath(location.container(), location.path());
    }
}
