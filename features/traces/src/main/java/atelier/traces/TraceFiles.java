package atelier.traces;

import atelier.datasets.Location;
import atelier.experiments.ArtifactPaths;
import atelier.experiments.Experiment;
import atelier.storage.BlobPath;
import atelier.storage.Blobs;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/// What clients put beside a trace through the artifact proxy: `traces.json`, and attachments.
final class TraceFiles {
    private final Blobs blobs;

    TraceFiles(Blobs blobs) {
        this.blobs = blobs;
    }

    /// Where the client puts a trace's files.
    static String address(Experiment experiment, String traceId) {
        String root = experiment.artifactLocation();
        int query = root.indexOf('?');
        String base = query < 0 ? root : root.substring(0, query);
        return (base.endsWith("/") ? base : base + "/") + "traces/" + traceId + "/artifacts"
                + (query < 0 ? "" : root.substring(query));
    }

    /// A file of a trace; empty when there is none, or when files are kept elsewhere.
    Optional<InputStream> open(Workspace workspace, Trace trace, String name) {
        Location folder = folder(workspace, trace).orElse(null);
        if (folder == null) {
            return Optional.empty();
        }
        BlobPath path = new BlobPath(folder.container(), folder.child(name).path());
        try {
            return blobs.find(path).isPresent() ? Optional.of(blobs.open(path)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void delete(Workspace workspace, Trace trace) {
        folder(workspace, trace).ifPresent(folder -> blobs.deletePrefix(folder.container(), folder.path() + "/"));
    }

    private static Optional<Location> folder(Workspace workspace, Trace trace) {
        String address = trace.tags().get(Trace.ARTIFACTS);
        return address == null || !ArtifactPaths.isProxied(address)
                ? Optional.empty()
                : Optional.of(ArtifactPaths.uri(workspace, address).location());
    }
}
