package atelier.storage;

import org.jspecify.annotations.Nullable;

/// The HTTP headers that are kept with a blob and answered when it is read.
///
/// @param type null means `application/octet-stream`
/// @param md5 base64 of 16 bytes; kept as given
public record ContentHeaders(
        @Nullable String type,
        @Nullable String encoding,
        @Nullable String language,
        @Nullable String disposition,
        @Nullable String cacheControl,
        @Nullable String md5) {
    public static final String BYTES = "application/octet-stream";

    public static ContentHeaders of(@Nullable String type) {
        return new ContentHeaders(type, null, null, null, null, null);
    }

    /// Those of a blob, for a copy of it.
    public static ContentHeaders of(Blob blob) {
        return new ContentHeaders(
                blob.contentType(),
                blob.contentEncoding(),
                blob.contentLanguage(),
                blob.contentDisposition(),
                blob.cacheControl(),
                blob.md5());
    }

    public String typeOrBytes() {
        return type == null || type.isBlank() ? BYTES : type;
    }
}
