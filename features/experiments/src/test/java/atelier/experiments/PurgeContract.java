package atelier.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.kernel.Json;
import atelier.storage.BlobPath;
import atelier.store.Database;
import atelier.testkit.TestServer;
import atelier.workspace.Workspace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Permanent deletion over real HTTP; runs on each database.
abstract class PurgeContract {
    private static final Workspace WS = OneWorkspace.MAIN;
    private static final List<String> TABLES =
            List.of("run_tag", "run_param", "metric", "latest_metric", "run_dataset", "run_model", "run");
    private final List<FilesInUse.Use> uses = new ArrayList<>();
    private final List<String> forgotten = new ArrayList<>();
    private Database database;
    private TrackingServer mlflow;
    private TestServer door;

    abstract Database open();

    @BeforeEach
    void start() {
        database = open();
        mlflow = new TrackingServer(database);
        Purge purge = mlflow.feature.purge((_, _) -> uses, new Told());
        door = TestServer.of(ExperimentsFeature.purgeRoutes(purge, new OneWorkspace()));
    }

    /// Hears what is gone.
    private final class Told implements BoundToRuns {
        @Override
        public void forgetRun(Workspace workspace, String runId) {
            forgotten.add(runId);
        }

        @Override
        public void forgetExperiment(Workspace workspace, long experiment) {
            forgotten.add("experiment " + experiment);
        }
    }

    @AfterEach
    void stop() {
        door.close();
        mlflow.close();
        database.close();
    }

    /// A run with all there is, and a file of five bytes.
    private String run(String experiment) throws IOException {
        String run = mlflow.run(experiment, "r", 1);
        mlflow.log(run, """
                {"run_id": "RUN", "metrics": [{"key": "auc", "value": 0.5, "timestamp": 9, "step": 3}],
                 "params": [{"key": "p", "value": "v"}], "tags": [{"key": "t", "value": "v"}]}""");
        file(run, "model/MLmodel");
        return run;
    }

    private void file(String run, String path) throws IOException {
        var place = ArtifactPaths.run(WS, run).child(path);
        mlflow.blobs.put(
                new BlobPath(place.container(), place.path()),
                new ByteArrayInputStream("12345".getBytes(StandardCharsets.UTF_8)),
                null);
    }

    private boolean has(String run, String path) {
        var place = ArtifactPaths.run(WS, run).child(path);
        return mlflow.blobs.find(new BlobPath(place.container(), place.path())).isPresent();
    }

    private void delete(String run) {
        assertThat(mlflow.post("runs/delete", "{\"run_id\":\"" + run + "\"}").status())
                .isEqualTo(200);
    }

    private HttpResponse<String> gc(String body) {
        return door.send("POST", WS.armId() + "/atelier/mlflow/gc", body);
    }

    private JsonNode done(String body) {
        HttpResponse<String> answer = gc(body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.parse(answer.body());
    }

    private long rows() {
        return database.read(handle -> TABLES.stream()
                .mapToLong(table -> handle.createQuery("SELECT count(*) FROM " + table)
                        .mapTo(Long.class)
                        .one())
                .sum());
    }

    @Test
    void whatIsDeletedGoesWithRowsAndFilesAndWhatIsNotStays() throws IOException {
        String kept = run("0");
        long before = rows();
        String gone = run("0");
        delete(gone);

        JsonNode dry = done("{\"dryRun\":true}");
        assertThat(dry.toString()).contains("\"runs\":[\"" + gone + "\"]", "\"files\":1,\"bytes\":5");
        assertThat(has(gone, "model/MLmodel")).isTrue();
        assertThat(forgotten).isEmpty();

        JsonNode freed = done("{}");
        assertThat(forgotten).containsExactly(gone);
        assertThat(freed.toString()).isEqualTo(dry.toString());
        assertThat(rows()).isEqualTo(before);
        assertThat(has(gone, "model/MLmodel")).isFalse();
        assertThat(has(kept, "model/MLmodel")).isTrue();
        assertThat(mlflow.get("runs/get?run_id=" + gone).status()).isEqualTo(404);
        assertThat(mlflow.get("runs/get?run_id=" + kept).status()).isEqualTo(200);
        assertThat(done("{}").path("runs").size()).isZero();
    }

    @Test
    void onlyWhatWasDeletedLongEnoughAgoGoes() throws IOException {
        String old = run("0");
        delete(old);
        mlflow.clock.tick(Duration.ofHours(50));
        String fresh = run("0");
        delete(fresh);
        assertThat(done("{\"olderThan\":\"2d3h\"}").path("runs").size()).isZero();
        assertThat(gc("{\"olderThan\":\"1h\",\"runIds\":[\"" + fresh + "\"]}").body())
                .contains("is not older than the required age");
        assertThat(done("{\"olderThan\":\"2d1h30m5s\"}").path("runs").toString())
                .isEqualTo("[\"" + old + "\"]");
    }

    @Test
    void aRunThatWasBroughtBackCountsFromItsLastDeletion() throws IOException {
        String run = run("0");
        delete(run);
        mlflow.clock.tick(Duration.ofHours(5));
        mlflow.post("runs/restore", "{\"run_id\":\"" + run + "\"}");
        assertThat(gc("{\"runIds\":[\"" + run + "\"]}").body()).contains("is not in `deleted` lifecycle stage");
        delete(run);
        assertThat(done("{\"olderThan\":\"1h\"}").path("runs").size()).isZero();
    }

    @Test
    void anExperimentGoesWithItsRunsAndModelsAndItsNameIsFreeAgain() throws IOException {
        String experiment = mlflow.experiment("old");
        String run = run(experiment);
        JsonNode model = mlflow.post(
                        "logged-models",
                        "{\"experiment_id\":\"" + experiment + "\",\"source_run_id\":\"" + run
                                + "\",\"params\":[{\"key\":\"p\",\"value\":\"v\"}]}")
                .json();
        String id = model.path("model").path("info").path("model_id").asString();
        assertThat(id).startsWith("m-");
        mlflow.post("experiments/delete", "{\"experiment_id\":\"" + experiment + "\"}");

        JsonNode freed = done("{\"experimentIds\":[\"" + experiment + "\"]}");
        assertThat(freed.path("experiments").toString()).isEqualTo("[\"" + experiment + "\"]");
        assertThat(forgotten).containsExactly(run, "experiment " + experiment);
        assertThat(freed.path("runs").toString()).isEqualTo("[\"" + run + "\"]");
        assertThat(freed.path("loggedModels").toString()).isEqualTo("[\"" + id + "\"]");
        assertThat(mlflow.get("experiments/get?experiment_id=" + experiment).status())
                .isEqualTo(404);
        assertThat(mlflow.experiment("old")).isNotEqualTo(experiment);
        assertThat(has(run, "model/MLmodel")).isFalse();
    }

    @Test
    void filesThatARegisteredVersionNeedsStayAndItIsSaid() throws IOException {
        String run = run("0");
        file(run, "logs/big.txt");
        file(run, "model2/MLmodel");
        uses.add(new FilesInUse.Use(ArtifactPaths.run(WS, run).child("model"), "version 1 of model 'churn'"));
        delete(run);

        JsonNode freed = done("{}");
        assertThat(freed.path("runs").toString()).isEqualTo("[\"" + run + "\"]");
        assertThat(freed.path("kept").toString())
                .isEqualTo("[{\"id\":\"" + run
                        + "\",\"reason\":\"1 files stay: they belong to version 1 of model 'churn'\"}]");
        assertThat(freed.path("files").asInt()).isEqualTo(2);
        assertThat(has(run, "model/MLmodel")).isTrue();
        assertThat(has(run, "logs/big.txt")).isFalse();
        assertThat(has(run, "model2/MLmodel")).isFalse();
    }

    @Test
    void theRunOfAJobThatHasNotEndedStays() {
        mlflow.runs().createForJob(WS, "train", "job_1", "Train", null, Map.of(), TestServer.USER);
        mlflow.runs().setStatus(WS, "job_1", "RUNNING", null);
        delete("job_1");
        assertThat(done("{}").path("kept").toString()).contains("job_1", "its job has not ended");
        mlflow.runs().setStatus(WS, "job_1", "FINISHED", null);
        assertThat(done("{}").path("runs").toString()).isEqualTo("[\"job_1\"]");
    }

    @Test
    void wrongWishesAreRefusedAndNothingGoes() throws IOException {
        String run = run("0");
        delete(run);
        long before = rows();
        for (String body : List.of(
                "{\"olderThan\":\"soon\"}",
                "{\"olderThan\":\"\"}",
                "{\"olderThan\":5}",
                "{\"runIds\":\"" + run + "\"}",
                "{\"runIds\":[{}]}",
                "{\"runids\":[]}",
                "{\"dryRun\":\"yes\"}",
                "[]")) {
            HttpResponse<String> answer = gc(body);
            assertThat(answer.statusCode()).as(body + answer.body()).isEqualTo(400);
        }
        HttpResponse<String> unknown = gc("{\"runIds\":[\"" + run + "\",\"nope\"]}");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("Run nope not found");
        assertThat(rows()).isEqualTo(before);
    }
}
