package atelier.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.store.Database;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The search for runs, asked over real HTTP; runs on each database.
abstract class SearchContract {
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
    void searchKnowsTheWholeGrammar() {
        String e = fourRuns();
        assertThat(mlflow.search(e, "")).containsExactly("d", "c", "b", "a");
        assertThat(mlflow.search(e, "metrics.acc > 0.5")).containsExactly("d", "a");
        assertThat(mlflow.search(e, "metrics.acc > -0.5")).containsExactly("d", "a");
        assertThat(mlflow.search(e, "metrics.acc > .5 AND")).containsExactly("d", "a");
        assertThat(mlflow.search(e, "metrics.loss != 1")).containsExactly("c", "b");
        assertThat(mlflow.search(e, "metrics.`m-x y` = 5")).containsExactly("c");
        assertThat(mlflow.search(e, "metrics.\"m-x y\" = 5")).containsExactly("c");
        assertThat(mlflow.search(e, "metrics.acc = 0.9 and params.lr='0.1'")).containsExactly("a");
        assertThat(mlflow.search(e, "params.lr LIKE '0.%'")).containsExactly("c", "b", "a");
        assertThat(mlflow.search(e, "params.Model LIKE 't%'")).isEmpty();
        assertThat(mlflow.search(e, "params.Model ILIKE 'tRe_'")).containsExactly("a");
        assertThat(mlflow.search(e, "params.lr != '0.1'")).containsExactly("b");
        assertThat(mlflow.search(e, "tags.env ILIKE 'prod'")).containsExactly("c", "a");
        assertThat(mlflow.search(e, "tags.env IS NULL")).containsExactly("d");
        assertThat(mlflow.search(e, "tags.env is not null AND params.Model IS NULL"))
                .containsExactly("c", "b");
        assertThat(mlflow.search(e, "tags.mlflow.runName = 'a'")).containsExactly("a");
        assertThat(mlflow.search(e, "tags.`mlflow.runName` = \"a\"")).containsExactly("a");
        assertThat(mlflow.search(e, "attributes.status = 'FINISHED'")).containsExactly("a");
        assertThat(mlflow.search(e, "attribute.status='finished'")).isEmpty();
        assertThat(mlflow.search(e, "`run name` = 'a'")).containsExactly("a");
        assertThat(mlflow.search(e, "attributes.`Run name` = 'a'")).containsExactly("a");
        assertThat(mlflow.search(e, "created > 150 AND end_time = 600")).containsExactly("b");
        assertThat(mlflow.search(e, "artifact_uri LIKE '%artifacts' AND user_id = 'u1'"))
                .hasSize(4);
        assertThat(mlflow.search(e, "dataset.name = 'iris'")).containsExactly("b", "a");
        assertThat(mlflow.search(e, "datasets.digest = 'd1' AND dataset.context IN ('train', 'x')"))
                .containsExactly("a");
        String a = mlflow.post("runs/search", "{\"experiment_ids\":[\"" + e + "\"],\"filter\":\"run_name = 'a'\"}")
                .json()
                .path("runs")
                .path(0)
                .path("info")
                .path("run_id")
                .asString();
        assertThat(mlflow.search(e, "run_id NOT IN ('" + a + "')")).containsExactly("d", "c", "b");
        assertThat(mlflow.search(e, "run_id IN ('" + a + "')")).containsExactly("a");
    }

    @Test
    void searchOrdersNumbersThenNotANumberThenMissing() {
        String e = fourRuns();
        assertThat(mlflow.search(e, "", "metrics.acc")).containsExactly("a", "d", "b", "c");
        assertThat(mlflow.search(e, "", "metrics.acc DESC")).containsExactly("d", "a", "b", "c");
        assertThat(mlflow.search(e, "", "params.lr DESC", "start_time ASC")).containsExactly("a", "c", "b", "d");
        assertThat(mlflow.search(e, "", "tags.env")).containsExactly("c", "b", "a", "d");
        assertThat(mlflow.search(e, "", "end_time DESC")).containsExactly("b", "a", "d", "c");
        assertThat(mlflow.search(e, "", "`metrics`.`acc` desc")).containsExactly("d", "a", "b", "c");
        assertThat(mlflow.search(e, "", "metrics.`m-x y` DESC")).containsExactly("c", "d", "b", "a");
        assertThat(mlflow.search(e, "", "status")).containsExactly("b", "a", "d", "c");
        assertThat(mlflow.search(e, "", "metrics.acc", "metrics.acc DESC").getFirst())
                .startsWith("400 `order_by` contains duplicate");
        assertThat(mlflow.search(e, "", "dataset.name")).containsExactly("400 Invalid identifier type 'dataset'");
    }

    @Test
    void searchGoesOnWhereThePageEnded() {
        String e = fourRuns();
        var first = mlflow.post("runs/search", "{\"experiment_ids\":[\"" + e + "\"],\"max_results\":3}")
                .json();
        var second = mlflow.post(
                        "runs/search",
                        "{\"experiment_ids\":[\"" + e + "\"],\"max_results\":3,\"page_token\":\""
                                + first.path("next_page_token").asString() + "\"}")
                .json();
        assertThat(first.path("runs").size()).isEqualTo(3);
        assertThat(second.path("runs").path(0).path("info").path("run_name").asString())
                .isEqualTo("a");
        assertThat(second.has("next_page_token")).isFalse();
        assertThat(mlflow.post("runs/search", "{\"experiment_ids\":[\"" + e + "\"],\"max_results\":4}")
                        .json()
                        .has("next_page_token"))
                .isFalse();
        assertThat(mlflow.post("runs/search", "{}").json().isEmpty()).isTrue();
        assertThat(mlflow.post("runs/search", "{\"experiment_ids\":[\"abc\"]}").status())
                .isEqualTo(400);
        assertThat(mlflow.post("experiments/search-datasets", "{\"experiment_ids\":[\"" + e + "\"]}")
                        .json()
                        .path("dataset_summaries")
                        .size())
                .isEqualTo(2);
    }

    private String fourRuns() {
        String e = mlflow.experiment("S");
        String a = mlflow.run(e, "a", 100);
        // b and c start together: the lesser run id, made first, comes first.
        String c = mlflow.run(e, "c", 200);
        String b = mlflow.run(e, "b", 200);
        String d = mlflow.run(e, "d", 300);
        mlflow.log(a, batch("acc=0.9,loss=1", "lr=0.1,Model=Tree", "env=prod"));
        mlflow.log(b, batch("acc=NaN,loss=2", "lr=0.01", "env=dev"));
        mlflow.log(c, batch("loss=3,m-x y=5", "lr=0.1", "env=PROD"));
        mlflow.log(d, batch("acc=Infinity", "", ""));
        mlflow.post("runs/update", "{\"run_id\":\"" + a + "\",\"status\":\"FINISHED\",\"end_time\":500}");
        mlflow.post("runs/update", "{\"run_id\":\"" + b + "\",\"status\":\"FAILED\",\"end_time\":600}");
        dataset(a, "d1", "train");
        dataset(b, "d2", "test");
        return e;
    }

    private void dataset(String run, String digest, String context) {
        mlflow.post(
                "runs/log-inputs",
                "{\"run_id\":\"" + run + "\",\"datasets\":[{\"tags\":[{\"key\":\"mlflow.data.context\","
                        + "\"value\":\"" + context + "\"}],\"dataset\":{\"name\":\"iris\",\"digest\":\"" + digest
                        + "\",\"source_type\":\"local\",\"source\":\"s\"}}]}");
    }

    private static String batch(String metrics, String params, String tags) {
        return "{\"run_id\":\"RUN\",\"metrics\":[" + items(metrics, true) + "],\"params\":[" + items(params, false)
                + "],\"tags\":[" + items(tags, false) + "]}";
    }

    private static String items(String list, boolean metric) {
        if (list.isEmpty()) {
            return "";
        }
        return String.join(
                ",",
                List.of(list.split(",")).stream()
                        .map(item -> item.split("="))
                        .map(p -> "{\"key\":\"" + p[0] + "\",\"value\":\"" + p[1] + "\""
                                + (metric ? ",\"timestamp\":1}" : "}"))
                        .toList());
    }
}
