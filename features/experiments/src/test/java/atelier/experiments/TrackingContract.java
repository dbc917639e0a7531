package atelier.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.store.Database;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Experiments, runs and what is logged to them, asked over real HTTP; runs on each database.
abstract class TrackingContract {
    private Database database;
    private TrackingServer mlflow;

    abstract Database open();

    @BeforeEach
    void start() {
        database = open();
        mlflow = new TrackingServer(database);
    }

    @AfterEach
    void stop() {
        mlflow.close();
        database.close();
    }

    @Test
    void theDefaultExperimentIsThereAndIdsCountUp() {
        assertThat(mlflow.get("experiments/get?experiment_id=0")
                        .json()
                        .path("experiment")
                        .path("name")
                        .asString())
                .isEqualTo("Default");
        assertThat(List.of(mlflow.experiment("a"), mlflow.experiment("b"))).containsExactly("1", "2");
        assertThat(mlflow.post("experiments/create", "{\"name\":\"a\"}")
                        .json()
                        .path("error_code")
                        .asString())
                .isEqualTo("RESOURCE_ALREADY_EXISTS");
    }

    @Test
    void deletingAnExperimentTakesItsRunsAlongAndRestoringBringsThemBack() {
        String id = mlflow.experiment("e");
        String run = mlflow.run(id, "r", 1);
        assertThat(mlflow.post("experiments/delete", "{\"experiment_id\":\"" + id + "\"}")
                        .status())
                .isEqualTo(200);
        assertThat(mlflow.post("experiments/delete", "{\"experiment_id\":\"" + id + "\"}")
                        .status())
                .isEqualTo(404);
        assertThat(mlflow.post(
                                "runs/log-metric",
                                "{\"run_id\":\"" + run + "\",\"key\":\"m\",\"value\":1,\"timestamp\":1}")
                        .message())
                .isEqualTo("The run " + run + " must be in the 'active' state. Current state is deleted.");
        assertThat(mlflow.post("runs/create", "{\"experiment_id\":\"" + id + "\"}")
                        .message())
                .isEqualTo("The experiment 1 must be in the 'active' state. Current state is deleted.");
        mlflow.post("experiments/restore", "{\"experiment_id\":\"" + id + "\"}");
        assertThat(mlflow.search(id, "")).containsExactly("r");
    }

    @Test
    void experimentsAreSearchedByNameTimeAndTag() {
        mlflow.experiment("Alpha");
        mlflow.experiment("beta");
        mlflow.post("experiments/set-experiment-tag", "{\"experiment_id\":\"1\",\"key\":\"k\",\"value\":\"v\"}");
        assertThat(experiments("{\"max_results\":5,\"filter\":\"name LIKE 'A%' AND tags.k = 'v'\"}"))
                .containsExactly("Alpha");
        assertThat(experiments("{\"max_results\":5,\"filter\":\"name LIKE 'a%'\"}"))
                .isEmpty();
        assertThat(experiments("{\"max_results\":5,\"filter\":\"attribute.name ILIKE 'a%'\"}"))
                .containsExactly("Alpha");
        assertThat(experiments(
                        "{\"max_results\":5,\"filter\":\"experiment_id IN ('1', '77') AND tags.k IS NOT NULL\"}"))
                .containsExactly("Alpha");
        assertThat(
                        experiments(
                                "{\"max_results\":5,\"filter\":\"experiment_id != '1'\",\"order_by\":[\"experiment_id DESC\"]}"))
                .containsExactly("beta", "Default");
        assertThat(experiments("{\"max_results\":5,\"order_by\":[\"name DESC\"]}"))
                .containsExactly("beta", "Default", "Alpha");
        assertThat(mlflow.post("experiments/search", "{}").message())
                .startsWith("Invalid value 0 for parameter 'max_results' supplied. It must be a positive integer");
        assertThat(mlflow.post("experiments/search", "{\"max_results\":5,\"filter\":\"name = 'a' OR name = 'b'\"}")
                        .message())
                .isEqualTo("Invalid clause(s) in filter string: 'OR' (at character 12)");
    }

    private List<String> experiments(String body) {
        return mlflow.post("experiments/search", body)
                .json()
                .path("experiments")
                .valueStream()
                .map(e -> e.path("name").asString())
                .toList();
    }

    @Test
    void aRunHasANameThatFollowsItsTag() {
        String run = mlflow.run("0", "", 5);
        assertThat(run).matches("[0-9a-f]{32}");
        var info = mlflow.get("runs/get?run_id=" + run).json().path("run").path("info");
        assertThat(info.path("run_name").asString())
                .matches("[a-z]+-[a-z]+-\\d+")
                .hasSizeLessThanOrEqualTo(20);
        assertThat(info.path("artifact_uri").asString()).isEqualTo("mlflow-artifacts:/0/" + run + "/artifacts");
        mlflow.post("runs/set-tag", "{\"run_id\":\"" + run + "\",\"key\":\"mlflow.runName\",\"value\":\"by tag\"}");
        assertThat(mlflow.get("runs/get?run_id=" + run)
                        .json()
                        .path("run")
                        .path("info")
                        .path("run_name")
                        .asString())
                .isEqualTo("by tag");
        var updated = mlflow.post(
                "runs/update", "{\"run_id\":\"" + run + "\",\"status\":4,\"end_time\":\"99\",\"run_name\":\"n\"}");
        assertThat(updated.json().path("run_info").path("status").asString()).isEqualTo("FAILED");
        assertThat(updated.json().path("run_info").path("end_time").longValue()).isEqualTo(99);
        assertThat(mlflow.get("runs/get?run_id=nope").message()).isEqualTo("Run with id=nope not found");
        assertThat(mlflow.post(
                                "runs/create",
                                "{\"experiment_id\":0,\"run_name\":\"a\",\"tags\":[{\"key\":\"mlflow.runName\",\"value\":\"b\"}]}")
                        .message())
                .startsWith("Both 'run_name' argument and 'mlflow.runName' tag are specified");
    }

    @Test
    void theLatestPointHasTheGreatestStepThenTimeThenValue() {
        String run = mlflow.run("0", "r", 1);
        long[][] points = {{1, 100, 5}, {9, 50, 5}, {3, 100, 5}, {2, 200, 4}, {7, 100, 6}, {6, 99, 6}};
        for (long[] p : points) {
            mlflow.log(
                    run,
                    "{\"run_id\":\"RUN\",\"metrics\":[{\"key\":\"m\",\"value\":" + p[0] + ",\"timestamp\":" + p[1]
                            + ",\"step\":" + p[2] + "}]}");
        }
        var metric = mlflow.get("runs/get?run_id=" + run)
                .json()
                .path("run")
                .path("data")
                .path("metrics")
                .path(0);
        assertThat(metric.path("value").doubleValue()).isEqualTo(7);
        assertThat(history("metrics/get-history?run_id=" + run + "&metric_key=m"))
                .containsExactly(1.0, 9.0, 3.0, 2.0, 7.0, 6.0);
        assertThat(history("metrics/get-history-bulk-interval?run_ids=" + run + "&metric_key=m&max_results=3"))
                .containsExactly(2.0, 9.0, 1.0, 3.0, 6.0, 7.0);
        assertThat(history("metrics/get-history-bulk?run_id=" + run + "&metric_key=m"))
                .containsExactly(9.0, 6.0, 1.0, 3.0, 7.0, 2.0);
        assertThat(mlflow.get("metrics/get-history-bulk-interval?run_ids=" + run + "&metric_key=m&start_step=1")
                        .message())
                .isEqualTo("If either start step or end step are specified, both must be specified.");
    }

    private List<Double> history(String call) {
        return mlflow.get(call)
                .json()
                .path("metrics")
                .valueStream()
                .map(m -> m.path("value").doubleValue())
                .toList();
    }

    @Test
    void historyComesInPagesAndATokenOnlyWhenThereIsMore() {
        String run = mlflow.run("0", "r", 1);
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            points.append(i == 0 ? "" : ",")
                    .append("{\"key\":\"m\",\"value\":1,\"timestamp\":1,\"step\":")
                    .append(i)
                    .append("}");
        }
        mlflow.log(run, "{\"run_id\":\"RUN\",\"metrics\":[" + points + "]}");
        String call = "metrics/get-history?run_id=" + run + "&metric_key=m&max_results=2";
        String token = mlflow.get(call).json().path("next_page_token").asString();
        String second = mlflow.get(call + "&page_token=" + token.replace("=", "%3D"))
                .json()
                .path("next_page_token")
                .asString();
        assertThat(mlflow.get(call + "&page_token=" + second.replace("=", "%3D"))
                        .json()
                        .has("next_page_token"))
                .isFalse();
        assertThat(mlflow.get("metrics/get-history?run_id=" + run + "&metric_key=m&max_results=5")
                        .json()
                        .has("next_page_token"))
                .isFalse();
        assertThat(mlflow.get("metrics/get-history?run_id=zz&metric_key=zz")
                        .json()
                        .isEmpty())
                .isTrue();
        assertThat(mlflow.get(call + "&page_token=abc!").message())
                .isEqualTo("Invalid page token, could not base64-decode");
        assertThat(mlflow.get("metrics/get-history?run_id=" + run + "&metric_key=m&max_results=0")
                        .message())
                .isEqualTo("Invalid value 0 for parameter 'max_results' supplied. It must be a positive integer.");
    }

    @Test
    void notANumberAndInfinitiesAreKeptAndIdenticalPointsAreOne() {
        String run = mlflow.run("0", "r", 1);
        for (int i = 0; i < 2; i++) {
            for (String value : List.of("\"NaN\"", "NaN", "\"Infinity\"", "\"-Infinity\"", "\"1.5\"", "true", "-0.0")) {
                String body = "{\"run_id\":\"" + run + "\",\"key\":\"m\",\"value\":" + value + ",\"timestamp\":\"10\"}";
                assertThat(mlflow.post("runs/log-metric", body).status())
                        .as(value)
                        .isEqualTo(200);
            }
        }
        var points = mlflow.get("metrics/get-history?run_id=" + run + "&metric_key=m")
                .json()
                .path("metrics");
        assertThat(points.valueStream().map(p -> p.path("value").asString()).toList())
                .containsExactly("NaN", "1.7976931348623157E308", "-1.7976931348623157E308", "1.5", "1.0", "0.0");
        assertThat(mlflow.post(
                                "runs/log-metric",
                                "{\"run_id\":\"" + run + "\",\"key\":\"m\",\"value\":\"abc\",\"timestamp\":1}")
                        .message())
                .startsWith("Invalid value \"abc\" for parameter 'value' supplied:  Hint: Value was of type 'str'.");
        assertThat(mlflow.post(
                                "runs/log-metric",
                                "{\"run_id\":\"" + run + "\",\"key\":\"m\",\"value\":1,\"timestamp\":-10}")
                        .message())
                .startsWith("Invalid value -10 for parameter 'timestamp' supplied: metric 'm' (value=1.0).");
    }

    @Test
    void aParameterKeepsItsFirstValue() {
        String run = mlflow.run("0", "r", 1);
        String p = "{\"run_id\":\"" + run + "\",\"key\":\"p\",\"value\":\"%s\"}";
        assertThat(mlflow.post("runs/log-parameter", p.formatted("1")).status()).isEqualTo(200);
        assertThat(mlflow.post("runs/log-parameter", p.formatted("1")).status()).isEqualTo(200);
        assertThat(mlflow.post("runs/log-parameter", p.formatted("2")).message())
                .isEqualTo(
                        "Changing param values is not allowed. Param with key='p' was already logged with value='1' for run"
                                + " ID='" + run + "'. Attempted logging new value '2'.");
        assertThat(mlflow.post("runs/log-parameter", "{\"run_id\":\"" + run + "\",\"key\":\"a//b\",\"value\":\"x\"}")
                        .message())
                .contains("This name would resolve to 'a/b'");
        assertThat(mlflow.post("runs/log-parameter", "{\"run_id\":\"" + run + "\",\"key\":\"größe\",\"value\":\"ü\"}")
                        .status())
                .isEqualTo(200);
        assertThat(mlflow.post("runs/log-parameter", "{\"run_id\":\"" + run + "\",\"key\":\"i\",\"value\":5}")
                        .message())
                .startsWith("Invalid value 5 for parameter 'value' supplied:  Hint: Value was of type 'int'.");
    }

    @Test
    void aBatchIsKeptWholeOrNotAtAll() {
        String run = mlflow.run("0", "r", 1);
        mlflow.log(run, "{\"run_id\":\"RUN\",\"params\":[{\"key\":\"bp\",\"value\":\"1\"}]}");
        var changed = mlflow.post(
                "runs/log-batch",
                ("{\"run_id\":\"RUN\",\"metrics\":[{\"key\":\"m\",\"value\":1,\"timestamp\":1}],"
                                + "\"tags\":[{\"key\":\"t\",\"value\":\"1\"}],\"params\":[{\"key\":\"bp\",\"value\":\"9\"},{\"key\":\"new\",\"value\":\"9\"}]}")
                        .replace("RUN", run));
        assertThat(changed.message())
                .isEqualTo("Changing param values is not allowed. Params were already logged='[{'key': 'bp',"
                        + " 'old_value': '1', 'new_value': '9'}]' for run ID='" + run + "'.");
        var data = mlflow.get("runs/get?run_id=" + run).json().path("run").path("data");
        assertThat(data.has("metrics")).isFalse();
        assertThat(data.path("params").size()).isEqualTo(1);
        assertThat(mlflow.post(
                                "runs/log-batch",
                                "{\"run_id\":\"" + run + "\",\"metrics\":[{\"key\":\"a\",\"timestamp\":1}]}")
                        .message())
                .startsWith("Missing value for required parameter 'metrics[0].value'.");
        assertThat(mlflow.post("runs/log-batch", "{\"run_id\":\"../x\"}").message())
                .isEqualTo("Invalid value \"../x\" for parameter 'run_id' supplied.");
        assertThat(mlflow.post(
                                "runs/log-batch",
                                "{\"run_id\":\"" + run
                                        + "\",\"params\":[{\"key\":\"d\",\"value\":\"1\"},{\"key\":\"d\",\"value\":\"1\"}]}")
                        .message())
                .startsWith("Duplicate parameter keys have been submitted: ['d'].");
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 1001; i++) {
            many.append(i == 0 ? "" : ",")
                    .append("{\"key\":\"x\",\"value\":1,\"timestamp\":1,\"step\":")
                    .append(i)
                    .append("}");
        }
        assertThat(mlflow.post("runs/log-batch", "{\"run_id\":\"" + run + "\",\"metrics\":[" + many + "]}")
                        .message())
                .isEqualTo(
                        "A batch logging request can contain at most 1000 metrics. Got 1001 metrics. Please split up metrics"
                                + " across multiple requests and try again.");
    }

    @Test
    void dataIsNotedWithinMlflowsLengths() {
        String run = mlflow.run("0", "r", 1);
        String input = "{\"run_id\":\"" + run + "\",\"datasets\":[{\"dataset\":{\"name\":\"%s\",\"digest\":\"%s\","
                + "\"source_type\":\"s\",\"source\":\"%s\"},\"tags\":[{\"key\":\"k\",\"value\":\"%s\"}]}]}";
        assertThat(mlflow.post("runs/log-inputs", input.formatted("n".repeat(501), "d", "x", "v"))
                        .message())
                .isEqualTo("'name' exceeds the maximum length of 500 characters");
        assertThat(mlflow.post("runs/log-inputs", input.formatted("n", "d".repeat(37), "x", "v"))
                        .message())
                .isEqualTo("'digest' exceeds the maximum length of 36 characters");
        assertThat(mlflow.post("runs/log-inputs", input.formatted("n", "d", "x".repeat(65_536), "v"))
                        .message())
                .isEqualTo("'source' exceeds the maximum length of 65535 characters");
        assertThat(mlflow.post("runs/log-inputs", input.formatted("n", "d", "x", "v".repeat(501)))
                        .message())
                .isEqualTo("'value' exceeds the maximum length of 500 characters");
        assertThat(mlflow.get("runs/get?run_id=" + run)
                        .json()
                        .at("/run/inputs/dataset_inputs")
                        .isEmpty())
                .isTrue();
    }

    @Test
    void tagsAreCutSetAndDeleted() {
        String run = mlflow.run("0", "r", 1);
        mlflow.post(
                "runs/set-tag", "{\"run_id\":\"" + run + "\",\"key\":\"big\",\"value\":\"" + "x".repeat(8001) + "\"}");
        assertThat(mlflow.post("runs/delete-tag", "{\"run_id\":\"" + run + "\",\"key\":\"nope\"}")
                        .message())
                .isEqualTo("No tag with name: nope in run with id " + run);
        var tags = mlflow.get("runs/get?run_id=" + run)
                .json()
                .path("run")
                .path("data")
                .path("tags");
        assertThat(tags.path(0).path("value").asString()).hasSize(8000);
        assertThat(mlflow.post(
                                "runs/set-tag",
                                "{\"run_id\":\"" + run + "\",\"key\":\"" + "k".repeat(251) + "\",\"value\":\"\"}")
                        .message())
                .isEqualTo("'key' exceeds the maximum length of 250 characters");
    }

    @Test
    void requestsAreReadAsMlflowReadsThem() {
        assertThat(mlflow.http()
                        .send(
                                "POST",
                                TrackingServer.BASE + "/ajax-api/2.0/mlflow/experiments/create",
                                "\"{\\\"name\\\": \\\"x\\\"}\"")
                        .statusCode())
                .isEqualTo(200);
        assertThat(mlflow.post("experiments/create", "not json").message())
                .startsWith("The body is not valid JSON: Unrecognized token 'not'");
        assertThat(mlflow.post("experiments/create", "[]").message()).isEqualTo("The body must be a JSON object.");
        assertThat(mlflow.post("experiments/create", "").message())
                .isEqualTo(
                        "Missing value for required parameter 'name'. See the API docs for more information about request parameters.");
        assertThat(mlflow.post("experiments/create", "{\"name\":123}").message())
                .isEqualTo(
                        "Invalid value 123 for parameter 'name' supplied:  Hint: Value was of type 'int'. See the API docs for more"
                                + " information about request parameters.");
        assertThat(mlflow.post("runs/search", "{\"experimentIds\":[\"0\"],\"maxResults\":1}")
                        .status())
                .isEqualTo(200);
        HttpRequest.Builder bare = HttpRequest.newBuilder(
                        mlflow.http().uri(TrackingServer.BASE + "/api/2.0/mlflow/experiments/create"))
                .POST(BodyPublishers.ofString("{}"));
        assertThat(mlflow.http().send(bare).body()).contains("Bad Request. Content-Type header is missing.");
        assertThat(mlflow.http().get(TrackingServer.BASE + "/version").body()).isEqualTo("3.6.0");
        assertThat(mlflow.http()
                        .get(TrackingServer.BASE + "/api/3.0/mlflow/server-info")
                        .body())
                .contains("\"workspaces_enabled\":false");
    }
}
