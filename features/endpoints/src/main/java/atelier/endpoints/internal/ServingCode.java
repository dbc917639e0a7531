package atelier.endpoints.internal;

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

/// The Python scoring server, unpacked from the class path into `<folder>/<hash>/`, once for each version of it.
public final class ServingCode {
    private static final String ROOT = "/atelier/endpoints/serving";
    private static final String MAIN = "serve.py";
    private final Path home;
    private final String hash;

    private ServingCode(Path home, String hash) {
        this.home = home;
        this.hash = hash;
    }

    /// Unpacks when that version is not there yet.
    public static ServingCode unpack(Path folder) throws IOException {
        SortedMap<String, byte[]> files = files();
        MessageDigest digest = sha256();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            digest.update(file.getKey().getBytes(StandardCharsets.UTF_8));
            digest.update(file.getValue());
        }
        String hash = HexFormat.of().formatHex(digest.digest(), 0, 8);
        Path home = folder.resolve(hash);
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
        return new ServingCode(home, hash);
    }

    /// A scoring server that is already a folder with `serve.py` in it.
    public static ServingCode at(Path home) {
        return new ServingCode(home, "0");
    }

    Path main() {
        return home.resolve(MAIN);
    }

    String hash() {
        return hash;
    }

    private static SortedMap<String, byte[]> files() throws IOException {
        URL main = ServingCode.class.getResource(ROOT + "/" + MAIN);
        if (main == null) {
            throw new IOException("The scoring server is not on the class path: " + ROOT + "/" + MAIN);
        }
        try {
            URI uri = main.toURI();
            if (!uri.getScheme().equals("jar")) {
                return read(Path.of(uri).resolveSibling(""));
            }
            try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
                return read(jar.getPath(ROOT));
            }
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static SortedMap<String, byte[]> read(Path root) throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        try (var all = Files.walk(root)) {
            for (Path file : all.filter(path -> path.toString().endsWith(".py")).toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    files.put(root.relativize(file).toString(), in.readAllBytes());
                }
            }
        }
        return files;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
