package atelier.traces;

import static atelier.traces.TracesServer.span;
import static atelier.traces.TracesServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import atelier.experiments.OneWorkspace;
import atelier.kernel.Json;
import atelier.store.Database;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Traces over HTTP, on each database.
abstract class TracesContract {
    private static final String T1 = "0123456789abcdef0123456789abcdef";
    private static final String T2 = "fedcba9876543210fedcba9876543210";
    private static final String ROOT = "00000000000000a1";
    private static final String CHILD = "00000000000000b2";
    private Database database;
    TracesServer mlflow;
    String e;

    abstract Database open();

    @BeforeEach
    void start() {
        database = open();
        mlflow = new TracesServer(database);
        e = mlflow.experiment("e");
    }

    @AfterEach
    void stop() {
        mlflow.close();
        database.close();
    }

    private JsonNode info(String id) {
        return mlflow.get("3.0/mlflow/traces/" + id).json().path("trace").path("trace_info");
    }

    @Test
    void aTraceComesBackAsItWasTold() {
        var wish = TracesServer.info(e, "tr-1", 1_700_000_000_123L, "OK");
        wish.put("request_preview", "in").put("response_preview", "out").put("client_request_id", "c1");
        wish.putObject("trace_metadata").put("mlflow.trace.session", "s1");
        wish.putObject("tags").put("env", "prod");
        assertThat(mlflow.start(wish).status()).isEqualTo(200);

        JsonNode found = info("tr-1");
        assertThat(found.path("request_time").asString()).isEqualTo("2023-11-14T22:13:20.123Z");
        assertThat(found.path("execution_duration").asString()).isEqualTo("1.5s");
        assertThat(found.path("state").asString()).isEqualTo("OK");
        assertThat(found.path("client_request_id").asString()).isEqualTo("c1");
        assertThat(found.path("request_preview").asString()).isEqualTo("in");
        assertThat(found.path("trace_metadata").path("mlflow.trace.session").asString())
                .isEqualTo("s1");
        assertThat(found.path("tags").path("env").asString()).isEqualTo("prod");
        assertThat(found.path("tags").path("mlflow.artifactLocation").asString())
                .isEqualTo("mlflow-artifacts:/" + e + "/traces/tr-1/artifacts");
        assertThat(mlflow.get("2.0/mlflow/traces/tr-1/info")
                        .json()
                        .path("trace_info")
                        .path("execution_time_ms")
                        .asLong())
                .isEqualTo(1500);
    }

    @Test
    void aTraceOfMlflow2IsBegunAndEnded() {
        var begun = mlflow.post(
                "2.0/mlflow/traces",
                "{\"experiment_id\": \"" + e + "\", \"timestamp_ms\": 1000, \"request_metadata\":"
                        + " [{\"key\": \"m\", \"value\": \"1\"}], \"tags\": [{\"key\": \"t\", \"value\": \"a\"}]}");
        String id = begun.json().path("trace_info").path("request_id").asString();
        assertThat(begun.json().path("trace_info").path("status").asString()).isEqualTo("IN_PROGRESS");

        var ended = mlflow.send(
                "PATCH",
                "2.0/mlflow/traces/" + id,
                "{\"timestamp_ms\": 3000, \"status\": \"OK\", \"tags\": [{\"key\": \"t\", \"value\": \"b\"}]}");
        JsonNode info = ended.json().path("trace_info");
        assertThat(info.path("execution_time_ms").asLong()).isEqualTo(2000);
        assertThat(info.path("request_metadata").path(0).path("value").asString())
                .isEqualTo("1");
        assertThat(info.path("tags").toString()).contains("{\"key\":\"t\",\"value\":\"b\"}");
        assertThat(mlflow.get("2.0/mlflow/traces?experiment_ids=" + e)
                        .json()
                        .path("traces")
                        .size())
                .isEqualTo(1);
    }

    @Test
    void spansMakeTheirTraceUntilTheClientTellsIt() {
        assertThat(mlflow.export(e, span(T1, CHILD, ROOT, "child", 1100, 1900)).statusCode())
                .isEqualTo(200);
        assertThat(info("tr-" + T1).path("state").asString()).isEqualTo("IN_PROGRESS");

        var root = span(T1, ROOT, "", "root", 1000, 2000)
                .setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR))
                .addAttributes(text("mlflow.spanInputs", "question"))
                .addAttributes(text("session.id", "s9"))
                .addAttributes(text("mlflow.traceTag.env", "prod"));
        mlflow.export(e, root);
        JsonNode told = info("tr-" + T1);
        assertThat(told.path("state").asString()).isEqualTo("ERROR");
        assertThat(told.path("request_time").asString()).isEqualTo("1970-01-01T00:00:01Z");
        assertThat(told.path("execution_duration").asString()).isEqualTo("1s");
        assertThat(told.path("request_preview").asString()).isEqualTo("question");
        assertThat(told.path("trace_metadata").path("mlflow.trace.session").asString())
                .isEqualTo("s9");
        assertThat(told.path("tags").path("env").asString()).isEqualTo("prod");
        assertThat(told.path("tags").path("mlflow.trace.spansLocation").asString())
                .isEqualTo("TRACKING_STORE");

        mlflow.trace(e, "tr-" + T1, 5000, "OK", Map.of());
        mlflow.export(e, span(T1, "00000000000000c3", ROOT, "late", 1, 9000));
        JsonNode final_ = info("tr-" + T1);
        assertThat(final_.path("request_time").asString()).isEqualTo("1970-01-01T00:00:05Z");
        assertThat(final_.path("execution_duration").asString()).isEqualTo("1.5s");
        assertThat(final_.path("request_preview").asString()).isEqualTo("question");
    }

    @Test
    void aWholeTraceHasItsSpansAsOpenTelemetryWritesThem() {
        mlflow.export(
                e,
                span(T1, ROOT, "", "root", 1000, 2000)
                        .addAttributes(text("fruit", "äpple\0"))
                        .addAttributes(text("mlflow.spanType", "LLM")),
                span(T1, CHILD, ROOT, "child", 1000, 1500));
        var whole = mlflow.get("3.0/mlflow/traces/get?trace_id=tr-" + T1);
        JsonNode spans = whole.json().path("trace").path("spans");
        assertThat(spans.size()).isEqualTo(2);
        assertThat(spans.path(0).path("name").asString()).isEqualTo("root");
        assertThat(spans.path(0).path("start_time_unix_nano").asString()).isEqualTo("1000000000");
        assertThat(spans.path(0).path("attributes").toString())
                .contains("{\"key\":\"fruit\",\"value\":{\"string_value\":\"äpple\uFFFD\"}}");
        assertThat(spans.path(1).path("parent_span_id").asString()).isEqualTo("AAAAAAAAAKE=");
        assertThat(mlflow.get("3.0/mlflow/traces/batchGet?trace_ids=tr-" + T1 + "&trace_ids=tr-none")
                        .json()
                        .path("traces")
                        .size())
                .isEqualTo(1);
        JsonNode file = Json.parse(mlflow.raw("/ajax-api/2.0/mlflow/get-trace-artifact?request_id=tr-" + T1)
                .body());
        assertThat(file.path("spans")
                        .path(0)
                        .path("attributes")
                        .path("mlflow.spanType")
                        .asString())
                .isEqualTo("\"LLM\"");
    }

    @Test
    void spansThatAreStillOnTheirWayAreAskedForAgain() {
        var wish = TracesServer.info(e, "tr-" + T1, 1000, "OK");
        wish.putObject("trace_metadata").put("mlflow.trace.sizeStats", "{\"num_spans\": 2}");
        mlflow.start(wish);
        mlflow.export(e, span(T1, ROOT, "", "root", 1000, 2000));
        assertThat(mlflow.get("3.0/mlflow/traces/get?trace_id=tr-" + T1).message())
                .contains("not fully exported yet");
        assertThat(mlflow.get("3.0/mlflow/traces/get?allow_partial=true&trace_id=tr-" + T1)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void searchesFilterByAllThatIsKnown() {
        mlflow.trace(e, "tr-a", 1000, "OK", Map.of("env", "prod", "mlflow.traceName", "chat"));
        mlflow.trace(e, "tr-b", 2000, "ERROR", Map.of("env", "dev"));
        mlflow.export(
                e,
                span(T1, ROOT, "", "root", 3000, 3500)
                        .addAttributes(text("mlflow.spanType", "LLM"))
                        .addAttributes(text("model", "gpt-4")),
                span(T1, CHILD, ROOT, "tool", 3000, 3100).addAttributes(text("mlflow.spanType", "TOOL")));
        String c = "tr-" + T1;
        assertThat(mlflow.search(e, "")).containsExactly(c, "tr-b", "tr-a");
        assertThat(mlflow.search(e, "", "timestamp ASC")).containsExactly("tr-a", "tr-b", c);
        assertThat(mlflow.search(e, "", "tags.env DESC")).containsExactly("tr-a", "tr-b", c);
        assertThat(mlflow.search(e, "trace.status = 'OK'")).containsExactly(c, "tr-a");
        assertThat(mlflow.search(e, "status IN ('ERROR')")).containsExactly("tr-b");
        assertThat(mlflow.search(e, "timestamp_ms >= 2000 AND execution_time < 1000"))
                .containsExactly(c);
        assertThat(mlflow.search(e, "name = 'chat' AND tags.env LIKE 'pr%'")).containsExactly("tr-a");
        assertThat(mlflow.search(e, "tag.env RLIKE '^(prod|dev)$'")).containsExactly("tr-b", "tr-a");
        assertThat(mlflow.search(e, "tags.env IS NULL")).containsExactly(c);
        assertThat(mlflow.search(e, "tags.env IS NOT NULL AND status = 'OK'")).containsExactly("tr-a");
        assertThat(mlflow.search(e, "span.type = 'LLM' AND span.name = 'root'")).containsExactly(c);
        assertThat(mlflow.search(e, "span.type = 'LLM' AND span.name = 'tool'")).isEmpty();
        assertThat(mlflow.search(e, "span.attributes.model = 'gpt-4'")).containsExactly(c);
        assertThat(mlflow.search(e, "span.attributes.`model` ILIKE 'GPT%'")).containsExactly(c);
        assertThat(mlflow.search(e, "span.attributes.model RLIKE '^gpt-\\d$' AND span.name = 'root'"))
                .containsExactly(c);
        assertThat(mlflow.search(e, "span.name RLIKE 'o+l'")).containsExactly(c);
        assertThat(mlflow.search(e, "trace.text LIKE '%gpt%'")).containsExactly(c);
        assertThat(mlflow.search(mlflow.experiment("other"), "")).isEmpty();
    }

    @Test
    void searchesSayWhatIsWrongAndWhere() {
        assertThat(mlflow.search(e, "status = 'OK' AND nonsense = 'x'").getFirst())
                .startsWith("400 Invalid attribute key 'nonsense'")
                .contains("(at character 19)");
        assertThat(mlflow.search(e, "weird.x = 'x'").getFirst()).startsWith("400 Invalid entity type 'weird'");
        assertThat(mlflow.search(e, "timestamp_ms = 'x'").getFirst()).startsWith("400 Expected numeric value");
        assertThat(mlflow.search(e, "tags.x RLIKE '('").getFirst()).startsWith("400 Invalid regular expression");
        assertThat(mlflow.search(e, "span.content = 'x'").getFirst()).startsWith("400 Invalid comparator '='");
        assertThat(mlflow.search(e, "prompt = 'x'").getFirst()).startsWith("400 Invalid prompts filter value 'x'");
        assertThat(mlflow.search(e, "", "feedback.x").getFirst()).startsWith("400 Invalid identifier type");
        assertThat(mlflow.search("x", "").getFirst()).startsWith("400 Invalid experiment id 'x'");
        assertThat(mlflow.post("3.0/mlflow/traces/search", "{}").message()).contains("'locations'");
        assertThat(mlflow.post("3.0/mlflow/traces/search", "{\"locations\": [], \"max_results\": 501}")
                        .message())
                .contains("max_results");
    }

    @Test
    void searchesArePaged() {
        for (int i = 0; i < 5; i++) {
            mlflow.trace(e, "tr-" + i, i, "OK", Map.of());
        }
        String body =
                "{\"locations\": [{\"mlflow_experiment\": {\"experiment_id\": \"" + e + "\"}}], \"max_results\": 2";
        JsonNode first = mlflow.post("3.0/mlflow/traces/search", body + "}").json();
        String token = first.path("next_page_token").asString();
        JsonNode second = mlflow.post("3.0/mlflow/traces/search", body + ", \"page_token\": \"" + token + "\"}")
                .json();
        assertThat(first.path("traces").path(1).path("trace_id").asString()).isEqualTo("tr-3");
        assertThat(second.path("traces").path(0).path("trace_id").asString()).isEqualTo("tr-2");
        token = second.path("next_page_token").asString();
        JsonNode third = mlflow.post("3.0/mlflow/traces/search", body + ", \"page_token\": \"" + token + "\"}")
                .json();
        assertThat(third.path("traces").size()).isEqualTo(1);
        assertThat(third.has("next_page_token")).isFalse();
    }

    @Test
    void tracesBelongToRunsAndPrompts() {
        String run = mlflow.run(e);
        mlflow.trace(e, "tr-a", 1, "OK", Map.of());
        mlflow.trace(e, "tr-b", 2, "OK", Map.of());
        mlflow.post(
                "2.0/mlflow/traces/link-to-run",
                "{\"trace_ids\": [\"tr-a\", \"tr-none\"], \"run_id\": \"" + run + "\"}");
        mlflow.post(
                "2.0/mlflow/traces/link-prompts",
                "{\"trace_id\": \"tr-b\", \"prompt_versions\": [{\"name\": \"greet\", \"version\": \"2\"}]}");
        assertThat(mlflow.search(e, "run_id = '" + run + "'")).containsExactly("tr-a");
        assertThat(mlflow.search(e, "prompt = 'greet/2'")).containsExactly("tr-b");
        assertThat(mlflow.post("2.0/mlflow/traces/link-to-run", "{\"trace_ids\": [\"tr-a\"], \"run_id\": \"none\"}")
                        .code())
                .isEqualTo("RESOURCE_DOES_NOT_EXIST");
    }

    @Test
    void tagsAreSetAndTakenAway() {
        mlflow.trace(e, "tr-a", 1, "OK", Map.of("old", "1"));
        assertThat(mlflow.send("PATCH", "2.0/mlflow/traces/tr-a/tags", "{\"key\": \"k\", \"value\": \"v\"}")
                        .status())
                .isEqualTo(200);
        assertThat(mlflow.send("DELETE", "3.0/mlflow/traces/tr-a/tags", "{\"key\": \"old\"}")
                        .status())
                .isEqualTo(200);
        assertThat(info("tr-a").path("tags").path("k").asString()).isEqualTo("v");
        assertThat(info("tr-a").path("tags").has("old")).isFalse();
        assertThat(mlflow.send("DELETE", "3.0/mlflow/traces/tr-a/tags", "{\"key\": \"old\"}")
                        .code())
                .isEqualTo("RESOURCE_DOES_NOT_EXIST");
        assertThat(mlflow.send(
                                "PATCH",
                                "3.0/mlflow/traces/tr-a/tags",
                                "{\"key\": \"mlflow.artifactLocation\", \"value\": \"mlflow-artifacts:/0/x\"}")
                        .message())
                .contains("immutable");
    }

    @Test
    void deletingFreesRowsAndFiles() {
        mlflow.trace(e, "tr-a", 1000, "OK", Map.of());
        mlflow.trace(e, "tr-b", 2000, "OK", Map.of());
        mlflow.trace(e, "tr-c", 3000, "OK", Map.of());
        String file = "/api/2.0/mlflow-artifacts/artifacts/" + e + "/traces/tr-a/artifacts/traces.json";
        assertThat(mlflow.put(file, "{\"spans\": []}").statusCode()).isEqualTo(200);
        assertThat(mlflow.raw("/ajax-api/2.0/mlflow/get-trace-artifact?request_id=tr-a")
                        .body())
                .contains("spans");

        assertThat(delete("\"max_timestamp_millis\": 2000, \"max_traces\": 1")).isEqualTo(1);
        assertThat(mlflow.search(e, "")).containsExactly("tr-c", "tr-b");
        assertThat(mlflow.raw(file).statusCode()).isEqualTo(404);
        assertThat(delete("\"request_ids\": [\"tr-c\", \"tr-none\"]")).isEqualTo(1);
        mlflow.feature.traces().forgetExperiment(OneWorkspace.MAIN, Long.parseLong(e));
        assertThat(mlflow.search(e, "")).isEmpty();
        assertThat(mlflow.post("2.0/mlflow/traces/delete-traces", "{\"experiment_id\": \"" + e + "\"}")
                        .message())
                .contains("max_timestamp_millis");
    }

    @Test
    void aRunThatIsGoneTakesTheTracesMadeInItAndLeavesThoseLinkedToIt() {
        String run = mlflow.run(e);
        ObjectNode made = TracesServer.info(e, "tr-made", 1000, "OK");
        made.putObject("trace_metadata").put(Trace.RUN, run);
        mlflow.start(made);
        mlflow.trace(e, "tr-linked", 2000, "OK", Map.of());
        mlflow.post("2.0/mlflow/traces/link-to-run", "{\"trace_ids\": [\"tr-linked\"], \"run_id\": \"" + run + "\"}");
        assertThat(mlflow.search(e, "run_id = '" + run + "'")).containsExactly("tr-linked", "tr-made");

        mlflow.feature.traces().forgetRun(OneWorkspace.MAIN, run);
        assertThat(mlflow.search(e, "")).containsExactly("tr-linked");
        assertThat(mlflow.search(e, "run_id = '" + run + "'")).isEmpty();
    }

    @Test
    void anExperimentThatIsGoneTakesItsScorers() {
        mlflow.post(
                "3.0/mlflow/scorers/register",
                "{\"experiment_id\": \"" + e + "\", \"name\": \"length\", \"serialized_scorer\": \"{}\"}");
        String list = "/api/3.0/mlflow/scorers/list?experiment_id=" + e;
        assertThat(mlflow.raw(list).body()).contains("length");
        mlflow.feature.traces().forgetExperiment(OneWorkspace.MAIN, Long.parseLong(e));
        assertThat(mlflow.raw(list).body()).doesNotContain("length");
    }

    private int delete(String what) {
        return mlflow.post("2.0/mlflow/traces/delete-traces", "{\"experiment_id\": \"" + e + "\", " + what + "}")
                .json()
                .path("traces_deleted")
                .asInt(-1);
    }

    @Test
    void theSpansOfAFileAreReadToo() {
        mlflow.trace(e, "tr-" + T2, 1000, "OK", Map.of());
        mlflow.put(
                "/api/2.0/mlflow-artifacts/artifacts/" + e + "/traces/tr-" + T2 + "/artifacts/traces.json",
                "{\"spans\": [{\"trace_id\": \"/ty6mHZUMhD+3LqYdlQyEA==\", \"span_id\": \"AAAAAAAAAKE=\","
                        + " \"parent_span_id\": null, \"name\": \"filed\", \"start_time_unix_nano\": 5,"
                        + " \"end_time_unix_nano\": 9, \"events\": [], \"status\": {\"code\": \"STATUS_CODE_OK\","
                        + " \"message\": \"\"}, \"attributes\": {\"n\": \"[1, 2.5]\"}}]}");
        JsonNode span = mlflow.get("3.0/mlflow/traces/get?trace_id=tr-" + T2)
                .json()
                .path("trace")
                .path("spans")
                .path(0);
        assertThat(span.path("name").asString()).isEqualTo("filed");
        assertThat(span.path("attributes").toString())
                .contains("{\"array_value\":{\"values\":[{\"int_value\":\"1\"},{\"double_value\":2.5}]}}");
    }

    @Test
    void twoFiltersAreCompared() {
        for (int i = 0; i < 10; i++) {
            mlflow.trace(e, "tr-" + i, i, i < 6 ? "OK" : "ERROR", i < 7 ? Map.of("t", "tool") : Map.of());
        }
        JsonNode found = mlflow.post(
                        "3.0/mlflow/traces/calculate-filter-correlation",
                        "{\"experiment_ids\": [\"" + e + "\"], \"filter_string1\": \"status = 'OK'\","
                                + " \"filter_string2\": \"tags.t = 'tool'\"}")
                .json();
        assertThat(found.path("joint_count").asInt()).isEqualTo(6);
        assertThat(found.path("npmi").asDouble()).isBetween(0.69, 0.70);
        JsonNode none = mlflow.post(
                        "3.0/mlflow/traces/calculate-filter-correlation",
                        "{\"experiment_ids\": [\"" + e + "\"], \"filter_string1\": \"status = 'IN_PROGRESS'\","
                                + " \"filter_string2\": \"tags.t = 'tool'\"}")
                .json();
        assertThat(none.has("npmi")).isFalse();
        assertThat(none.path("total_count").asInt()).isEqualTo(10);
    }

    @Test
    void figuresAreGroupedAndStepped() {
        for (int i = 0; i < 4; i++) {
            mlflow.trace(e, "tr-" + i, i * 1000L, i == 3 ? "ERROR" : "OK", Map.of("env", "x"));
        }
        mlflow.export(
                e,
                span(T1, ROOT, "", "root", 500, 600)
                        .addAttributes(text(
                                "mlflow.chat.tokenUsage",
                                "{\"input_tokens\": 7, \"output_tokens\": 3," + " \"total_tokens\": 10}"))
                        .addAttributes(text("mlflow.llm.cost", "{\"total_cost\": 0.5}"))
                        .addAttributes(text("mlflow.llm.model", "m1")),
                span(T1, CHILD, ROOT, "child", 500, 550)
                        .addAttributes(text("mlflow.chat.tokenUsage", "{\"input_tokens\": 7, \"total_tokens\": 7}")));
        assertThat(info("tr-" + T1)
                        .path("trace_metadata")
                        .path("mlflow.trace.tokenUsage")
                        .asString())
                .isEqualTo("{\"input_tokens\": 7, \"output_tokens\": 3, \"total_tokens\": 10}");
        assertThat(metrics("\"view_type\": \"TRACES\", \"metric_name\": \"trace_count\", \"aggregations\":"
                        + " [{\"aggregation_type\": \"COUNT\"}], \"dimensions\": [\"trace_status\"]"))
                .isEqualTo("[{\"trace_status\":\"ERROR\"} {\"COUNT\":1.0}, {\"trace_status\":\"OK\"} {\"COUNT\":4.0}]");
        assertThat(metrics("\"view_type\": 1, \"metric_name\": \"latency\", \"aggregations\": [{\"aggregation_type\":"
                        + " \"PERCENTILE\", \"percentile_value\": 50}, {\"aggregation_type\": \"MIN\"}],"
                        + " \"filters\": [\"trace.status = 'OK'\"], \"time_interval_seconds\": 2,"
                        + " \"start_time_ms\": 0, \"end_time_ms\": 9000"))
                .isEqualTo("[{\"time_bucket\":\"1970-01-01T00:00:00+00:00\"} {\"MIN\":100.0,\"P50.0\":1500.0},"
                        + " {\"time_bucket\":\"1970-01-01T00:00:02+00:00\"} {\"MIN\":1500.0,\"P50.0\":1500.0}]");
        assertThat(metrics("\"view_type\": \"SPANS\", \"metric_name\": \"total_cost\", \"aggregations\":"
                        + " [{\"aggregation_type\": \"SUM\"}], \"dimensions\": [\"span_model_name\"]"))
                .isEqualTo("[{\"span_model_name\":\"m1\"} {\"SUM\":0.5}]");
        assertThat(metrics("\"view_type\": \"TRACES\", \"metric_name\": \"total_tokens\", \"aggregations\":"
                        + " [{\"aggregation_type\": \"SUM\"}]"))
                .isEqualTo("[{} {\"SUM\":10.0}]");
        assertThat(metrics("\"view_type\": \"TRACES\", \"metric_name\": \"nonsense\", \"aggregations\":"
                        + " [{\"aggregation_type\": \"SUM\"}]"))
                .contains("metric_name must be one of");
        assertThat(metrics("\"view_type\": \"TRACES\", \"metric_name\": \"trace_count\", \"aggregations\":"
                        + " [{\"aggregation_type\": \"COUNT\"}], \"filters\": [\"span.name = 'x'\"]"))
                .contains("only supported for SPANS");
    }

    private String metrics(String query) {
        var answer = mlflow.post("3.0/mlflow/traces/metrics", "{\"experiment_ids\": [\"" + e + "\"], " + query + "}");
        if (answer.status() != 200) {
            return answer.code() + " " + answer.message();
        }
        return answer.json()
                .path("data_points")
                .valueStream()
                .map(point -> point.path("dimensions") + " " + point.path("values"))
                .toList()
                .toString();
    }

    @Test
    void badSpansAreRefusedWhole() {
        var bad = span(T1, CHILD, ROOT, "bad", 1, 2).setTraceId(com.google.protobuf.ByteString.copyFrom(new byte[3]));
        assertThat(mlflow.export(e, span(T1, ROOT, "", "good", 1, 2), bad).statusCode())
                .isEqualTo(400);
        assertThat(mlflow.search(e, "")).isEmpty();
        assertThat(mlflow.export(e, new byte[] {1, 2, 3}).body()).contains("Invalid OpenTelemetry format");
        assertThat(mlflow.export("999", span(T1, ROOT, "", "x", 1, 2)).statusCode())
                .isEqualTo(404);
        assertThat(mlflow.export(e, span(T1, ROOT, "", "x", -5, 2)).statusCode())
                .isEqualTo(400);
    }

    @Test
    void badTracesAreRefusedWithAField() {
        for (String body : List.of("{}", "{\"trace\": {}}", "{\"trace\": {\"trace_info\": {\"trace_id\": \"x\"}}}")) {
            assertThat(mlflow.post("3.0/mlflow/traces", body).code()).isEqualTo("INVALID_PARAMETER_VALUE");
        }
        assertThat(mlflow.start(TracesServer.info(e, "../../etc", 1, "OK")).message())
                .contains("trace_id");
        assertThat(mlflow.start(TracesServer.info(e, "tr-1", 1, "OK").put("request_time", "soon"))
                        .message())
                .contains("trace.trace_info.request_time");
        assertThat(mlflow.start(TracesServer.info(e, "tr-1", 1, "OK").put("execution_duration", "1h"))
                        .message())
                .contains("execution_duration");
        assertThat(mlflow.start(TracesServer.info("999", "tr-1", 1, "OK")).code())
                .isEqualTo("RESOURCE_DOES_NOT_EXIST");
        assertThat(mlflow.get("3.0/mlflow/traces/tr-none").code()).isEqualTo("RESOURCE_DOES_NOT_EXIST");
        assertThat(mlflow.search(e, "")).isEmpty();
    }
}
