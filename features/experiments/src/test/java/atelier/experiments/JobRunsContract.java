package atelier.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.store.Database;
import atelier.testkit.TestServer;
import atelier.workspace.Workspace;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Runs of jobs as sweeps use them; runs on each database.
abstract class JobRunsContract {
    private final Workspace workspace = OneWorkspace.MAIN;
    private TrackingServer mlflow;
    private Runs runs;

    abstract Database open();

    @BeforeEach
    void start() {
        mlflow = new TrackingServer(open());
        runs = mlflow.runs();
        for (String run : List.of("s_0", "s_1", "s_2")) {
            runs.createForJob(workspace, "tuning", run, run, "s", Map.of(), TestServer.USER);
        }
    }

    @AfterEach
    void stop() {
        mlflow.close();
    }

    @Test
    void valuesOfAMetricComeInTheOrderTheyWereLogged() {
        mlflow.log("s_0", """
                {"run_id": "RUN", "metrics": [
                  {"key": "auc", "value": 0.5, "timestamp": 9, "step": 3}, {"key": "loss", "value": 7, "timestamp": 1, "step": 0}]}""");
        mlflow.log("s_0", """
                {"run_id": "RUN", "metrics": [{"key": "auc", "value": 0.4, "timestamp": 1, "step": 0}]}""");
        mlflow.log("s_1", """
                {"run_id": "RUN", "metrics": [{"key": "auc", "value": "NaN", "timestamp": 1, "step": 0}]}""");
        assertThat(runs.metricValues(workspace, List.of("s_0", "s_1", "s_2", "nobody"), "auc"))
                .isEqualTo(Map.of("s_0", List.of(0.5, 0.4), "s_1", List.of(Double.NaN)));
    }

    @Test
    void childrenOfChildrenAreFoundByTheRunAtTheTop() {
        runs.createForJob(
                workspace, "tuning", "top", "Top", null, Map.of("mlflow.rootRunId", "made-up"), TestServer.USER);
        runs.createForJob(workspace, "tuning", "inner", "Inner", "top", Map.of(), TestServer.USER);
        runs.createForJob(workspace, "tuning", "leaf", "Leaf", "inner", Map.of(), TestServer.USER);
        assertThat(runs.withTag(workspace, "mlflow.rootRunId", "top", 10))
                .extracting(Runs.RunInfo::runId)
                .containsExactlyInAnyOrder("top", "inner", "leaf");
        assertThat(runs.withTag(workspace, "mlflow.parentRunId", "inner", 10))
                .extracting(Runs.RunInfo::runId)
                .containsExactly("leaf");
    }

    @Test
    void parametersThatTheScriptHasLoggedStay() {
        mlflow.log("s_0", "{\"run_id\": \"RUN\", \"params\": [{\"key\": \"rate\", \"value\": \"0.10\"}]}");
        for (int again = 0; again < 2; again++) {
            runs.addParams(workspace, "s_0", Map.of("rate", "0.1", "depth", "3"));
        }
        assertThat(mlflow.get("runs/get?run_id=s_0")
                        .json()
                        .at("/run/data/params")
                        .valueStream())
                .extracting(param ->
                        param.path("key").asString() + "=" + param.path("value").asString())
                .containsExactlyInAnyOrder("rate=0.10", "depth=3");
    }
}
