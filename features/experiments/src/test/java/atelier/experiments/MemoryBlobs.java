package atelier.experiments;

import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.storage.Blob;
import atelier.storage.BlobPath;
import atelier.storage.Blobs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// A storage account in memory.
public final class MemoryBlobs implements Blobs {
    private final ConcurrentSkipListMap<String, byte[]> blobs = new ConcurrentSkipListMap<>();

    @Override
    public void ensureContainer(String container) {
        BlobPath.checkContainer(container);
    }

    @Override
    public Blob put(BlobPath path, InputStream body, @Nullable String contentType) throws IOException {
        byte[] bytes = body.readAllBytes();
        blobs.put(path.toString(), bytes);
        return blob(path, bytes);
    }

    @Override
    public Optional<Blob> find(BlobPath path) {
        return Optional.ofNullable(blobs.get(path.toString())).map(bytes -> blob(path, bytes));
    }

    @Override
    public InputStream open(BlobPath path, long offset, long length) {
        byte[] bytes = blobs.get(path.toString());
        if (bytes == null) {
            throw new Problem.NotFound("BlobNotFound", "There is no blob " + path + ".");
        }
        int from = (int) Math.min(offset, bytes.length);
        return new ByteArrayInputStream(bytes, from, (int) Math.min(length, bytes.length - from));
    }

    @Override
    public Page<Blob> list(String container, String prefix, @Nullable String marker, int max) {
        List<Blob> page = new ArrayList<>();
        for (Map.Entry<String, byte[]> entry : blobs.tailMap(container + "/" + (marker == null ? prefix : marker))
                .entrySet()) {
            String name = entry.getKey().substring(container.length() + 1);
            if (!entry.getKey().startsWith(container + "/" + prefix)) {
                break;
            }
            if (page.size() == max) {
                return new Page<>(page, name);
            }
            page.add(blob(new BlobPath(container, name), entry.getValue()));
        }
        return Page.last(page);
    }

    @Override
    public boolean delete(BlobPath path) {
        return blobs.remove(path.toString()) != null;
    }

    @Override
    public int deletePrefix(String container, String prefix) {
        List<String> names = blobs.keySet().stream()
                .filter(name -> name.startsWith(container + "/" + prefix))
                .toList();
        names.forEach(blobs::remove);
        return names.size();
    }

    @Override
    public int download(String container, String prefix, Path folder) {
        throw new UnsupportedOperationException("not needed here");
    }

    @Override
    public int upload(Path folder, String container, String prefix) throws IOException {
        try (var files = Files.walk(folder)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            for (Path file : all) {
                put(new BlobPath(container, prefix + "/" + folder.relativize(file)), file);
            }
            return all.size();
        }
    }

    private static Blob blob(BlobPath path, byte[] bytes) {
        Instant now = Instant.EPOCH;
        return new Blob(
                path,
                "\"1\"",
                bytes.length,
                "application/octet-stream",
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                now,
                now);
    }
}
