package atelier.datasets;

import atelier.storage.Blob;
import java.util.List;

/// The port to what reads tables.
public interface TableEngine {
    /// @throws atelier.kernel.Problem.Invalid `NotATable` with the reader's own words
    Profile profile(Source source);

    Preview preview(Source source, long offset, int limit);

    /// @param key names the content: equal keys, equal bytes
    /// @param label what people call it: the file's name, or `n files`
    /// @param blobs one or more files of one format
    record Source(String key, String label, List<Blob> blobs) {
        public Source {
            blobs = List.copyOf(blobs);
        }

        public long bytes() {
            return blobs.stream().mapToLong(Blob::size).sum();
        }
    }
}
