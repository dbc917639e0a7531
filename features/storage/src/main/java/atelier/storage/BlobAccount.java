package atelier.storage;

import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.store.Database;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The verbs of blobs, for other features ([Blobs]) and, with conditions, headers and metadata, for the REST door.
/// Blocks are in [BlockBlobs].
public final class BlobAccount implements Blobs {
    /// Largest blob written in one request, as the service's: 5,000 MiB.
    public static final long PUT_LIMIT = 5_000L << 20;

    private final Database database;
    private final BlobStore store;
    private final Bytes bytes;
    private final BlobWriter writer;
    private final Containers containers;
    private final Folders folders;

    BlobAccount(Database database, BlobStore store, Bytes bytes, BlobWriter writer, Containers containers) {
        this.database = database;
        this.store = store;
        this.bytes = bytes;
        this.writer = writer;
        this.containers = containers;
        this.folders = new Folders(this);
    }

    @Override
    public void ensureContainer(String container) {
        containers.ensure(container);
    }

    @Override
    public Blob put(BlobPath path, InputStream body, @Nullable String contentType) throws IOException {
        return put(path, body, Upload.of(contentType == null ? ContentTypes.of(path.name()) : contentType), -1);
    }

    /// Writes a blob whole.
    ///
    /// @param limit most bytes allowed; -1 for no limit
    /// @throws Problem.NotFound `ContainerNotFound`
    /// @throws Problem.Invalid `Md5Mismatch`
    public Blob put(BlobPath path, InputStream body, Upload upload, long limit) throws IOException {
        writer.precheck(path, upload.conditions());
        return writer.keep(
                body,
                limit < 0 ? Long.MAX_VALUE : limit,
                upload.contentMd5(),
                content -> writer.replace(
                        path,
                        upload,
                        List.of(new Segment(content.id(), content.size(), null)),
                        BlobWriter.base64(content)));
    }

    @Override
    public Optional<Blob> find(BlobPath path) {
        return store.find(path);
    }

    /// @throws Problem.NotFound `ContainerNotFound` or `BlobNotFound`
    public Blob get(BlobPath path) {
        return store.find(path).orElseThrow(() -> missing(path));
    }

    @Override
    public InputStream open(BlobPath path, long offset, long length) throws IOException {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("A range starts at 0 or later and has no negative length");
        }
        return read(path, blob -> new Span(offset, Math.max(0, Math.min(length, blob.size() - offset))))
                .body();
    }

    /// One version of a blob and a span of its bytes.
    public record Reading(Blob blob, Span span, InputStream body) {}

    /// @param offset from 0
    /// @param length in bytes
    public record Span(long offset, long length) {}

    /// Reads a span of one version: what `choose` saw is what is read, also while others overwrite.
    ///
    /// @param choose picks the span, or throws when its conditions are not met
    /// @throws Problem.NotFound `ContainerNotFound` or `BlobNotFound`
    public Reading read(BlobPath path, Function<Blob, Span> choose) throws IOException {
        while (true) {
            Blob blob = get(path);
            Span span = choose.apply(blob);
            long[] from = new long[1];
            Optional<Bytes.Held> held = bytes.hold(() -> snapshot(path)
                    .filter(found -> found.etag().equals(blob.etag()))
                    .map(found -> overlapping(found.segments(), span, from)));
            if (held.isPresent()) {
                return new Reading(blob, span, held.get().stream(from[0], span.length()));
            }
        }
    }

    /// The segments a range needs; `from` becomes the offset in the first of them.
    private static List<Segment> overlapping(List<Segment> all, Span span, long[] from) {
        List<Segment> needed = new ArrayList<>();
        long end = span.offset() + span.length();
        long start = 0;
        for (Segment segment : all) {
            if (start + segment.size() > span.offset() && start < end) {
                if (needed.isEmpty()) {
                    from[0] = span.offset() - start;
                }
                needed.add(segment);
            }
            start += segment.size();
        }
        return needed;
    }

    /// All files of a blob, in order, held until closed.
    Bytes.Held hold(BlobPath path) throws IOException {
        return bytes.hold(() -> snapshot(path).map(Snapshot::segments)).orElseThrow(() -> missing(path));
    }

    private record Snapshot(String etag, List<Segment> segments) {}

    /// Row and segments are read apart; they belong together when the row is the same after.
    private Optional<Snapshot> snapshot(BlobPath path) {
        return database.read(_ -> {
            while (true) {
                Optional<String> before = store.find(path).map(Blob::etag);
                List<Segment> segments = store.segments(path);
                if (store.find(path).map(Blob::etag).equals(before)) {
                    return before.map(etag -> new Snapshot(etag, segments));
                }
            }
        });
    }

    @Override
    public Page<Blob> list(String container, String prefix, @Nullable String marker, int max) {
        Listing page = list(container, prefix, null, marker, max);
        List<Blob> blobs = new ArrayList<>();
        for (Listing.Entry entry : page.entries()) {
            if (entry instanceof Listing.Item(Blob blob)) {
                blobs.add(blob);
            }
        }
        return new Page<>(blobs, page.next());
    }

    /// A page of a listing.
    ///
    /// @param delimiter names that have it after the prefix are rolled up; null lists all
    /// @throws Problem.NotFound `ContainerNotFound`
    public Listing list(String container, String prefix, @Nullable String delimiter, @Nullable String marker, int max) {
        containers.get(container);
        return new Lister(store, container, prefix, delimiter).page(marker, max);
    }

    public Blob setMetadata(BlobPath path, Map<String, String> metadata, Conditions conditions) {
        return writer.change(path, conditions, b -> with(b, ContentHeaders.of(b), metadata));
    }

    /// Replaces all kept headers; those that are null are cleared.
    public Blob setHeaders(BlobPath path, ContentHeaders headers, Conditions conditions) {
        return writer.change(path, conditions, b -> with(b, headers, b.metadata()));
    }

    private static Blob with(Blob b, ContentHeaders headers, Map<String, String> metadata) {
        return new Blob(
                b.path(),
                b.etag(),
                b.size(),
                headers.typeOrBytes(),
                headers.encoding(),
                headers.language(),
                headers.disposition(),
                headers.cacheControl(),
                headers.md5(),
                metadata,
                b.createdAt(),
                b.modifiedAt());
    }

    /// Copies a blob within the account, headers included.
    ///
    /// @param metadata of the copy; empty takes the source's
    public Blob copy(
            BlobPath source,
            Conditions sourceConditions,
            BlobPath target,
            Map<String, String> metadata,
            Conditions conditions)
            throws IOException {
        Reading reading = read(source, blob -> {
            if (!sourceConditions.readable(blob.etag(), blob.modifiedAt())) {
                throw new Problem.PreconditionFailed("SourceConditionNotMet", "The source condition is not met.");
            }
            return new Span(0, blob.size());
        });
        Blob from = reading.blob();
        Upload upload =
                new Upload(ContentHeaders.of(from), metadata.isEmpty() ? from.metadata() : metadata, conditions, null);
        try (InputStream in = reading.body()) {
            return put(target, in, upload, -1);
        }
    }

    @Override
    public boolean delete(BlobPath path) {
        return store.container(path.container()).isPresent() && writer.delete(path, Conditions.NONE);
    }

    /// @throws Problem.NotFound `BlobNotFound`
    public void delete(BlobPath path, Conditions conditions) {
        if (!writer.delete(path, conditions)) {
            throw notFound();
        }
    }

    @Override
    public int deletePrefix(String container, String prefix) {
        return database.inTransaction(handle -> {
            if (store.holdContainer(container).isEmpty()) {
                return 0;
            }
            BlobStore.Removed removed = store.removeBelow(container, prefix);
            handle.afterCommit(() -> bytes.free(removed.contents()));
            return removed.blobs();
        });
    }

    @Override
    public int download(String container, String prefix, Path folder) throws IOException {
        return folders.download(container, prefix, folder);
    }

    @Override
    public int upload(Path folder, String container, String prefix) throws IOException {
        return folders.upload(folder, container, prefix);
    }

    private Problem missing(BlobPath path) {
        return store.container(path.container()).isEmpty() ? Containers.notFound() : notFound();
    }

    static Problem notFound() {
        return new Problem.NotFound("BlobNotFound", "The specified blob does not exist.");
    }
}
