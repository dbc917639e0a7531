package atelier.workspace.http;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.kernel.Json;
import atelier.store.Database;
import atelier.testkit.CountingIds;
import atelier.testkit.SettableClock;
import atelier.testkit.TestDatabase;
import atelier.testkit.TestServer;
import atelier.web.Routes;
import atelier.workspace.Workspace;
import atelier.workspace.WorkspaceFeature;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class WorkspaceRoutesTest {
    @TempDir
    Path folder;

    private Database database;
    private WorkspaceFeature feature;
    private Workspace lab;
    private TestServer server;

    @BeforeEach
    void start() {
        database = TestDatabase.sqlite(folder, "workspace");
        feature = WorkspaceFeature.create(database, new SettableClock(), new CountingIds(), "1.2.3");
        lab = feature.workspaces().ensure("sub", "group", "lab", "local");
        server = TestServer.of(feature.routes().toArray(new Routes[0]));
    }

    @AfterEach
    void stop() {
        server.close();
        database.close();
    }

    @Test
    void theWorkspaceTellsWhereItsServicesAre() {
        JsonNode answer = Json.parse(
                server.get(lab.armId().replace("resourceGroups", "resourcegroups") + "?api-version=2024-10-01")
                        .body());
        assertThat(answer.at("/properties/discoveryUrl").asString())
                .startsWith("http://127.0.0.1:")
                .endsWith("/discovery");
        assertThat(answer.at("/properties/mlFlowTrackingUri").asString()).endsWith("/mlflow/v1.0" + lab.armId());
        assertThat(answer.at("/location").asString()).isEqualTo("local");
    }

    @Test
    void anUnknownWorkspaceIsA404InArmsWords() {
        var answer = server.get(lab.armId().replace("/lab", "/nope"));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(Json.parse(answer.body()).at("/error/code").asString()).isEqualTo("ResourceNotFound");
    }

    @Test
    void anOperationIsPolledUntilItSucceeds() {
        String operation = feature.operations().start(lab, lab.armId() + "/computes/c");
        String path = lab.armId() + "/operations/" + operation;
        assertThat(Json.parse(server.get(path).body()).at("/status").asString()).isEqualTo("InProgress");
        assertThat(server.get(lab.armId() + "/operationResults/" + operation).statusCode())
                .isEqualTo(202);
        feature.operations().succeed(operation);
        assertThat(Json.parse(server.get(path).body()).at("/status").asString()).isEqualTo("Succeeded");
        assertThat(server.get(lab.armId() + "/operationResults/" + operation).statusCode())
                .isEqualTo(204);
    }

    @Test
    void listsAreOfTheSubscriptionOrTheGroup() {
        feature.workspaces().ensure("sub", "other", "second", "local");
        String provider = "/providers/Microsoft.MachineLearningServices/workspaces";
        assertThat(Json.parse(server.get("/subscriptions/sub" + provider).body())
                        .at("/value"))
                .hasSize(2);
        assertThat(Json.parse(server.get("/subscriptions/sub/resourceGroups/group" + provider)
                                .body())
                        .at("/value"))
                .hasSize(1);
    }
}
