package atelier.storage;

import org.jspecify.annotations.Nullable;

/// A run of a blob's bytes: one content file, whole.
///
/// @param content id in the content files
/// @param size bytes
/// @param blockId base64, as the client named the block; null when the blob was written whole
public record Segment(String content, long size, @Nullable String blockId) {}
