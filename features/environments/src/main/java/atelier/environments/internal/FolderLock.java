package atelier.environments.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// Makes threads, and servers that share a folder, build one thing at a time. The operating system's lock ends with the
/// process that holds it, so a crash leaves nothing to clean up.
final class FolderLock implements AutoCloseable {
    /// The operating system's lock is the process's, so its threads need one of their own.
    private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private final ReentrantLock thread;
    private final FileChannel process;

    private FolderLock(ReentrantLock thread, FileChannel process) {
        this.thread = thread;
        this.process = process;
    }

    /// Waits for whoever holds it; the caller holds it until [#close].
    ///
    /// @param file is made when it is missing, and stays
    static FolderLock of(Path file) {
        Path path = file.toAbsolutePath();
        ReentrantLock thread = THREADS.computeIfAbsent(path, _ -> new ReentrantLock());
        thread.lock();
        boolean held = false;
        try {
            Files.createDirectories(path.getParent());
            FileChannel process = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            process.lock();
            held = true;
            return new FolderLock(thread, process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!held) {
                thread.unlock();
            }
        }
    }

    @Override
    public void close() {
        try {
            process.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            thread.unlock();
        }
    }
}
