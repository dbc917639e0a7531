package atelier.storage;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a writer says beside the bytes.
///
/// @param headers kept with the blob
/// @param metadata names in lower case
/// @param conditions what must hold for the blob that is there now
/// @param contentMd5 base64 of the MD5 the body must have; null when the client does not check
public record Upload(
        ContentHeaders headers,
        Map<String, String> metadata,
        Conditions conditions,
        @Nullable String contentMd5) {
    public Upload {
        metadata = Map.copyOf(metadata);
    }

    public static Upload of(@Nullable String contentType) {
        return new Upload(ContentHeaders.of(contentType), Map.of(), Conditions.NONE, null);
    }
}
