package atelier.traces.internal;

import atelier.traces.TraceMetrics.Aggregation;
import atelier.traces.TraceMetrics.Kind;
import atelier.traces.TraceMetrics.Point;
import atelier.traces.TraceMetrics.Query;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Sums up values group by group as they come. Values themselves are kept only for percentiles, which both databases
/// would otherwise reckon differently; names only where different ones are counted.
public final class Tally {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx");
    private final Query query;
    private final boolean keeping;
    private final Map<List<String>, Group> groups = new HashMap<>();

    public Tally(Query query) {
        this.query = query;
        this.keeping = query.aggregations().stream().anyMatch(a -> a.kind() == Kind.PERCENTILE);
    }

    private static final class Group {
        final long bucket;
        long count;
        double sum;
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        double[] values = new double[0];
        final Set<String> names = new HashSet<>();

        Group(long bucket) {
            this.bucket = bucket;
        }
    }

    /// Takes one in.
    ///
    /// @param time epoch milliseconds
    /// @param dimensions in the order of the query; one that is null keeps it out
    /// @param name counted once only; null counts each
    void add(long time, List<@Nullable String> dimensions, double value, @Nullable String name) {
        Long interval = query.intervalSeconds();
        long bucket = interval == null ? 0 : Math.floorDiv(time, interval * 1000) * interval * 1000;
        List<String> key = new ArrayList<>();
        key.add(Long.toString(bucket));
        for (String dimension : dimensions) {
            if (dimension == null) {
                return;
            }
            key.add(dimension);
        }
        Group group = groups.computeIfAbsent(key, _ -> new Group(bucket));
        if (name != null && !group.names.add(name)) {
            return;
        }
        if (keeping) {
            if (group.count == group.values.length) {
                group.values = Arrays.copyOf(group.values, Math.max(16, group.values.length * 2));
            }
            group.values[(int) group.count] = value;
        }
        group.count++;
        group.sum += value;
        group.least = Math.min(group.least, value);
        group.most = Math.max(group.most, value);
    }

    /// All groups, by time and then by dimensions.
    public List<Point> points() {
        List<Map.Entry<List<String>, Group>> sorted = new ArrayList<>(groups.entrySet());
        sorted.sort((a, b) -> {
            int order = Long.compare(a.getValue().bucket, b.getValue().bucket);
            for (int i = 1; order == 0 && i < a.getKey().size(); i++) {
                order = a.getKey().get(i).compareTo(b.getKey().get(i));
            }
            return order;
        });
        return sorted.stream().map(one -> point(one.getKey(), one.getValue())).toList();
    }

    private Point point(List<String> key, Group group) {
        Map<String, String> dimensions = new TreeMap<>();
        if (query.intervalSeconds() != null) {
            dimensions.put(
                    "time_bucket",
                    TIME.format(Instant.ofEpochMilli(group.bucket).atOffset(ZoneOffset.UTC)));
        }
        for (int i = 0; i < query.dimensions().size(); i++) {
            dimensions.put(query.dimensions().get(i), key.get(i + 1));
        }
        if (keeping) {
            Arrays.sort(group.values, 0, (int) group.count);
        }
        Map<String, Double> values = new TreeMap<>();
        query.aggregations().forEach(one -> values.put(one.label(), value(group, one)));
        return new Point(dimensions, values);
    }

    private static double value(Group group, Aggregation aggregation) {
        return switch (aggregation.kind()) {
            case COUNT -> group.count;
            case SUM -> group.sum;
            case AVG -> group.sum / group.count;
            case MIN -> group.least;
            case MAX -> group.most;
            case PERCENTILE -> {
                // Between the two values around the place, as PERCENTILE_CONT of SQL.
                Double percentile = aggregation.percentile();
                double place = (percentile == null ? 0 : percentile) / 100 * (group.count - 1);
                int below = (int) Math.floor(place);
                int above = (int) Math.min(group.count - 1, below + 1L);
                yield group.values[below] + (place - below) * (group.values[above] - group.values[below]);
            }
        };
    }
}
