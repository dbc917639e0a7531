package atelier.datasets.internal;

import atelier.datasets.Location;
import atelier.kernel.Problem;
import atelier.storage.Blob;
import atelier.storage.BlobPath;
import atelier.storage.Blobs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Brings what is outside of the storage account into it: files that `aliases.yaml` names, and addresses of the web.
/// Everything else reads blobs only.
final class OutsideData {
    private static final String LOCAL = "azureml-aliases";
    private static final String WEB = "azureml-web";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;
    private final Blobs blobs;
    private final HttpClient client;
    private final Map<String, String> etags = new ConcurrentHashMap<>();
    private final Map<String, Object> locks = new ConcurrentHashMap<>();

    OutsideData(Blobs blobs) {
        this.blobs = blobs;
        this.client = HttpClient.newBuilder()
                .connectTimeout(PATIENCE)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    /// A file or folder of this machine as blobs. What did not change since is not copied again.
    ///
    /// @param uri what the user wrote, for messages
    Location local(String uri, Path root, Path path) {
        try {
            if (!Files.exists(path)) {
                throw new Problem.NotFound(
                        "DataNotFound",
                        "'" + uri + "' stands for " + path + " on this machine, where there is nothing.");
            }
            Path base = root.toRealPath();
            Path real = path.toRealPath();
            if (!real.startsWith(base)) {
                throw new Problem.Invalid("InvalidDataUri", "'" + uri + "' leaves " + root + " through a link.", "uri");
            }
            String name =
                    path.getFileName() == null ? "root" : path.getFileName().toString();
            Location place = new Location(LOCAL, hash(real.toString()) + "/" + name);
            synchronized (locks.computeIfAbsent(place.path(), _ -> new Object())) {
                blobs.ensureContainer(LOCAL);
                if (Files.isDirectory(real)) {
                    folder(base, real, place);
                } else {
                    file(real, place.path());
                }
            }
            return place;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void folder(Path base, Path folder, Location place) throws IOException {
        Map<String, Path> files = new HashMap<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) walk.filter(Files::isRegularFile)::iterator) {
                if (file.toRealPath().startsWith(base)) {
                    files.put(
                            place.path() + "/"
                                    + folder.relativize(file).toString().replace('\\', '/'),
                            file);
                }
            }
        }
        for (Map.Entry<String, Path> entry : files.entrySet()) {
            file(entry.getValue(), entry.getKey());
        }
        for (Blob blob : all(place.path() + "/")) {
            if (!files.containsKey(blob.path().name())) {
                blobs.delete(blob.path());
            }
        }
    }

    private List<Blob> all(String prefix) {
        List<Blob> found = new java.util.ArrayList<>();
        String marker = null;
        do {
            var page = blobs.list(LOCAL, prefix, marker, 1000);
            found.addAll(page.items());
            marker = page.next();
        } while (marker != null);
        return found;
    }

    private void file(Path file, String name) throws IOException {
        BlobPath path = new BlobPath(LOCAL, name);
        Optional<Blob> kept = blobs.find(path);
        boolean current = kept.isPresent()
                && kept.get().size() == Files.size(file)
                && !kept.get()
                        .modifiedAt()
                        .isBefore(Files.getLastModifiedTime(file).toInstant());
        if (!current) {
            blobs.put(path, file);
        }
    }

    /// A file of the web as a blob; asked again, it is fetched again when its server says that it changed.
    ///
    /// @param hint what to do when it cannot be reached
    /// @throws Problem.Unavailable `UrlUnreachable` within seconds
    Location web(String url, String hint) {
        URI uri = uri(url);
        String file = uri.getPath() == null
                ? ""
                : uri.getPath().substring(uri.getPath().lastIndexOf('/') + 1);
        Location place = new Location(WEB, hash(url) + "/" + (file.isEmpty() ? "index" : file));
        synchronized (locks.computeIfAbsent(place.path(), _ -> new Object())) {
            try {
                fetch(url, uri, new BlobPath(place.container(), place.path()));
                return place;
            } catch (IOException e) {
                throw unreachable(
                        url,
                        e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage()),
                        hint,
                        e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw unreachable(url, "interrupted", hint, e);
            }
        }
    }

    private void fetch(String url, URI uri, BlobPath path) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(PATIENCE.multipliedBy(2)).GET();
        String known = etags.get(url);
        if (known != null && blobs.find(path).isPresent()) {
            request.header("If-None-Match", known);
        }
        HttpResponse<InputStream> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            if (answer.statusCode() == NOT_MODIFIED) {
                return;
            }
            if (answer.statusCode() != OK) {
                throw new Problem.Invalid(
                        "UrlNotReadable",
                        "'" + url + "' answered " + answer.statusCode() + "; it is not read without permission.",
                        "uri");
            }
            blobs.ensureContainer(WEB);
            blobs.put(path, body, null);
            answer.headers().firstValue("ETag").ifPresentOrElse(etag -> etags.put(url, etag), () -> etags.remove(url));
        }
    }

    private static URI uri(String url) {
        try {
            return URI.create(url.replace(" ", "%20"));
        } catch (IllegalArgumentException e) {
            throw new Problem.Invalid("InvalidDataUri", "'" + url + "' is no address of the web.", "uri");
        }
    }

    private static Problem unreachable(String url, String why, String hint, @Nullable Throwable cause) {
        return new Problem.Unavailable(
                "UrlUnreachable", "'" + url + "' cannot be reached (" + why + "). " + hint, cause);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
