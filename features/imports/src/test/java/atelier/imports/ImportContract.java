package atelier.imports;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.experiments.ExperimentsFeature;
import atelier.experiments.MemoryBlobs;
import atelier.experiments.Metric;
import atelier.experiments.OneWorkspace;
import atelier.experiments.Run;
import atelier.experiments.RunStatus;
import atelier.experiments.Tracking;
import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.models.FakeDataUris;
import atelier.models.MemoryVault;
import atelier.models.ModelsFeature;
import atelier.store.Database;
import atelier.testkit.CountingIds;
import atelier.testkit.SettableClock;
import atelier.testkit.TestServer;
import atelier.web.Routes;
import atelier.workspace.Workspace;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The door of imports over real HTTP; runs on each database.
abstract class ImportContract {
    private static final Workspace WS = OneWorkspace.MAIN;
    private static final String ID = "0123456789abcdef0123456789abcdef";
    private final SettableClock clock = new SettableClock();
    private Database database;
    private ExperimentsFeature experiments;
    private ModelsFeature models;
    private Routes door;
    private TestServer server;

    abstract Database open();

    @BeforeEach
    void start() {
        database = open();
        OneWorkspace workspaces = new OneWorkspace();
        MemoryBlobs blobs = new MemoryBlobs();
        experiments = ExperimentsFeature.create(database, blobs, workspaces, clock, new CountingIds());
        models = ModelsFeature.create(
                database,
                blobs,
                experiments.runs(),
                new FakeDataUris(),
                workspaces,
                MemoryVault.hooks(),
                clock,
                new CountingIds());
        door = ImportsFeature.routes(database, experiments.imports(), models.imports(), workspaces, clock);
        server = TestServer.of(door);
    }

    @AfterEach
    void stop() {
        server.close();
        database.close();
    }

    private HttpResponse<String> send(TestServer to, String what, String json) {
        return to.send("POST", WS.armId() + "/atelier/mlflow/import/" + what, json.replace('\'', '"'));
    }

    private JsonNode post(String what, String json) {
        HttpResponse<String> answer = send(server, what, json);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.parse(answer.body());
    }

    private String refusal(String what, String json) {
        HttpResponse<String> answer = send(server, what, json);
        return answer.statusCode() + " "
                + Json.parse(answer.body()).path("error").path("message").asString();
    }

    private String experiment(String name) {
        return post(
                        "experiments",
                        "{'experiments': [{'name': '" + name
                                + "', 'lifecycle': 'active', 'createdAt': 11, 'updatedAt': 12, 'tags': {'team': 'a'}}]}")
                .path("experiments")
                .path(0)
                .path("id")
                .asString();
    }

    private static String run(String id, String experiment, String more) {
        return "{'runId': '" + id + "', 'experimentId': '" + experiment + "', 'fingerprint': 'f1', 'name': 'whole',"
                + " 'userId': 'maria', 'status': 'FAILED', 'startTime': 100, 'endTime': 200, 'lifecycle': 'active'"
                + more + "}";
    }

    private List<String> runs(String... runs) {
        return words(post("runs", "{'runs': [" + String.join(", ", runs) + "]}"));
    }

    private static List<String> words(JsonNode answer) {
        return answer.path("states").valueStream().map(JsonNode::asString).toList();
    }

    private List<String> known(String kind, String id, String print) {
        return words(post(
                "known", "{'asked': [{'kind': '" + kind + "', 'id': '" + id + "', 'fingerprint': '" + print + "'}]}"));
    }

    private List<Double> history(String run, String key) {
        return experiments.runs().metricValues(WS, List.of(run), key).getOrDefault(run, List.of());
    }

    @Test
    void experimentsAreFoundByNameOrMadeAsTheyWere() {
        String id = experiment("old");
        String again = experiment("old");
        assertThat(again).isEqualTo(id);
        assertThat(experiments.experiments().get(WS, id).createdAt()).isEqualTo(11);
        assertThat(experiment("Default")).isEqualTo("0");
    }

    @Test
    void aRunComesAsItWas() {
        String experiment = experiment("old");
        assertThat(runs(run(
                        ID,
                        experiment,
                        ", 'deletedAt': 7, 'params': {'rate': '0.1'}, 'tags': {'mlflow.user': 'maria'},"
                                + " 'metrics': {'loss': [[3, 10, 5], ['NaN', 11, 1], ['Infinity', 12, 9], [2, 13, 1]]},"
                                + " 'datasets': [{'name': 'd', 'digest': 'x', 'sourceType': 'local', 'source': '{}',"
                                + " 'schema': null, 'tags': {'mlflow.data.context': 'training'}}],"
                                + " 'made': [{'id': 'm-1', 'step': 3}]")))
                .containsExactly("new");
        Run run = experiments.tracking().get(WS, ID);
        assertThat(run.head().startTime()).isEqualTo(100);
        assertThat(run.head().endTime()).isEqualTo(200);
        assertThat(run.head().userId()).isEqualTo("maria");
        assertThat(run.head().status().name()).isEqualTo("FAILED");
        assertThat(run.head().artifactUri()).isEqualTo("mlflow-artifacts:/" + experiment + "/" + ID + "/artifacts");
        assertThat(run.params().getFirst().value()).isEqualTo("0.1");
        assertThat(run.datasets().getFirst().context()).isEqualTo("training");
        assertThat(run.modelsOut().getFirst().step()).isEqualTo(3);
        assertThat(run.metrics()).containsExactly(new Metric("loss", Double.MAX_VALUE, 12, 9));
        assertThat(history(ID, "loss")).containsExactly(3.0, Double.NaN, Double.MAX_VALUE, 2.0);
    }

    @Test
    void aDeletedRunStaysDeleted() {
        runs(run(ID, experiment("old"), "").replace("'active'", "'deleted'"));
        assertThat(experiments.tracking().head(WS, ID).lifecycle()).isEqualTo("deleted");
    }

    @Test
    void whatIsHereIsKnownByItsFingerprint() {
        String experiment = experiment("old");
        assertThat(known("run", ID, "f1")).containsExactly("new");
        runs(run(ID, experiment, ""));
        assertThat(known("run", ID, "f1")).containsExactly("files-missing");
        assertThat(known("run", ID, "f2")).containsExactly("differs");
        post("files", "{'kind': 'run', 'ids': ['" + ID + "']}");
        assertThat(known("run", ID, "f1")).containsExactly("present");
        assertThat(runs(run(ID, experiment, ", 'params': {'rate': 'other'}"))).containsExactly("present");
        assertThat(experiments.tracking().get(WS, ID).params()).isEmpty();
    }

    @Test
    void aRunThatWasMadeHereIsNeverTouched() {
        String experiment = experiment("old");
        experiments
                .tracking()
                .create(WS, new Tracking.NewRun(experiment, ID, "mine", "me", RunStatus.RUNNING, 1, List.of(), false));
        assertThat(runs(run(ID, experiment, ""))).containsExactly("foreign");
        assertThat(experiments.tracking().head(WS, ID).name()).isEqualTo("mine");
    }

    @Test
    void pointsThatCameAheadAreSeenOnlyWithTheirRun() {
        String experiment = experiment("old");
        post("points", "{'runId': '" + ID + "', 'fingerprint': 'f1', 'from': 0, 'metrics': {'m': [[9, 1, 1]]}}");
        // Begun anew, as after a crash: what came before is taken back.
        post("points", "{'runId': '" + ID + "', 'fingerprint': 'f1', 'from': 0, 'metrics': {'m': [[1, 1, 1]]}}");
        JsonNode second = post(
                "points", "{'runId': '" + ID + "', 'fingerprint': 'f1', 'from': 1, 'metrics': {'m': [[2, 2, 2]]}}");
        assertThat(second.path("points").asLong()).isEqualTo(2);
        assertThat(known("run", ID, "f1")).containsExactly("new");
        assertThat(runs(run(ID, experiment, ", 'pointsBefore': 2, 'metrics': {'m': [[3, 3, 3]]}")))
                .containsExactly("new");
        assertThat(history(ID, "m")).containsExactly(1.0, 2.0, 3.0);
        // What a search in a large experiment walks along.
        assertThat(database.<List<Long>>read(handle -> handle.select("SELECT experiment FROM latest_metric")
                        .mapTo(Long.class)
                        .list()))
                .containsExactly(Long.valueOf(experiment));
    }

    @Test
    void pointsThatDoNotGoOnAreRefused() {
        String one = "{'runId': '" + ID + "', 'fingerprint': 'f1', 'from': FROM, 'metrics': {'m': [[1, 1, 1]]}}";
        post("points", one.replace("FROM", "0"));
        assertThat(refusal("points", one.replace("FROM", "7"))).startsWith("409 The points of run");
        assertThat(refusal("runs", "{'runs': [" + run(ID, experiment("old"), ", 'pointsBefore': 5") + "]}"))
                .startsWith("409 The points of run");
    }

    @Test
    void forgottenPointsAreTakenBackAfterAWeek() {
        post("points", "{'runId': '" + ID + "', 'fingerprint': 'f1', 'from': 0, 'metrics': {'m': [[1, 1, 1]]}}");
        clock.tick(Duration.ofDays(8));
        post("points", "{'runId': 'other', 'fingerprint': 'f1', 'from': 0, 'metrics': {'m': [[1, 1, 1]]}}");
        long points = database.read(handle ->
                handle.select("SELECT COUNT(*) FROM metric").mapTo(Long.class).one());
        assertThat(points).isEqualTo(1);
    }

    @Test
    void oneBadRunKeepsTheBatchOut() {
        String experiment = experiment("old");
        String bad = run("b" + ID.substring(1), experiment, "").replace("FAILED", "BROKEN");
        assertThat(refusal("runs", "{'runs': [" + run(ID, experiment, "") + ", " + bad + "]}"))
                .isEqualTo("400 'runs[1].status' is 'BROKEN', no status of a run.");
        assertThat(experiments.tracking().find(WS, ID)).isEmpty();
    }

    @Test
    void badFieldsAreNamed() {
        String experiment = experiment("old");
        String start = "{'runs': [" + run(ID, experiment, "MORE") + "]}";
        Map<String, String> mistakes = Map.of(
                ", 'metrics': {'m': [[1, 2]]}", "400 'runs[0].metrics.m' has a point that is not [value, time, step].",
                ", 'metrics': {'m': [['x', 2, 3]]}", "400 'runs[0].metrics.m' has a value that is no number.",
                ", 'params': {'p': 3}", "400 'runs[0].params.p' is not a text.",
                ", 'params': {'p': 'a\\u0000b'}",
                        "400 The value of 'runs.params.p' has a character that is none (NUL); send text without it.",
                ", 'artifactUri': '/etc'",
                        "400 'runs[0].artifactUri' is '/etc', which clients of this server cannot read.");
        mistakes.forEach((more, says) ->
                assertThat(refusal("runs", start.replace("MORE", more))).isEqualTo(says));
        assertThat(experiments.tracking().find(WS, ID)).isEmpty();
    }

    @Test
    void aJobMayNotImport() {
        try (TestServer jobs = TestServer.authenticated(
                _ -> new Caller("job:j", "22222222-2222-2222-2222-222222222222", Caller.Kind.JOB), door)) {
            assertThat(send(jobs, "runs", "{'runs': []}").statusCode()).isEqualTo(403);
            assertThat(send(jobs, "registry", "{}").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void aLoggedModelComesAsItWas() {
        String experiment = experiment("old");
        String model = "{'models': [{'modelId': 'm-" + ID + "', 'experimentId': '" + experiment
                + "', 'fingerprint': 'f1', 'name': 'lr', 'status': 'LOGGED_MODEL_READY', 'lifecycle': 'active',"
                + " 'modelType': '', 'sourceRunId': '" + ID + "', 'createdAt': 5, 'updatedAt': 6, 'tags': {'a': 'b'},"
                + " 'params': {'c': 'd'}, 'metrics': [{'key': 'auc', 'value': 0.5, 'time': 1, 'step': 2, 'runId': '"
                + ID
                + "', 'datasetName': 'd', 'datasetDigest': 'x'}]}]}";
        assertThat(words(post("logged-models", model))).containsExactly("new");
        assertThat(words(post("logged-models", model))).containsExactly("files-missing");
        var here = experiments.loggedModels().get(WS, "m-" + ID);
        assertThat(here.createdAt()).isEqualTo(5);
        assertThat(here.updatedAt()).isEqualTo(6);
        assertThat(here.artifactUri()).isEqualTo("mlflow-artifacts:/" + experiment + "/models/m-" + ID + "/artifacts");
        assertThat(here.metrics().getFirst().datasetName()).isEqualTo("d");
    }

    private static String registered(String name, long created, String versions, String aliases) {
        return "{'name': '" + name + "', 'description': 'd', 'tags': {'a': 'b'}, 'lastVersion': 9, 'createdAt': "
                + created + ", 'updatedAt': 60, 'versions': [" + versions + "], 'aliases': {" + aliases + "}}";
    }

    private static String version(int number, String source, long created) {
        return "{'version': '" + number + "', 'source': '" + source + "', 'runId': '" + ID
                + "', 'stage': 'Production', 'createdBy': 'maria', 'createdAt': " + created
                + ", 'updatedAt': 55, 'tags': {'checked': 'yes'}}";
    }

    @Test
    void aRegisteredModelKeepsNumbersStagesAndAliases() {
        runs(run(ID, experiment("old"), ""));
        String body = registered("churn", 50, version(4, "runs:/" + ID + "/model", 51), "'champion': '4'");
        JsonNode first = post("registry", body);
        assertThat(first.path("model").asString()).isEqualTo("taken");
        assertThat(first.path("versions").path(0).path("outcome").asString()).isEqualTo("taken");
        JsonNode second = post("registry", body);
        assertThat(second.path("model").asString()).isEqualTo("present");
        assertThat(second.path("versions").path(0).path("outcome").asString()).isEqualTo("present");
        assertThat(second.path("aliases").path(0).path("outcome").asString()).isEqualTo("present");
        var version = models.registry().byAlias(WS, "churn", "champion");
        assertThat(version.version()).isEqualTo("4");
        assertThat(version.stage()).isEqualTo("Production");
        assertThat(version.stamp().createdAt()).isEqualTo(51);
        assertThat(version.stamp().createdBy()).isEqualTo("maria");
        assertThat(version.location()).isNotNull();
        assertThat(models.registry().get(WS, "churn").lastVersion()).isEqualTo(9);
    }

    @Test
    void anotherModelOfThatNameStays() {
        runs(run(ID, experiment("old"), ""));
        post("registry", registered("churn", 50, "", ""));
        JsonNode other = post("registry", registered("churn", 51, version(1, "runs:/" + ID + "/model", 51), ""));
        assertThat(other.path("model").asString()).isEqualTo("differs");
        assertThat(models.versions().of(WS, "churn")).isEmpty();
    }

    @Test
    void aVersionWhoseFilesAreNotHereIsRefusedAlone() {
        runs(run(ID, experiment("old"), ""));
        String versions = version(1, "/etc/passwd", 51) + ", " + version(2, "runs:/" + ID + "/model", 52);
        List<String> outcomes = new ArrayList<>();
        post("registry", registered("churn", 50, versions, "'a': '1', 'b': '2'"))
                .path("versions")
                .forEach(v -> outcomes.add(v.path("outcome").asString()));
        assertThat(outcomes).containsExactly("refused", "taken");
        assertThat(models.registry().get(WS, "churn").aliases()).containsExactlyEntriesOf(Map.of("b", "2"));
    }
}
