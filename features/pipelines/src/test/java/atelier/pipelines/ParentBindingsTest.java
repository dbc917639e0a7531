package atelier.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.jobs.Jobs.Job;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// Settings of steps that name inputs of the pipeline, in a pipeline that is a step itself.
class ParentBindingsTest {
    private static final String NESTED = """
            {"nested":{"type":"pipeline","componentId":"#inner/versions/1",
               "inputs":{"text":{"value":"${{parent.inputs.data}}"},"where":{"value":"${{parent.inputs.node}}"}},
               "outputs":{"result":{"value":"${{parent.outputs.text}}"}}}}""";

    @TempDir
    Path folder;

    private PipelineLab pipelines;

    @BeforeEach
    void start() {
        pipelines = new PipelineLab(folder);
        pipelines.lab.blobs.put("blobstore", "in/text.txt", "zero\n");
        pipelines.adding("add", "1", PipelineLab.ADD + "; echo $GREETING >> $3/text.txt");
        inner("inner", "${{parent.inputs.where}}");
    }

    private void inner(String name, String compute) {
        pipelines.put(name, "1", (ObjectNode) Json.parse("""
                {"type":"pipeline",
                 "inputs":{"text":{"type":"uri_folder"},"where":{"type":"string"},
                           "nodes":{"type":"integer","default":1},"aside":{"type":"string","optional":true}},
                 "outputs":{"result":{"type":"uri_folder"}},
                 "jobs":{"only":{"type":"command","component":"azureml:add:1","compute":"%s",
                    "resources":{"instance_count":"${{parent.inputs.nodes}}","instance_type":"${{parent.inputs.aside}}"},
                    "environment_variables":{"GREETING":"from ${{parent.inputs.where}}"},
                    "inputs":{"in":"${{parent.inputs.text}}"},
                    "outputs":{"out":"${{parent.outputs.result}}"}}}}""".formatted(compute)));
    }

    @AfterEach
    void stop() {
        pipelines.close();
    }

    private static Map<String, String> on(String compute) {
        Map<String, String> inputs = new HashMap<>();
        inputs.put("data", "azureml://datastores/workspaceblobstore/paths/in");
        inputs.put("node", compute);
        return inputs;
    }

    @Test
    void aStepRunsOnTheComputeThatThePipelineAboveWasGiven() {
        Job ended = pipelines.run("p", pipelines.pipeline(NESTED, on("serverless"), "text"));
        assertThat(ended.status()).as(String.valueOf(ended.errorMessage())).isEqualTo("Completed");
        Job only = pipelines.step(PipelineSteps.jobName("p", "nested"), "only");
        assertThat(only.properties().path("computeId").asString()).isEqualTo("serverless");
        assertThat(only.properties().at("/resources/instanceCount").asInt()).isEqualTo(1);
        assertThat(only.properties().at("/resources").has("instanceType")).isFalse();
        assertThat(pipelines.lab.blobs.text("blobstore", "azureml/p/text/text.txt"))
                .isEqualTo("zero\nand\nfrom serverless\n");
    }

    @Test
    void aComputeThatIsNotThereIsToldBeforeAnythingRuns() {
        assertThatThrownBy(() -> pipelines.lab.submit("p", pipelines.pipeline(NESTED, on("nope"), "text")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("nope");
        assertThat(pipelines.lab.feature().jobs().find(pipelines.lab.workspace, "p"))
                .isEmpty();
    }

    @Test
    void anInputThatThePipelineDoesNotHaveIsNamedWithTheNearest() {
        inner("wrong", "${{parent.inputs.wher}}");
        String wrong = NESTED.replace("#inner", "#wrong");
        assertThatThrownBy(() -> pipelines.lab.submit("p", pipelines.pipeline(wrong, on("serverless"), "text")))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("'jobs.only.compute'")
                .hasMessageContaining("Did you mean 'where'?");
    }

    @Test
    void aModeIsTheOneOfTheStepsOwnInput() {
        Job ended = pipelines.run("p", pipelines.pipeline("""
                        {"a":{"componentId":"#add/versions/1",
                           "inputs":{"in":{"value":"${{parent.inputs.data}}","mode":"Download"}},
                           "outputs":{"out":{"value":"${{parent.outputs.text}}"}}}}""", on("x"), "text"));
        assertThat(ended.status()).isEqualTo("Completed");
        assertThat(pipelines.step("p", "a").properties().at("/inputs/in/mode").asString())
                .isEqualTo("Download");
    }
}
