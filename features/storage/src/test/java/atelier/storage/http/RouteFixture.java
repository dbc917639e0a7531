package atelier.storage.http;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.kernel.Ids;
import atelier.storage.StorageFeature;
import atelier.store.ContentFiles;
import atelier.store.Database;
import atelier.testkit.CountingIds;
import atelier.testkit.SettableClock;
import atelier.testkit.TestDatabase;
import atelier.testkit.TestServer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// The account behind real HTTP: `server` knows its caller, `stranger` does not.
abstract class RouteFixture {
    static final String LAB = "/atelier.blob.localhost/lab";

    @TempDir
    Path folder;

    final SettableClock clock = new SettableClock();
    private Database database;
    StorageFeature storage;
    TestServer server;
    TestServer stranger;

    @BeforeEach
    void open() throws IOException {
        database = TestDatabase.sqlite(folder, "storage");
        storage = StorageFeature.create(
                database, new ContentFiles(folder.resolve("content"), Ids.random()), clock, new CountingIds());
        server = TestServer.of(storage.routes().getFirst());
        stranger = TestServer.anonymous(storage.routes().getFirst());
        storage.containers().ensure("lab");
    }

    @AfterEach
    void close() {
        server.close();
        stranger.close();
        database.close();
    }

    static HttpResponse<String> send(TestServer to, String method, String path, String body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(to.uri(path)).method(method, BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return to.send(request);
    }

    HttpResponse<String> send(String method, String path, String body, String... headers) {
        return send(server, method, path, body, headers);
    }

    HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    void put(String name, String body) {
        assertThat(send("PUT", LAB + "/" + name, body, "x-ms-blob-type", "BlockBlob")
                        .statusCode())
                .isEqualTo(201);
    }

    static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    static void assertError(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode() + " " + header(response, "x-ms-error-code"))
                .isEqualTo(status + " " + code);
    }

    long files() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("content"))) {
            return all.filter(Files::isRegularFile).count();
        }
    }
}
