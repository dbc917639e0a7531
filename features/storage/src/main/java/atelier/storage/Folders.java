package atelier.storage;

import atelier.kernel.Page;
import atelier.kernel.Problem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Between blobs and folders of this machine. Blob names come from clients and folders from jobs, so neither is
/// trusted: nothing is written outside the folder and nothing outside it is read.
final class Folders {
    private static final int PAGE = 1000;
    private static final int NAME_BYTES = 255;
    private final BlobAccount account;

    Folders(BlobAccount account) {
        this.account = account;
    }

    int download(String container, String prefix, Path folder) throws IOException {
        Files.createDirectories(folder);
        Path root = folder.toRealPath();
        int count = 0;
        if (!prefix.isEmpty() && !prefix.endsWith("/")) {
            Optional<Blob> one = account.find(new BlobPath(container, prefix));
            if (one.isPresent()) {
                copy(one.get(), root, prefix.substring(prefix.lastIndexOf('/') + 1));
                count++;
            }
        }
        String below = below(prefix);
        String marker = null;
        do {
            Page<Blob> page = account.list(container, below, marker, PAGE);
            for (Blob blob : page.items()) {
                String relative = blob.path().name().substring(below.length());
                if (!relative.isEmpty()) {
                    copy(blob, root, relative);
                    count++;
                }
            }
            marker = page.next();
        } while (marker != null);
        return count;
    }

    private void copy(Blob blob, Path root, String relative) throws IOException {
        if (relative.endsWith("/") && blob.size() == 0) {
            // Tools mark an empty folder by an empty blob of that name.
            Files.createDirectories(inside(root, relative.substring(0, relative.length() - 1), blob)
                    .resolve("."));
            return;
        }
        Path target = inside(root, relative, blob);
        if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new Problem.Conflict(
                    "PathConflict", "'" + blob.path() + "' is both a file and a folder; a disk cannot hold both.");
        }
        Files.deleteIfExists(target);
        try (Bytes.Held held = account.hold(blob.path());
                FileChannel out = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (Path file : held.paths()) {
                append(file, out);
            }
        }
    }

    private static void append(Path file, FileChannel out) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = in.size();
            for (long done = 0; done < size; ) {
                done += in.transferTo(done, size - done, out);
            }
        }
    }

    /// Where a blob's file goes; its parent is made. Every step is checked, so that no name and no link leads out.
    private static Path inside(Path root, String relative, Blob blob) throws IOException {
        Path at = root;
        String[] steps = relative.split("/", -1);
        for (int i = 0; i < steps.length; i++) {
            if (!isFileName(steps[i])) {
                throw new Problem.Invalid(
                        "InvalidResourceName",
                        "The blob '" + blob.path()
                                + "' cannot be a file below a folder; its name has an empty, '.', '..' or"
                                + " too long part.",
                        "name");
            }
            at = at.resolve(steps[i]);
            if (i < steps.length - 1) {
                makeFolder(at, blob);
            }
        }
        return at;
    }

    private static boolean isFileName(String step) {
        return !step.isEmpty()
                && !step.equals(".")
                && !step.equals("..")
                && step.indexOf('\0') < 0
                && step.getBytes(java.nio.charset.StandardCharsets.UTF_8).length <= NAME_BYTES;
    }

    private static void makeFolder(Path folder, Blob blob) throws IOException {
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new Problem.Conflict(
                    "PathConflict",
                    "'" + blob.path() + "' needs a folder where a file or link is: " + folder.getFileName() + ".");
        }
        Files.createDirectory(folder);
    }

    int upload(Path folder, String container, String prefix) throws IOException {
        Path root = folder.toRealPath();
        TreeMap<String, Path> files = new TreeMap<>();
        // All names are checked before the first byte is copied.
        Files.walkFileTree(
                root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new Collector(root, files));
        String below = below(prefix);
        for (var file : files.entrySet()) {
            account.put(new BlobPath(container, below + file.getKey()), file.getValue());
        }
        return files.size();
    }

    /// `a/b` and `a/b/` mean the same folder; the empty prefix is the whole container.
    static String below(String prefix) {
        return prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
    }

    private static final class Collector extends SimpleFileVisitor<Path> {
        private final Path root;
        private final TreeMap<String, Path> files;

        Collector(Path root, TreeMap<String, Path> files) {
            this.root = root;
            this.files = files;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            checkInside(directory);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            checkInside(file);
            if (!attributes.isRegularFile()) {
                throw refused(file, "is not a regular file");
            }
            files.put(root.relativize(file).toString(), file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, @Nullable IOException e) throws IOException {
            if (e instanceof java.nio.file.FileSystemLoopException) {
                throw refused(file, "is a link to a folder that holds it");
            }
            throw e == null ? new IOException("Cannot read " + root.relativize(file)) : e;
        }

        private void checkInside(Path path) throws IOException {
            if (Files.isSymbolicLink(path) && Files.notExists(path)) {
                throw refused(path, "is a link to nothing");
            }
            if (!path.toRealPath().startsWith(root)) {
                throw refused(path, "is a link that leaves the folder");
            }
        }

        private Problem refused(Path path, String why) {
            return new Problem.Invalid("InvalidFile", "'" + root.relativize(path) + "' " + why + ".", "path");
        }
    }
}
