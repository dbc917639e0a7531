package atelier.storage;

import atelier.store.ContentFiles;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a range of a blob across its segments; one file is open at a time.
final class SegmentStream extends InputStream {
    private final ContentFiles files;
    private final List<Segment> segments;
    private final Runnable onClose;
    private int next;
    private long skip;
    private long left;
    private @Nullable InputStream current;

    SegmentStream(ContentFiles files, List<Segment> segments, long offset, long length, Runnable onClose) {
        this.files = files;
        this.segments = segments;
        this.onClose = onClose;
        this.skip = offset;
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (left > 0) {
            InputStream in = current == null ? advance() : current;
            if (in == null) {
                return -1;
            }
            int read = in.read(buffer, offset, (int) Math.min(length, left));
            if (read > 0) {
                left -= read;
                return read;
            }
            in.close();
            current = null;
        }
        return -1;
    }

    private @Nullable InputStream advance() throws IOException {
        while (next < segments.size()) {
            Segment segment = segments.get(next++);
            if (skip >= segment.size()) {
                skip -= segment.size();
                continue;
            }
            InputStream opened = files.open(segment.content(), skip, segment.size() - skip);
            skip = 0;
            current = opened;
            return opened;
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        try {
            if (current != null) {
                current.close();
                current = null;
            }
            left = 0;
        } finally {
            onClose.run();
        }
    }
}
