package atelier.jobs.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The files of one job while it is not over: `code/` (where the command runs), `inputs/`, `outputs/`,
/// `log/` (as
/// clients see it) and `process-<n>/` (bookkeeping of the n-th start that was tried).
public record JobFolder(Path root) {
    static final String STREAM = "user_logs/std_log.txt";
    static final String EXECUTION_LOG = "logs/azureml/executionlogs.txt";
    static final String PROCESSES_LOG = "system_logs/processes.log";
    static final String BUILD_LOG = "azureml-logs/20_image_build_log.txt";

    /// Folders of a job by workspace and name, below `all`.
    static JobFolder of(Path all, String workspaceId, String job) {
        return new JobFolder(all.resolve(workspaceId).resolve(job));
    }

    Path code() {
        return root.resolve("code");
    }

    /// What Azure Machine Learning calls the data capability's folder.
    Path inputs() {
        return root.resolve("inputs");
    }

    Path input(String name) {
        return inputs().resolve("INPUT_" + name);
    }

    Path output(String name) {
        return root.resolve("outputs").resolve(name);
    }

    public Path log() {
        return root.resolve("log");
    }

    /// A log file, its folder made.
    Path log(String name) throws IOException {
        Path file = log().resolve(name);
        Files.createDirectories(file.getParent());
        return file;
    }

    /// Adds a line with the time to a log.
    void append(String log, Instant now, String line) {
        try {
            Files.writeString(
                    log(log),
                    now.truncatedTo(ChronoUnit.MILLIS) + " " + line + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The bookkeeping folder of the newest start, when there was one.
    Optional<Path> lastProcess() {
        Path last = null;
        for (int n = 1; Files.isDirectory(process(n)); n++) {
            last = process(n);
        }
        return Optional.ofNullable(last);
    }

    /// A new bookkeeping folder.
    Path nextProcess() throws IOException {
        int n = 1;
        while (Files.isDirectory(process(n))) {
            n++;
        }
        return Files.createDirectories(process(n));
    }

    private Path process(int n) {
        return root.resolve("process-" + n);
    }

    /// Empties what a preparation fills, so that it can begin again.
    void clear() throws IOException {
        delete(code());
        delete(inputs());
        delete(root.resolve("outputs"));
        delete(root.resolve("python"));
        Files.createDirectories(code());
    }

    /// Removes all of it.
    public void delete() throws IOException {
        delete(root);
    }

    private static void delete(Path folder) throws IOException {
        if (Files.notExists(folder, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
