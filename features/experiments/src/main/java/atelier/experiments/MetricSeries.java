package atelier.experiments;

import atelier.experiments.internal.SqlMetrics;
import atelier.experiments.internal.SqlRuns;
import atelier.kernel.Problem;
import atelier.store.Database;
import atelier.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Series for charts: the points of a metric thinned to so many buckets of the horizontal axis ([Downsample]), or
/// exactly when there are few in the range. Memory does not grow with the number of points.
public final class MetricSeries {
    /// Runs at once, and buckets of each.
    public static final int MAX_RUNS = 100;

    public static final int MAX_BUCKETS = 10_000;
    private final Database database;
    private final SqlRuns runs;
    private final SqlMetrics metrics;

    MetricSeries(Database database, SqlRuns runs, SqlMetrics metrics) {
        this.database = database;
        this.runs = runs;
        this.metrics = metrics;
    }

    /// The horizontal axis.
    public enum Axis {
        STEP,
        /// Epoch milliseconds.
        TIME,
        /// Milliseconds since the run's first point of the metric.
        RELATIVE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What to draw.
    ///
    /// @param from, to the range on the axis, both included; null is as far as the points reach
    /// @param buckets a run that has more than twice as many points in the range is thinned to at most seven points
    /// a bucket, mostly two to four
    public record Wish(
            List<String> runIds,
            String key,
            Axis axis,
            @Nullable Long from,
            @Nullable Long to,
            int buckets) {
        public Wish {
            runIds = List.copyOf(runIds);
            if (runIds.isEmpty() || runIds.size() > MAX_RUNS) {
                throw invalid("run", "Name 1 to " + MAX_RUNS + " runs; these are " + runIds.size() + ".");
            }
            if (buckets < 1 || buckets > MAX_BUCKETS) {
                throw invalid("buckets", "'buckets' is a number from 1 to " + MAX_BUCKETS + ".");
            }
            if (from != null && to != null && from > to) {
                throw invalid("from", "'from' (" + from + ") lies after 'to' (" + to + ").");
            }
        }
    }

    /// The series of one run, in the order of the axis.
    ///
    /// @param start epoch milliseconds of the run's first point of the metric, also when it is out of the range; -1
    /// when there is none
    /// @param count how many points are in the range
    /// @param exact whether `points` are all of them
    /// @param nan, positiveInfinities, negativeInfinities how many of them are no finite number (infinities are
    /// kept and told as the greatest finite doubles)
    public record Series(
            String runId,
            long start,
            long count,
            boolean exact,
            long nan,
            long positiveInfinities,
            long negativeInfinities,
            List<Metric> points) {
        public Series {
            points = List.copyOf(points);
        }
    }

    /// One series a run, in the order asked for; an empty one for a run that is unknown or has no such metric.
    public List<Series> of(Workspace workspace, Wish wish) {
        List<Series> all = new ArrayList<>();
        for (String runId : wish.runIds().stream().distinct().toList()) {
            // A connection for each run: a long call leaves room for others.
            all.add(database.read(handle -> runs.find(handle, workspace.id(), runId)
                    .flatMap(run -> series(handle, run, wish))
                    .orElseGet(() -> new Series(runId, -1, 0, true, 0, 0, 0, List.of()))));
        }
        return all;
    }

    private Optional<Series> series(Handle handle, Run.Head run, Wish wish) {
        return metrics.extent(handle, run.number(), wish.key()).map(extent -> series(handle, run, wish, extent));
    }

    private Series series(Handle handle, Run.Head run, Wish wish, SqlMetrics.Extent extent) {
        boolean byTime = wish.axis() != Axis.STEP;
        long zero = wish.axis() == Axis.RELATIVE ? extent.minTime() : 0;
        long least = byTime ? extent.minTime() : extent.minStep();
        long greatest = byTime ? extent.maxTime() : extent.maxStep();
        long from = wish.from() == null ? least : Math.max(least, plus(wish.from(), zero));
        long to = wish.to() == null ? greatest : Math.min(greatest, plus(wish.to(), zero));
        Downsample thin = new Downsample(from, Math.max(from, to), wish.buckets());
        if (from <= to) {
            metrics.each(handle, run.number(), wish.key(), byTime, from, to, (step, time, value, nan) -> {
                double told = Metric.value(value, nan);
                if (byTime) {
                    thin.add(time, step, told);
                } else {
                    thin.add(step, time, told);
                }
            });
        }
        return new Series(
                run.runId(),
                extent.minTime(),
                thin.count(),
                thin.exact(),
                thin.nan(),
                thin.positiveInfinities(),
                thin.negativeInfinities(),
                thin.points().stream()
                        .map(p -> byTime
                                ? new Metric(wish.key(), p.value(), p.x(), p.other())
                                : new Metric(wish.key(), p.value(), p.other(), p.x()))
                        .toList());
    }

    private static long plus(long a, long b) {
        try {
            return Math.addExact(a, b);
        } catch (ArithmeticException e) {
            return a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    private static Problem.Invalid invalid(String field, String sentence) {
        return new Problem.Invalid("InvalidArgument", sentence, field);
    }
}
