package atelier.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.kernel.Json;
import atelier.testkit.TestServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Azure Resource Manager's door: endpoints, deployments, keys, traffic, logs, over real HTTP.
class EndpointsTest {
    private static final String ENDPOINTS = EndpointsFixture.WS + "/onlineEndpoints";

    @TempDir
    Path folder;

    private EndpointsFixture fixture;

    @BeforeEach
    void open() {
        fixture = new EndpointsFixture(folder);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private JsonNode get(String path) {
        return Json.parse(fixture.get(path).body());
    }

    @Test
    void aPutIsALongRunningOperationAsTheSdkNeedsIt() {
        HttpResponse<String> made = fixture.call(
                "PUT", ENDPOINTS + "/churn", "{\"location\":\"local\",\"properties\":{\"authMode\":\"Key\"}}");
        assertThat(made.statusCode()).isEqualTo(201);
        JsonNode body = Json.parse(made.body());
        assertThat(body.path("properties").path("provisioningState").asString()).isEqualTo("Creating");
        fixture.done(made);
        JsonNode endpoint = get(ENDPOINTS + "/churn");
        assertThat(endpoint.path("properties").path("provisioningState").asString())
                .isEqualTo("Succeeded");
        assertThat(endpoint.path("properties").path("scoringUri").asString())
                .isEqualTo(fixture.server().uri("/endpoints/main/churn/score").toString());
        assertThat(endpoint.path("properties").path("traffic").isObject()).isTrue();
        assertThat(endpoint.path("identity").path("type").asString()).isEqualTo("SystemAssigned");
    }

    @Test
    void aDeploymentGoesFromCreatingToSucceeded() {
        fixture.model("m", "1", "one");
        fixture.endpoint("churn");
        HttpResponse<String> accepted = fixture.deploy("churn", "blue", "m:1", "");
        assertThat(accepted.statusCode()).isEqualTo(201);
        assertThat(Json.parse(accepted.body())
                        .path("properties")
                        .path("provisioningState")
                        .asString())
                .isEqualTo("Creating");
        fixture.done(accepted);
        JsonNode deployment = get(ENDPOINTS + "/churn/deployments/blue");
        assertThat(deployment.path("properties").path("provisioningState").asString())
                .isEqualTo("Succeeded");
        assertThat(deployment.path("properties").path("endpointComputeType").asString())
                .isEqualTo("Managed");
        assertThat(deployment
                        .path("properties")
                        .path("scaleSettings")
                        .path("scaleType")
                        .asString())
                .isEqualTo("Default");
        assertThat(get(ENDPOINTS + "/churn/deployments").path("value")).hasSize(1);
    }

    @Test
    void aModelThatCannotStartFailsWithItsOwnWords() {
        fixture.model("m", "1", "fail");
        fixture.endpoint("churn");
        JsonNode operation = fixture.ended(fixture.deploy("churn", "blue", "m:1", ""));
        assertThat(operation.path("status").asString()).isEqualTo("Failed");
        assertThat(operation.path("error").path("message").asString()).isEqualTo("The model has a broken leg.");
        JsonNode properties = get(ENDPOINTS + "/churn/deployments/blue").path("properties");
        assertThat(properties.path("provisioningState").asString()).isEqualTo("Failed");
        assertThat(properties.path("properties").path("errorMessage").asString())
                .isEqualTo("The model has a broken leg.");
    }

    @Test
    void aServerThatDiesAtStartIsToldWithTheEndOfItsLog() {
        fixture.model("m", "1", "die");
        fixture.endpoint("churn");
        JsonNode operation = fixture.ended(fixture.deploy("churn", "blue", "m:1", ""));
        assertThat(operation.path("error").path("message").asString()).contains("about to die");
    }

    @Test
    void whatIsMissingIsSaidBeforeAnythingIsAccepted() {
        fixture.endpoint("churn");
        assertThat(fixture.deploy("nowhere", "blue", "m:1", "").statusCode()).isEqualTo(404);
        assertThat(fixture.deploy("churn", "blue", "nope:1", "").statusCode()).isEqualTo(404);
        assertThat(fixture.deploy("churn", "blue", "custom:1", "").body()).contains("needs a scoring script");
        assertThat(fixture.deploy("churn", "Blue_1", "m:1", "").statusCode()).isEqualTo(400);
        assertThat(fixture.deploy("churn", "blue", "m:9", "").body()).contains("conda.yaml");
        assertThat(get(ENDPOINTS + "/churn/deployments").path("value")).isEmpty();
    }

    @Test
    void anUnchangedPutRestartsNothingAndFetchesNothing() {
        fixture.serving();
        String before = fixture.score("churn", "{}").body();
        int downloads = fixture.blobs.downloads();
        HttpResponse<String> again = fixture.deploy("churn", "blue", "m:1", "");
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(Json.parse(again.body())
                        .path("properties")
                        .path("provisioningState")
                        .asString())
                .isEqualTo("Updating");
        fixture.done(again);
        assertThat(pid(fixture.score("churn", "{}").body())).isEqualTo(pid(before));
        assertThat(fixture.blobs.downloads()).isEqualTo(downloads);
        assertThat(fixture.built).hasSize(1);
    }

    private static int pid(String scored) {
        return Json.parse(scored).path("pid").asInt();
    }

    @Test
    void aNewModelTakesOverOnlyWhenItIsReady() {
        fixture.serving();
        fixture.model("m", "2", "two");
        HttpResponse<String> update = fixture.deploy("churn", "blue", "m:2", "");
        assertThat(fixture.score("churn", "{}").statusCode()).isEqualTo(200);
        fixture.done(update);
        assertThat(fixture.score("churn", "{}").body()).contains("\"two\"");
    }

    @Test
    void aBadUpdateLeavesWhatServedBefore() {
        fixture.serving();
        fixture.model("m", "2", "fail");
        assertThat(fixture.ended(fixture.deploy("churn", "blue", "m:2", ""))
                        .path("status")
                        .asString())
                .isEqualTo("Failed");
        assertThat(fixture.score("churn", "{}").body()).contains("\"one\"");
    }

    @Test
    void instancesAreProcessesTakenInTurn() {
        fixture.serving();
        fixture.done(fixture.call(
                "PATCH", ENDPOINTS + "/churn/deployments/blue", "{\"sku\":{\"name\":\"Default\",\"capacity\":2}}"));
        assertThat(pid(fixture.score("churn", "{}").body()))
                .isNotEqualTo(pid(fixture.score("churn", "{}").body()));
        assertThat(get(ENDPOINTS + "/churn/deployments/blue")
                        .path("sku")
                        .path("capacity")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void aScoringScriptGetsItsCodeModelFolderAndVariables() {
        fixture.model("custom", "1", "unused");
        fixture.file("code/score.py", "scripted");
        var code = Json.object().put("codeUri", "store/code");
        fixture.call("PUT", ENDPOINTS + "/scripted", "{\"properties\":{}}");
        fixture.assets().put(fixture.workspace(), "codes", "c1", "1", code, TestServer.USER);
        fixture.done(fixture.deploy(
                "scripted",
                "blue",
                "custom:1",
                ",\"environmentId\":\"azureml:e:1\",\"codeConfiguration\":{\"codeId\":\"azureml:c1:1\",\"scoringScript\":\"score.py\"},"
                        + "\"environmentVariables\":{\"GREETING\":\"hello\"}"));
        fixture.traffic("scripted", "{\"blue\":100}");
        JsonNode said = Json.parse(fixture.score("scripted", "{}").body());
        assertThat(said.path("answer").asString()).isEqualTo("scripted");
        assertThat(said.path("variable").asString()).isEqualTo("hello");
        assertThat(Path.of(said.path("model_dir").asString()).resolve("model/MLmodel"))
                .exists();
    }

    @Test
    void trafficNeedsDeploymentsThatExistAndAHundredPercent() {
        fixture.serving();
        assertThat(patch("{\"bleu\":100}").body()).contains("Did you mean 'blue'?");
        assertThat(patch("{\"blue\":50}").statusCode()).isEqualTo(400);
        assertThat(patch("{\"blue\":100}").statusCode()).isEqualTo(200);
        assertThat(get(ENDPOINTS + "/churn").path("properties").path("traffic").toString())
                .isEqualTo("{\"blue\":100}");
    }

    private HttpResponse<String> patch(String traffic) {
        return fixture.call("PATCH", ENDPOINTS + "/churn", "{\"properties\":{\"traffic\":" + traffic + "}}");
    }

    @Test
    void aDeploymentWithTrafficStays() {
        fixture.serving();
        assertThat(fixture.call("DELETE", ENDPOINTS + "/churn/deployments/blue", "")
                        .statusCode())
                .isEqualTo(409);
        fixture.traffic("churn", "{}");
        HttpResponse<String> going = fixture.call("DELETE", ENDPOINTS + "/churn/deployments/blue", "");
        assertThat(going.statusCode()).isEqualTo(202);
        fixture.done(going);
        assertThat(fixture.get(ENDPOINTS + "/churn/deployments/blue").statusCode())
                .isEqualTo(404);
        assertThat(fixture.call("DELETE", ENDPOINTS + "/churn/deployments/blue", "")
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void anEndpointGoesWithItsProcessesAndFiles() {
        fixture.serving();
        int pid = pid(fixture.score("churn", "{}").body());
        HttpResponse<String> going = fixture.call("DELETE", ENDPOINTS + "/churn", "");
        assertThat(going.statusCode()).isEqualTo(202);
        assertThat(going.headers().firstValue("Location")).isPresent();
        fixture.done(going);
        assertThat(fixture.get(ENDPOINTS + "/churn").statusCode()).isEqualTo(404);
        EndpointsFixture.await(
                () -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
        assertThat(folder.resolve("deployments").toFile().listFiles())
                .allSatisfy(workspace ->
                        assertThat(workspace.toPath().resolve("churn/blue")).doesNotExist());
    }

    @Test
    void keysAreRenewedOneByOneAndNeverShownElsewhere() {
        fixture.endpoint("churn");
        String keys = fixture.call("POST", ENDPOINTS + "/churn/listKeys", "").body();
        String primary = Json.parse(keys).path("primaryKey").asString();
        String renewed = fixture.call("POST", ENDPOINTS + "/churn/regenerateKeys", "{\"keyType\":\"Primary\"}")
                .body();
        assertThat(Json.parse(renewed).path("primaryKey").asString()).isNotEqualTo(primary);
        assertThat(Json.parse(renewed).path("secondaryKey"))
                .isEqualTo(Json.parse(keys).path("secondaryKey"));
        assertThat(fixture.get(ENDPOINTS + "/churn").body())
                .doesNotContain(Json.parse(renewed).path("primaryKey").asString());
        assertThat(fixture.call("POST", ENDPOINTS + "/churn/regenerateKeys", "{}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void logsAreTheRollOutAndWhatTheServerSaid() {
        fixture.serving();
        String logs = fixture.call("POST", ENDPOINTS + "/churn/deployments/blue/getLogs", "{\"tail\":50}")
                .body();
        assertThat(logs).contains("building conda", "serving one", "is ready");
        assertThat(fixture.call("POST", ENDPOINTS + "/churn/deployments/blue/getLogs", "{\"tail\":1}")
                        .body())
                .doesNotContain("building conda");
    }

    @Test
    void metricsCountWhatWasAnswered() {
        fixture.serving();
        fixture.score("churn", "{}");
        fixture.score("churn", "{\"status\":500}");
        JsonNode metrics = get(EndpointsFixture.WS + "/atelier/onlineEndpoints/churn/metrics?minutes=60");
        assertThat(metrics.path("requests").asInt()).isEqualTo(2);
        assertThat(metrics.path("errors").asInt()).isEqualTo(1);
        assertThat(metrics.path("latencyMs").path("p95").asDouble()).isPositive();
        assertThat(metrics.path("series")).hasSize(61);
        assertThat(fixture.get(EndpointsFixture.WS + "/atelier/onlineEndpoints/nope/metrics")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void theHistoryOfModelsHearsOfEveryChangeOfADeployment() {
        fixture.serving();
        fixture.model("m", "2", "two");
        fixture.done(fixture.deploy("churn", "blue", "m:2", ""));
        fixture.traffic("churn", "{\"blue\":0}");
        fixture.done(fixture.call("DELETE", ENDPOINTS + "/churn/deployments/blue", ""));

        String who = " by " + TestServer.USER.name();
        assertThat(fixture.deployed.heard)
                .containsExactly(
                        "shares churn {}" + who,
                        "wanted blue m:1" + who,
                        "serves blue m:1",
                        "shares churn {blue=100}" + who,
                        "wanted blue m:2" + who,
                        "serves blue m:2",
                        "shares churn {blue=0}" + who,
                        "gone churn/blue" + who,
                        "shares churn {}" + who);
    }

    @Test
    void whatServedBeforeIsToldAtTheNextStart() {
        fixture.serving();
        fixture.deployed.heard.clear();
        fixture.restart();
        assertThat(fixture.deployed.heard).containsExactly("found blue m:1 100 by " + TestServer.USER.name());
    }

    @Test
    void theHistoryOfModelsHearsOfAnEndpointThatGoes() {
        fixture.endpoint("churn");
        fixture.call("DELETE", ENDPOINTS + "/churn", "");
        assertThat(fixture.deployed.heard)
                .containsExactly(
                        "shares churn {} by " + TestServer.USER.name(), "gone churn/null by " + TestServer.USER.name());
    }
}
