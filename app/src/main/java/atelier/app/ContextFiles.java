package atelier.app;

import atelier.datasets.DataUris;
import atelier.datasets.Location;
import atelier.environments.BuildContexts;
import atelier.kernel.Problem;
import atelier.storage.Blob;
import atelier.storage.BlobPath;
import atelier.storage.Blobs;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Build contexts of environments, as the Azure ML SDK uploads them: a folder in a datastore. The SDK leaves the
/// account
/// out of the address that it sends (`https://host:port/{container}/{path}`), since the account is a part of the path
/// here and a part of the host in Azure.
final class ContextFiles implements BuildContexts {
    private static final int MOST_BYTES = 1 << 20;
    private static final Pattern WITHOUT_ACCOUNT =
            Pattern.compile("https?://[^/]+/([a-z0-9$][a-z0-9-]{1,62})/([^?]*)(?:\\?.*)?");
    private final DataUris uris;
    private final Blobs blobs;

    ContextFiles(DataUris uris, Blobs blobs) {
        this.uris = uris;
        this.blobs = blobs;
    }

    @Override
    public Optional<String> text(Workspace workspace, String contextUri, String path) {
        Location file = folder(workspace, contextUri).child(path);
        Optional<Blob> blob = blobs.find(new BlobPath(file.container(), file.path()));
        if (blob.isEmpty()) {
            return Optional.empty();
        }
        if (blob.get().size() > MOST_BYTES) {
            throw new Problem.TooLarge(
                    "BuildContextFileTooLarge",
                    "'" + path + "' of the build context is larger than a list of packages should be.");
        }
        try (InputStream in = blobs.open(blob.get().path())) {
            return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Location folder(Workspace workspace, String contextUri) {
        try {
            return uris.resolveHere(workspace, contextUri);
        } catch (Problem.Invalid e) {
            Matcher address = WITHOUT_ACCOUNT.matcher(contextUri);
            if (!address.matches()) {
                throw e;
            }
            return new Location(address.group(1), address.group(2).replaceAll("/+$", ""));
        }
    }
}
