package atelier.sweeps;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.jobs.fakes.Lab;
import atelier.kernel.Json;
import atelier.testkit.TestServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Sweeps over real HTTP.
class SweepRoutesTest {
    @TempDir
    Path folder;

    private SweepLab sweeps;
    private TestServer server;
    private String ws;

    @BeforeEach
    void start() {
        sweeps = new SweepLab(folder);
        server = TestServer.of(sweeps.routes());
        ws = sweeps.lab.workspace.armId();
    }

    @AfterEach
    void stop() {
        server.close();
        sweeps.close();
    }

    private HttpResponse<String> put(String name, ObjectNode sweep) {
        ObjectNode body = Json.object();
        body.set("properties", sweep);
        return server.send("PUT", ws + "/jobs/" + name + "?api-version=2024-01-01-preview", body.toString());
    }

    private JsonNode get(String path) {
        HttpResponse<String> response = server.get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Json.parse(response.body());
    }

    private static ObjectNode grid() {
        return SweepLab.sweep("test ${{search_space.n}} != 2", "{\"n\": [\"choice\", [[1, 2, 3]]]}", """
                "samplingAlgorithm": {"samplingAlgorithmType": "Grid"}""");
    }

    @Test
    void trialsAreToldWithParametersMetricAndState() {
        sweeps.accuracy(parameters -> parameters.path("n").asDouble() / 10);
        assertThat(put("tune", grid()).statusCode()).isEqualTo(201);
        sweeps.lab.awaitEnd("tune");
        JsonNode trials = get(ws + "/atelier/jobs/tune/trials");
        assertThat(trials.at("/objective").toString())
                .isEqualTo("{\"goal\":\"maximize\",\"primaryMetric\":\"accuracy\"}");
        assertThat(trials.path("best").asString()).isEqualTo("tune_2");
        assertThat(trials.path("spaceSize").asInt()).isEqualTo(3);
        assertThat(trials.path("value")).hasSize(3);
        assertThat(trials.at("/value/1/status").asString()).isEqualTo("Failed");
        assertThat(trials.at("/value/1/reason").asString()).contains("exit code 1");
        assertThat(trials.at("/value/2/best").asBoolean()).isTrue();
        assertThat(trials.at("/value/2/metric").asDouble()).isEqualTo(0.3);
        assertThat(trials.at("/value/2/parameters").toString()).isEqualTo("{\"n\":3}");
    }

    @Test
    void aSweepIsReadBackAsItWasSent() {
        sweeps.accuracy(_ -> 1);
        ObjectNode sent = grid();
        put("tune", sent);
        sweeps.lab.awaitEnd("tune");
        JsonNode read = get(ws + "/jobs/tune").path("properties");
        for (String field : new String[] {"searchSpace", "samplingAlgorithm", "objective", "trial"}) {
            assertThat(read.path(field)).as(field).isEqualTo(sent.path(field));
        }
        assertThat(read.path("jobType").asString()).isEqualTo("Sweep");
        assertThat(read.at("/properties/best_child_run_id").asString()).isEqualTo("tune_0");
    }

    @Test
    void historyAndDetailsAreThoseOfASweep() {
        sweeps.accuracy(_ -> 1);
        put("tune", grid());
        sweeps.lab.awaitEnd("tune");
        assertThat(get("/history/v1.0" + ws + "/runs/tune").path("runType").asString())
                .isEqualTo("hyperdrive");
        JsonNode details = get("/history/v1.0" + ws + "/runs/tune/details");
        assertThat(details.path("logFiles").propertyNames()).contains("azureml-logs/hyperdrive.txt");
        JsonNode children = get("/history/v1.0" + ws + "/runs/tune/children").path("value");
        assertThat(children).hasSize(3);
        assertThat(children.at("/0/parentRunId").asString()).isEqualTo("tune");
        assertThat(children.at("/0/runType").asString()).isEqualTo("azureml.scriptrun");
    }

    @Test
    void whatIsWrongIsRefusedAndNothingIsKept() {
        ObjectNode wrong = grid();
        wrong.set("searchSpace", Json.parse("{\"n\": [\"unifrom\", [0, 1]]}"));
        HttpResponse<String> refused = put("tune", wrong);
        assertThat(refused.statusCode()).isEqualTo(400);
        JsonNode error = Json.parse(refused.body()).path("error");
        assertThat(error.toString()).contains("searchSpace.n").contains("Did you mean 'uniform'?");
        assertThat(server.get(ws + "/jobs/tune").statusCode()).isEqualTo(404);
        ObjectNode unknown = grid();
        ((ObjectNode) unknown.get("trial")).put("command", "echo ${{inputs.none}}");
        assertThat(put("tune", unknown).body()).contains("trial.command").contains("no input 'none'");
    }

    @Test
    void strangeBodiesAreRefusedNotMistakesOfTheServer() {
        for (String body : new String[] {
            "{}",
            "{\"searchSpace\": 5}",
            "{\"searchSpace\": {\"n\": null}}",
            "{\"searchSpace\": {\"n\": []}}",
            "{\"searchSpace\": {\"n\": [1, 2]}}",
            "{\"searchSpace\": {\"n\": [\"choice\", \"x\"]}}",
            "{\"searchSpace\": {\"n\": [\"choice\", [[{\"a\": [\"choice\", [[]]]}]]]}}",
            "{\"searchSpace\": {\"n\": [\"uniform\", [{}, []]]}}",
            "{\"searchSpace\": {\"n\": [\"randint\", [1e300]]}}",
            "{\"samplingAlgorithm\": []}",
            "{\"samplingAlgorithm\": {\"samplingAlgorithmType\": 7}}",
            "{\"objective\": \"max\"}",
            "{\"limits\": [1]}",
            "{\"limits\": {\"maxTotalTrials\": {}}}",
            "{\"limits\": {\"timeout\": 1e300}}",
            "{\"earlyTermination\": 3}",
            "{\"earlyTermination\": {\"policyType\": {}}}",
            "{\"trial\": 1}"
        }) {
            ObjectNode sweep = grid();
            sweep.setAll((ObjectNode) Json.parse(body));
            if (body.equals("{}")) {
                sweep.remove("searchSpace");
            }
            HttpResponse<String> answer = put("strange", sweep);
            assertThat(answer.statusCode()).as(body + " " + answer.body()).isEqualTo(400);
        }
        assertThat(server.get(ws + "/jobs/strange").statusCode()).isEqualTo(404);
    }

    @Test
    void onlySweepsHaveTrials() {
        sweeps.lab.submit("c", Lab.command("true"));
        sweeps.lab.awaitEnd("c");
        assertThat(server.get(ws + "/atelier/jobs/c/trials").statusCode()).isEqualTo(400);
        assertThat(server.get(ws + "/atelier/jobs/nobody/trials").statusCode()).isEqualTo(404);
    }
}
