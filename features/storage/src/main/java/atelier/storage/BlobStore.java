package atelier.storage;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the account needs kept: rows of containers, blobs, their segments and staged blocks. Methods join the
/// transaction of the thread. Used by [BlobAccount] and [Containers] only; public for `internal`.
public interface BlobStore {
    /// False when a container of that name is there.
    boolean insertContainer(Container container);

    Optional<Container> container(String name);

    /// Finds a container and keeps it from being deleted until the transaction ends.
    Optional<Container> holdContainer(String name);

    /// Finds a container; nobody else writes into it until the transaction ends.
    Optional<Container> lockContainer(String name);

    void updateContainer(Container container);

    /// Deletes the row; its blobs and blocks must be gone.
    void deleteContainer(String name);

    /// Containers whose name starts with `prefix`, from `from` on, in order, at most `max`.
    List<Container> containers(String prefix, String from, int max);

    /// Serialises writers of one name until the transaction ends.
    void lock(BlobPath path);

    Optional<Blob> find(BlobPath path);

    /// Inserts or replaces the row of a blob.
    void save(Blob blob);

    /// Deletes the row of a blob and its segments.
    boolean remove(BlobPath path);

    /// The bytes of a blob, in order.
    List<Segment> segments(BlobPath path);

    void replaceSegments(BlobPath path, List<Segment> segments);

    /// Blobs whose name starts with `prefix` and is at or after `from` in the order of UTF-8 bytes, at most `max`.
    List<Blob> range(String container, String prefix, byte[] from, int max);

    /// Deletes blobs, segments and blocks whose name starts with `prefix`; what they held and how many blobs there
    /// were.
    Removed removeBelow(String container, String prefix);

    /// @param contents ids of content files no row holds any more
    record Removed(int blobs, List<String> contents) {
        public Removed {
            contents = List.copyOf(contents);
        }
    }

    /// Staged blocks of a blob, by id.
    List<Segment> blocks(BlobPath path);

    /// Stages a block, replacing one of the same id.
    void saveBlock(BlobPath path, Segment block, Instant stagedAt);

    void removeBlocks(BlobPath path);

    /// Deletes blocks staged before an instant; the content ids they held.
    List<String> removeBlocksStagedBefore(Instant before);

    /// Whether a segment or block holds this content.
    boolean holds(String content);
}
