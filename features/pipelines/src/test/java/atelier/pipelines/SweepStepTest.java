package atelier.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.jobs.Jobs.Job;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// Sweeps as steps of pipelines, in the form the SDK sends them.
class SweepStepTest {
    private static final String STEPS = """
            {"tune": {"name": "tune", "type": "sweep", "trial": {"componentId": "#add/versions/1"},
                "search_space": {"word": {"type": "choice", "values": ["low", "high"]}},
                "sampling_algorithm": "grid",
                "objective": {"goal": "maximize", "primary_metric": "accuracy"},
                "limits": {"max_total_trials": 5, "timeout": 600},
                "early_termination": {"policy_type": "bandit", "slack_factor": 0.5, "evaluation_interval": 1,
                    "delay_evaluation": 100},
                "inputs": {"in": {"job_input_type": "literal", "value": "${{parent.inputs.data}}"}}},
             "use": {"name": "use", "type": "command", "componentId": "#add/versions/1",
                "inputs": {"in": {"job_input_type": "literal", "value": "${{parent.jobs.tune.outputs.out}}"},
                           "word": {"job_input_type": "literal", "value": "end"}},
                "outputs": {"out": {"type": "literal", "value": "${{parent.outputs.result}}"}}}}""";

    @TempDir
    Path folder;

    private PipelineLab lab;

    @BeforeEach
    void start() {
        lab = new PipelineLab(folder);
        lab.adding("add", "1", PipelineLab.ADD);
        lab.lab.blobs.put("blobstore", "given/text.txt", "start\n");
        lab.lab.feature().jobs().onChange(this::log);
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    private void log(Job job) {
        String parameters = job.properties().at("/properties/hyperparameters").asString("");
        if (!parameters.isEmpty() && job.status().equals("Running")) {
            lab.lab.runs.logMetric(job.name(), "accuracy", parameters.contains("high") ? 0.9 : 0.6);
        }
    }

    private ObjectNode pipeline() {
        return lab.pipeline(STEPS, Map.of("data", "azureml://datastores/workspaceblobstore/paths/given"), "result");
    }

    @Test
    void theNextStepReadsTheOutputsOfTheBestTrial() {
        Job ended = lab.run("p", pipeline());
        assertThat(ended.status()).as(String.valueOf(ended.errorMessage())).isEqualTo("Completed");
        Job sweep = lab.step("p", "tune");
        assertThat(sweep.type()).isEqualTo("Sweep");
        assertThat(sweep.properties().path("searchSpace"))
                .isEqualTo(Json.parse("{\"word\": [\"choice\", [[\"low\", \"high\"]]]}"));
        assertThat(sweep.properties().at("/earlyTermination/policyType").asString())
                .isEqualTo("Bandit");
        assertThat(sweep.properties().at("/limits/timeout").asString()).isEqualTo("PT600S");
        assertThat(sweep.properties().at("/properties/best_child_run_id").asString())
                .isEqualTo(sweep.name() + "_1");
        assertThat(lab.lab.blobs.text("blobstore", "azureml/p/result/text.txt")).isEqualTo("start\nhigh\nend\n");
    }

    @Test
    void anUnchangedSweepIsReusedAndAChangedSearchSpaceIsNot() {
        lab.run("p", pipeline());
        lab.run("q", pipeline());
        assertThat(lab.reused("q", "tune")).isTrue();
        ObjectNode changed = pipeline();
        ((ObjectNode) changed.at("/jobs/tune/search_space/word")).set("values", Json.parse("[\"low\"]"));
        lab.run("r", changed);
        assertThat(lab.reused("r", "tune")).isFalse();
        assertThat(lab.reason("r", "tune")).contains("searchSpace");
    }

    @Test
    void aParameterThatTheTrialDoesNotHaveIsNamed() {
        ObjectNode pipeline = pipeline();
        ((ObjectNode) pipeline.at("/jobs/tune")).set("search_space", Json.parse("""
                {"wrod": {"type": "choice", "values": [1]}}"""));
        assertThatThrownBy(() -> lab.lab.submit("p", pipeline))
                .isInstanceOfSatisfying(Problem.Invalid.class, problem -> {
                    assertThat(problem.target()).isEqualTo("jobs.tune.search_space.wrod");
                    assertThat(problem.message()).contains("Did you mean 'word'?");
                });
    }

    @Test
    void whatIsWrongWithTheSweepIsNamedWithItsStep() {
        ObjectNode pipeline = pipeline();
        ((ObjectNode) pipeline.at("/jobs/tune/limits")).put("max_total_trials", 2000);
        assertThatThrownBy(() -> lab.lab.submit("p", pipeline))
                .isInstanceOfSatisfying(Problem.Invalid.class, problem -> {
                    assertThat(problem.target()).isEqualTo("jobs.tune.limits.maxTotalTrials");
                    assertThat(problem.message()).contains("Step 'tune'").contains("from 1 to 1000");
                });
    }
}
