package atelier.jobs.fakes;

import atelier.experiments.Runs;
import atelier.kernel.Caller;
import atelier.workspace.Workspace;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Runs in memory.
public final class FakeRuns implements Runs {
    private final Map<String, RunInfo> runs = new ConcurrentHashMap<>();
    private final Map<String, Map<String, String>> params = new ConcurrentHashMap<>();
    private final Map<String, List<Double>> metrics = new ConcurrentHashMap<>();

    @Override
    public RunInfo createForJob(
            Workspace workspace,
            String experimentName,
            String runId,
            String displayName,
            @Nullable String parentRun,
            Map<String, String> tags,
            Caller caller) {
        Map<String, String> all = new HashMap<>(tags);
        if (parentRun != null) {
            all.put("mlflow.parentRunId", parentRun);
        }
        return runs.computeIfAbsent(
                runId,
                id -> new RunInfo(
                        id,
                        "7",
                        experimentName,
                        displayName,
                        "SCHEDULED",
                        Instant.EPOCH,
                        null,
                        "mlflow-artifacts:/",
                        all));
    }

    @Override
    public Optional<RunInfo> find(Workspace workspace, String runId) {
        return Optional.ofNullable(runs.get(runId));
    }

    @Override
    public void setStatus(Workspace workspace, String runId, String status, @Nullable Instant endTime) {
        runs.computeIfPresent(
                runId,
                (_, run) -> new RunInfo(
                        run.runId(),
                        run.experimentId(),
                        run.experimentName(),
                        run.runName(),
                        status,
                        run.startTime(),
                        endTime,
                        run.artifactUri(),
                        run.tags()));
    }

    @Override
    public void setTags(Workspace workspace, String runId, Map<String, String> tags) {
        runs.computeIfPresent(runId, (_, run) -> {
            Map<String, String> all = new HashMap<>(run.tags());
            all.putAll(tags);
            return new RunInfo(
                    run.runId(),
                    run.experimentId(),
                    run.experimentName(),
                    run.runName(),
                    run.status(),
                    run.startTime(),
                    run.endTime(),
                    run.artifactUri(),
                    all);
        });
    }

    @Override
    public void logParams(Workspace workspace, String runId, Map<String, String> params) {
        throw new UnsupportedOperationException("Jobs log no parameters");
    }

    @Override
    public void addParams(Workspace workspace, String runId, Map<String, String> more) {
        Map<String, String> all = params.computeIfAbsent(runId, _ -> new ConcurrentHashMap<>());
        more.forEach(all::putIfAbsent);
    }

    @Override
    public Map<String, List<Double>> metricValues(Workspace workspace, Collection<String> runIds, String key) {
        Map<String, List<Double>> values = new HashMap<>();
        for (String runId : runIds) {
            List<Double> points = metrics.get(runId + "/" + key);
            if (points != null) {
                values.put(runId, List.copyOf(points));
            }
        }
        return values;
    }

    /// As if the run's script had logged this.
    public void logMetric(String runId, String key, double value) {
        metrics.computeIfAbsent(runId + "/" + key, _ -> new CopyOnWriteArrayList<>())
                .add(value);
    }

    /// What was logged as parameters of a run.
    public Map<String, String> params(String runId) {
        return params.getOrDefault(runId, Map.of());
    }

    @Override
    public Map<String, Double> latestMetrics(Workspace workspace, String runId) {
        return Map.of();
    }

    @Override
    public List<RunInfo> withTag(Workspace workspace, String key, String value, int max) {
        return List.of();
    }

    @Override
    public String experimentId(Workspace workspace, String experimentName, Caller caller) {
        return "7";
    }
}
