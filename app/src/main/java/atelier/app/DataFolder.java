package atelier.app;

import atelier.kernel.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// The one folder of all state, held by one server at a time.
///
/// `atelier.db`, `content/` (bytes of blobs), `secrets/` (owner only), `tls/`, `environments/`, `cache/`, `tools/`,
/// `jobs/`,
/// `deployments/`, `serving/`, `logs/`, `run/` (lock and `server.json`, what the launcher reads).
public final class DataFolder implements AutoCloseable {
    private final Path root;
    private final FileLock lock;

    private DataFolder(Path root, FileLock lock) {
        this.root = root;
        this.lock = lock;
    }

    /// Makes the folder when it is missing and takes the lock.
    public static DataFolder open(Path root) {
        try {
            Files.createDirectories(root);
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
            for (String folder : new String[] {"run", "logs", "tmp"}) {
                Files.createDirectories(root.resolve(folder));
            }
            return new DataFolder(root, lock(root));
        } catch (IOException e) {
            throw new StartFailure(
                    "The data folder " + root + " cannot be written ("
                            + e.getClass().getSimpleName() + ": " + e.getMessage()
                            + "). Choose another with --data-dir, or make it writable.",
                    e);
        }
    }

    private static FileLock lock(Path root) throws IOException {
        FileChannel channel =
                FileChannel.open(root.resolve("run/lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new StartFailure("Another Atelier server uses the data folder " + root
                    + ". `atelier status` shows it; `atelier down` ends it.");
        }
        return lock;
    }

    public Path path(String relative) {
        return root.resolve(relative);
    }

    /// Tells launcher and CLI where the server answers; written when it does.
    public void announce(String url, String httpUrl, String version, java.time.Instant startedAt) throws IOException {
        Path temporary = path("run/server.json.new");
        Files.writeString(
                temporary,
                Json.pretty(Json.object()
                        .put("pid", ProcessHandle.current().pid())
                        .put("url", url)
                        .put("httpUrl", httpUrl)
                        .put("version", version)
                        .put("startedAt", startedAt.toString())));
        Files.move(
                temporary,
                path("run/server.json"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(path("run/server.json"));
            lock.release();
            lock.acquiredBy().close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
