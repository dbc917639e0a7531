package atelier.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.jobs.Jobs.Job;
import atelier.jobs.fakes.Lab;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.testkit.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

class PipelineTest {
    private static final Map<String, String> DATA =
            Map.of("data", "azureml://datastores/workspaceblobstore/paths/in", "word", "one");
    private static final String TWO = """
            {"first":{"type":"command","componentId":"#add/versions/1",
               "inputs":{"in":{"job_input_type":"literal","value":"${{parent.inputs.data}}"},
                         "word":{"job_input_type":"literal","value":"${{parent.inputs.word}}"}}},
             "second":{"type":"command","componentId":"#add/versions/1",
               "inputs":{"in":{"job_input_type":"literal","value":"${{parent.jobs.first.outputs.out}}"},
                         "word":{"job_input_type":"literal","value":"two"}},
               "outputs":{"out":{"type":"literal","value":"${{parent.outputs.text}}"}}}}""";

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

    @Test
    void dataFlowsFromStepToStepAndToThePipelinesOutput() {
        Job ended = pipelines.run("p", pipelines.pipeline(TWO, DATA, "text"));
        assertThat(ended.status()).as(String.valueOf(ended.errorMessage())).isEqualTo("Completed");
        assertThat(lab.blobs.text("blobstore", "azureml/p/text/text.txt")).isEqualTo("zero\none\ntwo\n");
        assertThat(ended.properties().at("/outputs/text/uri").asString()).endsWith("azureml/p/text");
        assertThat(pipelines.step("p", "first").parent()).isEqualTo("p");
        assertThat(lab.runs
                        .find(lab.workspace, pipelines.step("p", "first").name())
                        .orElseThrow()
                        .tags())
                .containsEntry("mlflow.parentRunId", "p");
        assertThat(lab.log("p", "logs/azureml/executionlogs.txt"))
                .contains("Step 'first'", "there is no earlier run of this step", "Completed");
    }

    @Test
    void aDefaultAndAnOptionalGroupAreFilledIn() {
        pipelines.component(
                "opt",
                "1",
                "echo \"$@\" > $1/args.txt",
                "${{outputs.out}} --n ${{inputs.n}} $[[--keep ${{inputs.keep}}]] --b ${{inputs.flag}}",
                """
                "inputs":{"n":{"type":"integer","default":7},"keep":{"type":"string","optional":true},
                          "flag":{"type":"boolean","default":false}},
                "outputs":{"out":{"type":"uri_folder"}}""");
        pipelines.run("p", pipelines.pipeline("""
                        {"a":{"componentId":"#opt/versions/1","outputs":{"out":{"value":"${{parent.outputs.o}}"}}}}""", Map.of(), "o"));
        assertThat(lab.blobs.text("blobstore", "azureml/p/o/args.txt")).endsWith(" --n 7 --b False\n");
    }

    @Test
    void aFailedStepStopsThePipelineAndSaysWhichAndWhy() {
        pipelines.adding("bad", "1", "echo 'column is missing' >&2; exit 4");
        String jobs = TWO.replaceFirst("#add", "#bad");
        ObjectNode pipeline = pipelines.pipeline(jobs, DATA, "text");
        assertThat(pipeline.at("/jobs/first/componentId").asString()).endsWith("bad/versions/1");
        Job ended = pipelines.run("p", pipeline);
        assertThat(ended.status()).isEqualTo("Failed");
        assertThat(ended.errorCode()).isEqualTo("PipelineStepFailed");
        assertThat(ended.errorMessage()).contains("Step 'first'", "exit code 4", "column is missing");
        assertThat(pipelines.hasStep("p", "second")).isFalse();
        assertThat(lab.log("p", "logs/azureml/executionlogs.txt"))
                .contains("Step 'second' was not run: step 'first', which it needs, is Failed.");
    }

    @Test
    void withContinueOnFailureWhatDoesNotDependGoesOn() {
        pipelines.adding("bad", "1", "exit 1");
        ObjectNode pipeline = pipelines.pipeline("""
                {"bad":{"componentId":"#bad/versions/1","inputs":{"in":{"value":"${{parent.inputs.data}}"}}},
                 "good":{"componentId":"#add/versions/1","inputs":{"in":{"value":"${{parent.inputs.data}}"}}},
                 "after":{"componentId":"#add/versions/1","inputs":{"in":{"value":"${{parent.jobs.good.outputs.out}}"}}}}""", DATA);
        pipeline.putObject("settings").put("continue_on_step_failure", true);
        assertThat(pipelines.run("p", pipeline).status()).isEqualTo("Failed");
        assertThat(pipelines.step("p", "after").status()).isEqualTo("Completed");
    }

    @Test
    void cancelEndsTheStepsToo() {
        Path ready = lab.fifo("ready");
        pipelines.adding("long", "1", "echo up > " + ready + "; sleep 600");
        lab.submit(
                "p",
                pipelines.pipeline(
                        "{\"a\":{\"componentId\":\"#long/versions/1\",\"inputs\":{\"in\":{\"value\":\"${{parent.inputs.data}}\"}}}}",
                        DATA));
        Lab.read(ready);
        lab.feature().jobs().cancel(lab.workspace, "p", TestServer.USER);
        assertThat(lab.awaitEnd("p").status()).isEqualTo("Canceled");
        assertThat(pipelines.step("p", "a").status()).isEqualTo("Canceled");
    }

    @Test
    void stepsThatNeedNotWaitRunAtTheSameTime() {
        // A pipe of its own for each step: readers of one pipe would take each other's lines.
        Path readyA = lab.fifo("ready-a");
        Path readyB = lab.fifo("ready-b");
        Path goA = lab.fifo("go-a");
        Path goB = lab.fifo("go-b");
        Path pipes = readyA.resolveSibling("");
        pipelines.adding(
                "meet",
                "1",
                "echo up > " + pipes + "/ready-$2; read x < " + pipes + "/go-$2; mkdir -p $3; echo $2 > $3/text.txt");
        lab.submit("p", pipelines.pipeline("""
                        {"a":{"componentId":"#meet/versions/1","inputs":{"in":{"value":"${{parent.inputs.data}}"},"word":{"value":"a"}}},
                         "b":{"componentId":"#meet/versions/1","inputs":{"in":{"value":"${{parent.inputs.data}}"},"word":{"value":"b"}}}}""", DATA));
        Lab.read(readyA);
        Lab.read(readyB);
        Lab.write(goA, "x");
        Lab.write(goB, "x");
        assertThat(lab.awaitEnd("p").status()).isEqualTo("Completed");
    }

    @Test
    void aPipelineInAPipelineIsAStepLikeAnother() {
        ObjectNode inner = (ObjectNode) Json.parse("""
                {"type":"pipeline","inputs":{"text":{"type":"uri_folder"},"w":{"type":"string","default":"deep"}},
                 "outputs":{"result":{"type":"uri_folder"}},
                 "jobs":{"only":{"type":"command","component":"azureml:add:1",
                    "inputs":{"in":"${{parent.inputs.text}}","word":"${{parent.inputs.w}}"},
                    "outputs":{"out":"${{parent.outputs.result}}"}}}}""");
        pipelines.put("inner", "1", inner);
        Job ended = pipelines.run("p", pipelines.pipeline("""
                        {"nested":{"type":"pipeline","componentId":"#inner/versions/1",
                           "inputs":{"text":{"value":"${{parent.inputs.data}}"}}},
                         "last":{"componentId":"#add/versions/1",
                           "inputs":{"in":{"value":"${{parent.jobs.nested.outputs.result}}"}},
                           "outputs":{"out":{"value":"${{parent.outputs.text}}"}}}}""", DATA, "text"));
        assertThat(ended.status()).as(String.valueOf(ended.errorMessage())).isEqualTo("Completed");
        assertThat(lab.blobs.text("blobstore", "azureml/p/text/text.txt")).isEqualTo("zero\ndeep\nand\n");
    }

    @Test
    void afterAKillThePipelineGoesOnAndNoStepIsDoubled() throws Exception {
        Path ready = lab.fifo("ready");
        Path go = lab.fifo("go");
        String count = folder.resolve("count").toString();
        pipelines.adding(
                "slow",
                "1",
                "echo $2 >> " + count + "; echo up > " + ready + "; read x < " + go + "; " + PipelineLab.ADD);
        lab.submit("p", pipelines.pipeline(TWO.replace("#add", "#slow"), DATA, "text"));
        Lab.read(ready);
        lab.await(PipelineSteps.jobName("p", "first"), "Running");
        lab.kill();
        lab.start();
        Lab.write(go, "x");
        Lab.read(ready);
        lab.kill();
        lab.start();
        Lab.write(go, "x");
        Job ended = lab.awaitEnd("p");
        assertThat(ended.status()).as(String.valueOf(ended.errorMessage())).isEqualTo("Completed");
        assertThat(Files.readAllLines(Path.of(count))).containsExactly("one", "two");
        assertThat(lab.blobs.text("blobstore", "azureml/p/text/text.txt")).isEqualTo("zero\none\ntwo\n");
    }

    @Test
    void aPipelineOutputWithANameBecomesAnAsset() {
        ObjectNode pipeline = pipelines.pipeline(TWO, DATA, "text");
        ((ObjectNode) pipeline.at("/outputs/text")).put("assetName", "told");
        pipelines.run("p", pipeline);
        assertThat(lab.assets
                        .find(lab.workspace, "data", "told", "1")
                        .orElseThrow()
                        .properties()
                        .path("dataUri")
                        .asString())
                .endsWith("azureml/p/text");
    }

    @Test
    void mistakesAreToldBeforeAnythingRuns() {
        refused(TWO, Map.of("word", "one"), "takes the pipeline's input 'data', which is not given", "text");
        refused(TWO, DATA, "which the pipeline does not have", "other");
        refused(TWO, DATA, "No step makes the pipeline's output 'more'", "text", "more");
        refused(TWO.replace("\"in\"", "\"inn\""), DATA, "Did you mean 'in'?", "text");
        refused(TWO.replace("first.outputs.out", "first.outputs.ot"), DATA, "Did you mean 'out'?", "text");
        refused(TWO.replace("#add", "#ad"), DATA, "There is no component 'ad'", "text");
        refused(
                TWO.replace("\"type\":\"command\"", "\"type\":\"spark\""),
                DATA,
                "of type 'spark'; this server runs",
                "text");
        // As the SDK sends it: the node is the job itself, without a component.
        refused(
                "{\"a\":{\"type\":\"automl\",\"task\":\"classification\",\"primary_metric\":\"accuracy\"}}",
                DATA,
                "Write the training as a command job");
        assertThat(lab.feature().jobs().find(lab.workspace, "p")).isEmpty();
    }

    private void refused(String jobs, Map<String, String> inputs, String message, String... outputs) {
        assertThatThrownBy(() -> lab.submit("p", pipelines.pipeline(jobs, inputs, outputs)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(message);
    }
}
