package atelier.sweeps;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.jobs.Jobs.Job;
import atelier.jobs.fakes.Lab;
import atelier.testkit.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// Sweeps that really run.
class SweepJobTest {
    private static final String GRID = """
            "samplingAlgorithm": {"samplingAlgorithmType": "Grid"}""";
    private static final String RATES = """
            {"rate": ["choice", [[0.01, 0.1, 1]]]}""";

    @TempDir
    Path folder;

    private SweepLab lab;

    @BeforeEach
    void start() {
        lab = new SweepLab(folder);
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    @Test
    void aGridTriesEveryCombinationAndTheBestTrialsOutputsAreTheSweeps() {
        lab.accuracy(parameters -> parameters.path("rate").asDouble() == 0.1 ? 0.9 : 0.7);
        ObjectNode sweep = SweepLab.sweep(
                "echo rate ${{search_space.rate}} > ${{outputs.model}}/m.txt",
                RATES,
                GRID + ", \"limits\":{\"maxTotalTrials\":4}");
        sweep.putObject("outputs")
                .putObject("model")
                .put("jobOutputType", "uri_folder")
                .put("assetName", "tuned");
        Job ended = lab.run("tune", sweep);
        assertThat(ended.status()).as(String.valueOf(ended.errorMessage())).isEqualTo("Completed");
        assertThat(lab.trials("tune")).extracting(Job::name).containsExactlyInAnyOrder("tune_0", "tune_1", "tune_2");
        assertThat(SweepLab.facts(ended))
                .containsEntry("best_child_run_id", "tune_1")
                .containsEntry("score", "0.9")
                .containsEntry("space_size", "3");
        assertThat(lab.lab.blobs.text("blobstore", "azureml/tune/model/m.txt")).isEqualTo("rate 0.1\n");
        assertThat(ended.properties().at("/outputs/model/uri").asString()).contains("azureml/tune/model");
        assertThat(lab.lab
                        .assets
                        .resolve(lab.lab.workspace, "data", "azureml:tuned:1")
                        .properties()
                        .path("dataUri")
                        .asString())
                .contains("azureml/tune/model");
    }

    @Test
    void aTrialIsARunOfTheSweepWithItsHyperparameters() {
        lab.accuracy(_ -> 1);
        lab.run("tune", SweepLab.sweep("echo ${{search_space.rate}}", RATES, GRID));
        Job trial = lab.trial("tune", 0);
        assertThat(trial.parent()).isEqualTo("tune");
        assertThat(trial.experimentName()).isEqualTo("tuning");
        assertThat(trial.properties().path("command").asString()).isEqualTo("echo 0.01");
        assertThat(SweepLab.facts(trial)).containsEntry("hyperparameters", "{\"rate\":0.01}");
        assertThat(lab.lab.runs.find(lab.lab.workspace, "tune_0").orElseThrow().tags())
                .containsEntry("mlflow.parentRunId", "tune")
                .containsEntry("hyperparam_rate", "0.01");
        assertThat(lab.lab.runs.params("tune_0")).isEqualTo(Map.of("rate", "0.01"));
    }

    @Test
    void aTrialSeesHyperparametersInputsAndOutputsInItsEnvironment() {
        lab.accuracy(_ -> 1);
        ObjectNode sweep = SweepLab.sweep(
                "echo $AZUREML_SWEEP_rate $AZUREML_SWEEP_word ${{inputs.word}} > ${{outputs.out}}/x; test -d $AZUREML_SWEEP_out",
                "{\"rate\": [\"choice\", [[1e-05]]]}",
                GRID);
        sweep.putObject("inputs")
                .putObject("word")
                .put("jobInputType", "literal")
                .put("value", "hi");
        sweep.putObject("outputs").putObject("out").put("jobOutputType", "uri_folder");
        Job ended = lab.run("tune", sweep);
        assertThat(ended.status()).as(String.valueOf(ended.errorMessage())).isEqualTo("Completed");
        assertThat(lab.lab.blobs.text("blobstore", "azureml/tune/out/x")).isEqualTo("1e-05 hi hi\n");
    }

    @Test
    void noMoreTrialsRunAtATimeThanAllowed() throws Exception {
        lab.accuracy(_ -> 1);
        Path ready = lab.lab.fifo("ready");
        Path go = lab.lab.fifo("go");
        lab.lab.submit(
                "tune",
                SweepLab.sweep(
                        "echo up > " + ready + "; read x < " + go,
                        "{\"n\": [\"choice\", [[1, 2]]]}",
                        GRID + ", \"limits\": {\"maxConcurrentTrials\": 1}"));
        Lab.read(ready);
        assertThat(lab.trials("tune")).hasSize(1);
        Lab.write(go, "x");
        Lab.read(ready);
        Lab.write(go, "x");
        assertThat(lab.lab.awaitEnd("tune").status()).isEqualTo("Completed");
        Job first = lab.trial("tune", 0);
        Job second = lab.trial("tune", 1);
        assertThat(second.createdAt()).isAfterOrEqualTo(first.endedAt());
    }

    @Test
    void aSweepGoesOnWhenATrialFails() {
        lab.accuracy(parameters -> parameters.path("n").asDouble());
        Job ended = lab.run(
                "tune", SweepLab.sweep("test ${{search_space.n}} != 3", "{\"n\": [\"choice\", [[1, 3, 2]]]}", GRID));
        assertThat(ended.status()).isEqualTo("Completed");
        assertThat(lab.trial("tune", 1).status()).isEqualTo("Failed");
        assertThat(SweepLab.facts(ended))
                .containsEntry("best_child_run_id", "tune_2")
                .containsEntry("score", "2.0");
    }

    @Test
    void aSweepWhoseTrialsAllFailFails() {
        Job ended = lab.run("tune", SweepLab.sweep("exit 7", RATES, GRID));
        assertThat(ended.status()).isEqualTo("Failed");
        assertThat(ended.errorCode()).isEqualTo("NoTrialCompleted");
        assertThat(ended.errorMessage()).contains("All 3 trials failed").contains("exit code 7");
    }

    @Test
    void aMissingMetricIsSaidWithThoseThatWereLogged() {
        Job ended = lab.run("tune", SweepLab.sweep("true", RATES, GRID));
        assertThat(ended.status()).isEqualTo("Completed");
        assertThat(SweepLab.facts(ended))
                .doesNotContainKey("best_child_run_id")
                .containsEntry("best_metric_status", "Failed");
        assertThat(lab.log("tune")).contains("No completed trial logged the primary metric 'accuracy'");
    }

    @Test
    void aPolicyStopsATrialThatIsWorseAndTheSweepGoesOn() throws Exception {
        Path ready = lab.lab.fifo("ready");
        Path go = lab.lab.fifo("go");
        lab.accuracy(parameters -> parameters.path("n").asDouble());
        lab.lab.submit(
                "tune",
                SweepLab.sweep(
                        "if [ ${{search_space.n}} = 1 ]; then echo up > " + ready + "; fi; read x < " + go,
                        "{\"n\": [\"choice\", [[10, 1]]]}",
                        GRID + """
                        , "earlyTermination": {"policyType": "Bandit", "slackFactor": 0.2, "evaluationInterval": 1}"""));
        Lab.read(ready);
        Job stopped = lab.lab.await("tune_1", "Canceled");
        assertThat(SweepLab.facts(stopped).get("atelier.reason")).contains("outside the slack");
        Lab.write(go, "x");
        Job ended = lab.lab.awaitEnd("tune");
        assertThat(ended.status()).as(String.valueOf(ended.errorMessage())).isEqualTo("Completed");
        assertThat(SweepLab.facts(ended)).containsEntry("best_child_run_id", "tune_0");
        assertThat(lab.log("tune")).contains("Trial tune_1: Stopped early at interval 1");
    }

    @Test
    void aTrialThatRunsTooLongIsCanceledAndCounts() {
        lab.accuracy(parameters -> parameters.path("n").asDouble());
        Job ended = lab.run(
                "tune",
                SweepLab.sweep(
                        "if [ ${{search_space.n}} = 2 ]; then read x < " + lab.lab.fifo("never") + "; fi",
                        "{\"n\": [\"choice\", [[1, 2]]]}",
                        GRID + ", \"limits\": {\"trialTimeout\": \"PT0.3S\"}"));
        assertThat(ended.status()).isEqualTo("Completed");
        assertThat(lab.trial("tune", 1).status()).isEqualTo("Canceled");
        assertThat(SweepLab.facts(ended)).containsEntry("best_child_run_id", "tune_0");
    }

    @Test
    void aSweepThatRunsTooLongIsCanceledWithItsTrials() {
        Job ended = lab.run(
                "tune",
                SweepLab.sweep(
                        "read x < " + lab.lab.fifo("never"), RATES, GRID + ", \"limits\": {\"timeout\": \"PT0.3S\"}"));
        assertThat(ended.status()).isEqualTo("Canceled");
        assertThat(lab.trials("tune")).extracting(Job::status).containsOnly("Canceled");
    }

    @Test
    void cancellationEndsAllTrials() {
        lab.lab.submit("tune", SweepLab.sweep("read x < " + lab.lab.fifo("never"), RATES, GRID));
        lab.lab.await("tune", "Running");
        lab.lab.feature().jobs().cancel(lab.lab.workspace, "tune", TestServer.USER);
        assertThat(lab.lab.awaitEnd("tune").status()).isEqualTo("Canceled");
        assertThat(lab.trials("tune"))
                .allSatisfy(trial -> assertThat(trial.status()).isEqualTo("Canceled"));
    }

    @Test
    void aSeedGivesTheSameTrialsInAnotherSweep() {
        lab.accuracy(_ -> 1);
        String space = "{\"lr\": [\"loguniform\", [-6, -1]], \"k\": [\"randint\", [100]]}";
        String random = """
                "samplingAlgorithm": {"samplingAlgorithmType": "Random", "seed": 7}, "limits": {"maxTotalTrials": 3}""";
        lab.run("one", SweepLab.sweep("true", space, random));
        lab.run("two", SweepLab.sweep("true", space, random));
        List<ObjectNode> one =
                lab.trials("one").stream().map(SweepLab::parameters).toList();
        assertThat(one).hasSize(3).doesNotHaveDuplicates();
        assertThat(lab.trials("two").stream().map(SweepLab::parameters)).containsExactlyElementsOf(one);
    }

    @Test
    void bayesianSamplingFindsTheTopOfAHill() {
        lab.accuracy(parameters -> -Math.pow(parameters.path("x").asDouble() - 0.7, 2));
        Job ended = lab.run("tune", SweepLab.sweep("true", "{\"x\": [\"uniform\", [0, 1]]}", """
                        "samplingAlgorithm": {"samplingAlgorithmType": "Bayesian"},
                        "limits": {"maxTotalTrials": 14, "maxConcurrentTrials": 2}"""));
        assertThat(Double.parseDouble(SweepLab.facts(ended).get("score"))).isGreaterThan(-1e-3);
    }

    @Test
    void theServerIsKilledAndTheSweepGoesOnWithTheSameTrials() throws Exception {
        Path ready = lab.lab.fifo("ready");
        Path go = lab.lab.fifo("go");
        lab.accuracy(parameters -> parameters.path("x").asDouble());
        lab.lab.submit(
                "tune",
                SweepLab.sweep(
                        "echo ${{search_space.x}} >> " + folder.resolve("count") + "; echo up > " + ready
                                + "; read x < " + go,
                        "{\"x\": [\"uniform\", [0, 1]]}",
                        "\"limits\": {\"maxTotalTrials\": 3, \"maxConcurrentTrials\": 1}"));
        Lab.read(ready);
        lab.lab.await("tune_0", "Running");
        ObjectNode first = SweepLab.parameters(lab.trial("tune", 0));
        lab.lab.kill();
        lab.lab.start();
        Lab.write(go, "x");
        for (int i = 0; i < 2; i++) {
            Lab.read(ready);
            Lab.write(go, "x");
        }
        Job ended = lab.lab.awaitEnd("tune");
        assertThat(ended.status()).as(String.valueOf(ended.errorMessage())).isEqualTo("Completed");
        assertThat(lab.trials("tune")).extracting(Job::name).containsExactlyInAnyOrder("tune_0", "tune_1", "tune_2");
        assertThat(SweepLab.parameters(lab.trial("tune", 0))).isEqualTo(first);
        assertThat(Files.readAllLines(folder.resolve("count"))).hasSize(3).doesNotHaveDuplicates();
        assertThat(lab.log("tune")).contains("the sweep goes on");
    }
}
