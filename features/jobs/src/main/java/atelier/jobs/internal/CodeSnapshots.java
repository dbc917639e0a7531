package atelier.jobs.internal;

import atelier.assets.Assets;
import atelier.datasets.DataUris;
import atelier.datasets.Location;
import atelier.kernel.Problem;
import atelier.storage.Blob;
import atelier.storage.BlobPath;
import atelier.storage.Blobs;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Finds the files of a code version and brings them where a command runs.
final class CodeSnapshots {
    private final Assets assets;
    private final Blobs blobs;
    private final DataUris uris;

    CodeSnapshots(Assets assets, Blobs blobs, DataUris uris) {
        this.assets = assets;
        this.blobs = blobs;
        this.uris = uris;
    }

    /// @param code ARM id of a code version, `azureml:` of it, `azureml:name:version`, or an address of files
    Location locate(Workspace workspace, String code) {
        boolean address = code.contains("://");
        String uri = address
                ? code
                : assets.resolve(workspace, "codes", code)
                        .properties()
                        .path("codeUri")
                        .asString("");
        return uris.resolve(workspace, uri);
    }

    void fetch(Workspace workspace, String code, Path folder) throws IOException {
        Location location = locate(workspace, code);
        Files.createDirectories(folder);
        Optional<Blob> file = location.path().isEmpty()
                ? Optional.empty()
                : blobs.find(new BlobPath(location.container(), location.path()));
        if (file.isPresent()) {
            String name = location.path().substring(location.path().lastIndexOf('/') + 1);
            try (InputStream in = blobs.open(file.get().path())) {
                Files.copy(in, folder.resolve(name));
            }
            return;
        }
        String prefix = location.path().isEmpty() ? "" : location.path() + "/";
        if (blobs.download(location.container(), prefix, folder) == 0) {
            throw new Problem.Invalid(
                    "CodeNotFound", "The code snapshot " + code + " has no files; upload it again.", "codeId");
        }
    }
}
