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

    private static final String MADE = """
            {"location":"Local","kind":"Default","tags":{"team":"a"},"identity":{"type":"systemassigned"},
             "properties":{"friendlyName":"Second lab","description":"for tests","publicNetworkAccess":"disabled"}}""";

    private String address(String name) {
        return lab.armId().replace("/lab", "/" + name);
    }

    @Test
    void aWorkspaceIsMadeAsALongRunningOperationAndKeepsWhatItWasGiven() {
        var made = server.send("PUT", address("lab2") + "?api-version=2024-10-01", MADE);
        assertThat(made.statusCode()).isEqualTo(201);
        String poll = made.headers().firstValue("Azure-AsyncOperation").orElseThrow();
        assertThat(Json.parse(server.get(java.net.URI.create(poll).getPath()).body())
                        .at("/status")
                        .asString())
                .isEqualTo("Succeeded");
        JsonNode got = Json.parse(server.get(address("LAB2")).body());
        assertThat(got.at("/properties/friendlyName").asString()).isEqualTo("Second lab");
        assertThat(got.at("/properties/publicNetworkAccess").asString()).isEqualTo("Disabled");
        assertThat(got.at("/tags/team").asString()).isEqualTo("a");
        assertThat(got.at("/identity/type").asString()).isEqualTo("SystemAssigned");
        assertThat(got.at("/identity/principalId").asString()).isNotEmpty();
        assertThat(got.at("/properties/workspaceId").asString()).isNotEqualTo(lab.id());
    }

    @Test
    void aPatchChangesWhatItNames() {
        server.send("PUT", address("lab2"), MADE);
        var patched =
                server.send("PATCH", address("lab2"), "{\"tags\":{\"b\":1},\"properties\":{\"description\":\"new\"}}");
        assertThat(patched.statusCode()).isEqualTo(202);
        assertThat(patched.headers().firstValue("Location")).isEmpty();
        JsonNode got = Json.parse(server.get(address("lab2")).body());
        assertThat(got.at("/properties/description").asString()).isEqualTo("new");
        assertThat(got.at("/properties/friendlyName").asString()).isEqualTo("Second lab");
        assertThat(got.at("/tags").toString()).isEqualTo("{\"b\":\"1\"}");
    }

    @Test
    void badBodiesNameTheirField() {
        for (var wrong : java.util.Map.of(
                        "{}", "location",
                        "{\"location\":\"local\",\"kind\":\"Defalt\"}", "kind",
                        "{\"location\":\"local\",\"tags\":[]}", "tags",
                        "{\"location\":\"local\",\"identity\":{\"type\":\"x\"}}", "identity.type",
                        "{\"location\":\"local\",\"properties\":{\"publicNetworkAccess\":\"On\"}}",
                                "properties.publicNetworkAccess",
                        "{\"location\":\"local\",\"properties\":{\"description\":{}}}", "properties.description")
                .entrySet()) {
            var answer = server.send("PUT", address("lab2"), wrong.getKey());
            assertThat(answer.statusCode()).as(wrong.getKey()).isEqualTo(400);
            assertThat(Json.parse(answer.body()).at("/error/target").asString()).isEqualTo(wrong.getValue());
        }
        assertThat(server.get(address("lab2")).statusCode()).isEqualTo(404);
        assertThat(server.send("PUT", address("a"), MADE).statusCode()).isEqualTo(400);
        var elsewhere = server.send("PUT", address("lab2").replace("/group/", "/nowhere/"), MADE);
        assertThat(elsewhere.statusCode()).isEqualTo(404);
        assertThat(Json.parse(elsewhere.body()).at("/error/code").asString()).isEqualTo("ResourceGroupNotFound");
    }

    @Test
    void aDeletedNameIsTakenUntilItIsRecoveredOrPurged() {
        server.send("PUT", address("lab2"), MADE);
        String id = Json.parse(server.get(address("lab2")).body())
                .at("/properties/workspaceId")
                .asString();
        var deleted = server.delete(address("lab2"));
        assertThat(deleted.statusCode()).isEqualTo(202);
        String poll = deleted.headers().firstValue("Azure-AsyncOperation").orElseThrow();
        assertThat(Json.parse(server.get(java.net.URI.create(poll).getPath()).body())
                        .at("/status")
                        .asString())
                .isEqualTo("Succeeded");
        assertThat(server.get(address("lab2")).statusCode()).isEqualTo(404);
        assertThat(server.get(address("lab2") + "/operations/x").statusCode()).isEqualTo(404);
        assertThat(server.delete(address("lab2")).statusCode()).isEqualTo(204);
        var again = server.send("PUT", address("lab2"), MADE);
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).contains("Soft-deleted workspace exists");
        var recovered = server.send(
                "PUT",
                address("lab2"),
                MADE.replace("\"properties\":{", "\"properties\":{\"allowRecoverSoftDeletedWorkspace\":\"true\","));
        assertThat(recovered.statusCode()).isEqualTo(200);
        assertThat(Json.parse(recovered.body()).at("/properties/workspaceId").asString())
                .isEqualTo(id);

        server.delete(address("lab2"));
        assertThat(server.delete(address("lab2") + "?forceToPurge=true").statusCode())
                .isEqualTo(202);
        assertThat(server.send("PUT", address("lab2"), MADE).statusCode()).isEqualTo(201);
        assertThat(Json.parse(server.get(address("lab2")).body())
                        .at("/properties/workspaceId")
                        .asString())
                .isNotEqualTo(id);
    }

    @Test
    void aTemplateIsDeployed() {
        String template = """
                {"properties":{"mode":"Incremental","parameters":{"n":{"value":"made"},"tags":{"value":{"k":"v"}}},
                 "template":{"parameters":{"n":{"type":"string"},"tags":{"type":"object"},
                   "pna":{"type":"string","defaultValue":"Enabled"},"key":{"type":"securestring","defaultValue":"s"}},
                  "variables":{"on":true,"vault":"[resourceId('Microsoft.KeyVault/vaults', concat(parameters('n'),'-kv'))]"},
                  "resources":[
                   {"type":"Microsoft.KeyVault/vaults","name":"[concat(parameters('n'),'-kv')]",
                    "condition":"[and(variables('on'), equals(parameters('pna'),'enabled'))]"},
                   {"type":"Microsoft.Storage/storageAccounts","name":"no","condition":"[not(variables('on'))]"},
                   {"type":"Microsoft.MachineLearningServices/workspaces","name":"[parameters('n')]","location":"local",
                    "tags":"[parameters('tags')]","properties":{"keyVault":"[variables('vault')]",
                     "description":"[if(equals(1, 1), 'it''s', reference('x').y)]"}}]}}}""";
        String base = "/subscriptions/sub/resourcegroups/group/providers/Microsoft.Resources/deployments/d1";
        var accepted = server.send("PUT", base + "?api-version=2020-06-01", template);
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(201);
        String poll = accepted.headers().firstValue("Azure-AsyncOperation").orElseThrow();
        assertThat(server.get(java.net.URI.create(poll).getPath()).body()).contains("Succeeded");
        JsonNode operations = Json.parse(server.get("/subscriptions/sub/resourcegroups/group/deployments/d1/operations")
                .body());
        assertThat(operations.at("/value")).hasSize(2);
        assertThat(operations
                        .at("/value/0/properties/targetResource/resourceType")
                        .asString())
                .isEqualTo("Microsoft.KeyVault/vaults");
        JsonNode made = Json.parse(server.get(address("made")).body());
        assertThat(made.at("/properties/description").asString()).isEqualTo("it's");
        assertThat(made.at("/tags/k").asString()).isEqualTo("v");
        assertThat(server.get(made.at("/properties/keyVault").asString()).statusCode())
                .isEqualTo(200);
        assertThat(server.get(base).body()).doesNotContain("\"key\"");
    }

    @Test
    void aTemplateThatCannotBeReadIsRefused() {
        String base = "/subscriptions/sub/resourcegroups/group/providers/Microsoft.Resources/deployments/d1";
        for (String wrong : new String[] {
            "{}",
            "{\"properties\":{\"template\":{}}}",
            "{\"properties\":{\"template\":{\"resources\":[{\"type\":\"Microsoft.Compute/virtualMachines\",\"name\":\"x\"}]}}}",
            "{\"properties\":{\"template\":{\"resources\":[{\"type\":\"Microsoft.KeyVault/vaults\",\"name\":\"[nope(]\"}]}}}",
            "{\"properties\":{\"template\":{\"variables\":{\"a\":\"[variables('a')]\"},\"resources\":"
                    + "[{\"type\":\"Microsoft.KeyVault/vaults\",\"name\":\"[variables('a')]\"}]}}}",
            "{\"properties\":{\"template\":{\"resources\":[{\"type\":\"Microsoft.KeyVault/vaults\",\"name\":\"["
                    + "not(".repeat(1000)
                    + "]\"}]}}}"
        }) {
            var answer = server.send("PUT", base, wrong);
            assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
            assertThat(answer.body()).contains("InvalidTemplate");
        }
        assertThat(server.get(base).statusCode()).isEqualTo(404);
    }

    @Test
    void groupsAndSubscriptionsAreListed() {
        assertThat(server.send("PUT", "/subscriptions/sub/resourcegroups/rg-new", "{\"location\":\"local\"}")
                        .statusCode())
                .isEqualTo(201);
        assertThat(server.send(
                                "PUT",
                                "/subscriptions/sub/resourcegroups/RG-NEW",
                                "{\"location\":\"local\",\"tags\":{\"a\":\"b\"}}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(Json.parse(server.get("/subscriptions/sub/resourceGroups").body())
                        .at("/value"))
                .hasSize(2);
        assertThat(server.get("/subscriptions/SUB/resourceGroups/rg-new").body())
                .contains("\"a\":\"b\"");
        assertThat(server.get("/subscriptions").body()).contains("\"subscriptionId\":\"sub\"");
        assertThat(server.get("/subscriptions/other").statusCode()).isEqualTo(404);
        assertThat(server.delete("/subscriptions/sub/resourceGroups/group").statusCode())
                .isEqualTo(409);
        assertThat(server.delete("/subscriptions/sub/resourceGroups/rg-new").statusCode())
                .isEqualTo(200);
        assertThat(server.get("/subscriptions/sub/resourceGroups/rg-new").statusCode())
                .isEqualTo(404);
    }
}
