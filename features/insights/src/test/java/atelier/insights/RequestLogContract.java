package atelier.insights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.insights.internal.SqlRequestStore;
import atelier.store.Database;
import atelier.testkit.SettableClock;
import atelier.workspace.Workspace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The whole feature on each database: what is recorded, when it is kept, what the sums say.
abstract class RequestLogContract {
    private static final Workspace WORKSPACE =
            new Workspace("w1", "s", "rg", "main", "local", Instant.parse("2026-01-01T00:00:00Z"));

    private final SettableClock clock = new SettableClock();
    private final List<Runnable> ticks = new ArrayList<>();
    private Database database;
    private InsightsFeature insights;

    abstract Database database();

    @BeforeEach
    void open() {
        database = database();
        insights = InsightsFeature.create(database, clock, ticks::add, Duration.ofDays(30));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void record(String endpoint, long latencyMillis, int status) {
        insights.requests()
                .record(new Requests.Request(
                        "w1", endpoint, "blue", clock.instant(), Duration.ofMillis(latencyMillis), status));
    }

    private Requests.Summary summary(Duration window) {
        return insights.requests().summary(WORKSPACE, "churn", window);
    }

    private long rows() {
        long[] count = new long[1];
        new SqlRequestStore(database, clock.instant()).read("w1", "churn", Instant.EPOCH, (_, _, _) -> count[0]++);
        return count[0];
    }

    @Test
    void percentilesAreByNearestRankOfTheRawLatencies() {
        for (int i = 1; i <= 100; i++) {
            record("churn", i, i <= 97 ? 200 : i == 98 ? 424 : 503);
        }
        Requests.Summary summary = summary(Duration.ofMinutes(60));
        assertThat(summary.requests()).isEqualTo(100);
        assertThat(summary.errors()).isEqualTo(3);
        assertThat(summary.p50()).isEqualTo(50);
        assertThat(summary.p95()).isEqualTo(95);
        assertThat(summary.p99()).isEqualTo(99);
    }

    @Test
    void theSeriesCoversTheWindowWithItsEmptySteps() {
        record("churn", 10, 200);
        clock.tick(Duration.ofMinutes(2));
        record("churn", 30, 500);
        record("churn", 50, 200);
        Requests.Summary summary = summary(Duration.ofMinutes(60));
        assertThat(summary.series()).hasSize(61);
        assertThat(summary.series().subList(58, 61))
                .isEqualTo(List.of(
                        new Requests.Point(Instant.parse("2026-01-02T03:04:00Z"), 1, 0, 10, 10),
                        new Requests.Point(Instant.parse("2026-01-02T03:05:00Z"), 0, 0, 0, 0),
                        new Requests.Point(Instant.parse("2026-01-02T03:06:00Z"), 2, 1, 30, 50)));
    }

    @Test
    void whatIsOlderThanTheWindowOrOfAnotherEndpointDoesNotCount() {
        record("churn", 10, 200);
        record("other", 10, 200);
        clock.tick(Duration.ofHours(2));
        record("churn", 20, 200);
        assertThat(summary(Duration.ofMinutes(60)).requests()).isOne();
        assertThat(summary(Duration.ofHours(3)).requests()).isEqualTo(2);
    }

    @Test
    void aBatchIsKeptWithEachTickAndTheRestAtTheEnd() {
        record("churn", 10, 200);
        assertThat(rows()).isZero();
        ticks.forEach(Runnable::run);
        assertThat(rows()).isOne();
        record("churn", 10, 200);
        insights.log().close();
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void afterThirtyDaysRequestsAreForgotten() {
        record("churn", 10, 200);
        ticks.forEach(Runnable::run);
        clock.tick(Duration.ofDays(29));
        record("churn", 10, 200);
        ticks.forEach(Runnable::run);
        clock.tick(Duration.ofDays(2));
        ticks.forEach(Runnable::run);
        assertThat(rows()).isOne();
    }

    @Test
    void aRestartNumbersOnAndRepeatsNothing() {
        record("churn", 10, 200);
        insights.log().close();
        clock.tick(Duration.ofMillis(1));
        insights = InsightsFeature.create(database, clock, ticks::add, Duration.ofDays(30));
        record("churn", 10, 200);
        assertThat(summary(Duration.ofMinutes(1)).requests()).isEqualTo(2);
    }

    @Test
    void whenTheDatabaseFailsNothingIsLost() {
        boolean[] broken = {true};
        SqlRequestStore real = new SqlRequestStore(database, clock.instant());
        RequestStore failing = new RequestStore() {
            @Override
            public void add(List<Requests.Request> requests) {
                if (broken[0]) {
                    throw new IllegalStateException("down");
                }
                real.add(requests);
            }

            @Override
            public void read(String workspaceId, String endpoint, Instant since, Reader reader) {
                real.read(workspaceId, endpoint, since, reader);
            }

            @Override
            public int deleteBefore(Instant before) {
                return real.deleteBefore(before);
            }
        };
        RequestLog log = new RequestLog(failing, clock, Duration.ofDays(1));
        log.record(new Requests.Request("w1", "churn", "blue", clock.instant(), Duration.ofMillis(1), 200));
        assertThatThrownBy(log::flush).hasMessage("down");
        log.tick();
        broken[0] = false;
        log.tick();
        assertThat(log.summary(WORKSPACE, "churn", Duration.ofMinutes(1)).requests())
                .isOne();
    }
}
