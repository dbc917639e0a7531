package atelier.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.jobs.Jobs.Job;
import atelier.jobs.fakes.Lab;
import atelier.kernel.Json;
import atelier.storage.BlobPath;
import atelier.testkit.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

class ReuseTest {
    private static final String DATA = "azureml://datastores/workspaceblobstore/paths/in";
    private static final String SIX = """
            {"a":{"componentId":"#add/versions/1","inputs":{"in":{"value":"${{parent.inputs.data}}"},"word":{"value":"${{parent.inputs.word}}"}}},
             "b":{"componentId":"#add/versions/1","inputs":{"in":{"value":"${{parent.jobs.a.outputs.out}}"},"word":{"value":"b"}}},
             "c":{"componentId":"#add/versions/1","inputs":{"in":{"value":"${{parent.jobs.a.outputs.out}}"},"word":{"value":"${{parent.inputs.other}}"}}},
             "d":{"componentId":"#add/versions/1","inputs":{"in":{"value":"${{parent.jobs.a.outputs.out}}"},"word":{"value":"d"}}},
             "e":{"componentId":"#add/versions/1","inputs":{"in":{"value":"${{parent.jobs.c.outputs.out}}"},"word":{"value":"e"}}},
             "f":{"componentId":"#add/versions/1","inputs":{"in":{"value":"${{parent.jobs.e.outputs.out}}"},"word":{"value":"f"}},
                  "outputs":{"out":{"value":"${{parent.outputs.text}}"}}}}""";

    @TempDir
    Path folder;

    private PipelineLab pipelines;
    private Lab lab;

    @BeforeEach
    void start() {
        pipelines = new PipelineLab(folder);
        lab = pipelines.lab;
        lab.blobs.put("blobstore", "in/text.txt", "zero\n");
        pipelines.adding("add", "1", PipelineLab.ADD);
    }

    @AfterEach
    void stop() {
        pipelines.close();
    }

    private Job six(String name, String word, String other) {
        return six(name, word, other, SIX, false);
    }

    private Job six(String name, String word, String other, String jobs, boolean forced) {
        ObjectNode pipeline = pipelines.pipeline(jobs, Map.of("data", DATA, "word", word, "other", other), "text");
        if (forced) {
            pipeline.putObject("settings").put("force_rerun", true);
        }
        Job ended = pipelines.run(name, pipeline);
        assertThat(ended.status()).as(String.valueOf(ended.errorMessage())).isEqualTo("Completed");
        return ended;
    }

    private String reusedSteps(String pipeline) {
        StringBuilder reused = new StringBuilder();
        for (String node : new String[] {"a", "b", "c", "d", "e", "f"}) {
            reused.append(pipelines.reused(pipeline, node) ? node : "");
        }
        return reused.toString();
    }

    @Test
    void anUnchangedPipelineIsReusedWholeInLessThanASecond() {
        six("one", "w", "o");
        Instant before = Instant.now();
        six("two", "w", "o");
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(1));
        assertThat(reusedSteps("two")).isEqualTo("abcdef");
        assertThat(lab.blobs.text("blobstore", "azureml/two/text/text.txt")).isEqualTo("zero\nw\no\ne\nf\n");
        Job step = pipelines.step("two", "e");
        assertThat(step.status()).isEqualTo("Completed");
        assertThat(step.properties().at("/properties/azureml.reusedfrom").asString())
                .isEqualTo(pipelines.step("one", "e").name());
        assertThat(pipelines.reason("two", "e"))
                .startsWith("Reused from " + pipelines.step("one", "e").name());
    }

    @Test
    void whatAReusedStepWasReusedFromIsTheOneThatRan() {
        six("one", "w", "o");
        six("two", "w", "o");
        six("three", "w", "o");
        assertThat(pipelines
                        .step("three", "a")
                        .properties()
                        .at("/properties/azureml.reusedfrom")
                        .asString())
                .isEqualTo(pipelines.step("one", "a").name());
    }

    @Test
    void aChangedParameterRunsTheStepAndWhatNeedsIt() {
        six("one", "w", "o");
        six("two", "w", "CHANGED");
        assertThat(reusedSteps("two")).isEqualTo("abd");
        assertThat(pipelines.reason("two", "c"))
                .isEqualTo("Runs because of changes since "
                        + pipelines.step("one", "c").name() + ": input word.");
        assertThat(pipelines.reason("two", "e")).endsWith(": input in.");
    }

    @Test
    void changedDataRunsTheStepsThatReadIt() {
        six("one", "w", "o");
        lab.blobs.put("blobstore", "in/text.txt", "new\n");
        six("two", "w", "o");
        assertThat(reusedSteps("two")).isEmpty();
        assertThat(pipelines.reason("two", "a")).endsWith(": input in.");
    }

    @Test
    void changedCodeThatMakesTheSameBytesDoesNotRunTheRest() {
        six("one", "w", "o");
        pipelines.adding("add", "2", "# tidied\n" + PipelineLab.ADD);
        six("two", "w", "o", SIX.replaceFirst("add/versions/1", "add/versions/2"), false);
        assertThat(reusedSteps("two")).isEqualTo("bcdef");
        assertThat(pipelines.reason("two", "a")).endsWith(": code.");
    }

    @Test
    void theSameCodeUploadedAgainIsTheSame() {
        six("one", "w", "o");
        pipelines.adding("add", "2", PipelineLab.ADD);
        six("two", "w", "o", SIX.replace("add/versions/1", "add/versions/2"), false);
        assertThat(reusedSteps("two")).isEqualTo("abcdef");
    }

    @Test
    void outputsThatAreGoneAreMadeAgain() {
        six("one", "w", "o");
        String lost = pipelines.step("one", "b").name();
        lab.blobs.delete(new BlobPath("blobstore", "azureml/" + lost + "/out/text.txt"));
        six("two", "w", "o");
        assertThat(reusedSteps("two")).isEqualTo("acdef");
        assertThat(pipelines.reason("two", "b"))
                .isEqualTo("Runs because the outputs of " + lost + " are gone or were changed.");
    }

    @Test
    void aDeletedPipelineIsNotReused() {
        six("one", "w", "o");
        lab.feature().jobs().delete(lab.workspace, "one", TestServer.USER);
        six("two", "w", "o");
        assertThat(reusedSteps("two")).isEmpty();
    }

    @Test
    void forceRerunRunsEverything() {
        six("one", "w", "o");
        six("two", "w", "o", SIX, true);
        assertThat(reusedSteps("two")).isEmpty();
        assertThat(pipelines.reason("two", "a")).contains("force_rerun");
    }

    @Test
    void whatIsNotDeterministicAlwaysRuns() {
        var component = lab.assets.find(lab.workspace, "components", "add", "1").orElseThrow();
        ObjectNode spec =
                (ObjectNode) component.properties().get("componentSpec").deepCopy();
        pipelines.put("dice", "1", spec.put("is_deterministic", false));
        String jobs = SIX.replaceFirst("#add", "#dice");
        six("one", "w", "o", jobs, false);
        six("two", "w", "o", jobs, false);
        assertThat(reusedSteps("two")).isEqualTo("bcdef");
        assertThat(pipelines.reason("two", "a")).contains("not deterministic");
    }

    @Test
    void aFailedStepIsNotReused() {
        pipelines.adding("bad", "1", "exit 1");
        String jobs =
                "{\"a\":{\"componentId\":\"#bad/versions/1\",\"inputs\":{\"in\":{\"value\":\"${{parent.inputs.data}}\"}}}}";
        for (String name : new String[] {"one", "two"}) {
            pipelines.run(name, pipelines.pipeline(jobs, Map.of("data", DATA)));
        }
        assertThat(pipelines.step("two", "a").status()).isEqualTo("Failed");
        assertThat(Json.write(pipelines.step("two", "a").properties())).doesNotContain("isreused");
    }
}
