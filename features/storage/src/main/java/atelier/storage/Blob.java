package atelier.storage;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of a committed blob.
///
/// @param etag quoted, as in the header: `"0x8D…"`
/// @param size bytes
/// @param md5 base64 of 16 bytes, when the client gave one or the blob was written whole
/// @param metadata names in lower case
public record Blob(
        BlobPath path,
        String etag,
        long size,
        String contentType,
        @Nullable String contentEncoding,
        @Nullable String contentLanguage,
        @Nullable String contentDisposition,
        @Nullable String cacheControl,
        @Nullable String md5,
        Map<String, String> metadata,
        Instant createdAt,
        Instant modifiedAt) {
    public Blob {
        metadata = Map.copyOf(metadata);
    }
}
