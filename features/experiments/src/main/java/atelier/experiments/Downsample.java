package atelier.experiments;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/// Thins points to a number of buckets over a horizontal axis, in one pass over points in any order and with memory
/// of the buckets' size only. Each bucket keeps its first and last point, its least and greatest finite value, and
/// one each of NaN and the infinities; so a spike is seen however long the series is. A series with no more points
/// than would be kept is told whole.
final class Downsample {
    private static final int KEPT = 7;
    private static final Comparator<Point> ORDER =
            Comparator.comparingLong(Point::x).thenComparingLong(Point::other).thenComparingDouble(Point::value);
    private final long from;
    private final double width;
    private final Point[][] buckets;
    private @Nullable List<Point> whole = new ArrayList<>();
    private long count;
    private long nan;
    private long positive;
    private long negative;

    /// A point on the axis.
    ///
    /// @param other what orders points of the same x: the time when x is the step, else the step
    record Point(long x, long other, double value) {}

    /// @param from, to the range, both included
    Downsample(long from, long to, int buckets) {
        this.from = from;
        // In floating point, for a range may be wider than a long.
        this.width = Math.max(1, ((double) to - (double) from + 1) / buckets);
        this.buckets = new Point[buckets][];
    }

    void add(long x, long other, double value) {
        count++;
        Point point = new Point(x, other, value);
        if (Double.isNaN(value)) {
            nan++;
        } else if (value == Double.MAX_VALUE) {
            positive++;
        } else if (value == -Double.MAX_VALUE) {
            negative++;
        }
        if (whole != null) {
            if (whole.size() < buckets.length * 2) {
                whole.add(point);
                return;
            }
            whole.forEach(this::fill);
            whole = null;
        }
        fill(point);
    }

    private void fill(Point point) {
        int n = (int) Math.clamp(((double) point.x() - from) / width, 0, buckets.length - 1);
        Point[] bucket = buckets[n];
        if (bucket == null) {
            bucket = new Point[KEPT];
            buckets[n] = bucket;
        }
        if (bucket[0] == null || ORDER.compare(point, bucket[0]) < 0) {
            bucket[0] = point;
        }
        if (bucket[1] == null || ORDER.compare(point, bucket[1]) > 0) {
            bucket[1] = point;
        }
        double value = point.value();
        if (Double.isNaN(value)) {
            earliest(bucket, 2, point);
        } else if (value == Double.MAX_VALUE) {
            earliest(bucket, 3, point);
        } else if (value == -Double.MAX_VALUE) {
            earliest(bucket, 4, point);
        } else {
            extreme(bucket, 5, point, kept -> value < kept);
            extreme(bucket, 6, point, kept -> value > kept);
        }
    }

    private static void earliest(Point[] bucket, int at, Point point) {
        if (bucket[at] == null || ORDER.compare(point, bucket[at]) < 0) {
            bucket[at] = point;
        }
    }

    /// Of equal values the earliest.
    private static void extreme(Point[] bucket, int at, Point point, DoublePredicate beyond) {
        Point kept = bucket[at];
        if (kept == null
                || beyond.test(kept.value())
                || point.value() == kept.value() && ORDER.compare(point, kept) < 0) {
            bucket[at] = point;
        }
    }

    /// Whether every point is told.
    boolean exact() {
        return whole != null;
    }

    long count() {
        return count;
    }

    long nan() {
        return nan;
    }

    long positiveInfinities() {
        return positive;
    }

    long negativeInfinities() {
        return negative;
    }

    /// What is kept, by x, then by the other coordinate, then by value.
    List<Point> points() {
        List<Point> kept = new ArrayList<>();
        if (whole != null) {
            kept.addAll(whole);
        } else {
            for (Point[] bucket : buckets) {
                for (int i = 0; bucket != null && i < KEPT; i++) {
                    if (bucket[i] != null
                            && !kept.subList(Math.max(0, kept.size() - i), kept.size())
                                    .contains(bucket[i])) {
                        kept.add(bucket[i]);
                    }
                }
            }
        }
        kept.sort(ORDER);
        return kept;
    }
}
