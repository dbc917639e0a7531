package atelier.jobs;

import atelier.datasets.Location;
import atelier.kernel.Page;
import atelier.storage.Blob;
import atelier.storage.BlobPath;
import atelier.storage.Blobs;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Copies an output of one job to where an output of another is kept.
public final class OutputCopies {
    private static final int PAGE = 1000;

    private OutputCopies() {}

    /// Copies a file, or all files of a folder; what is at `to` already is overwritten, not removed.
    public static void copy(Blobs blobs, Location from, Location to) throws IOException {
        blobs.ensureContainer(to.container());
        Optional<Blob> file = blobs.find(new BlobPath(from.container(), from.path()));
        if (file.isPresent()) {
            copy(blobs, file.get(), new BlobPath(to.container(), to.path()));
            return;
        }
        String prefix = from.path() + "/";
        @Nullable String marker = null;
        do {
            Page<Blob> page = blobs.list(from.container(), prefix, marker, PAGE);
            for (Blob blob : page.items()) {
                String name = blob.path().name().substring(prefix.length());
                copy(blobs, blob, new BlobPath(to.container(), to.child(name).path()));
            }
            marker = page.next();
        } while (marker != null);
    }

    private static void copy(Blobs blobs, Blob blob, BlobPath to) throws IOException {
        try (InputStream in = blobs.open(blob.path())) {
            blobs.put(to, in, blob.contentType());
        }
    }
}
