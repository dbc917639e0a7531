package atelier.storage;

import atelier.kernel.Ids;
import atelier.store.Content;
import atelier.store.ContentFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Content files with readers: bytes that are being read are freed when the last reader closes, so that an overwrite
/// or delete never breaks a download that is under way.
final class Bytes {
    private static final Logger LOG = LoggerFactory.getLogger(Bytes.class);
    private final ContentFiles files;
    private final Map<String, Integer> readers = new HashMap<>();
    private final Set<String> doomed = new HashSet<>();

    Bytes(ContentFiles files) {
        this.files = files;
    }

    Content write(InputStream in, long limit) throws IOException {
        return files.write(in, limit);
    }

    Path file(String content) {
        return files.file(content);
    }

    /// Frees content no row holds. It never throws: what cannot be deleted now is found by the sweep of the next start.
    synchronized void free(Collection<String> contents) {
        for (String content : contents) {
            if (readers.containsKey(content)) {
                doomed.add(content);
            } else {
                delete(content);
            }
        }
    }

    /// What `rows` finds, held for reading. Rows may change between the query and the hold; then the query is repeated.
    ///
    /// @return empty when `rows` is
    Optional<Held> hold(Supplier<Optional<List<Segment>>> rows) throws IOException {
        for (int attempt = 0; attempt < 10; attempt++) {
            Optional<List<Segment>> segments = rows.get();
            if (segments.isEmpty()) {
                return Optional.empty();
            }
            if (tryHold(segments.get())) {
                return Optional.of(new Held(segments.get()));
            }
        }
        throw new FileNotFoundException("A content file of this blob is missing from the data folder");
    }

    private synchronized boolean tryHold(List<Segment> segments) {
        for (Segment segment : segments) {
            if (!readers.containsKey(segment.content()) && Files.notExists(files.file(segment.content()))) {
                return false;
            }
        }
        segments.forEach(segment -> readers.merge(segment.content(), 1, Integer::sum));
        return true;
    }

    private synchronized void release(List<Segment> segments) {
        for (Segment segment : segments) {
            String content = segment.content();
            if (readers.computeIfPresent(content, (_, count) -> count == 1 ? null : count - 1) == null
                    && doomed.remove(content)) {
                delete(content);
            }
        }
    }

    private void delete(String content) {
        try {
            files.delete(content);
        } catch (RuntimeException e) {
            LOG.warn("The bytes {} could not be freed; the next start tries again", content, e);
        }
    }

    /// Segments that stay readable until closed.
    final class Held implements AutoCloseable {
        private final List<Segment> segments;
        private boolean closed;

        private Held(List<Segment> segments) {
            this.segments = List.copyOf(segments);
        }

        /// `length` bytes from `offset` across the segments; closing the stream releases them.
        InputStream stream(long offset, long length) {
            return new SegmentStream(files, segments, offset, length, this::close);
        }

        List<Path> paths() {
            List<Path> paths = new ArrayList<>();
            segments.forEach(segment -> paths.add(files.file(segment.content())));
            return paths;
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                release(segments);
            }
        }
    }

    /// An opaque version: readers tell two states of a blob apart even within one tick of the clock.
    static String etag(Ids ids) {
        String hex = ids.hex();
        return "\"0x" + hex.substring(hex.length() - 16).toUpperCase(java.util.Locale.ROOT) + "\"";
    }
}
