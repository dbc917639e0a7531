package atelier.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.jobs.Jobs.Job;
import atelier.jobs.fakes.Lab;
import atelier.kernel.Problem;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// `settings.on_init` and `settings.on_finalize`.
class InitFinalizeTest {
    /// In an order in which neither the first nor the last step stands where it runs.
    private static final String JOBS = """
            {"clean":{"componentId":"#say/versions/1"},
             "work":{"componentId":"#WORK/versions/1"},
             "more":{"componentId":"#add/versions/1",
               "inputs":{"in":{"job_input_type":"literal","value":"${{parent.jobs.work.outputs.out}}"}}},
             "ready":{"componentId":"#READY/versions/1"}}""";
    private static final String OUT = """
            "inputs":{},"outputs":{"out":{"type":"uri_folder"}}""";

    @TempDir
    Path folder;

    private PipelineLab pipelines;
    private Lab lab;

    @BeforeEach
    void start() {
        pipelines = new PipelineLab(folder);
        lab = pipelines.lab;
        pipelines.adding("add", "1", PipelineLab.ADD);
        pipelines.component("say", "1", "echo done > $1/text.txt", "${{outputs.out}}", OUT);
        pipelines.component("bad", "1", "exit 3", "${{outputs.out}}", OUT);
    }

    @AfterEach
    void stop() {
        pipelines.close();
    }

    private ObjectNode pipeline(String ready, String work) {
        ObjectNode pipeline = pipelines.pipeline(JOBS.replace("READY", ready).replace("WORK", work), Map.of());
        pipeline.putObject("settings").put("on_init", "ready").put("on_finalize", "clean");
        return pipeline;
    }

    private void inOrder(String pipeline, String... steps) {
        for (int i = 1; i < steps.length; i++) {
            assertThat(pipelines.step(pipeline, steps[i]).createdAt())
                    .isAfterOrEqualTo(pipelines.step(pipeline, steps[i - 1]).endedAt());
        }
    }

    @Test
    void oneStepRunsBeforeAllOthersAndOneAfterThem() {
        Job ended = pipelines.run("p", pipeline("say", "say"));
        assertThat(ended.status()).as(String.valueOf(ended.errorMessage())).isEqualTo("Completed");
        inOrder("p", "ready", "work", "more", "clean");
    }

    @Test
    void reusedStepsKeepTheOrder() {
        pipelines.run("p", pipeline("say", "say"));
        Job ended = pipelines.run("q", pipeline("say", "say"));
        assertThat(ended.status()).isEqualTo("Completed");
        for (String step : new String[] {"ready", "work", "more", "clean"}) {
            assertThat(pipelines.reused("q", step)).as(step).isTrue();
        }
    }

    @Test
    void theLastStepRunsAlsoAfterAFailure() {
        Job ended = pipelines.run("p", pipeline("say", "bad"));
        assertThat(ended.status()).isEqualTo("Failed");
        assertThat(ended.errorMessage()).contains("'work'").doesNotContain("'clean'");
        assertThat(pipelines.hasStep("p", "more")).isFalse();
        assertThat(pipelines.step("p", "clean").status()).isEqualTo("Completed");
    }

    @Test
    void withoutTheFirstStepNothingRunsButTheLast() {
        ObjectNode pipeline = pipeline("bad", "say");
        ((ObjectNode) pipeline.get("settings")).put("continue_on_step_failure", true);
        Job ended = pipelines.run("p", pipeline);
        assertThat(ended.status()).isEqualTo("Failed");
        assertThat(pipelines.hasStep("p", "work")).isFalse();
        assertThat(pipelines.step("p", "clean").status()).isEqualTo("Completed");
    }

    @ParameterizedTest
    @CsvSource({
        "on_init, redy, ready",
        "on_finalize, more, other steps",
        "on_init, work, other steps",
        "on_finalize, ready, both",
    })
    void whatCannotRunFirstOrLastIsRefused(String setting, String step, String part) {
        ObjectNode pipeline = pipeline("say", "say");
        ((ObjectNode) pipeline.get("settings")).put(setting, step);
        assertThatThrownBy(() -> lab.submit("p", pipeline)).isInstanceOfSatisfying(Problem.Invalid.class, problem -> {
            assertThat(problem.target()).isEqualTo("settings." + setting);
            assertThat(problem.message()).contains(part);
        });
    }
}
