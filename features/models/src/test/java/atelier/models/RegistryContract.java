package atelier.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.experiments.ArtifactPaths;
import atelier.experiments.ExperimentsFeature;
import atelier.experiments.MemoryBlobs;
import atelier.experiments.OneWorkspace;
import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.storage.BlobPath;
import atelier.store.Database;
import atelier.testkit.CountingIds;
import atelier.testkit.SettableClock;
import atelier.testkit.TestServer;
import atelier.web.Routes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The registry in both dialects over real HTTP; runs on each database.
abstract class RegistryContract {
    private static final String MLMODEL =
            "artifact_path: model\nflavors:\n  python_function:\n    loader_module: mlflow.sklearn\n    env:\n      conda: conda.yaml\n"
                    + "  sklearn:\n    pickled_model: model.pkl\n";
    private static final String API = "/mlflow/v2.0" + OneWorkspace.MAIN.armId() + "/api/2.0/mlflow/";
    private static final String ARM = OneWorkspace.MAIN.armId();
    private final SettableClock clock = new SettableClock();
    private final MemoryBlobs blobs = new MemoryBlobs();
    private Database database;
    private ExperimentsFeature experiments;
    private ModelsFeature models;
    private TestServer server;

    abstract Database open();

    @BeforeEach
    void start() {
        database = open();
        OneWorkspace workspaces = new OneWorkspace();
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
        List<Routes> routes = new ArrayList<>(experiments.routes());
        routes.addAll(models.routes());
        server = TestServer.of(routes.toArray(Routes[]::new));
    }

    @AfterEach
    void stop() {
        server.close();
        database.close();
    }

    private HttpResponse<String> mlflow(String method, String call, String json) {
        return method.equals("GET") ? server.get(API + call) : server.send(method, API + call, json);
    }

    private JsonNode post(String call, String json) {
        return Json.parse(mlflow("POST", call, json).body());
    }

    private JsonNode get(String call) {
        return Json.parse(mlflow("GET", call, "").body());
    }

    private JsonNode put(String path, String properties) {
        return Json.parse(server.send("PUT", ARM + path, "{\"properties\":" + properties + "}")
                .body());
    }

    private String message(JsonNode answer) {
        return answer.path("message")
                .asString(answer.path("error").path("message").asString());
    }

    private JsonNode model(String name) {
        return post("registered-models/create", "{\"name\":\"" + name + "\"}");
    }

    private JsonNode version(String name, String source) {
        return post("model-versions/create", "{\"name\":\"" + name + "\",\"source\":\"" + source + "\"}")
                .path("model_version");
    }

    private static String query(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /// A job's run with a model in its artifacts.
    private String run() throws IOException {
        experiments
                .runs()
                .createForJob(
                        OneWorkspace.MAIN,
                        "train",
                        "brave_owl_1",
                        "Train",
                        null,
                        Map.of(
                                "azureml.dataset.patients",
                                "azureml:patients:3",
                                "azureml.environment",
                                "azureml:sk:1",
                                "mine",
                                "x"),
                        Caller.SYSTEM);
        var folder = ArtifactPaths.run(OneWorkspace.MAIN, "brave_owl_1").child("model/MLmodel");
        blobs.put(
                new BlobPath(folder.container(), folder.path()),
                new ByteArrayInputStream(MLMODEL.getBytes(StandardCharsets.UTF_8)),
                null);
        return "brave_owl_1";
    }

    @Test
    void namesAreTakenOnceAndVersionsCountUpOverDeletedOnes() {
        model("M");
        assertThat(message(model("M"))).isEqualTo("Registered Model (name=M) already exists.");
        assertThat(version("M", "s3://b/1").path("version").asString()).isEqualTo("1");
        assertThat(version("M", "s3://b/2").path("version").asString()).isEqualTo("2");
        mlflow("DELETE", "model-versions/delete", "{\"name\":\"M\",\"version\":\"2\"}");
        assertThat(version("M", "s3://b/3").path("version").asString()).isEqualTo("3");
        assertThat(message(get("model-versions/get?name=M&version=2")))
                .isEqualTo("Model Version (name=M, version=2) not found");
        assertThat(message(get("model-versions/get?name=M&version=abc")))
                .isEqualTo("Parameter 'version' must be an integer, got 'abc'.");
        mlflow("DELETE", "registered-models/delete", "{\"name\":\"M\"}");
        model("M");
        assertThat(version("M", "s3://b/1").path("version").asString()).isEqualTo("1");
    }

    @Test
    void aliasesPointAtVersions() {
        model("M");
        version("M", "s3://b/1");
        String alias = "{\"name\":\"M\",\"alias\":\"%s\",\"version\":\"%s\"}";
        assertThat(post("registered-models/alias", alias.formatted("Champ", "1"))
                        .isEmpty())
                .isTrue();
        assertThat(get("registered-models/alias?name=M&alias=Champ")
                        .path("model_version")
                        .path("aliases")
                        .path(0)
                        .asString())
                .isEqualTo("Champ");
        HttpResponse<String> missing = mlflow("GET", "registered-models/alias?name=M&alias=champ", "");
        assertThat(missing.statusCode()).isEqualTo(400);
        assertThat(missing.body()).contains("Registered model alias champ not found.");
        assertThat(message(post("registered-models/alias", alias.formatted("Latest", "1"))))
                .contains("is reserved");
        assertThat(message(post("registered-models/alias", alias.formatted("v1", "1"))))
                .isEqualTo("Version alias name 'v1' is reserved.");
        assertThat(message(post("registered-models/alias", alias.formatted("x", "77"))))
                .isEqualTo("Model Version (name=M, version=77) not found");
        mlflow("DELETE", "model-versions/delete", "{\"name\":\"M\",\"version\":\"1\"}");
        assertThat(mlflow("GET", "registered-models/alias?name=M&alias=Champ", "")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void stagesMoveAndLeaveAHistory() {
        model("M");
        version("M", "s3://b/1");
        version("M", "s3://b/2");
        String stage = "{\"name\":\"M\",\"version\":\"%s\",\"stage\":\"%s\",\"archive_existing_versions\":%s}";
        post("model-versions/transition-stage", stage.formatted("1", "production", "false"));
        clock.tick(Duration.ofDays(1));
        post("model-versions/transition-stage", stage.formatted("2", "Production", "true"));
        assertThat(get("model-versions/get?name=M&version=1")
                        .path("model_version")
                        .path("current_stage")
                        .asString())
                .isEqualTo("Archived");
        assertThat(get("registered-models/get-latest-versions?name=M&stages=Production")
                        .path("model_versions")
                        .path(0)
                        .path("version")
                        .asString())
                .isEqualTo("2");
        assertThat(message(post("model-versions/transition-stage", stage.formatted("2", "foo", "false"))))
                .isEqualTo(
                        "Invalid Model Version stage: foo. Value must be one of None, Staging, Production, Archived.");
        assertThat(message(post("model-versions/transition-stage", stage.formatted("2", "None", "true"))))
                .contains("is not an Active stage");
        JsonNode history =
                Json.parse(server.get(ARM + "/atelier/models/M/history").body()).path("value");
        assertThat(history.valueStream()
                        .filter(e -> e.path("after").asString().equals("Production"))
                        .map(e -> e.path("version").asString() + " "
                                + e.path("at").asString() + " " + e.path("who").asString())
                        .toList())
                .containsExactly("2 2026-01-03T03:04:05Z tester", "1 2026-01-02T03:04:05Z tester");
    }

    @Test
    void descriptionsMayBeAbsentOrEmptyAndRenamingKeepsEverything() {
        model("M");
        version("M", "s3://b/1");
        post("registered-models/set-tag", "{\"name\":\"M\",\"key\":\"k\",\"value\":\"v\"}");
        assertThat(get("model-versions/get?name=M&version=1")
                        .path("model_version")
                        .path("description")
                        .asString("absent"))
                .isEmpty();
        mlflow("PATCH", "model-versions/update", "{\"name\":\"M\",\"version\":\"1\"}");
        assertThat(get("model-versions/get?name=M&version=1")
                        .path("model_version")
                        .has("description"))
                .isFalse();
        JsonNode renamed = post("registered-models/rename", "{\"name\":\"M\",\"new_name\":\"N\"}")
                .path("registered_model");
        assertThat(renamed.path("tags").path(0).path("key").asString()).isEqualTo("k");
        assertThat(renamed.path("latest_versions").path(0).path("name").asString())
                .isEqualTo("N");
        assertThat(mlflow("GET", "registered-models/get?name=M", "").statusCode())
                .isEqualTo(404);
    }

    @Test
    void searchFindsByNameRunAndTagAndHidesPrompts() {
        for (String name : List.of("alpha", "Beta", "gamma")) {
            model(name);
            version(name, "s3://b/" + name);
        }
        post(
                "registered-models/create",
                "{\"name\":\"P\",\"tags\":[{\"key\":\"mlflow.prompt.is_prompt\",\"value\":\"true\"}]}");
        assertThat(names("registered-models/search", "")).containsExactly("Beta", "alpha", "gamma");
        assertThat(names("registered-models/search", "name ILIKE 'b%'")).containsExactly("Beta");
        assertThat(names("registered-models/search", "tags.`mlflow.prompt.is_prompt` = 'true'"))
                .containsExactly("P");
        assertThat(names("registered-models/search", "tag.`mlflow.prompt.is_prompt` != 'true'"))
                .hasSize(3);
        assertThat(message(get("registered-models/search?filter=" + query("foo = 'v'"))))
                .startsWith("Invalid attribute key 'foo' specified.");
        assertThat(message(post("registered-models/create", "{\"name\":\"P\"}")))
                .contains("already taken by a prompt");
        assertThat(get("model-versions/search?filter=" + query("source_path LIKE 's3%' AND version_number >= 1"))
                        .path("model_versions")
                        .size())
                .isEqualTo(3);
        JsonNode page = get("registered-models/search?max_results=2&order_by=" + query("name DESC"));
        assertThat(page.path("registered_models").path(0).path("name").asString())
                .isEqualTo("gamma");
        assertThat(get("registered-models/search?max_results=2&order_by=" + query("name DESC") + "&page_token="
                                + query(page.path("next_page_token").asString()))
                        .path("registered_models")
                        .path(0)
                        .path("name")
                        .asString())
                .isEqualTo("Beta");
    }

    private List<String> names(String call, String filter) {
        return get(call + "?filter=" + query(filter))
                .path("registered_models")
                .valueStream()
                .map(m -> m.path("name").asString())
                .toList();
    }

    @Test
    void sourcesThatLeaveTheirPlaceAreRefused() {
        model("M");
        for (String source : List.of("/etc/passwd", "file:///etc", "model", "C:/x")) {
            assertThat(message(post("model-versions/create", "{\"name\":\"M\",\"source\":\"" + source + "\"}")))
                    .startsWith("Invalid model version source: '" + source + "'. To use a local path");
        }
        for (String source :
                List.of("mlflow-artifacts:/1/../../x", "s3://b/%2e%2e/x", "s3://b/%252e%252e/x", "runs:/a/../b#c")) {
            assertThat(message(post("model-versions/create", "{\"name\":\"M\",\"source\":\"" + source + "\"}")))
                    .startsWith("Invalid model version source: '" + source + "'. If supplying a source");
        }
    }

    @Test
    void whatMlflowRegistersAzureListsWithLineageAndFlavours() throws IOException {
        String run = run();
        model("diabetes");
        version("diabetes", "runs:/" + run + "/model");
        JsonNode told =
                Json.parse(server.get(ARM + "/models/diabetes/versions/1").body());
        JsonNode properties = told.path("properties");
        assertThat(told.path("id").asString()).isEqualTo(ARM + "/models/diabetes/versions/1");
        assertThat(properties.path("modelType").asString()).isEqualTo("mlflow_model");
        assertThat(properties.path("modelUri").asString())
                .isEqualTo("azureml://datastores/workspaceartifactstore/paths/ExperimentRun/dcid.brave_owl_1/model");
        assertThat(properties.path("jobName").asString()).isEqualTo(run);
        assertThat(properties
                        .path("flavors")
                        .path("python_function")
                        .path("data")
                        .path("loader_module")
                        .asString())
                .isEqualTo("mlflow.sklearn");
        assertThat(properties.path("properties").toString())
                .isEqualTo(
                        "{\"azureml.dataset.patients\":\"azureml:patients:3\",\"azureml.environment\":\"azureml:sk:1\"}");
        JsonNode container =
                Json.parse(server.get(ARM + "/models/diabetes").body()).path("properties");
        assertThat(container.path("latestVersion").asString()
                        + container.path("nextVersion").asString())
                .isEqualTo("12");
        assertThat(Json.parse(server.get(ARM + "/models").body())
                        .path("value")
                        .path(0)
                        .path("name")
                        .asString())
                .isEqualTo("diabetes");
        assertThat(server.get(ARM + "/models/nope").statusCode()).isEqualTo(404);
    }

    @Test
    void azureListsNamesAndVersionsInPagesByView() {
        String uri = "\"modelUri\":\"azureml://datastores/workspaceblobstore/paths/LocalUpload/h/m\"";
        for (String address : List.of("a/versions/1", "b/versions/1", "c/versions/1", "a/versions/2")) {
            clock.tick(Duration.ofSeconds(1));
            put("/models/" + address, "{" + uri + ",\"tags\":{\"at\":\"" + address + "\"}}");
        }
        post(
                "registered-models/create",
                "{\"name\":\"p\",\"tags\":[{\"key\":\"mlflow.prompt.is_prompt\",\"value\":\"true\"}]}");
        assertThat(azureNames("/models?$top=2")).containsExactly("a", "c", "(more)");
        put("/models/c", "{\"isArchived\":true}");
        assertThat(azureNames("/models")).containsExactly("a", "b");
        assertThat(azureNames("/models?listViewType=ArchivedOnly")).containsExactly("c");
        assertThat(azureNames("/models/a/versions?$top=1")).containsExactly("2", "(more)");
        assertThat(azureNames("/models/a/versions?$orderBy=createdtime%20asc")).containsExactly("1", "2");
        assertThat(azureNames("/models/a/versions?tags=at=a/versions/1")).containsExactly("1");
        assertThat(azureNames("/models/a/versions?stage=Production")).isEmpty();
        put("/models/a/versions/2", "{\"isArchived\":true}");
        assertThat(azureNames("/models/a/versions?listViewType=ArchivedOnly")).containsExactly("2");
        JsonNode resolved = Json.parse(server.send(
                        "POST",
                        "/modelregistry/v1.0" + ARM + "/models/batchGetResolvedUris",
                        "{\"values\":[\"azureml:a:1\"]}")
                .body());
        assertThat(resolved.at("/values/azureml:a:1/uri").asString()).contains("LocalUpload/h/m");
    }

    private List<String> azureNames(String path) {
        JsonNode page = Json.parse(server.get(ARM + path).body());
        List<String> names = new ArrayList<>();
        page.path("value").forEach(item -> names.add(item.path("name").asString()));
        if (page.path("nextLink").isString()) {
            names.add("(more)");
        }
        return names;
    }

    @Test
    void whatAzureRegistersMlflowLoads() throws IOException {
        run();
        String body =
                "{\"modelType\":\"mlflow_model\",\"modelUri\":\"azureml://jobs/brave_owl_1/outputs/artifacts/paths/model/\","
                        + "\"tags\":{\"a\":\"b\"},\"description\":\"d\"}";
        JsonNode made = put("/models/m/versions/7", body).path("properties");
        assertThat(made.path("flavors").has("sklearn")).isTrue();
        assertThat(made.path("jobName").asString()).isEqualTo("brave_owl_1");
        assertThat(made.path("modelUri").asString())
                .isEqualTo("azureml://datastores/workspaceartifactstore/paths/ExperimentRun/dcid.brave_owl_1/model");
        JsonNode version = get("model-versions/get?name=m&version=7").path("model_version");
        assertThat(version.path("run_id").asString()).isEqualTo("brave_owl_1");
        assertThat(version.path("tags").path(0).path("value").asString()).isEqualTo("b");
        assertThat(get("model-versions/get-download-uri?name=m&version=7")
                        .path("artifact_uri")
                        .asString())
                .isEqualTo("mlflow-artifacts:/0/brave_owl_1/artifacts/model");
        put(
                "/models/up/versions/1",
                "{\"modelType\":\"custom_model\",\"modelUri\":\"azureml://datastores/workspaceblobstore/paths/LocalUpload/h/m\"}");
        assertThat(get("model-versions/get-download-uri?name=up&version=1")
                        .path("artifact_uri")
                        .asString())
                .isEqualTo("mlflow-artifacts:/datastore/LocalUpload/h/m");
        assertThat(Json.parse(server.get(ARM + "/models/m").body())
                        .path("properties")
                        .path("nextVersion")
                        .asString())
                .isEqualTo("8");
        assertThat(put("/models/m/versions/7", body.replace("\"d\"", "\"e\""))
                        .path("properties")
                        .path("description")
                        .asString())
                .isEqualTo("e");
        assertThat(server.send(
                                "PUT",
                                ARM + "/models/m/versions/7",
                                "{\"properties\":" + body.replace("paths/model/", "paths/other/") + "}")
                        .statusCode())
                .isEqualTo(409);
        assertThat(put("/models/m/versions/7", "{\"isArchived\":true}")
                        .path("properties")
                        .path("isArchived")
                        .booleanValue())
                .isTrue();
        assertThat(Json.parse(server.get(ARM + "/models/m/versions?$top=1").body())
                        .path("value")
                        .isEmpty())
                .isTrue();
        assertThat(message(put("/models/m/versions/8", "{}"))).contains("needs 'modelUri'");
        assertThat(server.delete(ARM + "/models/m/versions/7").statusCode()).isEqualTo(200);
        assertThat(server.delete(ARM + "/models/m/versions/7").statusCode()).isEqualTo(204);
    }

    @Test
    void aLoggedModelKeepsItsRunAndIsToldOfItsRegistration() {
        String run = Json.parse(mlflow("POST", "runs/create", "{\"experiment_id\":\"0\"}")
                        .body())
                .path("run")
                .path("info")
                .path("run_id")
                .asString();
        String id = post("logged-models", "{\"experiment_id\":\"0\",\"name\":\"m\",\"source_run_id\":\"" + run + "\"}")
                .path("model")
                .path("info")
                .path("model_id")
                .asString();
        model("L");
        JsonNode version = version("L", "models:/" + id);
        assertThat(version.path("run_id").asString()).isEqualTo(run);
        assertThat(version.path("model_id").asString()).isEqualTo(id);
        assertThat(get("model-versions/get-download-uri?name=L&version=1")
                        .path("artifact_uri")
                        .asString())
                .isEqualTo("mlflow-artifacts:/0/models/" + id + "/artifacts");
        assertThat(get("logged-models/" + id)
                        .path("model")
                        .path("info")
                        .path("tags")
                        .path(0)
                        .toString())
                .isEqualTo(
                        "{\"key\":\"mlflow.modelVersions\",\"value\":\"[{\\\"name\\\": \\\"L\\\", \\\"version\\\": 1}]\"}");
        assertThat(version("L", "models:/L/1").path("run_id").asString()).isEqualTo(run);
    }

    @Test
    void otherFeaturesResolveEveryWayOfNaming() throws IOException {
        run();
        var made = models.models()
                .register(
                        OneWorkspace.MAIN,
                        "m",
                        "runs:/brave_owl_1/model",
                        "mlflow_model",
                        null,
                        Map.of(),
                        TestServer.USER);
        assertThat(made.location())
                .isEqualTo(ArtifactPaths.run(OneWorkspace.MAIN, "brave_owl_1").child("model"));
        assertThat(made.runId()).isEqualTo("brave_owl_1");
        post("registered-models/alias", "{\"name\":\"m\",\"alias\":\"champion\",\"version\":\"1\"}");
        for (String reference : List.of(
                "azureml:m:1",
                "azureml:m@latest",
                "m:1",
                "models:/m/1",
                "models:/m@champion",
                "azureml:m@champion",
                ARM + "/models/m/versions/1",
                "azureml:" + ARM + "/models/m/versions/1",
                "models:/m/None")) {
            assertThat(models.models().resolve(OneWorkspace.MAIN, reference).version())
                    .as(reference)
                    .isEqualTo("1");
        }
        assertThatThrownBy(() -> models.models().resolve(OneWorkspace.MAIN, "azureml:m:9"))
                .isInstanceOf(Problem.NotFound.class)
                .hasMessageContaining("it has 1");
        assertThatThrownBy(() -> models.models().resolve(OneWorkspace.MAIN, "azureml:mm:9"))
                .hasMessageContaining("Did you mean 'm'?");
        assertThatThrownBy(() -> models.models().resolve(OneWorkspace.MAIN, "nonsense"))
                .isInstanceOf(Problem.Invalid.class);
        assertThat(models.models().list(OneWorkspace.MAIN)).hasSize(1);
        assertThat(models.models().find(OneWorkspace.OTHER, "m", "1")).isEmpty();
    }
}
