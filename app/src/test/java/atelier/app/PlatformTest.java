package atelier.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.kernel.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole server on ports of the system's choice.
class PlatformTest {
    @TempDir
    Path folder;

    private Configuration configuration() {
        return Configuration.parse(
                new String[] {"--data-dir", folder.resolve("data").toString(), "--port=0", "--studio", "none"});
    }

    private static HttpResponse<String> get(Platform platform, String path, String... headers) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(platform.httpUrl() + path));
            if (headers.length > 0) {
                request.headers(headers);
            }
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    @Test
    void itStartsAnnouncesItselfAndAnswersTheOwnerAlone() throws Exception {
        Configuration configuration = configuration();
        try (DataFolder data = DataFolder.open(configuration.dataFolder());
                Platform platform = Platform.start(configuration, data)) {
            assertThat(get(platform, "/health").body()).isEqualTo("OK");
            assertThat(get(platform, "/atelier/me").statusCode()).isEqualTo(401);
            String token = Files.readString(data.path("secrets/owner.token")).strip();
            assertThat(Json.parse(get(platform, "/atelier/me", "Authorization", "Bearer " + token)
                                    .body())
                            .at("/workspaces/0/name")
                            .asString())
                    .isEqualTo("main");
            assertThat(Json.parse(Files.readString(data.path("run/server.json")))
                            .at("/url")
                            .asString())
                    .isEqualTo(platform.url());
        }
        assertThat(folder.resolve("data/run/server.json")).doesNotExist();
    }

    @Test
    void aSecondServerOnTheSameFolderIsRefusedInOneSentence() {
        Configuration configuration = configuration();
        try (DataFolder first = DataFolder.open(configuration.dataFolder())) {
            assertThat(first.path("run")).isDirectory();
            assertThatThrownBy(() -> DataFolder.open(configuration.dataFolder()))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("Another Atelier server");
        }
    }

    @Test
    void aTakenPortIsSaidInOneSentence() throws IOException {
        try (var taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"));
                DataFolder data = DataFolder.open(folder.resolve("data"))) {
            Configuration configuration =
                    new Configuration(folder.resolve("data"), taken.getLocalPort(), 0, null, folder, List.of());
            assertThatThrownBy(() -> Platform.start(configuration, data))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("--port");
        }
    }

    @Test
    void aMistypedOptionNamesTheNearest() {
        assertThatThrownBy(() -> Configuration.parse(new String[] {"--prot", "1"}))
                .hasMessage("There is no option '--prot'. Did you mean '--port'?");
        assertThatThrownBy(() -> Configuration.parse(new String[] {"--port", "99999"}))
                .hasMessageContaining("0 to 65535");
        assertThatThrownBy(() -> Configuration.parse(new String[] {"--database", "mysql://x"}))
                .hasMessageContaining("jdbc:postgresql");
    }
}
