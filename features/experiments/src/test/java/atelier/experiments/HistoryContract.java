package atelier.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.kernel.Json;
import atelier.store.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Long histories: pages, evenly chosen steps, series for charts.
abstract class HistoryContract {
    private static final String SERIES =
            "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/atelier/providers/"
                    + "Microsoft.MachineLearningServices/workspaces/main/atelier/mlflow/metrics/series";
    private Database database;
    private TrackingServer mlflow;
    private String run;

    abstract Database open();

    @BeforeEach
    void start() {
        database = open();
        mlflow = new TrackingServer(database);
        run = mlflow.run("0", "r", 1);
    }

    @AfterEach
    void stop() {
        mlflow.close();
        database.close();
    }

    private void log(String key, long step, long time, double value) {
        log(List.of(new Metric(key, value, time, step)));
    }

    private void log(List<Metric> metrics) {
        mlflow.feature
                .log()
                .batch(
                        OneWorkspace.MAIN,
                        run,
                        new RunLog.Batch(
                                metrics.stream()
                                        .map(m -> new RunLog.Point(m, null, null, null))
                                        .toList(),
                                List.of(),
                                List.of()));
    }

    /// Points at steps 0 to `count - 1`, the value being the step, one a second.
    private void logMany(int count) {
        for (int from = 0; from < count; from += 1000) {
            log(IntStream.range(from, Math.min(count, from + 1000))
                    .mapToObj(i -> new Metric("m", i, 1_000_000 + i * 1000L, i))
                    .toList());
        }
    }

    private TrackingServer.Answer page(String key, int max, @Nullable String token) {
        return mlflow.get("metrics/get-history?run_id=" + run + "&metric_key=" + key + "&max_results=" + max
                + (token == null ? "" : "&page_token=" + token));
    }

    private static List<Long> steps(JsonNode json) {
        return json.path("metrics")
                .valueStream()
                .map(m -> m.path("step").asLong())
                .toList();
    }

    @Test
    void pagesFollowTheOrderOfLoggingThoughStepsAndTimesDoNot() {
        List<Long> logged = List.of(5L, 3L, 9L, 1L, 7L, 2L, 8L);
        logged.forEach(step -> log("m", step, 10, step == 9 ? Double.NaN : 0.5));
        List<Long> told = new ArrayList<>();
        String token = null;
        int pages = 0;
        do {
            JsonNode page = page("m", 3, token).json();
            told.addAll(steps(page));
            token = page.has("next_page_token") ? page.path("next_page_token").asString() : null;
            pages++;
        } while (token != null);
        assertThat(told).containsExactlyElementsOf(logged);
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void whatIsLoggedBetweenPagesMovesNothing() {
        for (long step : List.of(10L, 20L, 30L)) {
            log("m", step, 10, 1);
        }
        String token = page("m", 2, null).json().path("next_page_token").asString();
        log("m", 1, 1, 1);
        assertThat(steps(page("m", 5, token).json())).containsExactly(30L, 1L);
    }

    @Test
    void pointsOfOneBatchComeInItsOrder() {
        log(List.of(new Metric("m", 1, 1, 9), new Metric("other", 1, 1, 1), new Metric("m", 1, 1, 4)));
        assertThat(steps(page("m", 10, null).json())).containsExactly(9L, 4L);
    }

    @Test
    void aTokenOfAnotherHistoryIsRefused() {
        for (String key : List.of("m", "n")) {
            log(key, 1, 1, 1);
            log(key, 2, 2, 2);
        }
        String token = page("m", 1, null).json().path("next_page_token").asString();
        assertThat(page("n", 1, token).status()).isEqualTo(400);
        assertThat(page("n", 1, token).message()).contains("another run or metric");
        assertThat(page("m", 1, token.substring(3)).message()).startsWith("Invalid page token");
    }

    @Test
    void aLongHistoryIsToldWholeAndInOrder() {
        logMany(23_456);
        JsonNode whole = mlflow.get("metrics/get-history?run_id=" + run + "&metric_key=m")
                .json();
        assertThat(steps(whole))
                .containsExactlyElementsOf(LongStream.range(0, 23_456).boxed().toList());
        assertThat(whole.has("next_page_token")).isFalse();
    }

    @Test
    void stepsAreChosenEvenlyAndTheEndsAreThere() {
        logMany(5_000);
        String call = "metrics/get-history-bulk-interval?run_ids=" + run + "&metric_key=m&max_results=10";
        assertThat(steps(mlflow.get(call).json()))
                .containsExactly(0L, 500L, 1000L, 1500L, 2000L, 2500L, 3000L, 3500L, 4000L, 4500L, 4999L);
        assertThat(steps(mlflow.get(call + "&start_step=100&end_step=103").json()))
                .containsExactly(100L, 101L, 102L, 103L);
    }

    private JsonNode series(String query) {
        JsonNode all = Json.parse(mlflow.http()
                        .get(SERIES + "?run=" + run + "&key=m&" + query)
                        .body())
                .path("series");
        assertThat(all.size()).isOne();
        return all.path(0);
    }

    private static List<Double> values(JsonNode series) {
        return series.path("points")
                .valueStream()
                .map(p -> p.path("value").isString()
                        ? Double.NaN
                        : p.path("value").doubleValue())
                .toList();
    }

    @Test
    void aThinnedSeriesKeepsEndsAndExtremes() {
        logMany(3_000);
        log("m", 1_234, 5_000_000_000L, 99_999);
        log("m", 2_345, 5_000_000_001L, -99_999);
        JsonNode thin = series("buckets=20");
        assertThat(thin.path("exact").booleanValue()).isFalse();
        assertThat(thin.path("count").asInt()).isEqualTo(3_002);
        assertThat(values(thin)).contains(0.0, 99_999.0, -99_999.0, 2_999.0).hasSizeBetween(40, 100);
        List<Long> steps = thin.path("points")
                .valueStream()
                .map(p -> p.path("step").asLong())
                .toList();
        assertThat(steps).isSorted().startsWith(0L).endsWith(2_999L);
    }

    @Test
    void aRangeOfFewPointsIsExact() {
        logMany(3_000);
        JsonNode part = series("buckets=20&from=1000&to=1009");
        assertThat(part.path("exact").booleanValue()).isTrue();
        assertThat(values(part))
                .containsExactlyElementsOf(
                        IntStream.range(1000, 1010).mapToObj(i -> (double) i).toList());
    }

    @Test
    void timeAndTimeSinceTheFirstPointAreAxesToo() {
        logMany(100);
        assertThat(values(series("x=time&from=1010000&to=1012000"))).containsExactly(10.0, 11.0, 12.0);
        JsonNode relative = series("x=relative&from=10000&to=12000");
        assertThat(values(relative)).containsExactly(10.0, 11.0, 12.0);
        assertThat(relative.path("start").asLong()).isEqualTo(1_000_000);
        assertThat(values(series("x=relative&from=-5&to=0"))).containsExactly(0.0);
    }

    @Test
    void whatIsNoNumberIsToldAndSpoilsNoExtreme() {
        logMany(1_000);
        log("m", 500, 7, Double.NaN);
        log("m", 501, 7, Double.POSITIVE_INFINITY);
        log("m", 502, 7, Double.NEGATIVE_INFINITY);
        JsonNode thin = series("buckets=1");
        assertThat(thin.path("nan").asInt()).isOne();
        assertThat(thin.path("positiveInfinities").asInt()).isOne();
        assertThat(thin.path("negativeInfinities").asInt()).isOne();
        assertThat(values(thin)).containsExactlyInAnyOrder(0.0, 999.0, Double.NaN, Double.MAX_VALUE, -Double.MAX_VALUE);
    }

    @Test
    void aSeriesOfNothingIsEmptyAndAWrongWishIsRefused() {
        JsonNode none = series("");
        assertThat(none.path("count").asInt()).isZero();
        assertThat(none.has("start")).isFalse();
        for (String wrong : List.of("x=steps", "bucket=3", "from=9&to=3", "buckets=0", "from=a")) {
            var answer = mlflow.http().get(SERIES + "?run=" + run + "&key=m&" + wrong);
            assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
        }
        assertThat(mlflow.http().get(SERIES + "?run=" + run + "&key=m&bucket=3").body())
                .contains("buckets");
        assertThat(mlflow.http().get(SERIES + "?key=m").statusCode()).isEqualTo(400);
    }
}
