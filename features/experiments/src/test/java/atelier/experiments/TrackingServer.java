package atelier.experiments;

import atelier.kernel.Ids;
import atelier.kernel.Json;
import atelier.store.Database;
import atelier.testkit.CountingIds;
import atelier.testkit.SettableClock;
import atelier.testkit.TestServer;
import atelier.web.Routes;
import java.net.http.HttpResponse;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The tracking door over real HTTP.
public final class TrackingServer implements AutoCloseable {
    public static final String BASE = "/mlflow/v1.0" + OneWorkspace.MAIN.armId();
    public final SettableClock clock;
    public final MemoryBlobs blobs = new MemoryBlobs();
    public final ExperimentsFeature feature;
    private final TestServer server;

    public TrackingServer(Database database) {
        this(database, new SettableClock(), new CountingIds());
    }

    /// One of several servers of a database.
    public TrackingServer(Database database, SettableClock clock, Ids ids) {
        this.clock = clock;
        feature = ExperimentsFeature.create(database, blobs, new OneWorkspace(), clock, ids);
        server = TestServer.of(feature.routes().toArray(Routes[]::new));
    }

    /// What was answered.
    public record Answer(int status, JsonNode json) {
        public String message() {
            return json.path("message").asString();
        }
    }

    /// The verbs other features use, on the same data.
    public Runs runs() {
        return feature.runs();
    }

    public TestServer http() {
        return server;
    }

    public Answer get(String call) {
        return read(server.get(BASE + "/api/2.0/mlflow/" + call));
    }

    public Answer post(String call, String json) {
        return read(server.send("POST", BASE + "/api/2.0/mlflow/" + call, json));
    }

    public Answer send(String method, String call, String json) {
        return read(server.send(method, BASE + "/api/2.0/mlflow/" + call, json));
    }

    private static Answer read(HttpResponse<String> response) {
        JsonNode json = response.body().startsWith("{") ? Json.parse(response.body()) : Json.object();
        return new Answer(response.statusCode(), json);
    }

    public String experiment(String name) {
        return post("experiments/create", Json.object().put("name", name).toString())
                .json()
                .path("experiment_id")
                .asString();
    }

    public String run(String experiment, String name, long start) {
        ObjectNode body = Json.object()
                .put("experiment_id", experiment)
                .put("run_name", name)
                .put("user_id", "u1")
                .put("start_time", start);
        return post("runs/create", body.toString())
                .json()
                .path("run")
                .path("info")
                .path("run_id")
                .asString();
    }

    public void log(String run, String json) {
        Answer answer = post("runs/log-batch", json.replace("RUN", run));
        if (answer.status() != 200) {
            throw new AssertionError(answer.toString());
        }
    }

    /// Names of the runs a search finds, in its order.
    public List<String> search(String experiment, String filter, String... orderBy) {
        ObjectNode body = Json.object().put("filter", filter).put("max_results", 10);
        body.putArray("experiment_ids").add(experiment);
        var order = body.putArray("order_by");
        for (String clause : orderBy) {
            order.add(clause);
        }
        Answer answer = post("runs/search", body.toString());
        if (answer.status() != 200) {
            return List.of(answer.status() + " " + answer.message());
        }
        return answer.json()
                .path("runs")
                .valueStream()
                .map(run -> run.path("info").path("run_name").asString())
                .toList();
    }

    @Override
    public void close() {
        server.close();
    }
}
