package atelier.experiments;

import atelier.experiments.internal.SqlLoggedModels;
import atelier.experiments.internal.SqlMetrics;
import atelier.experiments.internal.SqlRuns;
import atelier.mlflow.Keys;
import atelier.mlflow.MlflowRequest;
import atelier.store.Database;
import atelier.workspace.Workspace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Logging to a run: metrics, parameters, tags. Each call is checked whole, then kept whole or not at all; when it
/// returns, it is durable. Limits are MLflow's (mlflow/utils/validation.py).
public final class RunLog {
    static final int MAX_TAG_VALUE = 8000;
    static final int MAX_PARAM_VALUE = 6000;
    private static final int MAX_METRICS = 1000;
    private static final int MAX_PARAMS = 100;
    private static final int MAX_TAGS = 100;
    private static final int MAX_ALL = 1000;
    private final Database database;
    private final Tracking tracking;
    private final SqlRuns runs;
    private final SqlMetrics metrics;
    private final SqlLoggedModels models;

    RunLog(Database database, Tracking tracking, SqlRuns runs, SqlMetrics metrics, SqlLoggedModels models) {
        this.database = database;
        this.tracking = tracking;
        this.runs = runs;
        this.metrics = metrics;
        this.models = models;
    }

    /// A point that may also belong to a logged model and the data it was measured on.
    public record Point(
            Metric metric,
            @Nullable String modelId,
            @Nullable String datasetName,
            @Nullable String datasetDigest) {}

    /// What one call logs.
    public record Batch(List<Point> points, List<Entry> params, List<Entry> tags) {
        public Batch {
            points = List.copyOf(points);
            params = List.copyOf(params);
            tags = List.copyOf(tags);
        }
    }

    public void metric(Workspace workspace, String runId, Point point) {
        checkMetric(point.metric(), "name", "timestamp");
        database.useGroup(handle -> write(handle, workspace, runId, new Batch(List.of(point), List.of(), List.of())));
    }

    public void param(Workspace workspace, String runId, Entry param) {
        Keys.check(param.key(), "key", "Param key");
        Entry kept = new Entry(param.key(), Keys.truncated(param.value(), MAX_PARAM_VALUE));
        database.useGroup(handle -> {
            Run.Head head = tracking.active(handle, workspace, runId);
            runs.addParams(handle, head.number(), List.of(kept));
            String there = runs.param(handle, head.number(), kept.key()).orElseThrow();
            if (!there.equals(kept.value())) {
                throw MlflowRequest.invalid("Changing param values is not allowed. Param with key='" + kept.key()
                        + "' was already logged with value='" + there + "' for run ID='" + runId
                        + "'. Attempted logging new value '" + kept.value() + "'.");
            }
        });
    }

    public void tag(Workspace workspace, String runId, Entry tag) {
        Keys.check(tag.key(), "key", "key");
        database.useGroup(handle -> writeTags(handle, tracking.active(handle, workspace, runId), List.of(tag)));
    }

    /// Up to 1,000 things in one transaction.
    public void batch(Workspace workspace, String runId, Batch batch) {
        Keys.runId(runId);
        limit(batch.points().size(), MAX_METRICS, "metrics");
        limit(batch.params().size(), MAX_PARAMS, "params");
        limit(batch.tags().size(), MAX_TAGS, "tags");
        limit(
                batch.points().size() + batch.params().size() + batch.tags().size(),
                MAX_ALL,
                "metrics, params, and tags");
        for (int i = 0; i < batch.points().size(); i++) {
            checkMetric(batch.points().get(i).metric(), "metrics[" + i + "].name", "metrics[" + i + "].timestamp");
        }
        for (int i = 0; i < batch.params().size(); i++) {
            Keys.check(batch.params().get(i).key(), "params[" + i + "].key", "Param key");
        }
        for (int i = 0; i < batch.tags().size(); i++) {
            Keys.check(batch.tags().get(i).key(), "tags[" + i + "].key", "key");
        }
        checkDuplicates(batch.params());
        database.useGroup(handle -> write(handle, workspace, runId, batch));
    }

    private void write(Handle handle, Workspace workspace, String runId, Batch batch) {
        Run.Head head = tracking.active(handle, workspace, runId);
        writeParams(handle, head, batch.params());
        metrics.add(
                handle,
                head.number(),
                batch.points().stream().map(Point::metric).toList());
        List<Point> ofModels =
                batch.points().stream().filter(p -> p.modelId() != null).toList();
        if (!ofModels.isEmpty()) {
            models.addMetrics(handle, workspace.id(), runId, ofModels);
        }
        writeTags(handle, head, batch.tags());
    }

    /// Writes first and looks then, so that of two clients that log different values at once one is told.
    private void writeParams(Handle handle, Run.Head head, List<Entry> params) {
        if (params.isEmpty()) {
            return;
        }
        List<Entry> kept = params.stream()
                .map(param -> new Entry(param.key(), Keys.truncated(param.value(), MAX_PARAM_VALUE)))
                .toList();
        runs.addParams(handle, head.number(), kept);
        Map<String, String> there = runs.params(handle, head.number());
        List<String> changed = new ArrayList<>();
        for (Entry param : kept) {
            String old = there.get(param.key());
            if (!param.value().equals(old)) {
                changed.add("{'key': '" + param.key() + "', 'old_value': '" + old + "', 'new_value': '" + param.value()
                        + "'}");
            }
        }
        if (!changed.isEmpty()) {
            throw MlflowRequest.invalid("Changing param values is not allowed. Params were already logged='["
                    + String.join(", ", changed) + "]' for run ID='" + head.runId() + "'.");
        }
    }

    private void writeTags(Handle handle, Run.Head head, List<Entry> tags) {
        if (tags.isEmpty()) {
            return;
        }
        runs.setTags(handle, head.number(), Tracking.truncated(tags));
        for (Entry tag : tags) {
            if (tag.key().equals(Tracking.RUN_NAME)) {
                runs.update(handle, head.number(), tag.value(), head.status(), head.endTime());
            }
        }
    }

    private static void checkMetric(Metric metric, String name, String time) {
        Keys.check(metric.key(), name, "Metric name");
        if (metric.timestamp() < 0) {
            throw MlflowRequest.invalid("Invalid value " + metric.timestamp() + " for parameter '" + time
                    + "' supplied: metric '" + metric.key() + "' (value=" + metric.value()
                    + "). Timestamp must be a nonnegative long (64-bit integer) ");
        }
    }

    private static void checkDuplicates(List<Entry> params) {
        Set<String> seen = new HashSet<>();
        Set<String> twice = new TreeSet<>();
        params.forEach(param -> {
            if (!seen.add(param.key())) {
                twice.add("'" + param.key() + "'");
            }
        });
        if (!twice.isEmpty()) {
            throw MlflowRequest.invalid("Duplicate parameter keys have been submitted: [" + String.join(", ", twice)
                    + "]. Please ensure the request contains only one param value per param key.");
        }
    }

    private static void limit(int size, int most, String what) {
        if (size > most) {
            throw MlflowRequest.invalid("A batch logging request can contain at most " + most + " " + what + ". Got "
                    + size + " " + what + ". Please split up " + what + " across multiple requests and try again.");
        }
    }
}
