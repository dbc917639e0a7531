package atelier.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.endpoints.internal.ServingCode;
import atelier.kernel.Json;
import atelier.testkit.TestServer;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The scoring server that Atelier ships, with a script that needs nothing but Python.
class RealScoringServerTest {
    private static final String SCRIPT = """
            import json, os

            def init():
                global words
                with open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model", "answer.txt")) as file:
                    words = file.read()

            def run(raw):
                asked = json.loads(raw)
                if asked.get("broken"):
                    raise RuntimeError("out of order")
                return {"said": words, "asked": asked}
            """;

    @TempDir
    Path folder;

    @Test
    void anAzureScoringScriptIsServedAndItsErrorsAreTold() throws Exception {
        ServingCode serving = ServingCode.unpack(folder.resolve("serving"));
        try (EndpointsFixture fixture = new EndpointsFixture(folder, serving)) {
            fixture.model("custom", "1", "forty-two");
            fixture.file("code/score.py", SCRIPT);
            fixture.assets()
                    .put(
                            fixture.workspace(),
                            "codes",
                            "c1",
                            "1",
                            Json.object().put("codeUri", "store/code"),
                            TestServer.USER);
            fixture.endpoint("scripted");
            fixture.done(fixture.deploy(
                    "scripted",
                    "blue",
                    "custom:1",
                    ",\"environmentId\":\"azureml:e:1\",\"codeConfiguration\":{\"codeId\":\"azureml:c1:1\","
                            + "\"scoringScript\":\"score.py\"}"));
            fixture.traffic("scripted", "{\"blue\":100}");

            HttpResponse<String> good = fixture.score("scripted", "{\"a\":1}");
            assertThat(good.statusCode()).isEqualTo(200);
            assertThat(Json.parse(good.body()).path("said").asString()).isEqualTo("forty-two");

            HttpResponse<String> bad = fixture.score("scripted", "{\"broken\":true}");
            assertThat(bad.statusCode()).isEqualTo(424);
            assertThat(bad.headers().firstValue("x-ms-run-function-failed")).hasValue("True");
            assertThat(fixture.get("/endpoints/main/scripted/").body()).isEqualTo("Healthy");
        }
    }

    @Test
    void unpackingTwiceGivesTheSameFolder() throws Exception {
        ServingCode.unpack(folder);
        ServingCode.unpack(folder);
        try (var unpacked = Files.list(folder)) {
            assertThat(unpacked)
                    .singleElement()
                    .satisfies(home ->
                            assertThat(home.resolve("atelier_serving/main.py")).exists());
        }
    }
}
