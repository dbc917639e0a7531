package atelier.batch.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The Python engine of mini-batches, unpacked from the class path into `<folder>/<hash>/`, once for each version of
/// it:
/// a job that still runs keeps the one it was started with.
public final class DriverCode {
    private static final String ROOT = "/atelier/batch/driver";
    private static final String MAIN = "parallel.py";

    private DriverCode() {}

    /// Unpacks when that version is not there yet; the file to start.
    public static Path unpack(Path folder) {
        try {
            return unpack(folder.toAbsolutePath(), files());
        } catch (IOException | URISyntaxException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("The engine of mini-batches could not be unpacked into " + folder, e);
        }
    }

    private static Path unpack(Path folder, SortedMap<String, byte[]> files)
            throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            digest.update(file.getKey().getBytes(StandardCharsets.UTF_8));
            digest.update(file.getValue());
        }
        Path home = folder.resolve(HexFormat.of().formatHex(digest.digest(), 0, 8));
        if (Files.notExists(home)) {
            Files.createDirectories(folder);
            Path half = Files.createTempDirectory(folder, ".half-");
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Path target = half.resolve(file.getKey());
                Files.createDirectories(target.getParent());
                Files.write(target, file.getValue());
            }
            Files.move(half, home, StandardCopyOption.ATOMIC_MOVE);
        }
        return home.resolve(MAIN);
    }

    private static SortedMap<String, byte[]> files() throws IOException, URISyntaxException {
        URL main = DriverCode.class.getResource(ROOT + "/" + MAIN);
        if (main == null) {
            throw new IOException("It is not on the class path: " + ROOT + "/" + MAIN);
        }
        URI uri = main.toURI();
        if (!uri.getScheme().equals("jar")) {
            return read(Path.of(uri).resolveSibling(""));
        }
        try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
            return read(jar.getPath(ROOT));
        }
    }

    private static SortedMap<String, byte[]> read(Path root) throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.filter(path -> path.toString().endsWith(".py")).toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    files.put(root.relativize(file).toString(), in.readAllBytes());
                }
            }
        }
        return files;
    }
}
