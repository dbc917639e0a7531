package atelier.endpoints;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A storage account in memory. [#downloads] counts, so that a test sees what is fetched once.
final class MemoryBlobs implements Blobs {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private final Map<String, TreeMap<String, Blob>> blobs = new HashMap<>();
    private final Map<BlobPath, byte[]> bytes = new HashMap<>();
    private int etags;
    private int downloads;

    int downloads() {
        return downloads;
    }

    @Override
    public void ensureContainer(String container) {
        // every container exists here
    }

    @Override
    public Blob put(BlobPath path, InputStream body, @Nullable String contentType) throws IOException {
        byte[] content = body.readAllBytes();
        Blob blob = new Blob(
                path,
                "\"0x" + ++etags + "\"",
                content.length,
                contentType == null ? "application/octet-stream" : contentType,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                NOW,
                NOW);
        blobs.computeIfAbsent(path.container(), _ -> new TreeMap<>()).put(path.name(), blob);
        bytes.put(path, content);
        return blob;
    }

    @Override
    public Optional<Blob> find(BlobPath path) {
        return Optional.ofNullable(
                blobs.getOrDefault(path.container(), new TreeMap<>()).get(path.name()));
    }

    @Override
    public InputStream open(BlobPath path, long offset, long length) {
        byte[] content = bytes.get(path);
        if (content == null) {
            throw new Problem.NotFound("BlobNotFound", "The specified blob does not exist.");
        }
        return new ByteArrayInputStream(content, (int) offset, (int) Math.min(length, content.length - offset));
    }

    @Override
    public Page<Blob> list(String container, String prefix, @Nullable String marker, int max) {
        List<Blob> found = blobs.getOrDefault(container, new TreeMap<>()).values().stream()
                .filter(blob -> blob.path().name().startsWith(prefix))
                .limit(max)
                .toList();
        return Page.last(found);
    }

    @Override
    public boolean delete(BlobPath path) {
        bytes.remove(path);
        return blobs.getOrDefault(path.container(), new TreeMap<>()).remove(path.name()) != null;
    }

    @Override
    public int deletePrefix(String container, String prefix) {
        List<Blob> found = list(container, prefix, null, Integer.MAX_VALUE).items();
        found.forEach(blob -> delete(blob.path()));
        return found.size();
    }

    @Override
    public int download(String container, String prefix, Path folder) throws IOException {
        downloads++;
        int count = 0;
        for (Blob blob : list(container, prefix, null, Integer.MAX_VALUE).items()) {
            String name = blob.path().name();
            String relative = name.equals(prefix)
                    ? name.substring(name.lastIndexOf('/') + 1)
                    : name.substring(prefix.length() + 1);
            Path target = folder.resolve(relative);
            Files.createDirectories(target.getParent());
            try (InputStream in = open(blob.path())) {
                Files.copy(in, target);
            }
            count++;
        }
        return count;
    }

    @Override
    public int upload(Path folder, String container, String prefix) {
        throw new UnsupportedOperationException();
    }
}
