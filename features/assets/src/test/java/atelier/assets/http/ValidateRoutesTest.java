package atelier.assets.http;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.assets.AssetsFeature;
import atelier.kernel.Json;
import atelier.store.Database;
import atelier.testkit.CountingIds;
import atelier.testkit.SettableClock;
import atelier.testkit.TestDatabase;
import atelier.testkit.TestServer;
import atelier.workspace.Workspace;
import atelier.workspace.WorkspaceFeature;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ValidateRoutesTest {
    @TempDir
    Path folder;

    private Database database;
    private TestServer server;
    private Workspace lab;

    @BeforeEach
    void start() {
        database = TestDatabase.sqlite(folder, "workspace", "assets");
        WorkspaceFeature workspaces = WorkspaceFeature.create(database, new SettableClock(), new CountingIds(), "test");
        lab = workspaces.workspaces().ensure("sub", "group", "lab", "local");
        server = TestServer.of(AssetsFeature.validation(workspaces.workspaces()));
    }

    @AfterEach
    void stop() {
        server.close();
        database.close();
    }

    private JsonNode validate(String kind, String yaml) {
        var body = Json.object().put("yaml", yaml);
        if (!kind.isEmpty()) {
            body.put("kind", kind);
        }
        return Json.parse(server.send("POST", lab.armId() + "/atelier/validate", Json.write(body))
                .body());
    }

    @Test
    void aRightFileIsValid() {
        assertThat(validate("data", "name: d\ntype: uri_file\npath: a.csv\n").toString())
                .isEqualTo("{\"valid\":true,\"errors\":[]}");
    }

    @Test
    void aMistakeIsSaidWithItsPlaceAndTheNearestName() {
        JsonNode answer = validate("job", "command: x\nenvironment: azureml:e:1\nlimits:\n  timout: 3\n");
        assertThat(answer.path("valid").asBoolean()).isFalse();
        assertThat(answer.path("errors").toString())
                .isEqualTo(
                        "[{\"line\":4,\"column\":3,\"path\":\"/limits/timout\",\"message\":\"'timout' is not a field of"
                                + " 'limits'. Did you mean 'timeout'?\"}]");
    }

    @Test
    void withoutAKindTheFileSaysItself() {
        JsonNode answer = validate("", "type: amlcompute\nname: c\nmax_instances: many\n");
        assertThat(answer.at("/errors/0/message").asString())
                .isEqualTo("'max_instances' must be a whole number, not 'many'.");
    }

    @Test
    void anUnknownKindIsRefusedWithTheNearest() {
        var response = server.send("POST", lab.armId() + "/atelier/validate", "{\"kind\":\"jbo\",\"yaml\":\"a: 1\"}");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("Did you mean 'job'?");
        assertThat(server.send("POST", lab.armId() + "/atelier/validate", "{}").statusCode())
                .isEqualTo(400);
    }
}
