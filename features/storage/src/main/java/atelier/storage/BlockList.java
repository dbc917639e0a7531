package atelier.storage;

import java.util.List;

/// The blocks of one blob.
///
/// @param committed in the order of the bytes; empty for a blob that was written whole
/// @param uncommitted staged and not yet in a committed list, by id
public record BlockList(List<Segment> committed, List<Segment> uncommitted) {
    public BlockList {
        committed = List.copyOf(committed);
        uncommitted = List.copyOf(uncommitted);
    }
}
