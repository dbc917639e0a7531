package atelier.experiments.internal;

import atelier.experiments.Entry;
import atelier.experiments.Experiments;
import atelier.experiments.Metric;
import atelier.experiments.Run;
import atelier.experiments.RunLog;
import atelier.experiments.RunStatus;
import atelier.experiments.Runs;
import atelier.experiments.Tracking;
import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Names;
import atelier.mlflow.PythonJson;
import atelier.store.Database;
import atelier.workspace.Workspace;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// [Runs], as jobs and models use the tracking verbs.
public final class TrackingRuns implements Runs {
    private static final String MODEL_VERSIONS = "mlflow.modelVersions";
    private static final String PARENT_TAG = "mlflow.parentRunId";
    /// Azure ML's word for the job at the top, by which scripts find all runs of a pipeline or sweep.
    private static final String ROOT_TAG = "mlflow.rootRunId";

    private final Database database;
    private final Experiments experiments;
    private final Tracking tracking;
    private final RunLog log;
    private final SqlRuns store;
    private final SqlMetrics metrics;
    private final SqlLoggedModels models;
    private final InstantSource clock;

    public TrackingRuns(
            Database database,
            Experiments experiments,
            Tracking tracking,
            RunLog log,
            SqlRuns store,
            SqlMetrics metrics,
            SqlLoggedModels models,
            InstantSource clock) {
        this.database = database;
        this.experiments = experiments;
        this.tracking = tracking;
        this.log = log;
        this.store = store;
        this.metrics = metrics;
        this.models = models;
        this.clock = clock;
    }

    @Override
    public RunInfo createForJob(
            Workspace workspace,
            String experimentName,
            String runId,
            String displayName,
            @Nullable String parentRun,
            Map<String, String> tags,
            Caller caller) {
        Names.job(runId);
        return database.inTransaction(_ -> {
            Optional<Run> existing = tracking.find(workspace, runId);
            if (existing.isPresent()) {
                return info(workspace, existing.get());
            }
            List<Entry> entries = entries(tags);
            entries.removeIf(entry -> entry.key().equals("mlflow.runName"));
            if (!tags.containsKey("mlflow.user")) {
                entries.add(new Entry("mlflow.user", caller.name()));
            }
            entries.removeIf(entry -> entry.key().equals(ROOT_TAG)
                    || parentRun != null && entry.key().equals(PARENT_TAG));
            if (parentRun != null) {
                entries.add(new Entry(PARENT_TAG, parentRun));
            }
            entries.add(new Entry(ROOT_TAG, parentRun == null ? runId : rootOf(workspace, parentRun)));
            return info(
                    workspace,
                    tracking.create(
                            workspace,
                            new Tracking.NewRun(
                                    Long.toString(experiments.idOf(workspace, experimentName)),
                                    runId,
                                    displayName,
                                    caller.name(),
                                    RunStatus.SCHEDULED,
                                    clock.millis(),
                                    entries,
                                    true)));
        });
    }

    private String rootOf(Workspace workspace, String parentRun) {
        return tracking.find(workspace, parentRun)
                .flatMap(parent -> parent.tags().stream()
                        .filter(tag -> tag.key().equals(ROOT_TAG))
                        .map(Entry::value)
                        .findFirst())
                .orElse(parentRun);
    }

    @Override
    public Optional<RunInfo> find(Workspace workspace, String runId) {
        return tracking.find(workspace, runId).map(run -> info(workspace, run));
    }

    @Override
    public void setStatus(Workspace workspace, String runId, String status, @Nullable Instant endTime) {
        RunStatus wanted = Objects.requireNonNull(RunStatus.BY_NAME.get(status), status);
        database.useTransaction(handle -> {
            Run.Head head = tracking.head(workspace, runId);
            store.update(handle, head.number(), head.name(), wanted, endTime == null ? null : endTime.toEpochMilli());
        });
    }

    @Override
    public void setTags(Workspace workspace, String runId, Map<String, String> tags) {
        List<Entry> entries = entries(tags);
        for (int from = 0; from < entries.size(); from += 100) {
            log.batch(workspace, runId, new RunLog.Batch(List.of(), List.of(), slice(entries, from)));
        }
    }

    @Override
    public void logParams(Workspace workspace, String runId, Map<String, String> params) {
        List<Entry> entries = entries(params);
        for (int from = 0; from < entries.size(); from += 100) {
            log.batch(workspace, runId, new RunLog.Batch(List.of(), slice(entries, from), List.of()));
        }
    }

    @Override
    public void addParams(Workspace workspace, String runId, Map<String, String> params) {
        database.useTransaction(handle -> {
            Run.Head head = tracking.head(workspace, runId);
            List<Entry> missing = entries(params);
            missing.removeIf(
                    entry -> store.param(handle, head.number(), entry.key()).isPresent());
            for (int from = 0; from < missing.size(); from += 100) {
                log.batch(workspace, runId, new RunLog.Batch(List.of(), slice(missing, from), List.of()));
            }
        });
    }

    @Override
    public Map<String, List<Double>> metricValues(Workspace workspace, Collection<String> runIds, String key) {
        return database.read(handle -> {
            Map<String, List<Double>> values = new LinkedHashMap<>();
            for (String runId : runIds) {
                List<Double> points = store.find(handle, workspace.id(), runId)
                        .map(head -> metrics.values(handle, head.number(), key))
                        .orElse(List.of());
                if (!points.isEmpty()) {
                    values.put(runId, points);
                }
            }
            return values;
        });
    }

    private static List<Entry> slice(List<Entry> entries, int from) {
        return entries.subList(from, Math.min(entries.size(), from + 100));
    }

    @Override
    public Map<String, Double> latestMetrics(Workspace workspace, String runId) {
        Map<String, Double> latest = new LinkedHashMap<>();
        for (Metric metric : tracking.get(workspace, runId).metrics()) {
            latest.put(metric.key(), metric.value());
        }
        return latest;
    }

    @Override
    public List<RunInfo> withTag(Workspace workspace, String key, String value, int max) {
        List<Run> runs =
                database.read(handle -> store.load(handle, store.withTag(handle, workspace.id(), key, value, max)));
        return runs.stream().map(run -> info(workspace, run)).toList();
    }

    @Override
    public String experimentId(Workspace workspace, String experimentName, Caller caller) {
        return Long.toString(experiments.idOf(workspace, experimentName));
    }

    @Override
    public Optional<LoggedModelInfo> loggedModel(Workspace workspace, String modelId) {
        return database.read(handle -> models.find(handle, workspace.id(), modelId))
                .map(model -> new LoggedModelInfo(model.modelId(), model.sourceRunId(), model.artifactUri()));
    }

    @Override
    public void noteRegistration(Workspace workspace, String modelId, String name, String version) {
        database.useTransaction(handle -> models.find(handle, workspace.id(), modelId)
                .ifPresent(model -> {
                    ArrayNode versions = model.tags().stream()
                                            .filter(tag -> tag.key().equals(MODEL_VERSIONS))
                                            .findFirst()
                                            .map(tag -> Json.parse(tag.value()))
                                            .orElseGet(Json::array)
                                    instanceof ArrayNode known
                            ? known
                            : Json.array();
                    ObjectNode added = Json.object().put("name", name);
                    if (version.matches("\\d{1,9}")) {
                        added.put("version", Integer.parseInt(version));
                    } else {
                        added.put("version", version);
                    }
                    versions.add(added);
                    models.setTags(
                            handle,
                            workspace.id(),
                            modelId,
                            List.of(new Entry(MODEL_VERSIONS, PythonJson.write(versions))));
                }));
    }

    private RunInfo info(Workspace workspace, Run run) {
        Run.Head head = run.head();
        Map<String, String> tags = new LinkedHashMap<>();
        run.tags().forEach(tag -> tags.put(tag.key(), tag.value()));
        Long end = head.endTime();
        String experiment = Long.toString(head.experiment());
        return new RunInfo(
                head.runId(),
                experiment,
                experiments.get(workspace, experiment).name(),
                head.name(),
                head.status().name(),
                Instant.ofEpochMilli(head.startTime()),
                end == null ? null : Instant.ofEpochMilli(end),
                head.artifactUri(),
                tags);
    }

    private static List<Entry> entries(Map<String, String> map) {
        List<Entry> entries = new ArrayList<>();
        map.forEach((key, value) -> entries.add(new Entry(key, value)));
        return entries;
    }
}
