package atelier.compute.http;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.compute.ComputeFeature;
import atelier.kernel.Json;
import atelier.store.Database;
import atelier.testkit.CountingIds;
import atelier.testkit.SettableClock;
import atelier.testkit.TestDatabase;
import atelier.testkit.TestServer;
import atelier.web.Routes;
import atelier.workspace.Workspace;
import atelier.workspace.WorkspaceFeature;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComputeRoutesTest {
    @TempDir
    Path folder;

    private Database database;
    private Workspace lab;
    private TestServer server;

    @BeforeEach
    void start() {
        database = TestDatabase.sqlite(folder, "workspace", "compute");
        SettableClock clock = new SettableClock();
        WorkspaceFeature workspaces = WorkspaceFeature.create(database, clock, new CountingIds(), "test");
        lab = workspaces.workspaces().ensure("sub", "group", "lab", "local");
        ComputeFeature feature =
                ComputeFeature.create(database, workspaces.workspaces(), workspaces.operations(), clock, 2);
        ArrayList<Routes> routes = new ArrayList<>(workspaces.routes());
        routes.addAll(feature.routes());
        server = TestServer.of(routes.toArray(new Routes[0]));
    }

    @AfterEach
    void stop() {
        server.close();
        database.close();
    }

    @Test
    void aClusterIsMadeAsALongRunningOperation() {
        var made = server.send("PUT", lab.armId() + "/computes/aml-cluster?api-version=2023-08-01-preview", """
                {"location":"local","properties":{"computeType":"AmlCompute","properties":{"vmSize":"STANDARD_DS3_V2",
                 "scaleSettings":{"minNodeCount":0,"maxNodeCount":2,"nodeIdleTimeBeforeScaleDown":"PT2M"}}}}""");
        assertThat(made.statusCode()).isEqualTo(201);
        String poll = made.headers().firstValue("Azure-AsyncOperation").orElseThrow();
        URI uri = URI.create(poll);
        assertThat(Json.parse(server.get(uri.getPath()).body()).at("/status").asString())
                .isEqualTo("Succeeded");
        var got = Json.parse(server.get(lab.armId() + "/computes/aml-cluster").body());
        assertThat(got.at("/properties/computeType").asString()).isEqualTo("AmlCompute");
        assertThat(got.at("/properties/provisioningState").asString()).isEqualTo("Succeeded");
        assertThat(got.at("/properties/properties/scaleSettings/maxNodeCount").asInt())
                .isEqualTo(2);
    }

    @Test
    void anUnknownComputeIsA404() {
        assertThat(server.get(lab.armId() + "/computes/nope").statusCode()).isEqualTo(404);
        assertThat(server.delete(lab.armId() + "/computes/nope").statusCode()).isEqualTo(204);
    }

    @Test
    void anInstanceIsStopped() {
        server.send("PUT", lab.armId() + "/computes/me", "{\"properties\":{\"computeType\":\"ComputeInstance\"}}");
        assertThat(server.send("POST", lab.armId() + "/computes/me/stop", "").statusCode())
                .isEqualTo(202);
        var got = Json.parse(server.get(lab.armId() + "/computes/me").body());
        assertThat(got.at("/properties/properties/state").asString()).isEqualTo("Stopped");
    }
}
