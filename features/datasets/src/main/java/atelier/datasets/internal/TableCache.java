package atelier.datasets.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Files made once by key, the longest unused ones removed when there are too many bytes; never one that is in use.
final class TableCache {
    private final Path folder;
    private final long limit;
    private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    TableCache(Path folder, long limit) throws IOException {
        this.folder = folder;
        this.limit = limit;
        deleteTree(folder);
        Files.createDirectories(folder);
    }

    Path folder() {
        return folder;
    }

    interface Maker {
        void make(Path file) throws IOException;
    }

    /// A file held until closed.
    final class Use implements AutoCloseable {
        private final Entry entry;

        private Use(Entry entry) {
            this.entry = entry;
        }

        Path file() {
            return entry.file;
        }

        @Override
        public void close() {
            release(entry);
        }
    }

    private static final class Entry {
        final Path file;
        int users;
        long bytes;
        boolean made;

        Entry(Path file) {
            this.file = file;
        }
    }

    /// The file of `key`, made by the first who asks while others wait.
    Use use(String key, Maker maker) throws IOException {
        Entry entry;
        synchronized (entries) {
            entry = entries.computeIfAbsent(key, k -> new Entry(folder.resolve(k + ".duckdb")));
            entry.users++;
        }
        try {
            synchronized (entry) {
                if (!entry.made) {
                    Path half = folder.resolve(key + ".half");
                    Files.deleteIfExists(half);
                    try {
                        maker.make(half);
                        Files.move(half, entry.file, StandardCopyOption.ATOMIC_MOVE);
                    } finally {
                        Files.deleteIfExists(half);
                        Files.deleteIfExists(folder.resolve(key + ".half.wal"));
                    }
                    entry.bytes = Files.size(entry.file);
                    entry.made = true;
                }
            }
            return new Use(entry);
        } catch (IOException | RuntimeException e) {
            release(entry);
            throw e;
        }
    }

    private void release(Entry entry) {
        List<Path> gone = new ArrayList<>();
        synchronized (entries) {
            entry.users--;
            long total = entries.values().stream().mapToLong(e -> e.bytes).sum();
            var oldest = entries.values().iterator();
            while (oldest.hasNext()) {
                Entry candidate = oldest.next();
                if (candidate.users == 0 && (!candidate.made || total > limit)) {
                    total -= candidate.bytes;
                    gone.add(candidate.file);
                    oldest.remove();
                }
            }
            try {
                for (Path file : gone) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static void deleteTree(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            // nothing to remove
        }
    }
}
