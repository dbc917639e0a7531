package atelier.storage;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of a container's listing: blobs and, when a delimiter was given, prefixes, merged in the order of their
/// names'
/// bytes.
///
/// @param next the marker of the following page; null at the end
public record Listing(List<Entry> entries, @Nullable String next) {
    public Listing {
        entries = List.copyOf(entries);
    }

    /// One line of a listing.
    public sealed interface Entry {}

    /// A blob.
    public record Item(Blob blob) implements Entry {}

    /// What stands for all blobs whose name starts with `name`, which ends with the delimiter.
    public record Prefix(String name) implements Entry {}
}
