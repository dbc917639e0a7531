package atelier.cli.snapshot;

import atelier.cli.CliError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// A local file or folder as Azure ML uploads it: which files, and the two hashes by which it is known again. The
/// hashes are those of azure-ai-ml (`_utils/_asset_utils.py`), so that the SDK and this command line recognise each
/// other's uploads.
public record Snapshot(Path source, List<Entry> entries) {
    /// One file: where it is and its path below the source, with `/`.
    public record Entry(Path file, String name, long size) {}

    public Snapshot {
        entries = List.copyOf(entries);
    }

    /// @throws CliError when there is nothing at `source`, or nothing left to upload
    public static Snapshot of(Path source) {
        try {
            if (Files.isRegularFile(source)) {
                return new Snapshot(source, List.of(entry(source, nameOf(source))));
            }
            if (!Files.isDirectory(source)) {
                throw new CliError("There is no file or folder " + source + ".");
            }
            IgnoreFile ignore = IgnoreFile.of(source);
            List<Entry> entries = new ArrayList<>();
            try (Stream<Path> files = Files.walk(source, FileVisitOption.FOLLOW_LINKS)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    if (Files.isRegularFile(file) && !ignore.excludes(file)) {
                        entries.add(
                                entry(file, source.relativize(file).toString().replace('\\', '/')));
                    }
                }
            }
            if (entries.isEmpty()) {
                throw new CliError("The folder " + source + " has no files to upload.");
            }
            return new Snapshot(source, entries);
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new CliError(source + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Entry entry(Path file, String name) throws IOException {
        return new Entry(file, name, Files.size(file));
    }

    public boolean isFolder() {
        return Files.isDirectory(source);
    }

    /// Last part of the source's path.
    public String name() {
        return nameOf(source);
    }

    private static String nameOf(Path path) {
        Path name = path.toAbsolutePath().normalize().getFileName();
        return name == null ? "root" : name.toString();
    }

    /// Hash of code (`get_content_hash`, version 202208): number of files; name and size of each; content of each.
    public String contentHash() {
        MessageDigest digest = sha256();
        List<Entry> sorted = entries.stream()
                .sorted(Comparator.comparing(entry -> entry.name().toLowerCase(Locale.ROOT)))
                .toList();
        digest.update(utf8(Integer.toString(sorted.size())));
        for (Entry entry : sorted) {
            digest.update(utf8("#" + entry.name() + "#"));
            digest.update(utf8(Long.toString(entry.size())));
        }
        for (Entry entry : sorted) {
            content(digest, entry.file());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /// Hash of data and models (`get_object_hash`): names and contents, folder by folder.
    public String objectHash() {
        MessageDigest digest = sha256();
        digest.update(utf8("Initialize for october 2021 AML CLI version"));
        try {
            if (isFolder()) {
                folder(digest, source, IgnoreFile.of(source));
            } else {
                content(digest, source);
            }
        } catch (IOException e) {
            throw new CliError(source + " cannot be read: " + e.getMessage(), e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void folder(MessageDigest digest, Path folder, IgnoreFile ignore) throws IOException {
        List<Path> children;
        try (Stream<Path> list = Files.list(folder)) {
            children = list.sorted(Comparator.comparing(path -> path.toString().toLowerCase(Locale.ROOT)))
                    .toList();
        }
        for (Path child : children) {
            if (ignore.excludes(child)) {
                continue;
            }
            digest.update(utf8(nameOf(child)));
            if (Files.isDirectory(child)) {
                folder(digest, child, ignore);
            } else {
                content(digest, child);
            }
        }
    }

    private static void content(MessageDigest digest, Path file) {
        byte[] buffer = new byte[64 * 1024];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        } catch (IOException e) {
            throw new CliError(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
