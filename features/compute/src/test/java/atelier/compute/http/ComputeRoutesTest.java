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
    private static final String INSTANCE =
            "{\"properties\":{\"computeType\":\"computeinstance\",\"properties\":{\"vmSize\":\"Standard_DS3_v2\"}}}";

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
        server.send("PUT", lab.armId() + "/computes/me", INSTANCE);
        assertThat(server.send("POST", lab.armId() + "/computes/me/stop", "").statusCode())
                .isEqualTo(202);
        var got = Json.parse(server.get(lab.armId() + "/computes/me").body());
        assertThat(got.at("/properties/properties/state").asString()).isEqualTo("Stopped");
    }

    @Test
    void aClusterIsNotStarted() {
        var answer = server.send("POST", lab.armId() + "/computes/cpu-cluster/start", "");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(Json.parse(answer.body()).at("/error/message").asString()).contains("AmlCompute");
    }

    @Test
    void badBodiesNameTheirField() {
        String cluster = "{\"properties\":{\"computeType\":\"AmlCompute\",\"properties\":%s}}";
        String at = "properties.properties.";
        for (var wrong : java.util.Map.of(
                        "{\"properties\":[]}",
                        "properties",
                        "{\"properties\":{}}",
                        "properties.computeType",
                        cluster.formatted("{}"),
                        at + "vmSize",
                        cluster.formatted("{\"vmSize\":\"huge\"}"),
                        at + "vmSize",
                        cluster.formatted(
                                "{\"vmSize\":\"LOCAL\",\"scaleSettings\":{\"minNodeCount\":3,\"maxNodeCount\":1}}"),
                        at + "scaleSettings.maxNodeCount",
                        cluster.formatted("{\"vmSize\":\"LOCAL\",\"scaleSettings\":{\"maxNodeCount\":\"x\"}}"),
                        at + "scaleSettings.maxNodeCount",
                        cluster.formatted("{\"vmSize\":\"LOCAL\",\"scaleSettings\":{\"maxNodeCount\":1,"
                                + "\"nodeIdleTimeBeforeScaleDown\":\"two minutes\"}}"),
                        at + "scaleSettings.nodeIdleTimeBeforeScaleDown",
                        cluster.formatted("{\"vmSize\":\"LOCAL\",\"vmPriority\":\"Spot\"}"),
                        at + "vmPriority",
                        "{\"properties\":{\"computeType\":\"Kubernetes\"}}",
                        "properties.resourceId")
                .entrySet()) {
            var answer = server.send("PUT", lab.armId() + "/computes/bad", wrong.getKey());
            assertThat(answer.statusCode()).as(wrong.getKey()).isEqualTo(400);
            assertThat(Json.parse(answer.body()).at("/error/target").asString()).isEqualTo(wrong.getValue());
        }
        assertThat(server.get(lab.armId() + "/computes/bad").statusCode()).isEqualTo(404);
    }

    @Test
    void scaleIsPatchedAndTheRestStays() {
        server.send("PUT", lab.armId() + "/computes/c1", """
                {"tags":{"a":"b"},"identity":{"type":"SystemAssigned"},"properties":{"computeType":"AmlCompute",
                 "description":"d","properties":{"vmSize":"STANDARD_DS3_V2","scaleSettings":{"maxNodeCount":2}}}}""");
        server.send(
                "PATCH",
                lab.armId() + "/computes/c1",
                "{\"properties\":{\"properties\":{\"scaleSettings\":{\"maxNodeCount\":5}}}}");
        var got = Json.parse(server.get(lab.armId() + "/computes/c1").body());
        assertThat(got.at("/properties/properties/scaleSettings/maxNodeCount").asInt())
                .isEqualTo(5);
        assertThat(got.at("/properties/properties/vmSize").asString()).isEqualTo("STANDARD_DS3_V2");
        assertThat(got.at("/tags/a").asString()).isEqualTo("b");
        assertThat(got.at("/identity/principalId").asString()).isNotEmpty();
        assertThat(server.send("POST", lab.armId() + "/computes/c1/listNodes", "")
                        .body())
                .isEqualTo("{\"nodes\":[],\"nextLink\":null}");
        assertThat(server.delete(lab.armId() + "/computes/c1?underlyingResourceAction=Detach")
                        .statusCode())
                .isEqualTo(400);
        assertThat(server.delete(lab.armId() + "/computes/c1?underlyingResourceAction=Delete")
                        .statusCode())
                .isEqualTo(202);
    }

    @Test
    void sizesUsagesAndQuotasAreOfThisMachine() {
        String location = "/subscriptions/sub/providers/Microsoft.MachineLearningServices/locations/local";
        assertThat(server.get(location + "/vmSizes").body()).contains("\"Standard_DS3_v2\"", "\"LOCAL\"");
        assertThat(Json.parse(server.get(location + "/usages").body())
                        .at("/value/0/limit")
                        .asInt())
                .isEqualTo(2);
        assertThat(Json.parse(server.get(location + "/quotas").body())
                        .at("/value/0/limit")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void aLongListHasPages() {
        for (int i = 0; i < 120; i++) {
            server.send("PUT", lab.armId() + "/computes/ci-" + i, INSTANCE);
        }
        var first = Json.parse(server.get(lab.armId() + "/computes").body());
        assertThat(first.at("/value")).hasSize(100);
        URI next = URI.create(first.at("/nextLink").asString());
        var second = Json.parse(
                server.get(next.getRawPath() + "?" + next.getRawQuery()).body());
        assertThat(second.at("/value")).hasSize(21);
        assertThat(second.at("/nextLink").isNull()).isTrue();
    }
}
