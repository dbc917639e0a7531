package atelier.environments.http;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.environments.BuildStatus;
import atelier.environments.EnvironmentBuilds;
import atelier.environments.Environments;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.testkit.TestServer;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class BuildRoutesTest {
    private static final String WORKSPACE =
            "/subscriptions/s/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/main";
    private BuildStatus now = BuildStatus.NOT_BUILT;
    private final TestServer server = TestServer.of(BuildRoutes.create(new Known(), new Builds(), one()));

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aBuildThatNobodyAskedFor() {
        var answer = server.get(WORKSPACE + "/atelier/environments/mine/versions/1/build");

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode body = Json.parse(answer.body());
        assertThat(body.path("status").asString()).isEqualTo("NotBuilt");
        assertThat(body.path("startedAt").isNull()).isTrue();
    }

    @Test
    void aBuildThatIsStartedIsAccepted() {
        var answer = server.send("POST", WORKSPACE + "/atelier/environments/mine/versions/1/build", "");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(Json.parse(answer.body()).path("status").asString()).isEqualTo("Building");
        assertThat(Json.parse(answer.body()).path("startedAt").asString()).isEqualTo("1970-01-01T00:00:00Z");
    }

    @Test
    void aBuildThatIsDone() {
        now = new BuildStatus(
                BuildStatus.State.SUCCEEDED, "3.11.7", "abc", "a==1\n", "log", 12, Instant.EPOCH, Instant.EPOCH, null);

        JsonNode body = Json.parse(server.get(WORKSPACE + "/atelier/environments/mine/versions/1/build")
                .body());

        assertThat(body.toString())
                .contains("\"python\":\"3.11.7\"", "\"hash\":\"abc\"", "\"lock\":\"a==1\\n\"", "\"sizeBytes\":12");
    }

    @Test
    void anEnvironmentThatIsNotThere() {
        var answer = server.get(WORKSPACE + "/atelier/environments/other/versions/1/build");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("There is no environment");
    }

    private final class Builds implements EnvironmentBuilds {
        @Override
        public BuildStatus status(Environments.Definition definition) {
            return now;
        }

        @Override
        public BuildStatus start(Environments.Definition definition) {
            return new BuildStatus(BuildStatus.State.BUILDING, "", "", "", "", 0, Instant.EPOCH, null, null);
        }
    }

    private static final class Known implements Environments {
        @Override
        public Definition resolve(Workspace workspace, String reference) {
            if (!reference.equals("mine:1")) {
                throw new Problem.NotFound("There is no environment '" + reference + "'.");
            }
            return new Definition(reference, "", List.of(), "hash");
        }

        @Override
        public Definition fromConda(String condaYaml) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Interpreter materialize(Definition definition, Consumer<String> progress) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Interpreter> ifBuilt(Definition definition) {
            return Optional.empty();
        }
    }

    /// Finds the one workspace by whatever name.
    static Workspaces one() {
        Workspace workspace = new Workspace("w", "s", "rg", "main", "local", Instant.EPOCH);
        return (Workspaces) Proxy.newProxyInstance(
                Workspaces.class.getClassLoader(), new Class<?>[] {Workspaces.class}, (_, _, _) -> workspace);
    }
}
