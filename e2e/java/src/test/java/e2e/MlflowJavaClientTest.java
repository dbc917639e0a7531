package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.ActiveRun;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowContext;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow.tracking.RunsPage;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

/// MLflow's Java client as it is published. It reads no token from the environment, so it is given one.
class MlflowJavaClientTest {
    @TempDir
    Path folder;

    private final String name = "java-" + UUID.randomUUID();
    private MlflowClient client;
    private String experiment;

    @BeforeEach
    void start() {
        client = new MlflowClient(new BasicMlflowHostCreds(
                System.getenv("MLFLOW_TRACKING_URI"), System.getenv("MLFLOW_TRACKING_TOKEN")));
        experiment = client.createExperiment(name);
    }

    @AfterEach
    void stop() {
        client.close();
    }

    private String run(String runName) {
        return client.createRun(CreateRun.newBuilder()
                        .setExperimentId(experiment)
                        .setRunName(runName)
                        .setStartTime(1_600_000_000_000L)
                        .build())
                .getRunId();
    }

    private static Metric metric(String key, double value, long time, long step) {
        return Metric.newBuilder().setKey(key).setValue(value).setTimestamp(time).setStep(step).build();
    }

    @Test
    void experimentsAreMadeFoundRenamedDeletedAndRestored() {
        client.setExperimentTag(experiment, "team", "a");
        client.renameExperiment(experiment, name + "-renamed");
        client.deleteExperiment(experiment);
        assertThat(client.getExperiment(experiment).getLifecycleStage()).isEqualTo("deleted");
        client.restoreExperiment(experiment);
        Experiment found = client.getExperimentByName(name + "-renamed").orElseThrow();
        assertThat(found.getExperimentId()).isEqualTo(experiment);
        assertThat(found.getTagsList()).anyMatch(tag -> tag.getKey().equals("team") && tag.getValue().equals("a"));
        assertThat(client.getExperimentByName(name)).isEmpty();
        assertThat(client.searchExperiments("name LIKE '" + name + "%'").getItems()).hasSize(1);
    }

    @Test
    void aRunHasWhatWasLogged() {
        String run = run("whole");
        client.logParam(run, "rate", "0.1");
        client.setTag(run, "note", "größer");
        client.logMetric(run, "loss", 3, 10, 5);
        client.logMetric(run, "loss", 2, 11, 1);
        client.logBatch(
                run,
                List.of(metric("loss", Double.NaN, 12, 9), metric("big", Double.POSITIVE_INFINITY, 1, 1)),
                List.of(Param.newBuilder().setKey("depth").setValue("3").build()),
                List.of(RunTag.newBuilder().setKey("t").setValue("v").build()));
        client.setTerminated(run, RunStatus.FAILED, 1_600_000_001_000L);
        Run found = client.getRun(run);
        assertThat(found.getInfo().getStatus()).isEqualTo(RunStatus.FAILED);
        assertThat(found.getInfo().getEndTime()).isEqualTo(1_600_000_001_000L);
        assertThat(found.getData().getParamsList()).extracting(Param::getKey).containsExactlyInAnyOrder("rate", "depth");
        assertThat(found.getData().getTagsList()).extracting(RunTag::getValue).contains("größer", "v");
        assertThat(client.getMetricHistory(run, "loss")).extracting(Metric::getValue).containsExactly(3.0, 2.0, Double.NaN);
        assertThat(client.getMetricHistory(run, "big").get(0).getValue()).isGreaterThanOrEqualTo(Double.MAX_VALUE);
    }

    @Test
    void aHistoryOfTwentySixThousandPointsIsWhole() {
        String run = run("long");
        for (int from = 0; from < 26_000; from += 1000) {
            List<Metric> points = new ArrayList<>();
            for (int i = from; i < from + 1000; i++) {
                points.add(metric("m", i, i, i));
            }
            client.logBatch(run, points, List.of(), List.of());
        }
        assertThat(client.getMetricHistory(run, "m")).hasSize(26_000);
    }

    @Test
    void runsAreFilteredOrderedAndPaged() {
        for (int i = 0; i < 5; i++) {
            String run = run("r" + i);
            client.logMetric(run, "auc", i / 10.0);
            client.logParam(run, "p", i % 2 == 0 ? "even" : "odd");
        }
        List<String> names = new ArrayList<>();
        RunsPage page = client.searchRuns(
                List.of(experiment),
                "metrics.auc > 0.05 AND params.p LIKE '%'",
                ViewType.ACTIVE_ONLY,
                3,
                List.of("metrics.auc DESC"));
        page.getItems().forEach(run -> names.add(run.getInfo().getRunName()));
        assertThat(page.hasNextPage()).isTrue();
        page.getNextPage().getItems().forEach(run -> names.add(((Run) run).getInfo().getRunName()));
        assertThat(names).containsExactly("r4", "r3", "r2", "r1");
        List<RunInfo> odd = client.searchRuns(List.of(experiment), "params.p = 'odd'");
        assertThat(odd).hasSize(2);
    }

    @Test
    void aDeletedRunTakesNoMetric() {
        String run = run("gone");
        client.deleteRun(run);
        assertThatThrownBy(() -> client.logMetric(run, "m", 1))
                .isInstanceOfSatisfying(
                        MlflowHttpException.class, e -> assertThat(e.getStatusCode()).isEqualTo(400));
        client.restoreRun(run);
        client.logMetric(run, "m", 1);
        assertThat(client.getRun(run).getInfo().getLifecycleStage()).isEqualTo("active");
    }

    @Test
    void theContextLogsToAnActiveRun() {
        MlflowContext context = new MlflowContext(client);
        context.setExperimentName(name);
        ActiveRun parent = context.startRun("parent");
        ActiveRun child = context.startRun("child", parent.getId());
        child.logMetric("m", 0.5, 3);
        child.endRun();
        parent.endRun();
        Run found = client.getRun(child.getId());
        assertThat(found.getInfo().getStatus()).isEqualTo(RunStatus.FINISHED);
        assertThat(found.getData().getTagsList())
                .anyMatch(tag -> tag.getKey().equals("mlflow.parentRunId") && tag.getValue().equals(parent.getId()));
    }

    /// The Java client moves files by the `mlflow` of Python on the PATH.
    @Test
    void filesAreLoggedListedAndDownloaded() throws IOException {
        String run = run("files");
        Path file = Files.writeString(folder.resolve("notes.txt"), "hello");
        client.logArtifact(run, file.toFile());
        client.logArtifact(run, file.toFile(), "deep/er");
        assertThat(client.listArtifacts(run)).extracting(f -> f.getPath()).containsExactlyInAnyOrder("notes.txt", "deep");
        File all = client.downloadArtifacts(run, "deep");
        assertThat(all.toPath().resolve("er/notes.txt")).hasContent("hello");
    }

    @Test
    void modelsAreRegisteredStagedAndDownloaded() throws IOException {
        String run = run("model");
        Path model = Files.createDirectory(folder.resolve("model"));
        Files.writeString(model.resolve("MLmodel"), "flavors: {}\n");
        client.logArtifacts(run, model.toFile(), "model");
        String uri = client.getRun(run).getInfo().getArtifactUri() + "/model";
        client.sendPost("registered-models/create", "{\"name\": \"" + name + "\"}");
        client.sendPost(
                "model-versions/create",
                "{\"name\": \"" + name + "\", \"run_id\": \"" + run + "\", \"source\": \"" + uri + "\"}");
        client.sendPost(
                "model-versions/transition-stage",
                "{\"name\": \"" + name + "\", \"version\": \"1\", \"stage\": \"Production\"}");
        assertThat(client.getRegisteredModel(name).getName()).isEqualTo(name);
        List<ModelVersion> latest = client.getLatestVersions(name, List.of("Production"));
        assertThat(latest).extracting(ModelVersion::getVersion).containsExactly("1");
        assertThat(client.getModelVersion(name, "1").getRunId()).isEqualTo(run);
        assertThat(client.searchModelVersions("name = '" + name + "'").getItems()).hasSize(1);
        assertThat(client.getModelVersionDownloadUri(name, "1")).isEqualTo(uri);
        assertThat(client.downloadLatestModelVersion(name, "Production").toPath().resolve("MLmodel")).exists();
    }
}
