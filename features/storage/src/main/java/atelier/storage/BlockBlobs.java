package atelier.storage;

import atelier.kernel.Problem;
import atelier.store.Database;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Blobs in blocks: stage in any order, commit a list. A committed blob is its blocks' files in order; no byte is
/// copied.
public final class BlockBlobs {
    /// Largest block, as the service's: 4,000 MiB.
    public static final long BLOCK_LIMIT = 4_000L << 20;

    private static final int MOST_BLOCKS = 50_000;
    private final Database database;
    private final BlobStore store;
    private final Bytes bytes;
    private final BlobWriter writer;

    BlockBlobs(Database database, BlobStore store, Bytes bytes, BlobWriter writer) {
        this.database = database;
        this.store = store;
        this.bytes = bytes;
        this.writer = writer;
    }

    /// Stages one block, replacing one of the same id.
    ///
    /// @return base64 of the MD5 of its bytes
    /// @throws Problem.Invalid `InvalidBlobOrBlock` when its id is not as long as those of the blob's other blocks
    public String stage(BlobPath path, String blockId, InputStream body, @Nullable String contentMd5)
            throws IOException {
        BlockRef.checkId(blockId);
        writer.precheck(path, Conditions.NONE);
        return writer.keep(
                body,
                BLOCK_LIMIT,
                contentMd5,
                content -> database.inTransaction(handle -> {
                    writer.lock(path);
                    List<String> freed = new ArrayList<>();
                    for (Segment block : store.blocks(path)) {
                        String id = String.valueOf(block.blockId());
                        if (BlockRef.length(id) != BlockRef.length(blockId)) {
                            throw new Problem.Invalid(
                                    "InvalidBlobOrBlock",
                                    "All block ids of a blob must have the same length.",
                                    "blockid");
                        }
                        if (id.equals(blockId)) {
                            freed.add(block.content());
                        }
                    }
                    store.saveBlock(path, new Segment(content.id(), content.size(), blockId), writer.now());
                    handle.afterCommit(() -> bytes.free(freed));
                    return BlobWriter.base64(content);
                }));
    }

    /// Makes the blob of the listed blocks, in that order; staged blocks that are not listed are forgotten.
    ///
    /// @throws Problem.Invalid `InvalidBlockList` when a listed block is not there
    public Blob commit(BlobPath path, List<BlockRef> list, Upload upload) {
        if (list.size() > MOST_BLOCKS) {
            throw new Problem.Invalid("BlockListTooLong", "A block list has at most 50,000 blocks.", null);
        }
        return database.inTransaction(_ -> {
            writer.lock(path);
            upload.conditions().checkWrite(store.find(path).orElse(null));
            Map<String, Segment> staged = byId(store.blocks(path));
            Map<String, Segment> committed = byId(store.segments(path));
            List<Segment> segments = new ArrayList<>(list.size());
            for (BlockRef ref : list) {
                Segment found = switch (ref.from()) {
                    case COMMITTED -> committed.get(ref.id());
                    case UNCOMMITTED -> staged.get(ref.id());
                    case LATEST -> staged.getOrDefault(ref.id(), committed.get(ref.id()));
                };
                if (found == null) {
                    throw new Problem.Invalid(
                            "InvalidBlockList",
                            "The specified block list is invalid: no block '" + ref.id() + "'.",
                            null);
                }
                segments.add(found);
            }
            return writer.replace(path, upload, segments, null);
        });
    }

    /// Frees staged blocks whose id fits; others of the blob stay.
    public void discard(BlobPath path, Predicate<String> id) {
        database.useTransaction(handle -> {
            writer.lock(path);
            List<Segment> staged = store.blocks(path);
            List<String> freed = staged.stream()
                    .filter(block -> id.test(String.valueOf(block.blockId())))
                    .map(Segment::content)
                    .toList();
            if (freed.isEmpty()) {
                return;
            }
            store.removeBlocks(path);
            staged.stream()
                    .filter(block -> !freed.contains(block.content()))
                    .forEach(block -> store.saveBlock(path, block, writer.now()));
            handle.afterCommit(() -> bytes.free(freed));
        });
    }

    /// @throws Problem.NotFound `BlobNotFound` when there is neither a blob nor a staged block
    public BlockList blocks(BlobPath path) {
        List<Segment> committed = new ArrayList<>(store.segments(path));
        committed.removeIf(segment -> segment.blockId() == null);
        List<Segment> uncommitted = store.blocks(path);
        if (uncommitted.isEmpty() && committed.isEmpty() && store.find(path).isEmpty()) {
            throw store.container(path.container()).isEmpty() ? Containers.notFound() : BlobAccount.notFound();
        }
        return new BlockList(committed, uncommitted);
    }

    private static Map<String, Segment> byId(List<Segment> segments) {
        Map<String, Segment> byId = new HashMap<>();
        for (Segment segment : segments) {
            if (segment.blockId() != null) {
                byId.put(segment.blockId(), segment);
            }
        }
        return byId;
    }
}
