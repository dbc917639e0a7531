package atelier.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.kernel.Ids;
import atelier.kernel.Json;
import atelier.storage.StorageFeature;
import atelier.store.ContentFiles;
import atelier.store.Database;
import atelier.testkit.SettableClock;
import atelier.testkit.TestServer;
import atelier.web.Routes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Artifacts in parts, against the real storage account; runs on each database.
abstract class MultipartContract {
    private static final String BASE = "/mlflow/v1.0" + OneWorkspace.MAIN.armId() + "/api/2.0/mlflow-artifacts/";

    @TempDir
    Path content;

    private final SettableClock clock = new SettableClock();
    private final HttpClient plain = HttpClient.newHttpClient();
    private Database database;
    private TestServer server;
    private String folder;

    abstract Database open();

    @BeforeEach
    void start() throws IOException {
        database = open();
        StorageFeature storage =
                StorageFeature.create(database, new ContentFiles(content, Ids.random()), clock, Ids.random());
        OneWorkspace workspaces = new OneWorkspace();
        ExperimentsFeature feature =
                ExperimentsFeature.create(database, storage.blobs(), workspaces, clock, Ids.random());
        List<Routes> routes = new ArrayList<>(feature.routes());
        routes.add(feature.multipartRoutes(storage.blocks(), storage.sas(), workspaces, Ids.random()));
        routes.addAll(storage.routes());
        // At the account's own door a signature is all that a client brings.
        server = TestServer.authenticated(
                exchange -> exchange.rawPath().startsWith("/atelier.blob") ? null : TestServer.USER,
                routes.toArray(Routes[]::new));
        String run = Json.parse(server.send(
                                "POST",
                                "/mlflow/v1.0" + OneWorkspace.MAIN.armId() + "/api/2.0/mlflow/runs/create",
                                "{\"experiment_id\":\"0\"}")
                        .body())
                .path("run")
                .path("info")
                .path("run_id")
                .asString();
        folder = "0/" + run + "/artifacts/model";
    }

    @AfterEach
    void stop() {
        server.close();
        plain.close();
        database.close();
    }

    /// A connection of its own each time: a request that is refused before its body was read ends the connection.
    private HttpResponse<String> mpu(String verb, String path, String json) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(server.uri(BASE + "mpu/" + verb + "/" + path))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(json))
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private JsonNode create(int parts) {
        HttpResponse<String> answer =
                mpu("create", folder, "{\"path\":\"/home/me/weights.bin\",\"num_parts\":" + parts + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.parse(answer.body());
    }

    private int put(String url, String bytes) throws IOException, InterruptedException {
        return plain.send(
                        HttpRequest.newBuilder(URI.create(url))
                                .PUT(BodyPublishers.ofString(bytes))
                                .build(),
                        BodyHandlers.ofString())
                .statusCode();
    }

    private String url(JsonNode started, int part) {
        return started.path("credentials").path(part - 1).path("url").asString();
    }

    private HttpResponse<String> complete(JsonNode started, int... parts) {
        StringBuilder list = new StringBuilder();
        for (int part : parts) {
            list.append(list.isEmpty() ? "" : ",").append("{\"part_number\":" + part + ",\"etag\":\"\",\"url\":\"x\"}");
        }
        return mpu(
                "complete",
                folder,
                "{\"path\":\"/home/me/weights.bin\",\"upload_id\":\""
                        + started.path("upload_id").asString() + "\",\"parts\":[" + list + "]}");
    }

    private long files() throws IOException {
        try (Stream<Path> all = Files.walk(content)) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    @Test
    void partsPutInAnyOrderBecomeOneFileInTheirOrder() throws Exception {
        JsonNode started = create(3);
        assertThat(put(url(started, 3), "ccc")).isEqualTo(201);
        assertThat(put(url(started, 1), "aaa")).isEqualTo(201);
        assertThat(put(url(started, 2), "bbb")).isEqualTo(201);
        assertThat(server.get(BASE + "artifacts/" + folder + "/weights.bin").statusCode())
                .isEqualTo(404);

        assertThat(complete(started, 2, 1, 3).statusCode()).isEqualTo(200);
        assertThat(server.get(BASE + "artifacts/" + folder + "/weights.bin").body())
                .isEqualTo("aaabbbccc");
        assertThat(complete(started, 1, 2, 3).statusCode()).isEqualTo(200);
        assertThat(files()).isEqualTo(3);
    }

    @Test
    void anUploadWithoutAllItsPartsIsRefusedAndOneGivenUpFreesItsOwnPartsOnly() throws Exception {
        JsonNode one = create(2);
        JsonNode other = create(1);
        put(url(one, 1), "aaa");
        put(url(other, 1), "zzz");
        HttpResponse<String> refused = complete(one, 1, 2);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("INVALID_PARAMETER_VALUE", "not all of its parts");
        assertThat(files()).isEqualTo(2);

        HttpResponse<String> aborted = mpu(
                "abort",
                folder,
                "{\"path\":\"weights.bin\",\"upload_id\":\""
                        + one.path("upload_id").asString() + "\"}");
        assertThat(aborted.statusCode()).as(aborted.body()).isEqualTo(200);
        assertThat(files()).isEqualTo(1);
        assertThat(complete(other, 1).statusCode()).isEqualTo(200);
    }

    @Test
    void aPartsAddressIsGoodForItsFileAndForADayOnly() throws Exception {
        JsonNode started = create(1);
        String url = url(started, 1);
        assertThat(put(url.replace("weights.bin", "other.bin"), "x")).isEqualTo(403);
        clock.tick(Duration.ofHours(25));
        assertThat(put(url, "x")).isEqualTo(403);
    }

    @Test
    void aFileIsReadInRangesAtItsSignedAddress() throws Exception {
        JsonNode started = create(1);
        put(url(started, 1), "0123456789");
        complete(started, 1);
        JsonNode signed = Json.parse(
                server.get(BASE + "presigned/" + folder + "/weights.bin").body());
        assertThat(signed.path("file_size").asInt()).isEqualTo(10);
        HttpResponse<String> part = plain.send(
                HttpRequest.newBuilder(URI.create(signed.path("url").asString()))
                        .header("Range", "bytes=2-4")
                        .build(),
                BodyHandlers.ofString());
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo("234");
        assertThat(server.get(BASE + "presigned/" + folder + "/missing.bin").statusCode())
                .isEqualTo(404);
    }

    @Test
    void placesOfOthersAndWaysOutOfThePlaceAreRefused() {
        String json = "{\"path\":\"a.bin\",\"num_parts\":1,\"upload_id\":\"" + "0".repeat(32)
                + "\",\"parts\":[{\"part_number\":1}]}";
        for (String verb : List.of("create", "complete", "abort")) {
            assertThat(mpu(verb, "0/unknown-run/artifacts", json).statusCode()).isEqualTo(404);
            assertThat(mpu(verb, "datastore/models", json).statusCode()).isEqualTo(403);
            for (String path : List.of(
                    "0/%2e%2e/x",
                    folder + "/%252e%252e/x", folder + "/%23", "%2Fetc", folder + "/..%5c..%5cx", folder + "/%00")) {
                assertThat(mpu(verb, path, json).statusCode())
                        .as(verb + " " + path)
                        .isEqualTo(400);
            }
            for (String file : List.of("..", "a/..", "x/%2e%2e", "a#b", "", "/", ".")) {
                assertThat(mpu(verb, folder, json.replace("a.bin", file)).statusCode())
                        .as(verb + " " + file)
                        .isEqualTo(400);
            }
        }
        for (String bad : List.of("0", "-1", "50001", "\"many\"", "1e99", "[]")) {
            assertThat(mpu("create", folder, json.replace("\"num_parts\":1", "\"num_parts\":" + bad))
                            .statusCode())
                    .as(bad)
                    .isEqualTo(400);
        }
        for (String bad : List.of(
                json.replace("0".repeat(32), "../x"),
                json.replace("[{\"part_number\":1}]", "[]"),
                json.replace("[{\"part_number\":1}]", "[{\"part_number\":1},{\"part_number\":1}]"),
                json.replace("\"part_number\":1", "\"part_number\":0"),
                json.replace("\"part_number\":1", "\"part\":1"))) {
            assertThat(mpu("complete", folder, bad).statusCode()).as(bad).isEqualTo(400);
        }
        assertThat(mpu("start", folder, json).statusCode()).isEqualTo(404);
    }
}
