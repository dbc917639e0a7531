package atelier.experiments.internal;

import atelier.experiments.Metric;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/// Points of metrics: all of them, clustered by run and key, and the latest of each key.
public final class SqlMetrics {
    private static final String POINT = "key, value, nan, time, step";
    /// Grows with every point and stays ahead of what an earlier process gave out: microseconds of the first use.
    private final AtomicLong sequence;

    /// @param startMillis now
    public SqlMetrics(long startMillis) {
        this.sequence = new AtomicLong(startMillis * 1000);
    }

    /// Adds points; one that is there already, bit for bit, changes nothing.
    public void add(Handle handle, long run, List<Metric> metrics) {
        if (metrics.isEmpty()) {
            return;
        }
        Map<String, Metric> latest = new LinkedHashMap<>();
        PreparedBatch points = handle.prepareBatch(
                "INSERT INTO metric (run, key, step, time, value, nan, seq) VALUES (?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT DO NOTHING");
        for (Metric m : metrics) {
            points.add(run, m.key(), m.step(), m.timestamp(), m.stored(), m.nan(), sequence.incrementAndGet());
            latest.merge(m.key(), m, SqlMetrics::later);
        }
        points.execute();
        PreparedBatch tops =
                handle.prepareBatch("INSERT INTO latest_metric (run, key, step, time, value, nan, experiment)"
                        + " VALUES (?, ?, ?, ?, ?, ?, (SELECT r.experiment FROM run r WHERE r.id = ?))"
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

    /// Points of one key in the order they were logged.
    public List<Metric> history(Handle handle, long run, String key, int max, int offset) {
        return handle.select(
                        "SELECT " + POINT + " FROM metric WHERE run = ? AND key = ? ORDER BY seq LIMIT ? OFFSET ?",
                        run,
                        key,
                        max,
                        offset)
                .map((row, _) -> point(row))
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

    /// The distinct steps of one key between two steps, both included.
    public TreeSet<Long> steps(Handle handle, long run, String key, long from, long to) {
        return new TreeSet<>(handle.select(
                        "SELECT DISTINCT step FROM metric WHERE run = ? AND key = ? AND step BETWEEN ? AND ?",
                        run,
                        key,
                        from,
                        to)
                .mapTo(Long.class)
                .list());
    }

    /// Points of one key at the given steps, ordered by step, time, value.
    public List<Metric> atSteps(Handle handle, long run, String key, TreeSet<Long> steps) {
        if (steps.isEmpty()) {
            return List.of();
        }
        List<Metric> found = new ArrayList<>();
        handle.select(
                        "SELECT " + POINT + " FROM metric WHERE run = ? AND key = ? AND step BETWEEN ? AND ?"
                                + " ORDER BY step, time, value",
                        run,
                        key,
                        steps.first(),
                        steps.last())
                .map((row, _) -> point(row))
                .useStream(
                        points -> points.filter(p -> steps.contains(p.step())).forEach(found::add));
        return found;
    }

    static Metric point(ResultSet row) throws SQLException {
        return new Metric(
                row.getString(1), Metric.value(row.getDouble(2), row.getInt(3)), row.getLong(4), row.getLong(5));
    }
}
