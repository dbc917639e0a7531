package atelier.store;

import atelier.kernel.Ids;
import atelier.kernel.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Files of bytes. A write streams to a temporary file while it is hashed, is flushed to disk and then renamed, so
/// that
/// what
/// was acknowledged survives `kill -9` and power loss, and nothing half-written is ever found.
///
/// Content is written once and never changed; who holds its id decides when it is deleted. Ids are random, not
/// hashes:
/// a delete
/// frees the bytes at once and can never take those of another holder.
public final class ContentFiles {
    private static final int BUFFER = 256 * 1024;
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
    private final Path root;
    private final Path incoming;
    private final Ids ids;

    /// Creates the folders and removes what an earlier crash left half-written.
    public ContentFiles(Path root, Ids ids) throws IOException {
        this.root = root;
        this.incoming = root.resolve("incoming");
        this.ids = ids;
        Files.createDirectories(incoming);
        try (var leftovers = Files.newDirectoryStream(incoming)) {
            for (Path leftover : leftovers) {
                Files.deleteIfExists(leftover);
            }
        }
    }

    /// Keeps all of `in`; when this returns the bytes are on disk.
    ///
    /// @throws IOException when reading or writing fails; nothing is kept then
    public Content write(InputStream in) throws IOException {
        return write(in, Long.MAX_VALUE);
    }

    /// Keeps all of `in`, at most `limit` bytes.
    ///
    /// @throws Problem.TooLarge when there are more; nothing is kept then
    public Content write(InputStream in, long limit) throws IOException {
        String id = ids.hex();
        Path temporary = incoming.resolve(id);
        MessageDigest md5 = digest("MD5");
        MessageDigest sha256 = digest("SHA-256");
        try {
            long size = copy(in, temporary, limit, md5, sha256);
            Path target = file(id);
            Path folder = folder(id);
            if (Files.notExists(folder)) {
                Files.createDirectories(folder);
                sync(root);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            sync(folder);
            HexFormat hex = HexFormat.of();
            return new Content(id, size, hex.formatHex(md5.digest()), hex.formatHex(sha256.digest()));
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    private static long copy(InputStream in, Path temporary, long limit, MessageDigest md5, MessageDigest sha256)
            throws IOException {
        try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[BUFFER];
            long size = 0;
            int read;
            while ((read = in.read(buffer)) >= 0) {
                size += read;
                if (size > limit) {
                    throw new Problem.TooLarge(
                            "RequestBodyTooLarge", "The body is larger than the " + limit + " bytes allowed here.");
                }
                md5.update(buffer, 0, read);
                sha256.update(buffer, 0, read);
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
            }
            out.force(true);
            return size;
        }
    }

    /// Opens `length` bytes from `offset`.
    public InputStream open(String id, long offset, long length) throws IOException {
        FileChannel channel = FileChannel.open(file(id), StandardOpenOption.READ);
        channel.position(offset);
        return new BoundedInputStream(Channels.newInputStream(channel), length);
    }

    /// The file of a content, to be read only.
    public Path file(String id) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("Not a content id: " + id);
        }
        return folder(id).resolve(id);
    }

    private Path folder(String id) {
        return root.resolve(id.substring(0, 2));
    }

    /// Frees the bytes; unknown ids are fine.
    public void delete(String id) {
        try {
            Files.deleteIfExists(file(id));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Frees what a crash between a write and its row left behind.
    ///
    /// @param before only content older than this is looked at; younger content may be waiting for its row
    /// @param held whether somebody holds this id
    /// @return how many were freed
    public int sweep(Instant before, Predicate<String> held) throws IOException {
        int freed = 0;
        try (var folders = Files.newDirectoryStream(root, "[0-9a-f][0-9a-f]")) {
            for (Path folder : folders) {
                try (var contents = Files.newDirectoryStream(folder)) {
                    for (Path content : contents) {
                        String id = content.getFileName().toString();
                        if (ID.matcher(id).matches()
                                && Files.getLastModifiedTime(content)
                                        .toInstant()
                                        .isBefore(before)
                                && !held.test(id)) {
                            Files.deleteIfExists(content);
                            freed++;
                        }
                    }
                }
            }
        }
        return freed;
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
