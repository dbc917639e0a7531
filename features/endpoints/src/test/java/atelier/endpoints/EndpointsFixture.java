package atelier.endpoints;

import atelier.assets.Assets;
import atelier.assets.AssetsFeature;
import atelier.compute.ComputeFeature;
import atelier.compute.Processes;
import atelier.datasets.DataUris;
import atelier.datasets.Location;
import atelier.endpoints.internal.Backoff;
import atelier.endpoints.internal.Preparation;
import atelier.endpoints.internal.ServingCode;
import atelier.endpoints.internal.SqlEndpointStore;
import atelier.environments.Environments;
import atelier.identity.Tokens;
import atelier.insights.InsightsFeature;
import atelier.kernel.Caller;
import atelier.kernel.Ids;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.models.HeardDeployed;
import atelier.models.Models;
import atelier.storage.BlobPath;
import atelier.store.Database;
import atelier.testkit.SettableClock;
import atelier.testkit.TestDatabase;
import atelier.testkit.TestServer;
import atelier.web.Exchange;
import atelier.web.Routes;
import atelier.workspace.Workspace;
import atelier.workspace.WorkspaceFeature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The feature with real processes of the system's python3, behind a real web server; models, environments and
/// storage are made up. [#restart] is what a crash of the server leaves: the same database, folders and processes.
final class EndpointsFixture implements AutoCloseable {
    static final String WS = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/atelier"
            + "/providers/Microsoft.MachineLearningServices/workspaces/main";
    static final String OWNER = "owner-token-of-the-test";
    private static final Backoff QUICK =
            new Backoff(Duration.ofMillis(10), Duration.ofMillis(100), Duration.ofMillis(5), Duration.ofSeconds(30));
    private static final int PATIENCE_SECONDS = 30;

    final MemoryBlobs blobs = new MemoryBlobs();
    final List<String> built = new ArrayList<>();
    /// What the models' history is told, one line each.
    final HeardDeployed deployed = new HeardDeployed();
    final Database database;
    private final Path folder;
    private final ServingCode serving;
    private final SettableClock clock = new SettableClock();
    private final Ids ids = Ids.random();
    private Parts parts;

    private record Parts(Workspace workspace, Assets assets, EndpointsFeature feature, TestServer server) {}

    EndpointsFixture(Path folder) {
        this(folder, ServingCode.at(fakeServing()));
    }

    EndpointsFixture(Path folder, ServingCode serving) {
        this.folder = folder;
        this.serving = serving;
        this.database = TestDatabase.sqlite(folder, "workspace", "assets", "insights", "compute", "endpoints");
        this.parts = start();
    }

    /// The server dies and another starts; processes live on.
    void restart() {
        parts.feature().close();
        parts.server().close();
        parts = start();
    }

    private Parts start() {
        WorkspaceFeature workspaces = WorkspaceFeature.create(database, clock, ids, "test");
        Workspace workspace =
                workspaces.workspaces().ensure("00000000-0000-0000-0000-000000000001", "atelier", "main", "local");
        InsightsFeature insights = InsightsFeature.create(database, clock, _ -> {}, Duration.ofDays(1));
        Processes processes = ComputeFeature.create(
                        database, workspaces.workspaces(), workspaces.operations(), clock, 2)
                .processes();
        AssetsFeature assets = AssetsFeature.create(database, workspaces.workspaces(), clock);
        EndpointsFeature feature = EndpointsFeature.create(
                new SqlEndpointStore(database),
                new EndpointsFeature.Platform(
                        workspaces.workspaces(),
                        workspaces.operations(),
                        new FixedTokens(),
                        insights.requests(),
                        processes),
                new Preparation(
                        folder.resolve("deployments"),
                        serving,
                        new Preparation.Sources(
                                new FakeModels(), new SystemPython(), assets.assets(), new PlainUris(), blobs)),
                deployed,
                QUICK,
                clock,
                ids);
        List<Routes> routes = new ArrayList<>(feature.routes());
        routes.addAll(workspaces.routes());
        TestServer server = TestServer.authenticated(EndpointsFixture::caller, routes.toArray(Routes[]::new));
        feature.resume();
        return new Parts(workspace, assets.assets(), feature, server);
    }

    EndpointsFeature feature() {
        return parts.feature();
    }

    TestServer server() {
        return parts.server();
    }

    Workspace workspace() {
        return parts.workspace();
    }

    Assets assets() {
        return parts.assets();
    }

    private static @Nullable Caller caller(Exchange exchange) {
        String authorization = exchange.header("Authorization");
        if (authorization == null) {
            return null;
        }
        if (!authorization.equals("Bearer " + OWNER)) {
            throw new Problem.Unauthenticated("This token does not hold.");
        }
        return TestServer.USER;
    }

    /// A call by the owner.
    HttpResponse<String> call(String method, String path, String json) {
        return server().send(method, path, json, "Authorization", "Bearer " + OWNER);
    }

    HttpResponse<String> get(String path) {
        return call("GET", path, "");
    }

    /// Puts an MLflow model whose server answers `answer`.
    void model(String name, String version, String answer) {
        file("models/" + name + version + "/model/MLmodel", "flavors: {}");
        file("models/" + name + version + "/model/conda.yaml", "name: " + name + "\n");
        file("models/" + name + version + "/model/answer.txt", answer);
    }

    void file(String name, String content) {
        try {
            blobs.put(
                    new BlobPath("store", name),
                    new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)),
                    null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void endpoint(String name) {
        done(call(
                "PUT",
                WS + "/onlineEndpoints/" + name,
                "{\"location\":\"local\",\"properties\":{\"authMode\":\"Key\"}}"));
    }

    /// Accepts a deployment of a model, without waiting.
    HttpResponse<String> deploy(String endpoint, String name, String model, String more) {
        return call(
                "PUT",
                WS + "/onlineEndpoints/" + endpoint + "/deployments/" + name,
                "{\"location\":\"local\",\"sku\":{\"name\":\"Default\",\"capacity\":1},\"properties\":{"
                        + "\"endpointComputeType\":\"Managed\",\"model\":\"azureml:" + model + "\"" + more + "}}");
    }

    void traffic(String endpoint, String traffic) {
        HttpResponse<String> answer =
                call("PATCH", WS + "/onlineEndpoints/" + endpoint, "{\"properties\":{\"traffic\":" + traffic + "}}");
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.body());
        }
    }

    /// Endpoint `churn` with deployment `blue` of model `m:1` that gets all traffic and answers `one`.
    void serving() {
        model("m", "1", "one");
        endpoint("churn");
        done(deploy("churn", "blue", "m:1", ""));
        traffic("churn", "{\"blue\":100}");
    }

    /// Waits for the long-running operation of an answer; its document.
    JsonNode ended(HttpResponse<String> accepted) {
        String status = accepted.headers()
                .firstValue("Azure-AsyncOperation")
                .orElseThrow(() -> new AssertionError(accepted.statusCode() + " " + accepted.body()));
        String path = status.substring(status.indexOf("/subscriptions"));
        await(() -> !get(path).body().contains("InProgress"));
        return Json.parse(get(path).body());
    }

    /// [#ended], and it must have succeeded.
    void done(HttpResponse<String> accepted) {
        JsonNode operation = ended(accepted);
        if (!operation.path("status").asString().equals("Succeeded")) {
            throw new AssertionError(operation.toString());
        }
    }

    HttpResponse<String> score(String endpoint, String json, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("Authorization", "Bearer " + key(endpoint)));
        return server().send("POST", "/endpoints/main/" + endpoint + "/score", json, all.toArray(String[]::new));
    }

    String key(String endpoint) {
        return Json.parse(call("POST", WS + "/onlineEndpoints/" + endpoint + "/listKeys", "")
                        .body())
                .path("primaryKey")
                .asString();
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(PATIENCE_SECONDS).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("This did not happen within " + PATIENCE_SECONDS + " seconds");
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() {
        parts.server().close();
        parts.feature().stopProcesses();
        parts.feature().close();
        database.close();
    }

    private static Path fakeServing() {
        URL script = Objects.requireNonNull(EndpointsFixture.class.getResource("/fake-serving/serve.py"));
        return Path.of(URI.create(script.toString())).resolveSibling("");
    }

    private static final class FakeModels implements Models {
        @Override
        public Optional<ModelVersion> find(Workspace workspace, String name, String version) {
            return Optional.of(resolve(workspace, "azureml:" + name + ":" + version));
        }

        @Override
        public ModelVersion resolve(Workspace workspace, String reference) {
            String[] parts = reference.split(":");
            if (parts[1].equals("nope")) {
                throw new Problem.NotFound("There is no model 'nope'.");
            }
            return new ModelVersion(
                    parts[1],
                    parts[2],
                    parts[1].equals("custom") ? "custom_model" : "mlflow_model",
                    new Location("store", "models/" + parts[1] + parts[2] + "/model"),
                    null,
                    Map.of(),
                    Instant.EPOCH);
        }

        @Override
        public ModelVersion register(
                Workspace workspace,
                String name,
                String uri,
                String type,
                @Nullable String runId,
                Map<String, String> tags,
                Caller caller) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<ModelVersion> list(Workspace workspace) {
            return List.of();
        }
    }

    /// Every environment is the system's python3.
    private final class SystemPython implements Environments {
        @Override
        public Definition resolve(Workspace workspace, String reference) {
            return new Definition(reference, "", List.of(), reference);
        }

        @Override
        public Definition fromConda(String condaYaml) {
            return new Definition("conda", "", List.of(), condaYaml);
        }

        @Override
        public Interpreter materialize(Definition definition, Consumer<String> progress) {
            progress.accept("building " + definition.label());
            built.add(definition.label());
            Path home = folder.resolve("python");
            try {
                Path python = Files.createDirectories(home.resolve("bin")).resolve("python");
                // Written once and renamed: a program that is open for writing cannot be started.
                if (Files.notExists(python)) {
                    Path draft = Files.createTempFile(home, "python", "");
                    Files.writeString(draft, "#!/bin/sh\nexec python3 \"$@\"\n");
                    Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rwxr-xr-x"));
                    Files.move(draft, python, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new Interpreter(home, "3", "", definition.hash());
        }

        @Override
        public Optional<Interpreter> ifBuilt(Definition definition) {
            return Optional.empty();
        }
    }

    /// `store/a/b` is container and path.
    private static final class PlainUris implements DataUris {
        @Override
        public Location resolve(Workspace workspace, String uri) {
            int slash = uri.indexOf('/');
            return new Location(uri.substring(0, slash), uri.substring(slash + 1));
        }

        @Override
        public String uriOf(Workspace workspace, String datastore, String path) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Location jobOutput(Workspace workspace, String job, String output) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Location runArtifacts(Workspace workspace, String run) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class FixedTokens implements Tokens {
        @Override
        public String issue(Caller caller, String audience, Duration life) {
            return OWNER;
        }

        @Override
        public Caller verify(String token) {
            return TestServer.USER;
        }

        @Override
        public Caller owner() {
            return TestServer.USER;
        }

        @Override
        public String ownerToken() {
            return OWNER;
        }
    }
}
