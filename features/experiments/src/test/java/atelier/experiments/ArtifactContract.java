package atelier.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.store.Database;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Artifacts and logged models, asked over real HTTP; runs on each database.
abstract class ArtifactContract {
    private Database database;
    private TrackingServer mlflow;

    abstract Database open();

    @BeforeEach
    void start() {
        database = open();
        mlflow = new TrackingServer(database);
    }

    @AfterEach
    void stop() {
        mlflow.close();
        database.close();
    }

    @Test
    void artifactsGoIntoTheFolderOfTheRunAndComeBack() throws Exception {
        String run = mlflow.run("0", "r", 1);
        String proxy = TrackingServer.BASE + "/api/2.0/mlflow-artifacts/artifacts";
        assertThat(put(proxy + "/0/" + run + "/artifacts/dir/a%20b.txt", "hello")
                        .statusCode())
                .isEqualTo(200);
        put(proxy + "/0/" + run + "/artifacts/empty", "");
        assertThat(mlflow.blobs.find(
                        new atelier.storage.BlobPath("azureml", "ExperimentRun/dcid." + run + "/dir/a b.txt")))
                .isPresent();
        HttpResponse<String> got = mlflow.http().get(proxy + "/0/" + run + "/artifacts/dir/a%20b.txt");
        assertThat(got.body()).isEqualTo("hello");
        assertThat(got.headers().firstValue("Content-Disposition")).hasValue("attachment; filename*=UTF-8''a%20b.txt");
        assertThat(mlflow.http().get(proxy + "?path=0/" + run + "/artifacts").body())
                .isEqualTo("{\"files\":[{\"path\":\"dir\",\"is_dir\":true},{\"path\":\"empty\",\"is_dir\":false}]}");
        assertThat(mlflow.get("artifacts/list?run_id=" + run + "&path=dir")
                        .json()
                        .path("files")
                        .toString())
                .isEqualTo("[{\"path\":\"dir/a b.txt\",\"is_dir\":false,\"file_size\":5}]");
        assertThat(mlflow.http()
                        .get(proxy + "?path=0/" + run + "/artifacts/empty")
                        .body())
                .isEqualTo("{}");
        assertThat(mlflow.http().get(proxy + "/0/" + run + "/artifacts/nope").statusCode())
                .isEqualTo(404);
        assertThat(mlflow.http().delete(proxy + "/0/" + run + "/artifacts/dir").statusCode())
                .isEqualTo(200);
        assertThat(mlflow.http()
                        .get(proxy + "/0/" + run + "/artifacts/dir/a%20b.txt")
                        .statusCode())
                .isEqualTo(404);
    }

    private HttpResponse<String> put(String path, String body) {
        return mlflow.http()
                .send(HttpRequest.newBuilder(mlflow.http().uri(path)).PUT(BodyPublishers.ofString(body)));
    }

    @Test
    void noPathLeavesItsFolder() {
        String proxy = TrackingServer.BASE + "/api/2.0/mlflow-artifacts/artifacts";
        for (String path : List.of(
                "../etc",
                "x/../../etc",
                "%252e%252e/etc",
                "%2Fetc",
                "x/..",
                "..%252f..%252fetc",
                "C:/x",
                "x%23y",
                "file:///etc",
                "%25252e%25252e%25252fetc",
                "x%5C..%5Cy")) {
            assertThat(mlflow.http().get(proxy + "?path=" + path).body())
                    .as(path)
                    .contains("\"Invalid path\"");
        }
        for (String path : List.of(
                "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc", "/%252e%252e%252fm.db", "/x/%2e%2e/%2e%2e/m.db")) {
            assertThat(put(proxy + path, "x").statusCode()).as(path).isEqualTo(400);
            assertThat(mlflow.http().delete(proxy + path).statusCode()).as(path).isEqualTo(400);
        }
        assertThat(mlflow.http().get(proxy + "?path=./x").body()).isEqualTo("{}");
    }

    @Test
    void anotherWorkspaceSeesNothing() {
        String run = mlflow.run("0", "r", 1);
        put(TrackingServer.BASE + "/api/2.0/mlflow-artifacts/artifacts/0/" + run + "/artifacts/f", "x");
        String other = "/mlflow/v2.0" + OneWorkspace.OTHER.armId();
        assertThat(mlflow.http()
                        .get(other + "/api/2.0/mlflow/runs/get?run_id=" + run)
                        .statusCode())
                .isEqualTo(404);
        assertThat(mlflow.http()
                        .get(other + "/api/2.0/mlflow-artifacts/artifacts/0/" + run + "/artifacts/f")
                        .statusCode())
                .isEqualTo(404);
        assertThat(mlflow.http()
                        .send("POST", other + "/api/2.0/mlflow/experiments/create", "{\"name\":\"n\"}")
                        .body())
                .isEqualTo("{\"experiment_id\":\"1\"}");
    }

    @Test
    void loggedModelsHaveALifeOfTheirOwn() {
        String run = mlflow.run("0", "r", 1);
        var model = mlflow.post(
                        "logged-models",
                        "{\"experiment_id\":\"0\",\"name\":\"lm\",\"source_run_id\":\"" + run
                                + "\",\"params\":[{\"key\":\"p\",\"value\":\"1\"}],\"tags\":[{\"key\":\"t\",\"value\":\"1\"}]}")
                .json()
                .path("model");
        String id = model.path("info").path("model_id").asString();
        assertThat(id).matches("m-[0-9a-f]{32}");
        assertThat(model.path("info").path("artifact_uri").asString())
                .isEqualTo("mlflow-artifacts:/0/models/" + id + "/artifacts");
        assertThat(model.path("info").path("status").asString()).isEqualTo("LOGGED_MODEL_PENDING");
        assertThat(mlflow.send("PATCH", "logged-models/" + id, "{\"status\":\"LOGGED_MODEL_READY\"}")
                        .json()
                        .path("model")
                        .path("info")
                        .path("status")
                        .asString())
                .isEqualTo("LOGGED_MODEL_READY");
        put(TrackingServer.BASE + "/api/2.0/mlflow-artifacts/artifacts/0/models/" + id + "/artifacts/MLmodel", "x: 1");
        assertThat(mlflow.get("logged-models/" + id + "/artifacts/directories")
                        .json()
                        .path("files")
                        .path(0)
                        .path("path")
                        .asString())
                .isEqualTo("MLmodel");
        mlflow.post(
                "runs/outputs", "{\"run_id\":\"" + run + "\",\"models\":[{\"model_id\":\"" + id + "\",\"step\":0}]}");
        mlflow.post(
                "runs/log-metric",
                "{\"run_id\":\"" + run + "\",\"key\":\"acc\",\"value\":0.5,\"timestamp\":5,\"model_id\":\"" + id
                        + "\",\"dataset_name\":\"iris\",\"dataset_digest\":\"d1\"}");
        assertThat(models(
                        "{\"experiment_ids\":[\"0\"],\"filter\":\"metrics.acc > 0.1 AND name = 'lm' AND tags.t = '1'\","
                                + "\"order_by\":[{\"field_name\":\"metrics.acc\",\"ascending\":false}]}"))
                .containsExactly(id);
        assertThat(models("{\"experiment_ids\":[\"0\"],\"datasets\":[{\"dataset_name\":\"iris\"}]}"))
                .containsExactly(id);
        assertThat(
                        models(
                                "{\"experiment_ids\":[\"0\"],\"datasets\":[{\"dataset_name\":\"wine\"}],\"filter\":\"metrics.acc > 0.1\"}"))
                .isEmpty();
        assertThat(mlflow.get("runs/get?run_id=" + run)
                        .json()
                        .path("run")
                        .path("outputs")
                        .path("model_outputs")
                        .path(0)
                        .path("model_id")
                        .asString())
                .isEqualTo(id);
        assertThat(mlflow.send("DELETE", "logged-models/" + id + "/tags/zz", "{}")
                        .message())
                .isEqualTo("No tag with key 'zz' found for model with ID '" + id + "'.");
        assertThat(mlflow.post("logged-models/" + id + "/params", "{\"params\":[{\"key\":\"p\",\"value\":\"3\"}]}")
                        .status())
                .isEqualTo(400);
        assertThat(mlflow.post("logged-models", "{\"experiment_id\":\"0\",\"name\":\"a/b\"}")
                        .message())
                .startsWith("Invalid model name ('a/b')");
        mlflow.send("DELETE", "logged-models/" + id, "{}");
        assertThat(mlflow.get("logged-models/" + id).message())
                .isEqualTo("Logged model with ID '" + id + "' not found.");
    }

    private List<String> models(String body) {
        return mlflow.post("logged-models/search", body)
                .json()
                .path("models")
                .valueStream()
                .map(m -> m.path("info").path("model_id").asString())
                .toList();
    }
}
