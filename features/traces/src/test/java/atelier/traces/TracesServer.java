package atelier.traces;

import atelier.experiments.ExperimentsFeature;
import atelier.experiments.MemoryBlobs;
import atelier.experiments.OneWorkspace;
import atelier.kernel.Json;
import atelier.store.Database;
import atelier.testkit.CountingIds;
import atelier.testkit.SettableClock;
import atelier.testkit.TestServer;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Traces and the experiments they belong to, over real HTTP.
public final class TracesServer implements AutoCloseable {
    static final String BASE = "/mlflow/v2.0" + OneWorkspace.MAIN.armId();
    final SettableClock clock = new SettableClock();
    final MemoryBlobs blobs = new MemoryBlobs();
    final ExperimentsFeature experiments;
    final TracesFeature feature;
    private final TestServer server;

    TracesServer(Database database) {
        OneWorkspace workspaces = new OneWorkspace();
        CountingIds ids = new CountingIds();
        experiments = ExperimentsFeature.create(database, blobs, workspaces, clock, ids);
        feature = TracesFeature.create(database, blobs, experiments, workspaces, clock, ids);
        server = TestServer.of(experiments.routes().getFirst(), feature.routes().getFirst());
    }

    /// What was answered.
    record Answer(int status, JsonNode json) {
        String message() {
            return json.path("message").asString("");
        }

        String code() {
            return json.path("error_code").asString("");
        }
    }

    /// @param call e.g. `3.0/mlflow/traces/get?trace_id=x`
    Answer get(String call) {
        return read(server.get(BASE + "/api/" + call));
    }

    Answer send(String method, String call, String json) {
        return read(server.send(method, BASE + "/api/" + call, json));
    }

    Answer post(String call, String json) {
        return send("POST", call, json);
    }

    private static Answer read(HttpResponse<String> response) {
        JsonNode json = response.body().startsWith("{") ? Json.parse(response.body()) : Json.object();
        return new Answer(response.statusCode(), json);
    }

    HttpResponse<String> raw(String path) {
        return server.get(BASE + path);
    }

    HttpResponse<String> put(String path, String body) {
        return server.send("PUT", BASE + path, body);
    }

    String experiment(String name) {
        return post(
                        "2.0/mlflow/experiments/create",
                        Json.object().put("name", name).toString())
                .json()
                .path("experiment_id")
                .asString();
    }

    String run(String experiment) {
        return post(
                        "2.0/mlflow/runs/create",
                        Json.object()
                                .put("experiment_id", experiment)
                                .put("start_time", 1)
                                .toString())
                .json()
                .path("run")
                .path("info")
                .path("run_id")
                .asString();
    }

    /// Starts a trace as MLflow 3 does at its end.
    Answer trace(String experiment, String id, long time, String state, Map<String, String> tags) {
        ObjectNode info = info(experiment, id, time, state);
        ObjectNode its = info.putObject("tags");
        tags.forEach(its::put);
        return start(info);
    }

    static ObjectNode info(String experiment, String id, long time, String state) {
        ObjectNode info = Json.object()
                .put("trace_id", id)
                .put("request_time", java.time.Instant.ofEpochMilli(time).toString())
                .put("execution_duration", "1.5s")
                .put("state", state);
        info.putObject("trace_location")
                .put("type", "MLFLOW_EXPERIMENT")
                .putObject("mlflow_experiment")
                .put("experiment_id", experiment);
        return info;
    }

    Answer start(ObjectNode info) {
        ObjectNode body = Json.object();
        body.putObject("trace").set("trace_info", info);
        return post("3.0/mlflow/traces", body.toString());
    }

    /// Ids of the traces a search finds, in its order; or what was complained of.
    List<String> search(String experiment, String filter, String... orderBy) {
        ObjectNode body = Json.object().put("filter", filter);
        body.putArray("locations")
                .addObject()
                .put("type", "MLFLOW_EXPERIMENT")
                .putObject("mlflow_experiment")
                .put("experiment_id", experiment);
        var order = body.putArray("order_by");
        for (String clause : orderBy) {
            order.add(clause);
        }
        Answer answer = post("3.0/mlflow/traces/search", body.toString());
        if (answer.status() != 200) {
            return List.of(answer.status() + " " + answer.message());
        }
        return answer.json()
                .path("traces")
                .valueStream()
                .map(trace -> trace.path("trace_id").asString())
                .toList();
    }

    /// A span that took from `startMs` to `endMs`; the root has no parent.
    static Span.Builder span(String trace, String id, String parent, String name, long startMs, long endMs) {
        Span.Builder span = Span.newBuilder()
                .setTraceId(ByteString.copyFrom(HexFormat.of().parseHex(trace)))
                .setSpanId(ByteString.copyFrom(HexFormat.of().parseHex(id)))
                .setName(name)
                .setStartTimeUnixNano(startMs * 1_000_000)
                .setEndTimeUnixNano(endMs * 1_000_000);
        if (!parent.isEmpty()) {
            span.setParentSpanId(ByteString.copyFrom(HexFormat.of().parseHex(parent)));
        }
        return span;
    }

    static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    HttpResponse<String> export(String experiment, Span.Builder... spans) {
        ScopeSpans.Builder scope = ScopeSpans.newBuilder();
        for (Span.Builder span : spans) {
            scope.addSpans(span);
        }
        return export(
                experiment,
                ExportTraceServiceRequest.newBuilder()
                        .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(scope))
                        .build()
                        .toByteArray());
    }

    HttpResponse<String> export(String experiment, byte[] body) {
        return server.send(HttpRequest.newBuilder(server.uri(BASE + "/v1/traces"))
                .POST(BodyPublishers.ofByteArray(body))
                .header("Content-Type", "application/x-protobuf")
                .header("x-mlflow-experiment-id", experiment));
    }

    @Override
    public void close() {
        server.close();
    }
}
