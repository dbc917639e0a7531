package atelier.experiments.internal;

import atelier.experiments.Metric;
import atelier.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/// Points of metrics: all of them, clustered by run and key, and the latest of each key.
public final class SqlMetrics {
    private static final String POINT = "key, value, nan, time, step";
    private static final int STEPS_AT_ONCE = 500;
    private static final int PORTION = 5000;
    private static final Comparator<Placed> KEY_ORDER = Comparator.comparing(
                    (Placed row) -> row.metric().key())
            .thenComparingLong(row -> row.place().step())
            .thenComparingLong(row -> row.place().time())
            .thenComparingDouble(row -> row.place().value())
            .thenComparingInt(row -> row.place().nan());
    private final Database.Kind database;
    private final InstantSource clock;
    private final AtomicLong last = new AtomicLong();

    public SqlMetrics(Database.Kind database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// Where a point stands in the history of its key: the order of logging, then what tells points apart, since
    /// two servers may give out the same number.
    public record Place(long seq, long step, long time, double value, int nan) {
        public static final Place START = new Place(Long.MIN_VALUE, 0, 0, 0, 0);
    }

    /// A point and its place.
    public record Placed(Metric metric, Place place) {}

    /// What reads a row that is not worth an object.
    @FunctionalInterface
    public interface RawPoint {
        /// @param nan 1 for a NaN
        void accept(long step, long time, double value, int nan);
    }

    /// Grows with every point. It follows the clock (in microseconds), so that what several servers of one database
    /// log, and what is logged after a restart, is told in the order in which it came.
    private long next() {
        long now = clock.millis() * 1000;
        return last.updateAndGet(before -> Math.max(before + 1, now));
    }

    /// Adds points; one that is there already, bit for bit, changes nothing.
    public void add(Handle handle, long run, List<Metric> metrics) {
        if (metrics.isEmpty()) {
            return;
        }
        // Rows are written in one order whatever order they came in: on PostgreSQL two clients that log the same points
        // would else wait for each other.
        Map<String, Metric> latest = new TreeMap<>();
        List<Placed> rows = new ArrayList<>(metrics.size());
        for (Metric m : metrics) {
            rows.add(new Placed(m, new Place(next(), m.step(), m.timestamp(), m.stored(), m.nan())));
            latest.merge(m.key(), m, SqlMetrics::later);
        }
        rows.sort(KEY_ORDER);
        PreparedBatch points = handle.prepareBatch(
                "INSERT INTO metric (run, key, step, time, value, nan, seq) VALUES (?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT DO NOTHING");
        for (Placed row : rows) {
            Place at = row.place();
            points.add(run, row.metric().key(), at.step(), at.time(), at.value(), at.nan(), at.seq());
        }
        points.execute();
        PreparedBatch tops =
                handle.prepareBatch("INSERT INTO latest_metric (run, key, step, time, value, nan, experiment)"
                        + " VALUES (?, ?, ?, ?, ?, ?, COALESCE((SELECT r.experiment FROM run r WHERE r.id = ?), -1))"
                        + " ON CONFLICT (run, key) DO UPDATE SET step = excluded.step, time = excluded.time,"
                        + " value = excluded.value, nan = excluded.nan"
                        + " WHERE (excluded.step, excluded.time, excluded.value)"
                        + " > (latest_metric.step, latest_metric.time, latest_metric.value)");
        latest.values().forEach(m -> tops.add(run, m.key(), m.step(), m.timestamp(), m.stored(), m.nan(), run));
        tops.execute();
    }

    private static Metric later(Metric a, Metric b) {
        int order = Long.compare(a.step(), b.step());
        if (order == 0) {
            order = Long.compare(a.timestamp(), b.timestamp());
        }
        if (order == 0) {
            order = Double.compare(a.stored(), b.stored());
        }
        return order >= 0 ? a : b;
    }

    /// The latest point of each key by run number.
    ///
    /// @param in ` WHERE run IN (…)`
    static Map<Long, List<Metric>> latest(Handle handle, String in) {
        Map<Long, List<Metric>> byRun = new HashMap<>();
        handle.select("SELECT " + POINT + ", run FROM latest_metric" + in + " ORDER BY run, key")
                .map((row, _) -> byRun.computeIfAbsent(row.getLong(6), _ -> new ArrayList<>())
                        .add(point(row)))
                .list();
        return byRun;
    }

    /// Points of one key in the order they were logged, from after a place on.
    public List<Placed> history(Handle handle, long run, String key, Place after, int max) {
        return handle.select(
                        "SELECT step, time, value, nan, seq FROM metric WHERE run = ? AND key = ? AND seq >= ?"
                                + " AND (seq > ? OR (step, time, value, nan) > (?, ?, ?, ?))"
                                + " ORDER BY seq, step, time, value, nan LIMIT ?",
                        run,
                        key,
                        after.seq(),
                        after.seq(),
                        after.step(),
                        after.time(),
                        after.value(),
                        after.nan(),
                        max)
                .map((row, _) -> placed(key, row))
                .list();
    }

    private static Placed placed(String key, ResultSet row) throws SQLException {
        Place place = new Place(row.getLong(5), row.getLong(1), row.getLong(2), row.getDouble(3), row.getInt(4));
        return new Placed(new Metric(key, Metric.value(place.value(), place.nan()), place.time(), place.step()), place);
    }

    /// The values of one key in the order they were logged.
    public List<Double> values(Handle handle, long run, String key) {
        return handle.select("SELECT value, nan FROM metric WHERE run = ? AND key = ? ORDER BY seq", run, key)
                .map((row, _) -> Metric.value(row.getDouble(1), row.getInt(2)))
                .list();
    }

    /// Points of one key ordered by time, step, value, as the bulk call wants them.
    public List<Metric> byTime(Handle handle, long run, String key, int max) {
        return handle.select(
                        "SELECT " + POINT + " FROM metric WHERE run = ? AND key = ? ORDER BY time, step, value LIMIT ?",
                        run,
                        key,
                        max)
                .map((row, _) -> point(row))
                .list();
    }

    /// The distinct steps of one key between two steps, both included, ascending.
    @SuppressWarnings("try") // the context is what is to be closed
    public long[] steps(Handle handle, long run, String key, long from, long to) {
        return handle.select(
                        "SELECT DISTINCT step FROM metric WHERE run = ? AND key = ? AND step BETWEEN ? AND ?"
                                + " ORDER BY step",
                        run,
                        key,
                        from,
                        to)
                .scanResultSet((rows, context) -> {
                    try (context) {
                        LongStream.Builder steps = LongStream.builder();
                        ResultSet row = rows.get();
                        while (row.next()) {
                            steps.add(row.getLong(1));
                        }
                        return steps.build().toArray();
                    }
                });
    }

    /// Points of one key at the given steps, ordered by step, time, value.
    ///
    /// @param max at most so many points
    public List<Metric> atSteps(Handle handle, long run, String key, SortedSet<Long> steps, int max) {
        List<Metric> found = new ArrayList<>();
        List<Long> all = List.copyOf(steps);
        for (int from = 0; from < all.size() && found.size() < max; from += STEPS_AT_ONCE) {
            // Whole numbers, so they may stand in the text.
            String in = all.subList(from, Math.min(all.size(), from + STEPS_AT_ONCE)).stream()
                    .map(step -> Long.toString(step))
                    .collect(Collectors.joining(", "));
            handle.select(
                            "SELECT " + POINT + " FROM metric WHERE run = ? AND key = ? AND step IN (" + in
                                    + ") ORDER BY step, time, value LIMIT ?",
                            run,
                            key,
                            max - found.size())
                    .map((row, _) -> found.add(point(row)))
                    .list();
        }
        return found;
    }

    /// How far the points of one key reach.
    public record Extent(long minStep, long maxStep, long minTime, long maxTime) {}

    public Optional<Extent> extent(Handle handle, long run, String key) {
        return handle.select(
                        "SELECT min(step), max(step), min(time), max(time), count(*) FROM metric"
                                + " WHERE run = ? AND key = ?",
                        run,
                        key)
                .map((row, _) -> row.getLong(5) == 0
                        ? Optional.<Extent>empty()
                        : Optional.of(new Extent(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4))))
                .one();
    }

    /// Shows every point of one key whose step or time is between two values, both included, in no particular order
    /// and without keeping any.
    @SuppressWarnings("try") // the context is what is to be closed
    public void each(Handle handle, long run, String key, boolean byTime, long from, long to, RawPoint sink) {
        if (!handle.isInTransaction() && database == Database.Kind.POSTGRESQL) {
            // PostgreSQL sends rows in portions only within a transaction.
            handle.useTransaction(h -> each(h, run, key, byTime, from, to, sink));
            return;
        }
        handle.select(
                        "SELECT step, time, value, nan FROM metric WHERE run = ? AND key = ? AND "
                                + (byTime ? "time" : "step") + " BETWEEN ? AND ?",
                        run,
                        key,
                        from,
                        to)
                .setFetchSize(PORTION)
                .scanResultSet((rows, context) -> {
                    try (context) {
                        ResultSet row = rows.get();
                        while (row.next()) {
                            sink.accept(row.getLong(1), row.getLong(2), row.getDouble(3), row.getInt(4));
                        }
                        return Boolean.TRUE;
                    }
                });
    }

    static Metric point(ResultSet row) throws SQLException {
        return new Metric(
                row.getString(1), Metric.value(row.getDouble(2), row.getInt(3)), row.getLong(4), row.getLong(5));
    }
}
