package atelier.storage;

import atelier.kernel.Page;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/// The verbs of the storage account that other features use; the Blob REST door speaks the same ones and more.
/// Everything that returned is durable.
public interface Blobs {
    /// Makes a container; fine when it exists.
    void ensureContainer(String container);

    /// Writes a blob whole, replacing one of that name. The container must exist.
    ///
    /// @param contentType null lets the name decide
    Blob put(BlobPath path, InputStream body, @org.jspecify.annotations.Nullable String contentType) throws IOException;

    /// Copies a file into the account.
    default Blob put(BlobPath path, Path file) throws IOException {
        try (InputStream in = java.nio.file.Files.newInputStream(file)) {
            return put(path, in, null);
        }
    }

    Optional<Blob> find(BlobPath path);

    /// All bytes of a blob.
    ///
    /// @throws atelier.kernel.Problem.NotFound `BlobNotFound`
    default InputStream open(BlobPath path) throws IOException {
        return open(path, 0, Long.MAX_VALUE);
    }

    /// At most `length` bytes from `offset`.
    InputStream open(BlobPath path, long offset, long length) throws IOException;

    /// Blobs whose name starts with `prefix`, in ordinal order, at most `max` a page; `marker` is the last page's
    /// `next`.
    Page<Blob> list(String container, String prefix, @org.jspecify.annotations.Nullable String marker, int max);

    /// Deletes one blob and frees its bytes; true when it was there.
    boolean delete(BlobPath path);

    /// Deletes all blobs below `prefix`; how many there were.
    int deletePrefix(String container, String prefix);

    /// Copies all blobs below `prefix` (or the one blob of that exact name) into `folder`, names relative to the
    /// prefix; how
    /// many there were. Names that would leave the folder are refused. A copy, so that a job may write to it.
    int download(String container, String prefix, Path folder) throws IOException;

    /// Copies a folder's files below `prefix`; symbolic links that leave the folder are refused.
    int upload(Path folder, String container, String prefix) throws IOException;
}
