package atelier.environments.http;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.assets.AssetsFeature;
import atelier.environments.internal.Curated;
import atelier.environments.internal.FakeAssets;
import atelier.kernel.Json;
import atelier.testkit.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class EnvironmentDoorTest {
    private static final String ENVIRONMENTS =
            "/subscriptions/s/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/main/environments";
    private final TestServer server = TestServer.of(
            AssetsFeature.routes(new FakeAssets(), BuildRoutesTest.one(), new EnvironmentDoor(Curated.load())));

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aCuratedEnvironmentIsReadLikeAnyOther() {
        JsonNode version = Json.parse(server.get(ENVIRONMENTS + "/AzureML-sklearn-1.0-ubuntu20.04-py38-cpu/versions/44")
                .body());

        assertThat(version.path("properties").path("environmentType").asString())
                .isEqualTo("Curated");
        assertThat(version.path("name").asString()).isEqualTo("44");
    }

    @Test
    void anEnvironmentIsRegistered() {
        var answer = put("{'properties':{'condaFile':'dependencies: [pandas]','image':'x'}}");

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.body()).contains("\"environmentType\":\"UserCreated\"");
    }

    @Test
    void aFaultInTheCondaFileIsSaidAtOnce() {
        var answer = put("{'properties':{'condaFile':'dependencies: pandas'}}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("must be a list");
    }

    @Test
    void anEnvironmentOfNothingIsRefused() {
        assertThat(put("{'properties':{}}").body()).contains("needs a conda file, an image or a build context");
    }

    private java.net.http.HttpResponse<String> put(String json) {
        return server.send("PUT", ENVIRONMENTS + "/mine/versions/1", json.replace('\'', '"'));
    }
}
