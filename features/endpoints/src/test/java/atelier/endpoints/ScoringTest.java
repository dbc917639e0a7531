package atelier.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.kernel.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The scoring door over real HTTP, with real processes behind it.
class ScoringTest {
    @TempDir
    Path folder;

    private EndpointsFixture fixture;

    @BeforeEach
    void open() {
        fixture = new EndpointsFixture(folder);
        fixture.serving();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aKeyOrATokenOpensAndNothingElseDoes() {
        String path = "/endpoints/main/churn/score";
        assertThat(fixture.score("churn", "{}").statusCode()).isEqualTo(200);
        assertThat(fixture.call("POST", path, "{}").statusCode()).isEqualTo(200);
        assertThat(fixture.server().send("POST", path, "{}").statusCode()).isEqualTo(401);
        assertThat(fixture.server()
                        .send("POST", path, "{}", "Authorization", "Bearer nonsense")
                        .statusCode())
                .isEqualTo(401);
        assertThat(fixture.server()
                        .send("POST", path, "{}", "Authorization", "Bearer ")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void aRenewedKeyOpensAndTheOldOneDoesNot() {
        String old = fixture.key("churn");
        fixture.call(
                "POST", EndpointsFixture.WS + "/onlineEndpoints/churn/regenerateKeys", "{\"keyType\":\"Primary\"}");
        assertThat(fixture.server()
                        .send("POST", "/endpoints/main/churn/score", "{}", "Authorization", "Bearer " + old)
                        .statusCode())
                .isEqualTo(401);
        assertThat(fixture.score("churn", "{}").statusCode()).isEqualTo(200);
    }

    @Test
    void headersPassBothWaysButNotTheKey() {
        HttpResponse<String> answer = fixture.score("churn", "{}", "x-request-id", "r-1", "X-Custom", "yes");
        JsonNode headers = Json.parse(answer.body()).path("headers");
        assertThat(headers.path("x-request-id").asString()).isEqualTo("r-1");
        assertThat(headers.path("x-custom").asString()).isEqualTo("yes");
        assertThat(headers.has("authorization")).isFalse();
        assertThat(answer.headers().firstValue("x-ms-run-fn-exec-ms")).hasValue("1");
        assertThat(answer.headers().firstValue("azureml-model-deployment")).hasValue("blue");
        assertThat(answer.headers().firstValue("Content-Security-Policy")).hasValue("sandbox");
    }

    @Test
    void aLargeBodyStreamsThrough() {
        String large = "x".repeat(3_000_000);
        HttpResponse<String> answer = fixture.score("churn", large);
        assertThat(Json.parse(answer.body()).path("bytes").asInt()).isEqualTo(3_000_000);
    }

    @Test
    void aBodyOfUnknownLengthIsSentWhole() {
        HttpRequest.Builder chunked = HttpRequest.newBuilder(fixture.server().uri("/endpoints/main/churn/score"))
                .header("Authorization", "Bearer " + fixture.key("churn"))
                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(new byte[700_000])));
        assertThat(Json.parse(fixture.server().send(chunked).body())
                        .path("bytes")
                        .asInt())
                .isEqualTo(700_000);
    }

    @Test
    void aModelsErrorIs424WithItsOwnStatusAndBody() {
        HttpResponse<String> answer = fixture.score("churn", "{\"status\":500}");
        assertThat(answer.statusCode()).isEqualTo(424);
        assertThat(answer.headers().firstValue("ms-azureml-model-error-statuscode"))
                .hasValue("500");
        assertThat(answer.headers().firstValue("x-ms-run-function-failed")).hasValue("True");
        assertThat(answer.body()).contains("the model said no");
        assertThat(fixture.score("churn", "{\"status\":429}").statusCode()).isEqualTo(429);
    }

    @Test
    void aCrashIs502AndTheProcessComesBack() {
        int before = pid();
        assertThat(fixture.score("churn", "{\"crash\":true}").statusCode()).isEqualTo(502);
        EndpointsFixture.await(() -> fixture.score("churn", "{}").statusCode() == 200);
        assertThat(pid()).isNotEqualTo(before);
    }

    private int pid() {
        return Json.parse(fixture.score("churn", "{}").body()).path("pid").asInt();
    }

    @Test
    void tooSlowIs408() {
        fixture.done(fixture.deploy("churn", "blue", "m:1", ",\"requestSettings\":{\"requestTimeout\":\"PT0.2S\"}"));
        HttpResponse<String> answer = fixture.score("churn", "{\"sleep\":5}");
        assertThat(answer.statusCode()).isEqualTo(408);
        assertThat(answer.body()).contains("200 ms");
    }

    @Test
    void theHeaderNamesADeploymentAndTrafficSharesOutTheRest() {
        fixture.model("m", "2", "two");
        fixture.done(fixture.deploy("churn", "green", "m:2", ""));
        assertThat(fixture.score("churn", "{}", "azureml-model-deployment", "green")
                        .body())
                .contains("\"two\"");
        assertThat(fixture.score("churn", "{}").body()).contains("\"one\"");
        fixture.traffic("churn", "{\"blue\":50,\"green\":50}");
        Set<String> answered = new HashSet<>();
        for (int i = 0; i < 6; i++) {
            answered.add(Json.parse(fixture.score("churn", "{}").body())
                    .path("answer")
                    .asString());
        }
        assertThat(answered).isEqualTo(Set.of("one", "two"));
        assertThat(fixture.score("churn", "{}", "azureml-model-deployment", "red")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void withoutTrafficItIsSaidWhatIsMissing() {
        fixture.traffic("churn", "{}");
        HttpResponse<String> answer = fixture.score("churn", "{}");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("azureml-model-deployment");
    }

    @Test
    void whileNothingIsReadyItIs503() {
        fixture.model("m", "3", "fail");
        fixture.ended(fixture.deploy("churn", "green", "m:3", ""));
        HttpResponse<String> answer = fixture.score("churn", "{}", "azureml-model-deployment", "green");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void healthAndTheDescriptionAreServedAndOtherPathsAreNot() {
        assertThat(fixture.get("/endpoints/main/churn/").body()).isEqualTo("Healthy");
        assertThat(fixture.get("/endpoints/main/churn/swagger.json?version=3").body())
                .isEqualTo("/swagger.json?version=3");
        assertThat(fixture.get("/endpoints/main/churn/etc/passwd").statusCode()).isEqualTo(404);
        assertThat(fixture.get("/endpoints/main/nope/score").statusCode()).isEqualTo(404);
    }
}
