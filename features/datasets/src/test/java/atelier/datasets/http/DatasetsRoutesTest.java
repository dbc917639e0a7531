package atelier.datasets.http;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.datasets.DatasetsFixture;
import atelier.kernel.Json;
import atelier.testkit.TestServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class DatasetsRoutesTest {
    private static final String WS = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/atelier"
            + "/providers/Microsoft.MachineLearningServices/workspaces/main";

    @TempDir
    Path folder;

    private DatasetsFixture fixture;
    private TestServer server;

    @BeforeEach
    void open() {
        fixture = new DatasetsFixture(folder);
        server = fixture.server();
    }

    @AfterEach
    void close() {
        server.close();
        fixture.close();
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return Json.parse(answer.body());
    }

    @Test
    void theDefaultDatastoreLeadsTheSdkBackToThisServer() {
        JsonNode list = json(server.get(WS + "/datastores?count=30&isDefault=true&orderByAsc=false"));
        assertThat(list.path("value")).hasSize(1);
        JsonNode properties = list.path("value").path(0).path("properties");
        assertThat(properties.path("accountName").asString())
                .isEqualTo("127.0.0.1:" + server.uri("/").getPort() + "/atelier");
        assertThat(properties.path("containerName").asString())
                .isEqualTo("azureml-blobstore-" + fixture.workspace.id());
        assertThat(properties.path("datastoreType").asString()).isEqualTo("AzureBlob");
        assertThat(properties.path("credentials").path("credentialsType").asString())
                .isEqualTo("AccountKey");
    }

    @Test
    void aWorkspaceHasItsFourDatastoresAndPagesThem() {
        JsonNode first = json(server.get(WS + "/datastores?count=3"));
        assertThat(first.path("value")).hasSize(3);
        String next = first.path("nextLink").asString();
        JsonNode second = json(server.get(next.substring(next.indexOf("/subscriptions"))));
        assertThat(second.path("value")).hasSize(1);
        assertThat(second.path("nextLink").isNull()).isTrue();
    }

    @Test
    void aUsersDatastoreIsMadeReadAndForgotten() {
        String body =
                "{\"properties\":{\"datastoreType\":\"AzureBlob\",\"accountName\":\"acct\",\"containerName\":\"training\","
                        + "\"tags\":{\"a\":\"1\"},\"credentials\":{\"credentialsType\":\"AccountKey\",\"secrets\":"
                        + "{\"secretsType\":\"AccountKey\",\"key\":\"c2VjcmV0\"}}}}";
        HttpResponse<String> made = server.send("PUT", WS + "/datastores/blob_training?skipValidation=true", body);
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(made.body()).doesNotContain("c2VjcmV0");
        JsonNode read = json(server.get(WS + "/datastores/blob_training"));
        assertThat(read.path("properties").path("tags").path("a").asString()).isEqualTo("1");
        assertThat(server.delete(WS + "/datastores/blob_training").statusCode()).isEqualTo(200);
        assertThat(server.get(WS + "/datastores/blob_training").statusCode()).isEqualTo(404);
    }

    @Test
    void aSecretIsKeptSealedAndAnsweredByListSecretsOnly() {
        String principal =
                "{\"properties\":{\"datastoreType\":\"AzureDataLakeGen1\",\"storeName\":\"lake\",\"credentials\":{"
                        + "\"credentialsType\":\"ServicePrincipal\",\"tenantId\":\"t\",\"clientId\":\"c\",\"secrets\":{"
                        + "\"secretsType\":\"ServicePrincipal\",\"clientSecret\":\"hush\"}}}}";
        assertThat(server.send("PUT", WS + "/datastores/lake", principal).statusCode())
                .isEqualTo(201);
        HttpResponse<String> read = server.get(WS + "/datastores/lake");
        assertThat(json(read).at("/properties/credentials/clientId").asString()).isEqualTo("c");
        assertThat(json(read).at("/properties/storeName").asString()).isEqualTo("lake");
        assertThat(read.body()).doesNotContain("hush");
        String stored = fixture.database.read(handle -> handle.createQuery("SELECT secret FROM datastore")
                .mapTo(String.class)
                .one());
        assertThat(stored).startsWith("v1.").doesNotContain("hush");
        HttpResponse<String> told =
                server.send("POST", WS + "/datastores/lake/listSecrets", "{\"expirableSecret\":true}");
        assertThat(told.headers().firstValue("Cache-Control")).hasValue("no-store");
        JsonNode secret = json(told);
        assertThat(secret.path("secretsType").asString()).isEqualTo("ServicePrincipal");
        assertThat(secret.path("clientSecret").asString()).isEqualTo("hush");
        assertThat(server.send("PUT", WS + "/datastores/lake", read.body()).statusCode())
                .isEqualTo(200);
        assertThat(server.send("POST", WS + "/datastores/lake/listSecrets", "{}")
                        .body())
                .contains("hush");
    }

    @Test
    void aMistakeInADatastoreIsNamed() {
        assertThat(refused("{\"datastoreType\":\"AzureBlobs\"}")).contains("Did you mean 'AzureBlob'?");
        assertThat(refused("{\"datastoreType\":\"OneLake\",\"oneLakeWorkspaceName\":\"w\"}"))
                .contains("properties.artifact.artifactName");
        assertThat(
                        refused(
                                "{\"datastoreType\":\"AzureBlob\",\"containerName\":\"c-1\",\"credentials\":{\"credentialsType\":\"Key\"}}"))
                .contains("credentialsType");
        assertThat(
                        refused(
                                "{\"datastoreType\":\"AzureDataLakeGen1\",\"storeName\":\"s\",\"credentials\":{\"credentialsType\":\"Certificate\"}}"))
                .contains("is missing");
    }

    private String refused(String properties) {
        HttpResponse<String> answer =
                server.send("PUT", WS + "/datastores/wrong", "{\"properties\":" + properties + "}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(server.get(WS + "/datastores/wrong").statusCode()).isEqualTo(404);
        return answer.body();
    }

    @Test
    void anotherDatastoreBecomesTheDefault() {
        String body =
                "{\"properties\":{\"datastoreType\":\"AzureBlob\",\"containerName\":\"mine\",\"isDefault\":true}}";
        assertThat(server.send("PUT", WS + "/datastores/mine", body).statusCode())
                .isEqualTo(201);
        JsonNode chosen = json(server.get(WS + "/datastores?isDefault=true")).path("value");
        assertThat(chosen).hasSize(1);
        assertThat(chosen.at("/0/name").asString()).isEqualTo("mine");
        assertThat(server.delete(WS + "/datastores/mine").statusCode()).isEqualTo(409);
        server.send("PUT", WS + "/datastores/workspaceblobstore", "{\"properties\":{\"isDefault\":true}}");
        assertThat(server.delete(WS + "/datastores/mine").statusCode()).isEqualTo(200);
    }

    @Test
    void theDataPlaneKnowsNamesAndVersions() {
        fixture.asset("patients", "1", "uri_file", "p.csv");
        String plane = "/data/v1.0" + WS;
        assertThat(json(server.get(plane + "/datacontainer/patients"))
                        .path("nextVersionId")
                        .asString())
                .isEqualTo("2");
        assertThat(server.get(plane + "/dataversion/patients/versions/1/exists").body())
                .isEqualTo("true");
        assertThat(server.get(plane + "/dataversion/patients/versions/2/exists").body())
                .isEqualTo("false");
        assertThat(json(server.get(plane + "/dataversion/patients/versions")).path("value"))
                .hasSize(1);
        assertThat(server.get(plane + "/datacontainer/nobody").statusCode()).isEqualTo(404);
    }

    @Test
    void theWorkspacesOwnDatastoresStay() {
        assertThat(server.delete(WS + "/datastores/workspaceblobstore").statusCode())
                .isEqualTo(409);
    }

    @Test
    void secretsAreASasOfTheContainerForTheHoursAsked() {
        JsonNode secret = json(server.send(
                "POST",
                WS + "/datastores/workspaceartifactstore/listSecrets",
                "{\"expirableSecret\":true,\"expireAfterHours\":1}"));
        assertThat(secret.path("secretsType").asString()).isEqualTo("Sas");
        assertThat(secret.path("sasToken").asString()).isEqualTo("sv=1&c=azureml&h=1");
    }

    @Test
    void aDataAssetIsKeptWithItsLongAddress() {
        assertThat(server.get(WS + "/data/patients").statusCode()).isEqualTo(404);
        HttpResponse<String> made = server.send(
                "PUT",
                WS + "/data/patients/versions/1",
                "{\"properties\":{\"dataType\":\"uri_file\",\"dataUri\":\"azureml://datastores/workspaceblobstore/paths/p.csv\"}}");
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(json(made).path("properties").path("dataUri").asString())
                .isEqualTo("azureml://subscriptions/00000000-0000-0000-0000-000000000001/resourcegroups/atelier"
                        + "/workspaces/main/datastores/workspaceblobstore/paths/p.csv");
        JsonNode container = json(server.get(WS + "/data/patients"));
        assertThat(container.path("properties").path("dataType").asString()).isEqualTo("uri_file");
        assertThat(container.path("properties").path("nextVersion").asString()).isEqualTo("2");
        JsonNode plane = json(server.get("/data/v1.0" + WS + "/dataversion/patients/versions/1"));
        assertThat(plane.path("isV2").asBoolean()).isTrue();
        assertThat(plane.path("dataVersion").path("dataType").asString()).isEqualTo("UriFile");
        String assetId = plane.path("dataVersion").path("assetId").asString();
        JsonNode resolved = json(server.send(
                "POST", "/data/v1.0" + WS + "/dataversion/batchGetResolvedUris", "{\"values\":[\"" + assetId + "\"]}"));
        assertThat(resolved.path("values").path(assetId).path("uri").asString()).endsWith("/paths/p.csv");
    }

    @Test
    void theDatastoreServiceGivesPlaceAndSignature() {
        JsonNode found = json(server.get("/datastore/v1.0" + WS + "/datastores/workspacefilestore"));
        assertThat(found.path("dataStoreType").asString()).isEqualTo("AzureBlob");
        JsonNode storage = found.path("azureStorageSection");
        assertThat(storage.path("accountName").asString()).endsWith("/atelier");
        assertThat(storage.path("containerName").asString()).startsWith("azureml-filestore-");
        assertThat(storage.path("credentialType").asString()).isEqualTo("Sas");
        assertThat(storage.path("credential").asString()).isNotEmpty();
        assertThat(server.get("/datastore/v1.0" + WS + "/datastores/none").statusCode())
                .isEqualTo(404);
    }

    @Test
    void aDataAssetWithABadAddressOrTypeIsRefused() {
        HttpResponse<String> local = server.send(
                "PUT",
                WS + "/data/x/versions/1",
                "{\"properties\":{\"dataType\":\"uri_file\",\"dataUri\":\"/home/me/x.csv\"}}");
        assertThat(local.statusCode()).isEqualTo(400);
        assertThat(json(local).path("error").path("code").asString()).isEqualTo("InvalidDataUri");
        HttpResponse<String> type = server.send(
                "PUT",
                WS + "/data/x/versions/1",
                "{\"properties\":{\"dataType\":\"csv\",\"dataUri\":\"azureml://datastores/workspaceblobstore/paths/x\"}}");
        assertThat(json(type).path("error").path("target").asString()).isEqualTo("properties.dataType");
    }

    @Test
    void profileAndPreviewOverHttp() {
        fixture.file("p.csv", "age,city\n20,rome\n30,\n");
        fixture.asset("patients", "1", "uri_file", "p.csv");
        JsonNode profile = json(server.get(WS + "/atelier/data/patients/versions/1/profile"));
        assertThat(profile.path("rows").asInt()).isEqualTo(2);
        assertThat(profile.path("columns").path(0).path("q50").asDouble()).isEqualTo(25.0);
        assertThat(profile.path("columns").path(1).path("nulls").asInt()).isEqualTo(1);
        assertThat(profile.path("bytes").asInt()).isEqualTo(21);
        assertThat(server.get(WS + "/atelier/data/patients/versions/1/preview?offset=1&limit=1")
                        .body())
                .isEqualTo("{\"columns\":[\"age\",\"city\"],\"rows\":[[30,null]],\"total\":2}");
        assertThat(server.get(WS + "/atelier/data/patients/versions/2/profile").statusCode())
                .isEqualTo(404);
    }
}
