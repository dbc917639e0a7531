package atelier.batch;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.kernel.Json;
import atelier.testkit.TestServer;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Batch endpoints and deployments over real HTTP.
class BatchRoutesTest {
    @TempDir
    Path folder;

    private BatchLab batch;

    @BeforeEach
    void start() {
        batch = new BatchLab(folder);
        batch.model(BatchLab.ECHO);
    }

    @AfterEach
    void stop() {
        batch.close();
    }

    @Test
    void anEndpointIsMadeByALongRunningOperation() {
        HttpResponse<String> made =
                batch.put("/batchEndpoints/Heart-1", "{\"authMode\":\"aadToken\",\"description\":\"d\"}");
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(Json.parse(made.body()).at("/properties/provisioningState").asString())
                .isEqualTo("Creating");
        URI operation =
                URI.create(made.headers().firstValue("Azure-AsyncOperation").orElseThrow());
        assertThat(batch.get(operation.getPath()).path("status").asString()).isEqualTo("Succeeded");
        JsonNode endpoint = batch.get(batch.ws + "/batchEndpoints/heart-1");
        assertThat(endpoint.at("/properties/provisioningState").asString()).isEqualTo("Succeeded");
        assertThat(endpoint.at("/properties/authMode").asString()).isEqualTo("aadToken");
        assertThat(endpoint.at("/properties/scoringUri").asString())
                .endsWith("/mferp/managementfrontend" + batch.ws + "/batchEndpoints/Heart-1/jobs");
        assertThat(endpoint.at("/properties/defaults").isObject()).isTrue();
        assertThat(batch.get(URI.create(endpoint.at("/properties/swaggerUri").asString())
                                .getPath())
                        .path("openapi")
                        .asString())
                .startsWith("3.");
    }

    @Test
    void theDefaultDeploymentIsOneThatIsThere() {
        batch.deploy("");
        HttpResponse<String> wrong = batch.put("/batchEndpoints/heart", "{\"defaults\":{\"deployment_name\":\"blu\"}}");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("Did you mean 'blue'?").contains("properties.defaults.deploymentName");
        // A body that does not speak of the default leaves it.
        batch.ok(batch.put("/batchEndpoints/heart", "{\"description\":\"other\"}"));
        assertThat(batch.get(batch.ws + "/batchEndpoints/heart")
                        .at("/properties/defaults/deploymentName")
                        .asString())
                .isEqualTo("blue");
    }

    @Test
    void theHistoryOfModelsHearsOfEveryChange() {
        batch.deploy("");
        batch.server().send("DELETE", batch.ws + "/batchEndpoints/heart/deployments/blue", "");
        batch.server().send("DELETE", batch.ws + "/batchEndpoints/heart", "");
        String who = " by " + TestServer.USER.name();
        assertThat(batch.deployed.heard)
                .containsExactly(
                        "shares heart {}" + who,
                        "wanted blue m:1" + who,
                        "serves blue m:1",
                        "shares heart {blue=100}" + who,
                        "gone heart/blue" + who,
                        "gone heart/null" + who);
    }

    @Test
    void aDeploymentTellsItsSettingsWithAzuresDefaults() {
        batch.deploy("");
        JsonNode deployment = batch.get(batch.ws + "/batchEndpoints/heart/deployments/blue");
        assertThat(deployment.at("/properties/outputAction").asString()).isEqualTo("AppendRow");
        assertThat(deployment.at("/properties/outputFileName").asString()).isEqualTo("predictions.csv");
        assertThat(deployment.at("/properties/retrySettings/timeout").asString())
                .isEqualTo("PT30S");
        assertThat(deployment.at("/properties/errorThreshold").asInt()).isEqualTo(-1);
        assertThat(deployment.at("/properties/resources/instanceCount").asInt()).isEqualTo(1);
        assertThat(batch.get(batch.ws + "/batchEndpoints/heart/deployments")
                        .at("/value/0/name")
                        .asString())
                .isEqualTo("blue");
    }

    @Test
    void aChangeOfSomeFieldsKeepsTheOthers() {
        batch.deploy(",\"errorThreshold\":7");
        HttpResponse<String> patched = batch.server()
                .send(
                        "PATCH",
                        batch.ws + "/batchEndpoints/heart/deployments/blue",
                        "{\"tags\":{\"a\":\"b\"},\"properties\":{\"miniBatchSize\":5}}");
        assertThat(patched.statusCode()).isEqualTo(200);
        JsonNode deployment = batch.get(batch.ws + "/batchEndpoints/heart/deployments/blue");
        assertThat(deployment.at("/properties/miniBatchSize").asInt()).isEqualTo(5);
        assertThat(deployment.at("/properties/errorThreshold").asInt()).isEqualTo(7);
        assertThat(deployment.at("/tags/a").asString()).isEqualTo("b");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            "miniBatchSize":0               | 'miniBatchSize' is a whole number       | properties.miniBatchSize
            "miniBatchSize":"many"          | 'miniBatchSize' is a whole number       | properties.miniBatchSize
            "errorThreshold":-2             | 'errorThreshold' is a whole number      | properties.errorThreshold
            "outputAction":"AppendRows"     | Did you mean 'AppendRow'?               | properties.outputAction
            "outputFileName":"../x.csv"     | without folders                         | properties.outputFileName
            "loggingLevel":"loud"           | 'loggingLevel' is Info or Warning       | properties.loggingLevel
            "retrySettings":{"timeout":"3"} | 'timeout' is an ISO 8601 duration       | properties.retrySettings.timeout
            "resources":{"instanceCount":0} | 'instanceCount' is a whole number       | properties.resources.instanceCount
            "compute":"cpu-clustr"          | Did you mean 'cpu-cluster'?             | properties.compute
            "model":{"assetId":"azureml:x:1"} | There is no model                     |
            "codeConfiguration":{"codeId":"azureml:c:1"} | needs both                 | properties.codeConfiguration
            "environmentId":"azureml:nope:1" | There is no environment                |
            """)
    void whatIsWrongIsNamed(String field, String sentence, String target) {
        batch.deploy("");
        HttpResponse<String> answer = batch.server()
                .send("PATCH", batch.ws + "/batchEndpoints/heart/deployments/blue", "{\"properties\":{" + field + "}}");
        assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 404);
        assertThat(answer.body()).contains(sentence);
        if (target != null) {
            assertThat(Json.parse(answer.body()).at("/error/target").asString()).isEqualTo(target);
        }
        assertThat(batch.get(batch.ws + "/batchEndpoints/heart/deployments/blue")
                        .at("/properties/miniBatchSize")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void aModelWithoutCodeMustBeAnMlflowModel() {
        batch.ok(batch.put("/batchEndpoints/heart", "{}"));
        HttpResponse<String> answer =
                batch.put("/batchEndpoints/heart/deployments/blue", "{\"model\":{\"assetId\":\"azureml:m:1\"}}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("only MLflow models are scored without code");
    }

    @Test
    void badNamesAndModesAreRefused() {
        assertThat(batch.put("/batchEndpoints/1x", "{}").body()).contains("starts with a letter");
        assertThat(batch.put("/batchEndpoints/heart", "{\"authMode\":\"Key\"}").body())
                .contains("authMode is aadToken");
        assertThat(batch.server().get(batch.ws + "/batchEndpoints/none").statusCode())
                .isEqualTo(404);
        assertThat(batch.put("/batchEndpoints/none/deployments/blue", "{}").statusCode())
                .isEqualTo(404);
    }

    @Test
    void anEndpointGoesWithItsDeployments() {
        batch.deploy("");
        HttpResponse<String> deleted = batch.server().delete(batch.ws + "/batchEndpoints/heart");
        assertThat(deleted.statusCode()).isEqualTo(202);
        URI result = URI.create(deleted.headers().firstValue("Location").orElseThrow());
        assertThat(batch.server().get(result.getPath()).statusCode()).isIn(200, 204);
        assertThat(batch.server().delete(batch.ws + "/batchEndpoints/heart").statusCode())
                .isEqualTo(204);
        batch.ok(batch.put("/batchEndpoints/heart", "{}"));
        assertThat(batch.get(batch.ws + "/batchEndpoints/heart/deployments")
                        .path("value")
                        .isEmpty())
                .isTrue();
    }

    @Test
    void keysAreNotUsed() {
        batch.deploy("");
        HttpResponse<String> keys = batch.server().send("POST", batch.ws + "/batchEndpoints/heart/listkeys", "{}");
        assertThat(keys.statusCode()).isEqualTo(400);
        assertThat(keys.body()).contains("authMode is aadToken");
    }
}
