package atelier.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.kernel.Ids;
import atelier.store.Database;
import atelier.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// Many clients that write at once, through one server and through two on the same database.
@Timeout(300)
abstract class WritersContract {
    private static final int WRITERS = 50;
    private static final int POINTS = 20;
    private final SettableClock clock = new SettableClock();
    private Database database;
    private TrackingServer one;
    private TrackingServer two;

    abstract Database open();

    @BeforeEach
    void start() {
        database = open();
        one = new TrackingServer(database, clock, Ids.random());
        two = new TrackingServer(database, clock, Ids.random());
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
        database.close();
    }

    private static <T> List<T> together(List<Callable<T>> works) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = new ArrayList<>();
            works.forEach(work -> futures.add(threads.submit(work)));
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }

    private TrackingServer server(int n) {
        return n % 2 == 0 ? one : two;
    }

    private static int post(TrackingServer server, String call, String json) {
        TrackingServer.Answer answer = server.post(call, json);
        assertThat(answer.status()).as("%s %s: %s", call, json, answer).isEqualTo(200);
        return answer.status();
    }

    private static List<Long> steps(TrackingServer server, String run, String key) {
        return server.get("metrics/get-history?run_id=" + run + "&metric_key=" + key)
                .json()
                .path("metrics")
                .valueStream()
                .map(m -> m.path("step").asLong())
                .toList();
    }

    private static JsonNode data(TrackingServer server, String run) {
        return server.get("runs/get?run_id=" + run).json().path("run").path("data");
    }

    private static JsonNode latest(TrackingServer server, String run, String key) {
        return data(server, run)
                .path("metrics")
                .valueStream()
                .filter(m -> m.path("key").asString().equals(key))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void fiftyWritersEndWithEveryPointAndTheRightLatest() throws Exception {
        List<String> runs = List.of(one.run("0", "r0", 1), two.run("0", "r1", 2), one.run("0", "r2", 3));
        List<Callable<Integer>> works = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            int mine = writer;
            works.add(() -> {
                String run = runs.get(mine % runs.size());
                for (int i = 0; i < POINTS; i++) {
                    // Backwards for some, so that a later call does not always hold the latest point.
                    int step = mine * POINTS + (mine % 2 == 0 ? i : POINTS - 1 - i);
                    post(
                            server(mine),
                            "runs/log-metric",
                            "{\"run_id\":\"%s\",\"key\":\"shared\",\"value\":%d,\"timestamp\":7,\"step\":%d}"
                                    .formatted(run, step, step));
                }
                StringBuilder points = new StringBuilder();
                for (int i = 0; i < 40; i++) {
                    // The same keys and the same points by all, in orders of their own.
                    int key = (i * 7 + mine) % 40;
                    points.append(i == 0 ? "" : ",")
                            .append("{\"key\":\"k%d\",\"value\":1,\"timestamp\":1,\"step\":3}".formatted(key));
                }
                return post(
                        server(mine + 1),
                        "runs/log-batch",
                        ("{\"run_id\":\"%s\",\"metrics\":[%s],\"params\":[{\"key\":\"p%d\",\"value\":\"v\"},{\"key\":\"all\","
                                        + "\"value\":\"same\"}],\"tags\":[{\"key\":\"t%d\",\"value\":\"w\"}]}")
                                .formatted(run, points, mine, mine));
            });
        }
        together(works);
        for (int r = 0; r < runs.size(); r++) {
            Set<Long> expected = new HashSet<>();
            int writers = 0;
            for (int writer = r; writer < WRITERS; writer += runs.size()) {
                writers++;
                for (long step = (long) writer * POINTS; step < (writer + 1L) * POINTS; step++) {
                    expected.add(step);
                }
            }
            String run = runs.get(r);
            assertThat(steps(one, run, "shared")).containsExactlyInAnyOrderElementsOf(expected);
            long last = expected.stream().mapToLong(Long::longValue).max().orElseThrow();
            assertThat(latest(two, run, "shared").path("step").asLong()).isEqualTo(last);
            assertThat(latest(two, run, "shared").path("value").doubleValue()).isEqualTo(last);
            assertThat(steps(two, run, "k5")).containsExactly(3L);
            assertThat(data(one, run).path("metrics").size()).isEqualTo(41);
            assertThat(data(one, run).path("params").size()).isEqualTo(writers + 1);
        }
    }

    @Test
    void runsMadeAtOnceByTwoServersAreDifferentAndBothFindThem() throws Exception {
        List<Callable<String>> works = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            int n = i;
            works.add(() -> server(n).run("0", "r" + n, n));
        }
        List<String> made = together(works);
        assertThat(new HashSet<>(made)).hasSize(WRITERS);
        for (String run : List.of(made.get(0), made.get(1))) {
            post(one, "runs/log-metric", "{\"run_id\":\"" + run + "\",\"key\":\"m\",\"value\":1,\"timestamp\":1}");
        }
        assertThat(two.search("0", "metrics.m = 1", "start_time DESC")).containsExactly("r1", "r0");
    }

    @Test
    void whatTwoServersLogInTurnIsToldInTurn() {
        String run = one.run("0", "r", 1);
        List<Long> logged = List.of(9L, 4L, 8L, 1L, 7L, 2L);
        for (int i = 0; i < logged.size(); i++) {
            post(
                    server(i),
                    "runs/log-metric",
                    "{\"run_id\":\"%s\",\"key\":\"m\",\"value\":1,\"timestamp\":1,\"step\":%d}"
                            .formatted(run, logged.get(i)));
            clock.tick(Duration.ofMillis(1));
        }
        assertThat(steps(one, run, "m")).containsExactlyElementsOf(logged);
        assertThat(steps(two, run, "m")).containsExactlyElementsOf(logged);
    }

    @Test
    void pagesLoseNothingWhenTwoServersGiveOutTheSameNumbers() {
        String run = one.run("0", "r", 1);
        // The clock stands still: both number their points alike.
        for (int step = 0; step < 10; step++) {
            post(
                    server(step),
                    "runs/log-metric",
                    "{\"run_id\":\"%s\",\"key\":\"m\",\"value\":1,\"timestamp\":1,\"step\":%d}".formatted(run, step));
        }
        List<Long> told = new ArrayList<>();
        String token = "";
        do {
            JsonNode page = two.get(
                            "metrics/get-history?run_id=" + run + "&metric_key=m&max_results=3&page_token=" + token)
                    .json();
            page.path("metrics").forEach(m -> told.add(m.path("step").asLong()));
            token = page.path("next_page_token").asString("");
        } while (!token.isEmpty());
        assertThat(told).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    }

    @Test
    void anExperimentThatTwoServersMakeAtOnceIsOne() throws Exception {
        for (int round = 0; round < 10; round++) {
            String name = "e" + round;
            List<Callable<Long>> works = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int n = i;
                works.add(() -> server(n).feature.experiments().idOf(OneWorkspace.MAIN, name));
            }
            assertThat(new HashSet<>(together(works))).hasSize(1);
        }
    }

    @Test
    void ofTwoValuesForOneParameterOneIsKeptAndTheOtherRefused() throws Exception {
        String run = one.run("0", "r", 1);
        for (int round = 0; round < 10; round++) {
            List<Callable<Integer>> works = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String body = "{\"run_id\":\"%s\",\"key\":\"p%d\",\"value\":\"%d\"}".formatted(run, round, i);
                int n = i;
                works.add(() -> server(n).post("runs/log-parameter", body).status());
            }
            assertThat(together(works)).containsExactlyInAnyOrder(200, 400, 400, 400);
        }
    }

    @Test
    void oneBadCallAmongManyFailsAlone() throws Exception {
        String run = one.run("0", "r", 1);
        post(one, "runs/log-parameter", "{\"run_id\":\"" + run + "\",\"key\":\"p\",\"value\":\"1\"}");
        List<Callable<Integer>> works = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            int n = i;
            // Every fifth would change a parameter, which is found when its points are written already.
            works.add(() -> one.post(
                            "runs/log-batch",
                            ("{\"run_id\":\"%s\",\"metrics\":[{\"key\":\"m\",\"value\":1,\"timestamp\":1,\"step\":%d}],"
                                            + "\"params\":[{\"key\":\"new%d\",\"value\":\"1\"},{\"key\":\"p\",\"value\":\"%d\"}]}")
                                    .formatted(run, n, n, n % 5 == 0 ? 2 : 1))
                    .status());
        }
        List<Integer> answers = together(works);
        Set<Long> kept = new HashSet<>();
        for (int i = 0; i < WRITERS; i++) {
            assertThat(answers.get(i)).isEqualTo(i % 5 == 0 ? 400 : 200);
            if (i % 5 != 0) {
                kept.add((long) i);
            }
        }
        assertThat(steps(one, run, "m")).containsExactlyInAnyOrderElementsOf(kept);
        assertThat(data(one, run).path("params").size()).isEqualTo(kept.size() + 1);
    }
}
