package atelier.datasets;

import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.storage.Blob;
import atelier.storage.BlobPath;
import atelier.storage.Blobs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A storage account in memory. [#reads] counts opened blobs, so that a test sees what is computed once.
public final class MemoryBlobs implements Blobs {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private final Map<String, TreeMap<String, Blob>> blobs = new HashMap<>();
    private final Map<BlobPath, byte[]> bytes = new HashMap<>();
    private final Set<String> containers = new HashSet<>();
    private int etags;
    private int reads;

    public Set<String> containers() {
        return containers;
    }

    public int reads() {
        return reads;
    }

    @Override
    public void ensureContainer(String container) {
        containers.add(container);
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
        reads++;
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
    public int download(String container, String prefix, Path folder) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int upload(Path folder, String container, String prefix) {
        throw new UnsupportedOperationException();
    }
}
