package atelier.experiments;

import atelier.experiments.internal.SqlMetrics;
import atelier.experiments.internal.SqlRuns;
import atelier.mlflow.MlflowRequest;
import atelier.store.Database;
import atelier.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Reading the points of metrics.
public final class MetricHistory {
    /// Clients ask for this many and cannot all follow a token; whoever asks for so many gets everything.
    public static final int ALL_FROM = 25_000;

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

    /// @param nextOffset where the next page starts; -1 at the end
    public record Points(List<Metric> points, int nextOffset) {
        public Points {
            points = List.copyOf(points);
        }
    }

    /// A point and whose it is.
    public record RunPoint(String runId, Metric metric) {}

    /// Points in the order they were logged; nothing for an unknown run or key.
    ///
    /// @param max null or [#ALL_FROM] and more give all
    public Points of(Workspace workspace, String runId, String key, @Nullable Long max, int offset) {
        long wanted = max == null || max <= 0 ? ALL_FROM : max;
        boolean all = wanted >= ALL_FROM;
        int limit = all ? Integer.MAX_VALUE : (int) wanted + 1;
        List<Metric> found = database.read(handle -> runs.find(handle, workspace.id(), runId)
                .map(run -> metrics.history(handle, run.number(), key, limit, offset))
                .orElse(List.of()));
        boolean more = !all && found.size() == limit;
        return new Points(more ? found.subList(0, limit - 1) : found, more ? offset + limit - 1 : -1);
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

    /// Points of several runs at evenly chosen steps: at most `max` of the steps that occur between `start` and `end`
    /// (both or neither given), plus the first and last step of each run.
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
        TreeSet<Long> all = new TreeSet<>();
        List<TreeSet<Long>> own = new ArrayList<>();
        for (Run.Head head : heads) {
            TreeSet<Long> steps = metrics.steps(handle, head.number(), key, from, to);
            own.add(steps);
            all.addAll(steps);
        }
        // The first and last step of each run are read of all, so that curves side by side have the same steps.
        TreeSet<Long> sampled = sample(new ArrayList<>(all), max);
        for (TreeSet<Long> steps : own) {
            if (!steps.isEmpty()) {
                sampled.add(steps.first());
                sampled.add(steps.last());
            }
        }
        List<RunPoint> found = new ArrayList<>();
        for (Run.Head head : heads) {
            metrics.atSteps(handle, head.number(), key, sampled)
                    .forEach(point -> found.add(new RunPoint(head.runId(), point)));
        }
        return found;
    }

    private static TreeSet<Long> sample(List<Long> steps, int max) {
        if (steps.size() <= max) {
            return new TreeSet<>(steps);
        }
        TreeSet<Long> sampled = new TreeSet<>();
        double every = (double) steps.size() / max;
        for (int i = 0; i < max; i++) {
            sampled.add(steps.get((int) (i * every)));
        }
        sampled.add(steps.getLast());
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
