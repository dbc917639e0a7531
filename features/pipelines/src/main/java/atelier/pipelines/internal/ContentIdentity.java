package atelier.pipelines.internal;

import atelier.datasets.Location;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.pipelines.PipelineSteps;
import atelier.storage.Blob;
import atelier.storage.BlobPath;
import atelier.storage.Blobs;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A fingerprint of the bytes at a place: names, sizes and MD5 sums (the version where there is no sum). The
/// same bytes
/// elsewhere have the same one.
final class ContentIdentity {
    private static final int PAGE = 1000;
    private final Blobs blobs;

    ContentIdentity(Blobs blobs) {
        this.blobs = blobs;
    }

    /// Nothing when there are no bytes, or not even the container.
    Optional<String> of(Location location) {
        try {
            return existing(location);
        } catch (Problem.NotFound e) {
            return Optional.empty();
        }
    }

    private Optional<String> existing(Location location) {
        if (!location.path().isEmpty()) {
            Optional<Blob> file = blobs.find(new BlobPath(location.container(), location.path()));
            if (file.isPresent()) {
                return Optional.of(PipelineSteps.sha256(line("", file.get())));
            }
        }
        String prefix = location.path().isEmpty() ? "" : location.path() + "/";
        StringBuilder all = new StringBuilder();
        @Nullable String marker = null;
        do {
            Page<Blob> page = blobs.list(location.container(), prefix, marker, PAGE);
            for (Blob blob : page.items()) {
                all.append(line(blob.path().name().substring(prefix.length()), blob));
            }
            marker = page.next();
        } while (marker != null);
        return all.isEmpty() ? Optional.empty() : Optional.of(PipelineSteps.sha256(all.toString()));
    }

    private static String line(String name, Blob blob) {
        String md5 = blob.md5();
        return name + "\n" + blob.size() + "\n" + (md5 == null ? blob.etag() : md5) + "\n";
    }
}
