package atelier.registries.http;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.assets.AssetDoor;
import atelier.assets.Assets;
import atelier.assets.AssetsFeature;
import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.registries.KeptFiles;
import atelier.registries.RegistriesFeature;
import atelier.registries.Uploads;
import atelier.store.Database;
import atelier.testkit.CountingIds;
import atelier.testkit.SettableClock;
import atelier.testkit.TestDatabase;
import atelier.testkit.TestServer;
import atelier.web.Routes;
import atelier.workspace.Workspace;
import atelier.workspace.WorkspaceFeature;
import atelier.workspace.WorkspaceParts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryRoutesTest {
    private static final String GROUP = "/subscriptions/sub/resourceGroups/group";
    private static final String REGISTRIES = GROUP + "/providers/Microsoft.MachineLearningServices/registries";
    private static final Uploads UPLOADS = new Uploads() {
        @Override
        public String container(String name, String baseUrl) {
            return baseUrl + "/blob/atelier/" + name + "?sig=x";
        }

        @Override
        public String permission(String blobAddress, String baseUrl) {
            return blobAddress.startsWith(baseUrl) ? "sig=y" : "";
        }
    };

    private final List<String> copied = new ArrayList<>();
    private final KeptFiles files = new KeptFiles() {
        @Override
        public boolean has(Workspace registry, String kind, String name, String version) {
            return copied.stream().anyMatch(line -> line.startsWith(kind + " " + name + ":" + version + " of "));
        }

        @Override
        public void copy(
                Source source, Workspace registry, String name, String version, Caller caller, String baseUrl) {
            if (source.version().equals("9")) {
                throw new Problem.NotFound("ResourceNotFound", "There is no version '9'.");
            }
            if (source.kind().equals("codes")) {
                assets.put(registry, "codes", name, version, Json.object().put("codeUri", "https://own/place"), caller);
            }
            copied.add(source.kind() + " " + name + ":" + version + " of "
                    + source.workspace().name() + " " + source.name() + ":" + source.version());
        }
    };

    @TempDir
    Path folder;

    private Database database;
    private Workspace lab;
    private Assets assets;
    private TestServer server;

    @BeforeEach
    void start() {
        database = TestDatabase.sqlite(folder, "workspace", "assets");
        SettableClock clock = new SettableClock();
        WorkspaceFeature workspaces = WorkspaceFeature.create(database, clock, new CountingIds(), "test");
        lab = workspaces.workspaces().ensure("sub", "group", "lab", "local");
        AssetsFeature feature = AssetsFeature.create(database, workspaces.workspaces(), clock);
        assets = feature.assets();
        List<Routes> routes = new ArrayList<>(workspaces.routes());
        for (String kind : List.of("environments", "components", "codes")) {
            AssetDoor door = () -> kind;
            routes.add(feature.routes(door));
        }
        routes.addAll(RegistriesFeature.create(
                        new RegistriesFeature.Collaborators(
                                workspaces.store(),
                                workspaces.workspaces(),
                                WorkspaceParts.NONE,
                                workspaces.operations(),
                                assets),
                        UPLOADS,
                        files,
                        lab,
                        List.copyOf(routes),
                        clock)
                .routes());
        server = TestServer.of(routes.toArray(new Routes[0]));
    }

    @AfterEach
    void stop() {
        server.close();
        database.close();
    }

    private void make(String name) {
        assertThat(server.send("PUT", REGISTRIES + "/" + name, "{\"location\":\"local\",\"tags\":{\"a\":\"b\"}}")
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void theRegistryAzuremlIsThereAndIsNoWorkspace() {
        assertThat(server.get(REGISTRIES).body()).contains("\"name\":\"azureml\"");
        String workspaces = GROUP + "/providers/Microsoft.MachineLearningServices/workspaces";
        assertThat(Json.parse(server.get(workspaces).body()).at("/value")).hasSize(1);
        assertThat(server.get("/registrymanagement/v1.0/registries/AzureML/discovery")
                        .body())
                .contains("\"registryName\":\"azureml\"", "\"subscriptionId\":\"sub\"");
        assertThat(server.get("/registrymanagement/v1.0/registries/azurml/discovery")
                        .body())
                .contains("Did you mean 'azureml'?");
        assertThat(server.delete(REGISTRIES + "/azureml").statusCode()).isEqualTo(409);
    }

    @Test
    void aRegistryIsMadeChangedListedAndDeleted() {
        make("team");
        assertThat(Json.parse(server.get(REGISTRIES + "/TEAM").body())
                        .at("/tags/a")
                        .asString())
                .isEqualTo("b");
        server.send("PATCH", REGISTRIES + "/team", "{\"tags\":{\"c\":\"d\"}}");
        assertThat(server.get(REGISTRIES + "/team").body()).contains("\"c\":\"d\"");
        assertThat(server.delete(REGISTRIES + "/team").statusCode()).isEqualTo(200);
        assertThat(server.get(REGISTRIES + "/team").statusCode()).isEqualTo(404);
        for (String wrong : new String[] {"{}", "{\"location\":\"local\",\"tags\":1}", "{\"location\":\"a/b\"}"}) {
            assertThat(server.send("PUT", REGISTRIES + "/team", wrong).statusCode())
                    .as(wrong)
                    .isEqualTo(400);
        }
        assertThat(server.get(REGISTRIES + "/team").statusCode()).isEqualTo(404);
    }

    @Test
    void assetsOfARegistryAreItsOwnAndSayTheirAddress() {
        make("team");
        for (String base : new String[] {REGISTRIES + "/team", "/mferp/managementfrontend" + REGISTRIES + "/team"}) {
            String one = base + "/environments/env/versions/1";
            var made = server.send("PUT", one, "{\"properties\":{\"image\":\"x\"}}");
            assertThat(made.statusCode()).isEqualTo(202);
            assertThat(made.headers().firstValue("Azure-AsyncOperation")).isPresent();
            assertThat(Json.parse(server.get(one).body()).at("/id").asString())
                    .isEqualTo("azureml://registries/team/environments/env/versions/1");
        }
        assertThat(server.get(lab.armId() + "/environments/env/versions/1").statusCode())
                .isEqualTo(404);
        assertThat(server.get(REGISTRIES + "/azureml/environments/env/versions/1")
                        .statusCode())
                .isEqualTo(404);
        assertThat(assets.resolve(lab, "environments", "azureml://registries/team/environments/env/labels/latest")
                        .version())
                .isEqualTo("1");
        assertThat(server.get(REGISTRIES + "/nope/environments").statusCode()).isEqualTo(404);
    }

    @Test
    void aComponentIsSharedWithItsCodeAndEnvironment() {
        make("team");
        String code = lab.armId() + "/codes/c/versions/1";
        String environment = lab.armId() + "/environments/e/versions/1";
        server.send("PUT", code, "{\"properties\":{\"codeUri\":\"https://x/y\"}}");
        server.send("PUT", environment, "{\"properties\":{\"image\":\"x\"}}");
        server.send(
                "PUT",
                lab.armId() + "/components/k/versions/1",
                "{\"properties\":{\"componentSpec\":{\"code\":\"azureml:" + code + "\",\"environment\":\"azureml:"
                        + environment + "\"}}}");
        String wanted = "{\"properties\":{\"referenceType\":\"Id\",\"destinationName\":\"shared\",\"sourceAssetId\":"
                + "\"azureml://locations/local/workspaces/" + lab.id() + "/components/k/versions/1\"}}";
        var copied = server.send("POST", REGISTRIES + "/team/import", wanted);
        assertThat(copied.statusCode()).as(copied.body()).isEqualTo(200);
        String spec =
                server.get(REGISTRIES + "/team/components/shared/versions/1").body();
        assertThat(spec)
                .contains(
                        "azureml://registries/team/codes/c/versions/1",
                        "azureml://registries/team/environments/e/versions/1");
        assertThat(server.get(REGISTRIES + "/team/codes/c/versions/1").body()).contains("https://own/place");
        assertThat(server.send("POST", REGISTRIES + "/team/import", wanted).statusCode())
                .isEqualTo(409);
        assertThat(server.send("POST", REGISTRIES + "/team/import", "{}").statusCode())
                .isEqualTo(400);
    }

    @Test
    void modelsAndDataAreSharedWithTheirFilesOnce() {
        make("team");
        for (String kind : List.of("models", "data")) {
            String wanted =
                    "{\"properties\":{\"referenceType\":\"Id\",\"destinationName\":\"to\",\"destinationVersion\":\"2\","
                            + "\"sourceAssetId\":\"azureml://locations/local/workspaces/" + lab.id() + "/" + kind
                            + "/from/versions/1\"}}";
            String door = "/mferp/managementfrontend" + REGISTRIES + "/team/import";
            assertThat(server.send("POST", door, wanted).statusCode()).isEqualTo(200);
            assertThat(copied).contains(kind + " to:2 of lab from:1");
            assertThat(server.send("POST", door, wanted).statusCode()).isEqualTo(409);
            assertThat(server.send(
                                    "POST",
                                    door,
                                    wanted.replace("\"to\"", "\"../x\"").replace("from", "f"))
                            .statusCode())
                    .isEqualTo(400);
            assertThat(server.send(
                                    "POST",
                                    door,
                                    wanted.replace("/versions/1", "/versions/9").replace("\"2\"", "\"3\""))
                            .statusCode())
                    .isEqualTo(404);
        }
        assertThat(copied).hasSize(2);
        String jobs = "{\"properties\":{\"sourceAssetId\":\"azureml://locations/local/workspaces/" + lab.id()
                + "/jobs/j/versions/1\"}}";
        assertThat(server.send("POST", REGISTRIES + "/team/import", jobs).body())
                .contains("ShareNotSupported", "components, models and data");
    }

    @Test
    void anUnknownComponentOfAzuremlIsToldWhatThatRegistryHasHere() {
        String answer = server.get(REGISTRIES + "/azureml/components/rai_tabular_insight_constructor/versions/1")
                .body();
        assertThat(answer)
                .contains("ResourceNotFound", "rai_tabular_insight_constructor", "Azure's own", "curated environments");
    }

    @Test
    void filesGetRoomBeforeTheAssetIsMade() {
        String place = "/mferp/managementfrontend" + REGISTRIES + "/azureml/tempdatarefs/m/versions/1";
        var first = server.send("PUT", place, "{\"assetId\":\"azureml://registries/azureml/models/m/versions/1\"}");
        assertThat(Json.parse(first.body())
                        .at("/blobReferenceForConsumption/credential/sasUri")
                        .asString())
                .contains("/blob/atelier/code-")
                .endsWith("?sig=x");
        assertThat(server.send("PUT", place, "{\"assetId\":\"azureml://registries/azureml/models/m/versions/1\"}")
                        .body())
                .isEqualTo(first.body());
        String reading = place.replace("tempdatarefs", "datarefs");
        String account = server.uri("/atelier.blob.storage.here").toString();
        assertThat(Json.parse(server.send("POST", reading, "{\"blobUri\":\"" + account + "/code-x/weights/w.bin\"}")
                                .body())
                        .at("/blobReferenceForConsumption/credential/sasUri")
                        .asString())
                .isEqualTo(account + "?sig=y");
        assertThat(server.send("POST", reading, "{\"blobUri\":\"https://elsewhere/x\"}")
                        .statusCode())
                .isEqualTo(400);
    }
}
