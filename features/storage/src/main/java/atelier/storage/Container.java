package atelier.storage;

import java.time.Instant;
import java.util.Map;

/// A container: where blobs live. Access without a credential is never possible.
///
/// @param etag quoted, as in the header
/// @param metadata names in lower case
public record Container(String name, String etag, Map<String, String> metadata, Instant modifiedAt) {
    public Container {
        BlobPath.checkContainer(name);
        metadata = Map.copyOf(metadata);
    }
}
