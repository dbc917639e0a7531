package atelier.environments.internal;

import atelier.environments.Environments.Interpreter;
import atelier.kernel.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Where built environments are kept.
///
/// `<hash>/` is a virtual environment; it is whole when `atelier-environment.json` is in it, which is written last. It
/// is built where it stays, because a virtual environment holds its own path. `definitions/<hash>.json` says which one
/// a definition led to, or why it failed; `definitions/<hash>.log` what the build said. Several servers may share the
/// folder.
public final class EnvironmentFolders {
    private static final String MARKER = "atelier-environment.json";
    private final Path root;

    /// The end of a build, as it is kept.
    ///
    /// @param interpreter name of the environment's folder, null when the build failed
    record Outcome(
            @Nullable String interpreter,
            String python,
            String lock,
            @Nullable String error,
            Instant startedAt,
            Instant finishedAt) {}

    public EnvironmentFolders(Path root) {
        this.root = root;
    }

    Path environment(String hash) {
        return root.resolve(hash);
    }

    /// Held by the one server that builds this environment.
    FolderLock lock(String hash) {
        return FolderLock.of(root.resolve("locks").resolve(hash));
    }

    /// An environment that is whole and whose base interpreter is still there.
    Optional<Interpreter> find(String hash) {
        Path folder = environment(hash);
        Optional<JsonNode> marker = read(folder.resolve(MARKER));
        if (marker.isEmpty() || !Files.isExecutable(folder.resolve("bin/python"))) {
            return Optional.empty();
        }
        JsonNode content = marker.get();
        return Optional.of(new Interpreter(
                folder, content.path("python").asString(), content.path("lock").asString(), hash));
    }

    /// Says that the environment is whole.
    Interpreter seal(String hash, String python, String lock, Instant now) {
        Path folder = environment(hash);
        write(
                folder.resolve(MARKER),
                Json.pretty(Json.object()
                        .put("python", python)
                        .put("hash", hash)
                        .put("builtAt", now.toString())
                        .put("sizeBytes", size(folder))
                        .put("lock", lock)));
        return new Interpreter(folder, python, lock, hash);
    }

    long sizeBytes(String hash) {
        return read(environment(hash).resolve(MARKER))
                .map(marker -> marker.path("sizeBytes").asLong(0))
                .orElse(0L);
    }

    Optional<Outcome> outcome(String definition) {
        return read(root.resolve("definitions").resolve(definition + ".json"))
                .map(node -> new Outcome(
                        node.path("interpreter").asStringOpt().orElse(null),
                        node.path("python").asString(""),
                        node.path("lock").asString(""),
                        node.path("error").asStringOpt().orElse(null),
                        Instant.parse(node.path("startedAt").asString()),
                        Instant.parse(node.path("finishedAt").asString())));
    }

    void keep(String definition, Outcome outcome, String log) {
        Path folder = root.resolve("definitions");
        write(folder.resolve(definition + ".log"), log);
        write(
                folder.resolve(definition + ".json"),
                Json.pretty(Json.object()
                        .put("interpreter", outcome.interpreter())
                        .put("python", outcome.python())
                        .put("lock", outcome.lock())
                        .put("error", outcome.error())
                        .put("startedAt", outcome.startedAt().toString())
                        .put("finishedAt", outcome.finishedAt().toString())));
    }

    String log(String definition) {
        try {
            return Files.readString(root.resolve("definitions").resolve(definition + ".log"));
        } catch (IOException e) {
            return ""; // none was kept
        }
    }

    private static Optional<JsonNode> read(Path file) {
        try {
            return Files.isRegularFile(file) ? Optional.of(Json.parse(Files.readString(file))) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            // A name of its own, for another server on this folder may write the same file.
            Path temporary = Files.createTempFile(file.getParent(), file.getFileName() + ".", ".tmp");
            Files.writeString(temporary, text);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Deletes a folder with all in it, without following links; one that is not there is no fault.
    static void delete(Path folder) {
        try {
            if (Files.exists(folder)) {
                Files.walkFileTree(folder, new Deleting());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path folder) {
        Summing summing = new Summing();
        try {
            Files.walkFileTree(folder, summing);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return summing.bytes;
    }

    private static final class Summing extends SimpleFileVisitor<Path> {
        private long bytes;

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes += attributes.isRegularFile() ? attributes.size() : 0;
            return FileVisitResult.CONTINUE;
        }
    }

    private static final class Deleting extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
