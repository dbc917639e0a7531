package atelier.jobs.fakes;

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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The storage account in memory.
public final class MemoryBlobs implements Blobs {
    private final Map<String, byte[]> blobs = new TreeMap<>();
    private final Set<String> containers = new HashSet<>();

    @Override
    public synchronized void ensureContainer(String container) {
        containers.add(BlobPath.checkContainer(container));
    }

    private void requireContainer(String container) {
        if (!containers.contains(container)) {
            throw new Problem.NotFound("ContainerNotFound", "There is no container " + container);
        }
    }

    @Override
    public synchronized Blob put(BlobPath path, InputStream body, @Nullable String contentType) throws IOException {
        requireContainer(path.container());
        blobs.put(path.toString(), body.readAllBytes());
        return find(path).orElseThrow();
    }

    public void put(String container, String name, String text) {
        synchronized (this) {
            containers.add(container);
            blobs.put(new BlobPath(container, name).toString(), text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    public synchronized @Nullable String text(String container, String name) {
        byte[] bytes = blobs.get(container + "/" + name);
        return bytes == null ? null : new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }

    public synchronized List<String> names() {
        return List.copyOf(blobs.keySet());
    }

    @Override
    public synchronized Optional<Blob> find(BlobPath path) {
        byte[] bytes = blobs.get(path.toString());
        if (bytes == null) {
            return Optional.empty();
        }
        String md5 = Base64.getEncoder().encodeToString(md5(bytes));
        return Optional.of(new Blob(
                path,
                "\"" + md5 + "\"",
                bytes.length,
                "application/octet-stream",
                null,
                null,
                null,
                null,
                md5,
                Map.of(),
                Instant.EPOCH,
                Instant.EPOCH));
    }

    private static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized InputStream open(BlobPath path, long offset, long length) {
        byte[] bytes = blobs.get(path.toString());
        if (bytes == null) {
            throw new Problem.NotFound("BlobNotFound", "There is no blob " + path);
        }
        return new ByteArrayInputStream(bytes, (int) offset, (int) Math.min(length, bytes.length - offset));
    }

    @Override
    public synchronized Page<Blob> list(String container, String prefix, @Nullable String marker, int max) {
        requireContainer(container);
        List<Blob> found = blobs.keySet().stream()
                .filter(key -> key.startsWith(container + "/" + prefix))
                .map(key -> key.substring(container.length() + 1))
                .filter(name -> marker == null || name.compareTo(marker) > 0)
                .map(name -> find(new BlobPath(container, name)).orElseThrow())
                .toList();
        return found.size() <= max
                ? Page.last(found)
                : new Page<>(found.subList(0, max), found.get(max - 1).path().name());
    }

    @Override
    public synchronized boolean delete(BlobPath path) {
        return blobs.remove(path.toString()) != null;
    }

    @Override
    public synchronized int deletePrefix(String container, String prefix) {
        List<String> gone = blobs.keySet().stream()
                .filter(key -> key.startsWith(container + "/" + prefix))
                .toList();
        gone.forEach(blobs::remove);
        return gone.size();
    }

    @Override
    public int download(String container, String prefix, Path folder) throws IOException {
        List<Blob> found = list(container, prefix, null, Integer.MAX_VALUE).items();
        for (Blob blob : found) {
            Path target = folder.resolve(blob.path().name().substring(prefix.length()));
            Files.createDirectories(target.getParent());
            try (InputStream in = open(blob.path())) {
                Files.copy(in, target);
            }
        }
        return found.size();
    }

    @Override
    public int upload(Path folder, String container, String prefix) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            for (Path file : all) {
                put(new BlobPath(container, prefix + "/" + folder.relativize(file)), file);
            }
            return all.size();
        }
    }
}
