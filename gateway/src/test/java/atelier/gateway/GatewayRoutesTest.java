package atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.kernel.Json;
import atelier.testkit.TestServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class GatewayRoutesTest {
    @TempDir
    Path folder;

    @Test
    void theSdkFindsItselfInTheMetadataItAsksFor() {
        try (TestServer server = TestServer.anonymous(CloudRoutes.routes())) {
            JsonNode cloud = Json.parse(server.get("/metadata/endpoints?api-version=2019-05-01")
                            .body())
                    .path(0);
            assertThat(server.uri("/metadata/endpoints").toString())
                    .contains(cloud.path("resourceManager").asString());
            assertThat(cloud.path("name").asString()).isNotIn("AzureCloud", "AzureChinaCloud", "AzureUSGovernment");
        }
    }

    @Test
    void pagesOfTheAppAreItsIndexAndFilesOutsideTheBundleAreNotThere() throws IOException {
        Path bundle = Files.createDirectories(folder.resolve("dist/assets"));
        Files.writeString(bundle.resolve("a.js"), "1");
        Files.writeString(folder.resolve("dist/index.html"), "<p>studio");
        Files.writeString(folder.resolve("secret"), "no");
        try (TestServer server = TestServer.anonymous(new StudioFiles(folder.resolve("dist")).routes())) {
            assertThat(server.get("/studio/jobs/x.y").body()).isEqualTo("<p>studio");
            assertThat(server.get("/studio/").headers().firstValue("Content-Security-Policy"))
                    .isPresent();
            assertThat(server.get("/studio/assets/a.js").headers().firstValue("Cache-Control"))
                    .hasValueSatisfying(value -> assertThat(value).contains("immutable"));
            for (String path : new String[] {"/studio/../secret", "/studio/%2e%2e/secret", "/studio/..%2fsecret"}) {
                assertThat(server.get(path).body()).doesNotContain("no\n").isNotEqualTo("no");
            }
            assertThat(server.get("/studio/assets/b.js").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aFileWithItsGzipBesideItGoesCompressedToThoseWhoTakeIt() throws Exception {
        Path bundle = Files.createDirectories(folder.resolve("dist/assets"));
        Files.writeString(bundle.resolve("a.js"), "plain");
        Files.writeString(bundle.resolve("a.js.gz"), "zipped");
        try (TestServer server = TestServer.anonymous(new StudioFiles(folder.resolve("dist")).routes());
                HttpClient client = HttpClient.newHttpClient()) {
            for (var offer : Map.of(
                            "gzip, br", "zipped", "br, gzip;q=0.5", "zipped", "gzip;q=0", "plain", "br", "plain")
                    .entrySet()) {
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(server.uri("/studio/assets/a.js"))
                                .header("Accept-Encoding", offer.getKey())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(answer.body()).as(offer.getKey()).isEqualTo(offer.getValue());
                assertThat(answer.headers().firstValue("Content-Encoding").isPresent())
                        .isEqualTo(offer.getValue().equals("zipped"));
                assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/javascript; charset=utf-8");
                assertThat(answer.headers().firstValue("Vary")).hasValue("Accept-Encoding");
            }
        }
    }
}
