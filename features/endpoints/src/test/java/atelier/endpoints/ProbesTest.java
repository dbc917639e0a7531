package atelier.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.kernel.Json;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Probes, settings of requests and the two logs of a deployment, over real HTTP and with real processes.
class ProbesTest {
    private static final String BLUE = EndpointsFixture.WS + "/onlineEndpoints/churn/deployments/blue";
    private static final String OFTEN =
            "\"initialDelay\":\"PT0S\",\"period\":\"PT0.02S\",\"timeout\":\"PT0.3S\",\"failureThreshold\":2";

    @TempDir
    Path folder;

    private EndpointsFixture fixture;

    @BeforeEach
    void open() {
        fixture = new EndpointsFixture(folder);
        fixture.model("m", "1", "one");
        fixture.endpoint("churn");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private void serve(String more) {
        fixture.done(fixture.deploy("churn", "blue", "m:1", more));
        fixture.traffic("churn", "{\"blue\":100}");
    }

    private JsonNode properties() {
        return Json.parse(fixture.get(BLUE).body()).path("properties");
    }

    private long pid() {
        return Json.parse(fixture.score("churn", "{}").body()).path("pid").asLong();
    }

    private String log(String body) {
        return Json.parse(fixture.call("POST", BLUE + "/getLogs", body).body())
                .path("content")
                .asString();
    }

    @Test
    void aHungProcessIsEndedAndStartedAgain() {
        // Long enough for a process to start on a busy machine, too.
        serve(",\"livenessProbe\":{\"initialDelay\":\"PT4S\",\"period\":\"PT0.2S\",\"timeout\":\"PT0.3S\","
                + "\"failureThreshold\":5}");
        long first = pid();
        fixture.score("churn", "{\"unwell\":\"hang\"}");
        EndpointsFixture.await(() -> pid() != first && pid() > 0);
        assertThat(log("{}")).contains("The liveness probe failed 5 times in a row");
        assertThat(properties().path("provisioningState").asString()).isEqualTo("Succeeded");
    }

    @Test
    void anUnreadyProcessGetsNoRequestsUntilItIsReadyAgain() {
        serve(",\"readinessProbe\":{" + OFTEN + ",\"successThreshold\":3}");
        long first = pid();
        fixture.score("churn", "{\"unwell\":\"no\",\"seconds\":0.5}");
        EndpointsFixture.await(() -> fixture.score("churn", "{}").statusCode() == 503);
        EndpointsFixture.await(() -> fixture.score("churn", "{}").statusCode() == 200);
        assertThat(pid()).isEqualTo(first);
        assertThat(log("{}")).contains("The readiness probe failed", "The readiness probe succeeds again");
    }

    @Test
    void probesAreShownWithAzuresDefaultsAndAChangeRollsOut() {
        serve("");
        assertThat(properties().path("livenessProbe"))
                .isEqualTo(Json.parse("{\"initialDelay\":\"PT10S\",\"period\":\"PT10S\",\"timeout\":\"PT2S\","
                        + "\"successThreshold\":1,\"failureThreshold\":30}"));
        long first = pid();
        // What was read may be put again: nothing is restarted.
        serve(",\"livenessProbe\":" + properties().path("livenessProbe"));
        assertThat(pid()).isEqualTo(first);
        serve(",\"readinessProbe\":{\"period\":\"PT1M\",\"timeout\":null}");
        assertThat(pid()).isNotEqualTo(first);
        assertThat(properties().at("/readinessProbe/period").asString()).isEqualTo("PT1M");
        assertThat(properties().at("/readinessProbe/timeout").asString()).isEqualTo("PT2S");
    }

    @Test
    void theFirstStartHasAsLongAsTheLivenessProbeSays() {
        fixture.model("m", "2", "sleep");
        JsonNode ended = fixture.ended(fixture.deploy(
                "churn",
                "green",
                "m:2",
                ",\"livenessProbe\":{\"initialDelay\":\"PT0.3S\",\"period\":\"PT0.1S\",\"failureThreshold\":2}"));
        assertThat(ended.toString()).contains("was not ready after 0 seconds", "liveness probe");
    }

    @Test
    void settingsThatAreWrongAreNamed() {
        String[][] wrong = {
            {",\"livenessProbe\":5", "livenessProbe"},
            {",\"livenessProbe\":{\"period\":\"10\"}", "livenessProbe.period"},
            {",\"readinessProbe\":{\"timeout\":\"PT0S\"}", "readinessProbe.timeout"},
            {",\"readinessProbe\":{\"initialDelay\":\"-PT1S\"}", "readinessProbe.initialDelay"},
            {",\"readinessProbe\":{\"failureThreshold\":0}", "readinessProbe.failureThreshold"},
            {",\"readinessProbe\":{\"successThreshold\":\"many\"}", "readinessProbe.successThreshold"},
            {",\"requestSettings\":[]", "requestSettings"},
            {",\"requestSettings\":{\"requestTimeout\":5000}", "requestSettings.requestTimeout"},
            {",\"requestSettings\":{\"requestTimeout\":\"PT0S\"}", "requestSettings.requestTimeout"},
            {",\"requestSettings\":{\"maxQueueWait\":\"-PT1S\"}", "requestSettings.maxQueueWait"},
            {",\"requestSettings\":{\"maxConcurrentRequestsPerInstance\":0.5}", "maxConcurrentRequestsPerInstance"},
        };
        for (String[] one : wrong) {
            HttpResponse<String> answer = fixture.deploy("churn", "blue", "m:1", one[0]);
            assertThat(answer.statusCode()).as(one[0]).isEqualTo(400);
            assertThat(Json.parse(answer.body()).at("/error/target").asString()).endsWith(one[1]);
        }
        assertThat(fixture.get(BLUE).statusCode()).isEqualTo(404);
    }

    @Test
    void eachContainerHasItsLog() {
        serve("");
        assertThat(log("{\"containerType\":\"StorageInitializer\"}"))
                .contains("Fetching the files of model m:1 from", "files are there")
                .doesNotContain("serving one");
        assertThat(log("{\"containerType\":\"InferenceServer\",\"tail\":100}")).contains("serving one");
        assertThat(log("{\"containerType\":\"StorageInitializer\",\"tail\":1}").lines())
                .hasSize(1);
        HttpResponse<String> wrong = fixture.call("POST", BLUE + "/getLogs", "{\"containerType\":\"InferenceServr\"}");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("Did you mean 'InferenceServer'?");
        assertThat(fixture.call("POST", BLUE + "/getLogs", "{\"tail\":\"all\"}").statusCode())
                .isEqualTo(400);
    }
}
