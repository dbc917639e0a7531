package atelier.experiments;

import atelier.experiments.internal.SqlMetrics;
import atelier.experiments.internal.SqlRuns;
import atelier.mlflow.MlflowRequest;
import atelier.store.Database;
import atelier.workspace.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Reading the points of metrics.
public final class MetricHistory {
    /// Clients ask for this many and cannot all follow a token; whoever asks for so many gets everything.
    public static final int ALL_FROM = 25_000;

    private static final int SLICE = 10_000;
    static final int MAX_RUNS = 100;
    static final int MAX_INTERVAL_POINTS = 2500;
    private final Database database;
    private final SqlRuns runs;
    private final SqlMetrics metrics;

    MetricHistory(Database database, SqlRuns runs, SqlMetrics metrics) {
        this.database = database;
        this.runs = runs;
        this.metrics = metrics;
    }

    /// A point and whose it is.
    public record RunPoint(String runId, Metric metric) {}

    /// A page, or all that follows. It reads points as they are asked for, some thousands at once, and holds no
    /// connection between, so that a slow reader of a long history keeps nobody waiting. What is logged meanwhile
    /// may be among them.
    public final class Points implements Iterable<Metric> {
        private final Run.@Nullable Head run;
        private final String key;
        private final long wanted;
        private final List<SqlMetrics.Placed> first;

        private Points(Run.@Nullable Head run, String key, long wanted, SqlMetrics.Place after) {
            this.run = run;
            this.key = key;
            this.wanted = wanted;
            // One more tells whether more follow.
            this.first = slice(after, wanted < ALL_FROM ? (int) wanted + 1 : SLICE);
        }

        private List<SqlMetrics.Placed> slice(SqlMetrics.Place after, int max) {
            return run == null
                    ? List.of()
                    : database.read(handle -> metrics.history(handle, run.number(), key, after, max));
        }

        /// The token of the next page; null at the end.
        public @Nullable String next() {
            return run == null || wanted >= ALL_FROM || first.size() <= wanted
                    ? null
                    : HistoryToken.of(
                            run.runId(), key, first.get((int) wanted - 1).place());
        }

        @Override
        public Iterator<Metric> iterator() {
            if (wanted < ALL_FROM) {
                return first.stream()
                        .limit(wanted)
                        .map(SqlMetrics.Placed::metric)
                        .iterator();
            }
            return Stream.iterate(
                            first,
                            slice -> !slice.isEmpty(),
                            slice -> slice.size() < SLICE
                                    ? List.of()
                                    : slice(slice.getLast().place(), SLICE))
                    .flatMap(List::stream)
                    .map(SqlMetrics.Placed::metric)
                    .iterator();
        }
    }

    /// Points in the order they were logged; nothing for an unknown run or key.
    ///
    /// @param max null or [#ALL_FROM] and more give all
    /// @param token of the page before
    public Points of(Workspace workspace, String runId, String key, @Nullable Long max, @Nullable String token) {
        SqlMetrics.Place after = HistoryToken.place(runId, key, token);
        if (max != null && max <= 0) {
            throw MlflowRequest.invalid(
                    "Invalid value " + max + " for parameter 'max_results' supplied. It must be a positive integer.");
        }
        long wanted = max == null ? ALL_FROM : max;
        Run.Head run = database.read(handle -> runs.find(handle, workspace.id(), runId))
                .orElse(null);
        return new Points(run, key, wanted, after);
    }

    /// Points of several runs, by run, time, step and value.
    public List<RunPoint> bulk(Workspace workspace, List<String> runIds, String key, int max) {
        checkRuns(runIds);
        List<RunPoint> found = new ArrayList<>();
        database.read(handle -> {
            for (String runId : runIds.stream().sorted().toList()) {
                runs.find(handle, workspace.id(), runId)
                        .ifPresent(run -> metrics.byTime(handle, run.number(), key, max - found.size())
                                .forEach(point -> found.add(new RunPoint(runId, point))));
            }
            return found;
        });
        return found;
    }

    /// Points of several runs at evenly chosen steps: at most `max` of the steps that occur between `start` and
    /// `end` (both or neither given), plus the first and last step of each run; at most [#ALL_FROM] points of a
    /// run, for many may share a step.
    public List<RunPoint> interval(
            Workspace workspace, List<String> runIds, String key, @Nullable Long start, @Nullable Long end, int max) {
        checkRuns(runIds);
        if ((start == null) != (end == null)) {
            throw MlflowRequest.invalid("If either start step or end step are specified, both must be specified.");
        }
        if (start != null && end != null && start > end) {
            throw MlflowRequest.invalid("end_step must be greater than start_step. Found start_step=" + start
                    + " and end_step=" + end + ".");
        }
        if (max < 1 || max > MAX_INTERVAL_POINTS) {
            throw MlflowRequest.invalid("max_results must be between 1 and " + MAX_INTERVAL_POINTS + ".");
        }
        long from = start == null ? Long.MIN_VALUE : start;
        long to = end == null ? Long.MAX_VALUE : end;
        return database.read(handle -> interval(handle, workspace, runIds, key, from, to, max));
    }

    private List<RunPoint> interval(
            Handle handle, Workspace workspace, List<String> runIds, String key, long from, long to, int max) {
        List<Run.Head> heads = runIds.stream()
                .distinct()
                .flatMap(id -> runs.find(handle, workspace.id(), id).stream())
                .toList();
        List<long[]> own = heads.stream()
                .map(head -> metrics.steps(handle, head.number(), key, from, to))
                .toList();
        // The first and last step of each run are read of all, so that curves side by side have the same steps.
        TreeSet<Long> sampled = sample(union(own), max);
        for (long[] steps : own) {
            if (steps.length > 0) {
                sampled.add(steps[0]);
                sampled.add(steps[steps.length - 1]);
            }
        }
        List<RunPoint> found = new ArrayList<>();
        for (Run.Head head : heads) {
            metrics.atSteps(handle, head.number(), key, sampled, ALL_FROM)
                    .forEach(point -> found.add(new RunPoint(head.runId(), point)));
        }
        return found;
    }

    private static long[] union(List<long[]> own) {
        return own.size() == 1
                ? own.getFirst()
                : own.stream().flatMapToLong(Arrays::stream).sorted().distinct().toArray();
    }

    private static TreeSet<Long> sample(long[] steps, int max) {
        TreeSet<Long> sampled = new TreeSet<>();
        double every = Math.max(1, (double) steps.length / max);
        for (int i = 0; i < Math.min(max, steps.length); i++) {
            sampled.add(steps[(int) (i * every)]);
        }
        if (steps.length > 0) {
            sampled.add(steps[steps.length - 1]);
        }
        return sampled;
    }

    private static void checkRuns(List<String> runIds) {
        if (runIds.isEmpty()) {
            throw MlflowRequest.invalid("Name at least one run.");
        }
        if (runIds.size() > MAX_RUNS) {
            throw MlflowRequest.invalid("At most " + MAX_RUNS + " runs at once; these are " + runIds.size() + ".");
        }
    }
}
