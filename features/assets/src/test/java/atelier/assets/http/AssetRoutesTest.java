package atelier.assets.http;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.assets.Asset;
import atelier.assets.AssetDoor;
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
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class AssetRoutesTest {
    @TempDir
    Path folder;

    private Database database;
    private TestServer server;
    private Workspace lab;

    @BeforeEach
    void start() {
        database = TestDatabase.sqlite(folder, "workspace", "assets");
        SettableClock clock = new SettableClock();
        WorkspaceFeature workspaces = WorkspaceFeature.create(database, clock, new CountingIds(), "test");
        lab = workspaces.workspaces().ensure("sub", "group", "lab", "local");
        AssetsFeature assets = AssetsFeature.create(database, workspaces.workspaces(), clock);
        server = TestServer.of(assets.routes(new AssetDoor() {
            @Override
            public String kind() {
                return "environments";
            }

            @Override
            public List<Asset> builtIn(Workspace workspace) {
                return List.of(new Asset(
                        workspace.id(),
                        "environments",
                        "AzureML-curated",
                        "3",
                        Json.object().put("image", "curated"),
                        false,
                        "Microsoft",
                        Instant.EPOCH,
                        Instant.EPOCH));
            }
        }));
    }

    @AfterEach
    void stop() {
        server.close();
        database.close();
    }

    private String path(String rest) {
        return lab.armId() + "/environments" + rest;
    }

    private JsonNode json(String path) {
        return Json.parse(server.get(path).body());
    }

    @Test
    void aNewNameIsA404SoThatTheSdkStartsWithVersionOne() {
        assertThat(server.get(path("/mine")).statusCode()).isEqualTo(404);
        assertThat(server.send("PUT", path("/mine/versions/1"), "{\"properties\":{\"image\":\"x\"}}")
                        .statusCode())
                .isEqualTo(201);
        JsonNode container = json(path("/mine"));
        assertThat(container.at("/properties/latestVersion").asString()).isEqualTo("1");
        assertThat(container.at("/properties/nextVersion").asString()).isEqualTo("2");
        assertThat(container.at("/id").asString()).isEqualTo(path("/mine"));
    }

    @Test
    void aVersionIsAnsweredInFull() {
        server.send("PUT", path("/mine/versions/1"), "{\"properties\":{\"image\":\"x\",\"tags\":{\"a\":\"b\"}}}");
        JsonNode version = json(path("/mine/versions/1"));
        assertThat(version.at("/properties/tags/a").asString()).isEqualTo("b");
        assertThat(version.at("/systemData/createdBy").asString()).isEqualTo("tester");
        assertThat(version.at("/name").asString()).isEqualTo("1");
        assertThat(server.get(path("/mine/versions/9")).statusCode()).isEqualTo(404);
    }

    @Test
    void archivingTheContainerHidesItAndRestoringShowsItAgain() {
        server.send("PUT", path("/mine/versions/1"), "{\"properties\":{\"image\":\"x\"}}");
        server.send("PUT", path("/mine"), "{\"properties\":{\"isArchived\":true}}");
        assertThat(json(path("?listViewType=ActiveOnly")).at("/value")).hasSize(1);
        assertThat(json(path("?listViewType=ListViewType.ACTIVE_ONLY")).at("/value"))
                .hasSize(1);
        assertThat(json(path("?listViewType=All")).at("/value")).hasSize(2);
        server.send("PUT", path("/mine"), "{\"properties\":{\"isArchived\":false}}");
        assertThat(json(path("")).at("/value")).hasSize(2);
    }

    @Test
    void curatedOnesAreReadButNotChanged() {
        assertThat(json(path("/AzureML-curated"))
                        .at("/properties/latestVersion")
                        .asString())
                .isEqualTo("3");
        assertThat(json(path("/AzureML-curated/versions/3"))
                        .at("/properties/image")
                        .asString())
                .isEqualTo("curated");
        assertThat(server.send("PUT", path("/AzureML-curated/versions/3"), "{\"properties\":{}}")
                        .statusCode())
                .isEqualTo(409);
    }

    @Test
    void versionsPageByNextLink() {
        for (int i = 1; i <= 3; i++) {
            server.send("PUT", path("/mine/versions/" + i), "{\"properties\":{\"image\":\"x\"}}");
        }
        JsonNode first = json(path("/mine/versions?$orderBy=createdtime%20desc&$top=2"));
        assertThat(first.at("/value")).hasSize(2);
        String next = first.at("/nextLink").asString();
        JsonNode second = json(next.substring(next.indexOf("/subscriptions")));
        assertThat(second.at("/value/0/name").asString()).isEqualTo("1");
        assertThat(second.at("/nextLink").isNull()).isTrue();
    }

    @Test
    void badBodiesAreTheClientsMistake() {
        assertThat(server.send("PUT", path("/mine/versions/1"), "[]").statusCode())
                .isEqualTo(400);
        assertThat(server.send("PUT", path("/mine/versions/1"), "{\"properties\":3}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(server.send("PUT", path("/mi%2Fne/versions/1"), "{\"properties\":{}}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(server.get(path("/mine")).statusCode()).isEqualTo(404);
    }

    @Test
    void namesPageByNextLinkAndTheBuiltInOnesComeLast() {
        for (String name : List.of("a", "b", "c")) {
            server.send("PUT", path("/" + name + "/versions/1"), "{\"properties\":{\"image\":\"x\"}}");
        }
        JsonNode first = json(path("?$top=2&listViewType=All"));
        assertThat(first.at("/value")).hasSize(2);
        String next = first.at("/nextLink").asString();
        assertThat(next).contains("listViewType=All");
        JsonNode second = json(next.substring(next.indexOf("/subscriptions")));
        assertThat(second.at("/value")).hasSize(2);
        assertThat(second.at("/value/1/name").asString()).isEqualTo("AzureML-curated");
        assertThat(json(path("?listViewType=ArchivedOnly")).at("/value")).isEmpty();
    }

    @Test
    void aVersionIsArchivedBySendingBackWhatWasAnswered() {
        server.send("PUT", path("/mine/versions/1"), "{\"properties\":{\"image\":\"x\"}}");
        var properties = (tools.jackson.databind.node.ObjectNode)
                json(path("/mine/versions/1")).at("/properties");
        properties.put("isArchived", true);
        var body = Json.object();
        body.set("properties", properties);
        assertThat(server.send("PUT", path("/mine/versions/1"), body.toString()).statusCode())
                .isEqualTo(200);
        assertThat(json(path("/mine/versions?listViewType=ArchivedOnly")).at("/value"))
                .hasSize(1);
        assertThat(json(path("/mine/versions")).at("/value")).isEmpty();
    }

    @Test
    void anotherContentIsAConflictInAzuresWords() {
        server.send("PUT", path("/mine/versions/1"), "{\"properties\":{\"image\":\"x\"}}");
        var answer = server.send("PUT", path("/mine/versions/1"), "{\"properties\":{\"image\":\"y\"}}");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body())
                .contains("UserError")
                .contains("already exists")
                .contains("'image'");
    }

    @Test
    void aListSaysWhichParameterIsWrong() {
        var view = server.get(path("?listViewType=ArchivdOnly"));
        assertThat(view.statusCode()).isEqualTo(400);
        assertThat(view.body()).contains("Did you mean 'ArchivedOnly'?");
        assertThat(server.get(path("/mine/versions?$orderBy=size")).statusCode())
                .isEqualTo(400);
        assertThat(server.get(path("/mine/versions?$skip=x")).statusCode()).isEqualTo(400);
    }

    @Test
    void aNameWithoutVersionsIsMadeAndDescribed() {
        var made = server.send("PUT", path("/mine"), "{\"properties\":{\"description\":\"d\"}}");
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(json(path("/mine")).at("/properties/nextVersion").asString()).isEqualTo("1");
        assertThat(json(path("/mine")).at("/properties/description").asString()).isEqualTo("d");
    }

    @Test
    void aNameIsFoundWithTheSchemeThatTheSdkLeavesBeforeIt() {
        server.send("PUT", path("/mine/versions/1"), "{\"properties\":{\"image\":\"x\"}}");
        assertThat(json(path("/azureml:mine/versions?$orderBy=createdtime%20desc&$top=1"))
                        .at("/value/0/name")
                        .asString())
                .isEqualTo("1");
        assertThat(server.send("PUT", path("/azureml:mine/versions/2"), "{\"properties\":{\"image\":\"x\"}}")
                        .statusCode())
                .isEqualTo(400);
    }
}
