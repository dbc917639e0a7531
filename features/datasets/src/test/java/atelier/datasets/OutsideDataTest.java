package atelier.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.kernel.Problem;
import atelier.storage.BlobPath;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Addresses outside of the storage account: the alias file, and the web.
class OutsideDataTest {
    @TempDir
    Path folder;

    private DatasetsFixture fixture;

    @BeforeEach
    void open() throws IOException {
        fixture = new DatasetsFixture(folder);
        Files.createDirectories(folder.resolve("copies/deep"));
        old(Files.writeString(folder.resolve("copies/iris.csv"), "a,b"));
        old(Files.writeString(folder.resolve("copies/deep/x y.csv"), "c"));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    /// The blobs in memory carry a fixed time.
    private static void old(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    }

    private void aliases(String yaml) throws IOException {
        Files.writeString(folder.resolve("aliases.yaml"), yaml);
    }

    private Location resolve(String uri) {
        return fixture.datasets.uris().resolve(fixture.workspace, uri);
    }

    private String content(String uri) {
        Location location = resolve(uri);
        try (var in = fixture.blobs.open(new BlobPath(location.container(), location.path()))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://examples.blob.core.windows.net/datasets/iris.csv, 'a,b'",
        "http://Examples.blob.core.windows.net/datasets/iris.csv?sv=1&sig=x, 'a,b'",
        "wasbs://datasets@examples.blob.core.windows.net/iris.csv, 'a,b'",
        "abfss://datasets@examples.dfs.core.windows.net/deep/x y.csv, c",
        "https://examples.blob.core.windows.net/datasets/deep/x%20y.csv, c",
    })
    void aWellKnownAddressIsServedFromTheCopyOnThisMachine(String uri, String content) throws IOException {
        aliases("aliases:\n  - url: https://examples.blob.core.windows.net/datasets/\n    path: copies\n");
        assertThat(content(uri)).isEqualTo(content);
    }

    @Test
    void aFolderFollowsItsFiles() throws IOException {
        aliases("aliases:\n  - url: https://h.example/d\n    path: copies\n");
        Location first = resolve("https://h.example/d/");
        assertThat(names(first)).containsExactly("deep/x y.csv", "iris.csv");
        Files.delete(folder.resolve("copies/iris.csv"));
        Files.writeString(folder.resolve("copies/deep/x y.csv"), "changed");
        assertThat(names(resolve("https://h.example/d"))).containsExactly("deep/x y.csv");
        assertThat(content("https://h.example/d/deep/x%20y.csv")).isEqualTo("changed");
    }

    private java.util.List<String> names(Location place) {
        return fixture.blobs.list(place.container(), place.path() + "/", null, 10).items().stream()
                .map(blob -> blob.path().name().substring(place.path().length() + 1))
                .toList();
    }

    @Test
    void theLongestEntryWinsAndMayNameADatastore() throws IOException {
        aliases(
                "aliases:\n  - url: https://h.example/d/\n    path: copies\n"
                        + "  - url: https://h.example/d/iris.csv\n    address: azureml://datastores/workspaceblobstore/paths/i.csv\n");
        assertThat(resolve("https://h.example/d/iris.csv").path()).isEqualTo("i.csv");
    }

    @Test
    void nothingOutsideOfTheFolderIsRead() throws IOException {
        aliases("aliases:\n  - url: https://h.example/d/\n    path: copies\n");
        Files.writeString(folder.resolve("secret"), "s");
        Files.createSymbolicLink(folder.resolve("copies/link"), folder.resolve("secret"));
        assertThatThrownBy(() -> resolve("https://h.example/d/../secret")).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> resolve("https://h.example/d/%2e%2e/secret")).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> resolve("https://h.example/d/link")).isInstanceOf(Problem.Invalid.class);
        assertThat(names(resolve("https://h.example/d/"))).doesNotContain("link");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alias: []|Did you mean 'aliases'?",
                "aliases: [{url: 'https://h/x', pth: a}]|Did you mean 'path'?",
                "aliases: [{url: 'https://h/x'}]|needs either 'path' or 'address'",
                "aliases: [{url: 'h/x', path: a}]|it is an https:// or wasbs:// address",
                "fetch: perhaps|it is true or false",
            })
    void aMistakeInTheFileIsNamed(String yaml, String words) throws IOException {
        aliases(yaml);
        assertThatThrownBy(() -> resolve("https://h.example/x"))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("aliases.yaml")
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file: https://h.example/d/iris.csv",
                "pattern: https://h.example/d/*.csv",
                "folder: azureml://datastores/workspaceblobstore/paths/other",
            })
    void anMlTableMayNameAddresses(String path) throws IOException {
        aliases("aliases:\n  - url: https://h.example/d/\n    path: copies\n");
        fixture.file("other/x.csv", "a,b\n1,2\n");
        old(Files.writeString(folder.resolve("copies/iris.csv"), "a,b\n1,2\n"));
        fixture.file("table/MLTable", "type: mltable\npaths:\n  - " + path + "\n");
        fixture.asset("t", "1", "mltable", "table");
        Profile profile = fixture.datasets.tables().profile(fixture.workspace, "t", "1");
        assertThat(profile.rows()).isEqualTo(1);
        assertThat(profile.columns()).extracting(Profile.Column::name).containsExactly("a", "b");
    }

    @Test
    void aFileOfTheWebIsFetched() throws IOException {
        HttpServer web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/x.csv", exchange -> {
            exchange.getResponseHeaders().add("ETag", "\"1\"");
            boolean known = "\"1\"".equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
            exchange.sendResponseHeaders(known ? 304 : 200, known ? -1 : 3);
            if (!known) {
                exchange.getResponseBody().write("1,2".getBytes(StandardCharsets.UTF_8));
            }
            exchange.close();
        });
        web.start();
        try {
            String base = "http://127.0.0.1:" + web.getAddress().getPort();
            assertThat(content(base + "/x.csv")).isEqualTo("1,2");
            assertThat(content(base + "/x.csv")).isEqualTo("1,2");
            assertThatThrownBy(() -> resolve(base + "/missing"))
                    .isInstanceOf(Problem.Invalid.class)
                    .hasMessageContaining("404");
        } finally {
            web.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://nowhere.invalid/data.csv", "http://127.0.0.1:1/data.csv"})
    void anAddressThatCannotBeReachedSaysWhatToDo(String uri) {
        assertThatThrownBy(() -> resolve(uri))
                .isInstanceOf(Problem.Unavailable.class)
                .hasMessageContaining("cannot be reached")
                .hasMessageContaining("aliases.yaml");
    }

    @Test
    void nothingIsFetchedWhereTheFileForbidsIt() throws IOException {
        aliases("fetch: false");
        assertThatThrownBy(() -> resolve("http://127.0.0.1:1/data.csv")).hasMessageContaining("fetch: false");
    }

    @Test
    void whoMayNotFetchIsRefused() {
        assertThatThrownBy(() -> fixture.datasets.uris().resolveHere(fixture.workspace, "https://example.com/x.csv"))
                .isInstanceOf(Problem.Invalid.class);
    }
}
