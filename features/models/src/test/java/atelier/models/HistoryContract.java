package atelier.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.datasets.Location;
import atelier.experiments.ExperimentsFeature;
import atelier.experiments.MemoryBlobs;
import atelier.experiments.OneWorkspace;
import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.models.Deployed.Kind;
import atelier.models.Deployed.Place;
import atelier.store.Database;
import atelier.testkit.CountingIds;
import atelier.testkit.SettableClock;
import atelier.testkit.TestServer;
import atelier.web.Routes;
import atelier.workspace.Workspace;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What happened to models and what was in production when, over real HTTP; runs on each database.
abstract class HistoryContract {
    private static final Workspace WS = OneWorkspace.MAIN;
    private static final Place BLUE = new Place(Kind.ONLINE, "ep", "blue");
    private static final Place GREEN = new Place(Kind.ONLINE, "ep", "green");
    private static final Caller MARIA = TestServer.USER;
    private final SettableClock clock = new SettableClock();
    private Database database;
    private ModelsFeature models;
    private TestServer server;

    abstract Database open();

    @BeforeEach
    void start() {
        database = open();
        OneWorkspace workspaces = new OneWorkspace();
        MemoryBlobs blobs = new MemoryBlobs();
        var experiments = ExperimentsFeature.create(database, blobs, workspaces, clock, new CountingIds());
        models = ModelsFeature.create(
                database,
                blobs,
                experiments.runs(),
                new FakeDataUris(),
                workspaces,
                MemoryVault.hooks(),
                clock,
                new CountingIds());
        List<Routes> routes = new ArrayList<>(models.routes());
        server = TestServer.of(routes.toArray(Routes[]::new));
        models.registry().create(WS, "m", null, Map.of(), MARIA);
        version("None");
        version("None");
    }

    @AfterEach
    void stop() {
        server.close();
        database.close();
    }

    private void version(String stage) {
        models.versions()
                .create(
                        WS,
                        new Versions.NewVersion(
                                "m", null, "s3://b/x", null, Version.Lineage.UNKNOWN, null, stage, Map.of(), Map.of()),
                        MARIA);
    }

    private JsonNode get(String path) {
        HttpResponse<String> answer = server.get(WS.armId() + "/atelier/models/" + path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.parse(answer.body());
    }

    private List<String> told(String path) {
        return StreamSupport.stream(get(path).path("value").spliterator(), false)
                .map(e -> e.path("version").asString() + " " + e.path("what").asString() + " "
                        + e.path("before").asString() + ">" + e.path("after").asString() + " "
                        + e.path("who").asString())
                .toList();
    }

    private List<String> production(Instant at, String more) {
        return StreamSupport.stream(
                        get("production?at=" + at + more).path("value").spliterator(), false)
                .map(v -> v.path("name").asString() + ":" + v.path("version").asString() + " "
                        + v.path("because").findValuesAsString("kind"))
                .toList();
    }

    private Instant later() {
        Instant before = clock.instant();
        clock.tick(Duration.ofHours(1));
        return before;
    }

    @Test
    void charactersThatEndANameInAddressesAreRefused() {
        for (String bad : List.of("a/b", "a:b")) {
            String complaint = "Invalid model name '" + bad + "'. Names cannot contain '/' or ':'.";
            assertThatThrownBy(() -> models.registry().create(WS, bad, null, Map.of(), MARIA))
                    .hasMessage(complaint);
            assertThatThrownBy(() -> models.registry().rename(WS, "m", bad, MARIA))
                    .hasMessage(complaint);
        }
    }

    @Test
    void anAliasMayHaveLettersOfAnyLanguage() {
        models.registry().setAlias(WS, "m", "gültig", "1", MARIA);
        assertThat(told("m/history").getFirst()).contains("alias gültig");
    }

    @Test
    void aDeploymentIsToldFromWantedToGone() {
        String who = MARIA.name();
        models.deployed().wanted(WS, BLUE, "m", "1", MARIA);
        models.deployed().serves(WS, BLUE, "m", "1");
        models.deployed().shares(WS, Kind.ONLINE, "ep", Map.of("blue", 100), MARIA);
        models.deployed().shares(WS, Kind.ONLINE, "ep", Map.of("blue", 100), Caller.SYSTEM);
        models.deployed().wanted(WS, BLUE, "m", "2", Caller.SYSTEM);
        models.deployed().serves(WS, BLUE, "m", "2");
        models.deployed().gone(WS, Kind.ONLINE, "ep", "blue", MARIA);
        models.deployed().gone(WS, Kind.ONLINE, "ep", "blue", MARIA);

        String what = "deployment online/ep/blue ";
        assertThat(told("m/history?kind=deployment"))
                .containsExactly(
                        "2 " + what + "100> " + who,
                        "2 " + what + ">100 " + Caller.SYSTEM.name(),
                        "1 " + what + "100> " + Caller.SYSTEM.name(),
                        "1 " + what + "0>100 " + who,
                        "1 " + what + ">0 " + who);
        assertThat(get("m/history?kind=deployment&$top=1").path("value").path(0).toString())
                .contains("\"endpointType\":\"online\",\"endpoint\":\"ep\",\"deployment\":\"blue\"");
    }

    @Test
    void whatNeverServedIsNotToldAndAnUpdateThatKeepsTheVersionIsOne() {
        models.deployed().wanted(WS, GREEN, "m", "1", MARIA);
        models.deployed().gone(WS, Kind.ONLINE, "ep", null, MARIA);
        assertThat(told("m/history?kind=deployment")).isEmpty();

        models.deployed().wanted(WS, BLUE, "m", "1", MARIA);
        models.deployed().serves(WS, BLUE, "m", "1");
        models.deployed().serves(WS, BLUE, "m", "1");
        assertThat(told("m/history?kind=deployment&version=1"))
                .containsExactly(
                        "1 deployment online/ep/blue 0>0 " + MARIA.name(),
                        "1 deployment online/ep/blue >0 " + MARIA.name());
    }

    @Test
    void aChangeAndItsEventAreKeptBothOrNeither() {
        try {
            models.deployed().together(() -> {
                models.deployed().wanted(WS, BLUE, "m", "1", MARIA);
                models.deployed().serves(WS, BLUE, "m", "1");
                throw new IllegalStateException("the change was lost");
            });
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("the change was lost");
        }
        assertThat(told("m/history?kind=deployment")).isEmpty();
    }

    @Test
    void productionIsWhatStageAliasOrTrafficMadeItAtThatTime() {
        Instant before = later();
        models.registry().setAlias(WS, "m", "champion", "1", MARIA);
        models.versions().moveToStage(WS, "m", "1", "Production", false, MARIA);
        Instant one = later();
        models.registry().setAlias(WS, "m", "champion", "2", MARIA);
        models.versions().moveToStage(WS, "m", "2", "Production", true, MARIA);
        models.deployed().wanted(WS, BLUE, "m", "1", MARIA);
        models.deployed().serves(WS, BLUE, "m", "1");
        Instant two = later();
        models.deployed().shares(WS, Kind.ONLINE, "ep", Map.of("blue", 100), MARIA);
        models.registry().deleteAlias(WS, "m", "champion", MARIA);
        Instant three = later();
        models.versions().delete(WS, "m", "2", MARIA);
        models.versions().delete(WS, "m", "1", MARIA);
        Instant four = later();

        assertThat(production(before, "")).isEmpty();
        assertThat(production(one, "")).containsExactly("m:1 [alias, stage]");
        assertThat(production(two, "")).containsExactly("m:2 [alias, stage]");
        assertThat(production(three, "")).containsExactly("m:1 [deployment]", "m:2 [stage]");
        assertThat(production(four, "")).containsExactly("m:1 [deployment]");
        assertThat(production(two, "&aliases=other")).containsExactly("m:2 [stage]");
        assertThat(production(two, "&name=unknown")).isEmpty();
        assertThat(get("production").path("value").size()).isEqualTo(1);
    }

    @Test
    void aDeploymentThatServedBeforeIsToldOnce() {
        models.deployed().found(WS, BLUE, () -> served("2"), 70, "jo");
        models.deployed().found(WS, BLUE, () -> served("1"), 70, "jo");
        assertThat(told("m/history?kind=deployment")).containsExactly("2 deployment online/ep/blue >70 jo");
    }

    private static Models.ModelVersion served(String version) {
        return new Models.ModelVersion(
                "m", version, "custom_model", new Location("c", "p"), null, Map.of(), Instant.EPOCH);
    }

    @Test
    void aRenamedModelTakesItsHistoryAndDeploymentsAlong() {
        models.deployed().wanted(WS, BLUE, "m", "1", MARIA);
        models.deployed().serves(WS, BLUE, "m", "1");
        models.registry().rename(WS, "m", "n", MARIA);
        models.deployed().gone(WS, Kind.ONLINE, "ep", null, MARIA);
        assertThat(told("n/history"))
                .startsWith("1 deployment online/ep/blue 0> " + MARIA.name(), " renamed m>n " + MARIA.name());
        assertThat(told("m/history")).isEmpty();
    }

    @Test
    void aVersionThatIsBornInAStageIsInIt() {
        version("Production");
        assertThat(production(clock.instant(), "")).containsExactly("m:3 [stage]");
    }

    @Test
    void historyComesInPagesInTheOrderOfWhatHappened() {
        for (int i = 0; i < 5; i++) {
            models.registry().setAlias(WS, "m", "a" + i, "1", MARIA);
        }
        JsonNode first = get("m/history?$top=3");
        assertThat(first.path("value").findValuesAsString("alias")).containsExactly("a4", "a3", "a2");
        String next = first.path("nextLink").asString();
        JsonNode second = Json.parse(
                server.get(next.substring(next.indexOf("/subscriptions"))).body());
        assertThat(second.path("value").findValuesAsString("what")).containsExactly("alias a1", "alias a0", "created");
        assertThat(get("m/history?$top=7").path("nextLink").isString()).isFalse();
    }

    @Test
    void wrongQuestionsAreAnsweredWithTheField() {
        for (String question : List.of(
                "production?at=yesterday", "production?at=2026-13-01", "m/history?kind=stag", "m/history?$skip=x")) {
            HttpResponse<String> answer = server.get(WS.armId() + "/atelier/models/" + question);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            assertThat(answer.body()).contains("\"target\"");
        }
        assertThat(server.get(WS.armId() + "/atelier/models/m/history?kind=stag")
                        .body())
                .contains("stage");
    }
}
