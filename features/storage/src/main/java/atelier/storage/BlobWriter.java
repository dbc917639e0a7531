package atelier.storage;

import atelier.kernel.Ids;
import atelier.kernel.Problem;
import atelier.store.Content;
import atelier.store.Database;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The order that makes writes survive a crash: bytes are on disk before a row names them, and are freed only after the
/// transaction that forgets them has committed. Whatever happens in between leaves at worst a file that no row names.
final class BlobWriter {
    private final Database database;
    private final BlobStore store;
    private final Bytes bytes;
    private final InstantSource clock;
    private final Ids ids;

    BlobWriter(Database database, BlobStore store, Bytes bytes, InstantSource clock, Ids ids) {
        this.database = database;
        this.store = store;
        this.bytes = bytes;
        this.clock = clock;
        this.ids = ids;
    }

    Instant now() {
        return clock.instant();
    }

    /// Keeps `body`, checks its MD5, then lets `rows` name it in a transaction; without that nothing is kept.
    <T> T keep(InputStream body, long limit, @Nullable String contentMd5, Function<Content, T> rows)
            throws IOException {
        Content content = bytes.write(body, limit);
        List<String> mine = List.of(content.id());
        if (contentMd5 != null && !contentMd5.equals(base64(content))) {
            bytes.free(mine);
            throw new Problem.Invalid(
                    "Md5Mismatch",
                    "The MD5 value specified in the request did not match with the MD5 value calculated by the server.",
                    "Content-MD5");
        }
        boolean[] begun = new boolean[1];
        try {
            return database.inTransaction(handle -> {
                handle.afterRollback(() -> bytes.free(mine));
                begun[0] = true;
                return rows.apply(content);
            });
        } catch (RuntimeException e) {
            // Once begun, only the end of the outermost transaction knows whether a row names the bytes.
            if (!begun[0]) {
                bytes.free(mine);
            }
            throw e;
        }
    }

    /// In a transaction: makes `segments` the blob's bytes, forgets its staged blocks and frees what it held before.
    Blob replace(BlobPath path, Upload upload, List<Segment> segments, @Nullable String md5) {
        return database.inTransaction(handle -> {
            Optional<Blob> old = current(path, upload.conditions());
            Set<String> freed = new HashSet<>();
            store.segments(path).forEach(segment -> freed.add(segment.content()));
            store.blocks(path).forEach(block -> freed.add(block.content()));
            segments.forEach(segment -> freed.remove(segment.content()));
            Instant now = clock.instant();
            ContentHeaders headers = upload.headers();
            Blob blob = new Blob(
                    path,
                    Bytes.etag(ids),
                    segments.stream().mapToLong(Segment::size).sum(),
                    headers.typeOrBytes(),
                    headers.encoding(),
                    headers.language(),
                    headers.disposition(),
                    headers.cacheControl(),
                    headers.md5() == null ? md5 : headers.md5(),
                    upload.metadata(),
                    old.map(Blob::createdAt).orElse(now),
                    now);
            store.save(blob);
            store.replaceSegments(path, segments);
            store.removeBlocks(path);
            handle.afterCommit(() -> bytes.free(freed));
            return blob;
        });
    }

    /// Changes the row of a blob that is there.
    Blob change(BlobPath path, Conditions conditions, UnaryOperator<Blob> change) {
        return database.inTransaction(_ -> {
            Blob changed = change.apply(current(path, conditions).orElseThrow(BlobAccount::notFound));
            Blob stamped = new Blob(
                    path,
                    Bytes.etag(ids),
                    changed.size(),
                    changed.contentType(),
                    changed.contentEncoding(),
                    changed.contentLanguage(),
                    changed.contentDisposition(),
                    changed.cacheControl(),
                    changed.md5(),
                    changed.metadata(),
                    changed.createdAt(),
                    clock.instant());
            store.save(stamped);
            return stamped;
        });
    }

    /// False when nothing was there.
    boolean delete(BlobPath path, Conditions conditions) {
        return database.inTransaction(handle -> {
            if (current(path, conditions).isEmpty()) {
                return false;
            }
            List<String> freed =
                    store.segments(path).stream().map(Segment::content).toList();
            store.remove(path);
            handle.afterCommit(() -> bytes.free(freed));
            return true;
        });
    }

    /// In a transaction: the container stays and nobody else writes this name.
    void lock(BlobPath path) {
        if (store.holdContainer(path.container()).isEmpty()) {
            throw Containers.notFound();
        }
        store.lock(path);
    }

    /// In a transaction: the blob that is there now, with its name locked and the conditions met.
    private Optional<Blob> current(BlobPath path, Conditions conditions) {
        lock(path);
        Optional<Blob> blob = store.find(path);
        conditions.checkWrite(blob.orElse(null));
        return blob;
    }

    /// Fails early, before a large body is read, when the write could not succeed now.
    void precheck(BlobPath path, Conditions conditions) {
        if (store.container(path.container()).isEmpty()) {
            throw Containers.notFound();
        }
        conditions.checkWrite(store.find(path).orElse(null));
    }

    static String base64(Content content) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(content.md5()));
    }
}
