package atelier.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.kernel.Json;
import atelier.testkit.TestServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class PipelineRoutesTest {
    @TempDir
    Path folder;

    private PipelineLab pipelines;
    private TestServer server;
    private String ws;

    @BeforeEach
    void start() {
        pipelines = new PipelineLab(folder);
        server = TestServer.of(pipelines.routes());
        ws = pipelines.lab.workspace.armId();
        pipelines.lab.blobs.put("blobstore", "in/text.txt", "zero\n");
        pipelines.adding("add", "1", PipelineLab.ADD);
        pipelines.adding("bad", "1", "exit 1");
    }

    @AfterEach
    void stop() {
        server.close();
        pipelines.close();
    }

    @Test
    void theGraphTellsStatesAndReasons() {
        String jobs = """
                {"one":{"type":"command","componentId":"#bad/versions/1","inputs":{"in":{"value":"${{parent.inputs.data}}"}}},
                 "two":{"type":"command","componentId":"#add/versions/1","inputs":{"in":{"value":"${{parent.jobs.one.outputs.out}}"}}}}""";
        Map<String, String> data = Map.of("data", "azureml://datastores/workspaceblobstore/paths/in");
        pipelines.run("p", pipelines.pipeline(jobs, data));
        JsonNode graph = Json.parse(server.get(ws + "/atelier/jobs/p/graph").body());
        assertThat(graph.at("/nodes/0/status").asString()).isEqualTo("Failed");
        assertThat(graph.at("/nodes/0/job").asString()).isEqualTo(PipelineSteps.jobName("p", "one"));
        assertThat(graph.at("/nodes/0/reason").asString()).contains("no earlier run");
        assertThat(graph.at("/nodes/1/status").asString()).isEqualTo("Canceled");
        assertThat(graph.at("/nodes/1/job").isNull()).isTrue();
        assertThat(graph.at("/nodes/1/reason").asString()).isEqualTo("Not run: step 'one', which it needs, is Failed.");
        assertThat(graph.at("/edges").toString())
                .contains("{\"from\":\"one\",\"fromPort\":\"out\",\"to\":\"two\",\"toPort\":\"in\"}");
        JsonNode children =
                Json.parse(server.get("/history/v1.0" + ws + "/runs/p/children").body());
        assertThat(children.at("/value/0/parentRunId").asString()).isEqualTo("p");
        assertThat(children.at("/value/0/rootRunId").asString()).isEqualTo("p");
    }

    @Test
    void aComponentIsKeptWithItsSpecification() {
        String path = ws + "/components/azureml_anonymous/versions/abc?api-version=2024-01-01-preview";
        String body =
                "{\"properties\":{\"isAnonymous\":true,\"componentSpec\":{\"type\":\"command\",\"command\":\"true\"}}}";
        assertThat(server.send("PUT", path, body).statusCode()).isEqualTo(201);
        assertThat(server.send("PUT", path, body).statusCode()).isEqualTo(200);
        assertThat(Json.parse(server.get(path).body())
                        .at("/properties/componentSpec/command")
                        .asString())
                .isEqualTo("true");
        String bad = "{\"properties\":{\"componentSpec\":{\"type\":\"command\"}}}";
        assertThat(server.send("PUT", ws + "/components/x/versions/1", bad).statusCode())
                .isEqualTo(400);
    }

    @Test
    void aCommandJobHasAnEmptyGraph() {
        pipelines.run("c", atelier.jobs.fakes.Lab.command("true"));
        JsonNode graph = Json.parse(server.get(ws + "/atelier/jobs/c/graph").body());
        assertThat(graph.at("/nodes")).isEmpty();
    }
}
