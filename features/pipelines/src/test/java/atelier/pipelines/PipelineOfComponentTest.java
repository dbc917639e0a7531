package atelier.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.jobs.Jobs.Job;
import atelier.jobs.fakes.Lab;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.testkit.TestServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// Pipeline jobs that name a pipeline component and have no steps of their own.
class PipelineOfComponentTest {
    private static final String DATA =
            "\"data\":{\"jobInputType\":\"uri_folder\",\"uri\":\"azureml://datastores/workspaceblobstore/paths/in\"}";

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
        pipelines.put("two", "1", spec("one"));
    }

    @AfterEach
    void stop() {
        pipelines.close();
    }

    private ObjectNode spec(String word) {
        return (ObjectNode) Json.parse(
                """
                {"type":"pipeline","display_name":"Two words",
                 "inputs":{"data":{"type":"uri_folder"},"word":{"type":"string","default":"WORD"},
                           "note":{"type":"string","optional":true}},
                 "outputs":{"text":{"type":"uri_folder"}},
                 "jobs":{"first":{"type":"command","componentId":"#add/versions/1",
                    "inputs":{"in":{"job_input_type":"literal","value":"${{parent.inputs.data}}"},
                              "word":{"job_input_type":"literal","value":"${{parent.inputs.word}}"}},
                    "outputs":{"out":{"type":"literal","value":"${{parent.outputs.text}}"}}}}}""".replace("#", lab.workspace.armId() + "/components/").replace("WORD", word));
    }

    private static ObjectNode job(String component, String inputs) {
        return (ObjectNode) Json.parse("{\"jobType\":\"Pipeline\",\"componentId\":\"" + component
                + "\",\"jobs\":{},\"inputs\":{" + inputs + "}}");
    }

    @Test
    void theStepsDefaultsAndOutputsOfTheComponentAreTheJobs() {
        Job ended = pipelines.run("p", job("azureml:two:1", DATA));
        assertThat(ended.status()).as(String.valueOf(ended.errorMessage())).isEqualTo("Completed");
        assertThat(lab.blobs.text("blobstore", "azureml/p/text/text.txt")).isEqualTo("zero\none\n");
        assertThat(ended.properties().path("jobs").propertyNames()).containsExactly("first");
        assertThat(ended.properties().at("/inputs/word/value").asString()).isEqualTo("one");
        assertThat(ended.properties().path("inputs").has("note")).isFalse();
    }

    @Test
    void whatIsGivenGoesBeforeTheDefault() {
        pipelines.run("p", job("azureml:two:1", DATA + ",\"word\":{\"jobInputType\":\"literal\",\"value\":\"other\"}"));
        assertThat(lab.blobs.text("blobstore", "azureml/p/text/text.txt")).isEqualTo("zero\nother\n");
    }

    @Test
    void theLatestVersionIsTheOneOfTheSubmission() {
        Job submitted = lab.submit("p", job("azureml:two@latest", DATA));
        pipelines.put("two", "2", spec("new"));
        assertThat(submitted.properties().path("componentId").asString())
                .isEqualTo(lab.workspace.armId() + "/components/two/versions/1");
        lab.awaitEnd("p");
        assertThat(lab.blobs.text("blobstore", "azureml/p/text/text.txt")).isEqualTo("zero\none\n");
    }

    @Test
    void aComponentMadeOfAJobRunsThatJobsStepsWithItsInputs() {
        pipelines.run("p", job("azureml:two:1", DATA));
        pipelines.put(
                "again",
                "1",
                Json.object().put("type", "pipeline").put("sourceJobId", lab.workspace.armId() + "/jobs/p"));
        Job ended = pipelines.run(
                "q", job("azureml:again:1", "\"word\":{\"jobInputType\":\"literal\",\"value\":\"more\"}"));
        assertThat(ended.status()).as(String.valueOf(ended.errorMessage())).isEqualTo("Completed");
        assertThat(lab.blobs.text("blobstore", "azureml/q/text/text.txt")).isEqualTo("zero\nmore\n");
        refused(
                job("azureml:again:1", "\"wrod\":{\"jobInputType\":\"literal\",\"value\":\"x\"}"),
                "inputs.wrod",
                "no input 'wrod'",
                "Did you mean 'word'");
    }

    @Test
    void aMistakeIsSaidWithTheFieldAndNothingIsKept() {
        pipelines.put("empty", "1", Json.object().put("type", "pipeline"));
        refused(job("azureml:two:1", ""), "inputs.data", "needs its input 'data' (uri_folder)");
        refused(
                job("azureml:two:1", DATA + ",\"wrod\":{\"jobInputType\":\"literal\",\"value\":\"x\"}"),
                "inputs.wrod",
                "no input 'wrod'",
                "word");
        refused(job("azureml:add:1", ""), "componentId", "is a command component");
        refused(job("azureml:empty:1", ""), "componentId", "no steps");
        ObjectNode output = job("azureml:two:1", DATA);
        output.putObject("outputs").putObject("txt").put("jobOutputType", "uri_folder");
        refused(output, "outputs.txt", "no output 'txt'", "text");
        assertThat(lab.feature().jobs().find(lab.workspace, "refused")).isEmpty();
    }

    @Test
    void anUnknownComponentIsNotFound() {
        assertThatThrownBy(() -> lab.submit("p", job("azureml:tow:1", DATA)))
                .isInstanceOf(Problem.NotFound.class)
                .hasMessageContaining("tow");
    }

    private void refused(ObjectNode job, String target, String... parts) {
        assertThatThrownBy(() -> lab.feature().jobs().submit(lab.workspace, "refused", job, null, TestServer.USER))
                .isInstanceOfSatisfying(Problem.Invalid.class, problem -> {
                    assertThat(problem.target()).isEqualTo(target);
                    assertThat(problem.message()).contains(parts);
                });
    }
}
