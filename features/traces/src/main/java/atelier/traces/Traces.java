package atelier.traces;

import atelier.experiments.BoundToRuns;
import atelier.experiments.Experiment;
import atelier.experiments.Experiments;
import atelier.experiments.Tracking;
import atelier.kernel.Ids;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.mlflow.Keys;
import atelier.mlflow.MlflowRequest;
import atelier.mlflow.PageToken;
import atelier.store.Database;
import atelier.traces.internal.SqlAssessments;
import atelier.traces.internal.SqlTraces;
import atelier.traces.internal.TraceSearch;
import atelier.workspace.Workspace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The verbs of traces.
public final class Traces implements BoundToRuns {
    public static final int MAX_TAG_VALUE = 8000;
    public static final int MAX_LINKS = 100;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][\\w.:\\-]{0,99}");
    private static final int LONGEST_KEY = 250;
    private final Database database;
    private final Experiments experiments;
    private final Tracking tracking;
    private final SqlTraces store;
    private final SqlAssessments assessments;
    private final TraceSearch search;
    private final TraceFiles files;
    private final Ids ids;

    Traces(Database database, Of of, TraceFiles files, Ids ids) {
        this.database = database;
        this.experiments = of.experiments();
        this.tracking = of.tracking();
        this.store = of.store();
        this.assessments = of.assessments();
        this.search = of.search();
        this.files = files;
        this.ids = ids;
    }

    /// What traces belong to and are kept in.
    record Of(
            Experiments experiments,
            Tracking tracking,
            SqlTraces store,
            SqlAssessments assessments,
            TraceSearch search) {}

    /// Writes what a client says of a trace, as a rule at its end. Spans may have come before: what they said stays
    /// where the client says nothing.
    public Trace start(Workspace workspace, Trace wish) {
        checkId(wish.traceId());
        checkPairs(wish);
        Experiment experiment = activeExperiment(workspace, Long.toString(wish.experiment()));
        Map<String, String> tags = new HashMap<>(wish.tags());
        tags.remove(Trace.SPANS);
        tags.put(Trace.ARTIFACTS, TraceFiles.address(experiment, wish.traceId()));
        return database.inTransaction(handle -> {
            SqlTraces.Row row = new SqlTraces.Row(
                    wish.traceId(),
                    wish.experiment(),
                    wish.startTime(),
                    wish.duration(),
                    wish.state(),
                    wish.clientRequestId(),
                    wish.requestPreview(),
                    wish.responsePreview());
            if (!store.insert(handle, workspace.id(), row, true)) {
                store.lock(handle, workspace.id(), wish.traceId());
                SqlTraces.Row old = store.require(handle, workspace.id(), wish.traceId());
                store.update(
                        handle,
                        workspace.id(),
                        new SqlTraces.Row(
                                row.traceId(),
                                row.experiment(),
                                row.startTime(),
                                row.duration(),
                                row.state(),
                                row.clientRequestId(),
                                row.requestPreview() == null ? old.requestPreview() : row.requestPreview(),
                                row.responsePreview() == null ? old.responsePreview() : row.responsePreview()),
                        true);
            }
            store.setTags(handle, workspace.id(), wish.traceId(), truncated(tags));
            store.setMetadata(handle, workspace.id(), wish.traceId(), wish.metadata());
            wish.assessments().forEach(one -> assessments.put(handle, workspace.id(), one));
            return get(workspace, wish.traceId());
        });
    }

    /// Begins a trace as MLflow 2 does; its id is the server's.
    public Trace begin(
            Workspace workspace,
            String experimentId,
            long startTime,
            Map<String, String> metadata,
            Map<String, String> tags) {
        Experiment experiment = activeExperiment(workspace, experimentId);
        String id = "tr-" + ids.hex();
        Trace wish = new Trace(
                id,
                experiment.id(),
                startTime,
                null,
                Trace.State.IN_PROGRESS,
                null,
                null,
                null,
                metadata,
                tags,
                List.of());
        return start(workspace, wish);
    }

    /// Ends a trace as MLflow 2 does. Metadata and tags are added to what is there.
    ///
    /// @param endTime epoch milliseconds
    public Trace end(
            Workspace workspace,
            String traceId,
            long endTime,
            Trace.State state,
            Map<String, String> metadata,
            Map<String, String> tags) {
        checkPairs(metadata, tags);
        return database.inTransaction(handle -> {
            store.lock(handle, workspace.id(), traceId);
            SqlTraces.Row old = store.require(handle, workspace.id(), traceId);
            store.update(
                    handle,
                    workspace.id(),
                    new SqlTraces.Row(
                            traceId,
                            old.experiment(),
                            old.startTime(),
                            endTime - old.startTime(),
                            state,
                            old.clientRequestId(),
                            old.requestPreview(),
                            old.responsePreview()),
                    true);
            store.setTags(handle, workspace.id(), traceId, truncated(tags));
            store.setMetadata(handle, workspace.id(), traceId, metadata);
            return get(workspace, traceId);
        });
    }

    /// @throws Problem.NotFound when there is no such trace
    public Trace get(Workspace workspace, String traceId) {
        return find(workspace, List.of(traceId)).stream().findFirst().orElseThrow(() -> SqlTraces.unknown(traceId));
    }

    /// Those of `traceIds` that are there, in their order.
    public List<Trace> find(Workspace workspace, Collection<String> traceIds) {
        return database.read(handle -> store.find(handle, workspace.id(), traceIds));
    }

    /// One page; the newest first unless `orderBy` says otherwise.
    public Page<Trace> search(
            Workspace workspace,
            List<Long> experimentIds,
            @Nullable String filter,
            List<String> orderBy,
            int max,
            @Nullable String token) {
        int offset = PageToken.offset(token);
        return database.read(handle -> {
            TraceSearch.Scope scope = new TraceSearch.Scope(workspace.id(), experimentIds);
            List<SqlTraces.Row> rows = search.search(handle, scope, filter, orderBy, max, offset);
            boolean more = rows.size() > max;
            List<Trace> traces = store.load(handle, workspace.id(), more ? rows.subList(0, max) : rows);
            return more ? new Page<>(traces, PageToken.of(offset + max)) : Page.last(traces);
        });
    }

    /// How far two filters go together.
    public Correlation correlation(
            Workspace workspace, List<Long> experimentIds, String first, String second, @Nullable String base) {
        TraceSearch.Scope scope = new TraceSearch.Scope(workspace.id(), experimentIds);
        List<String> common = base == null || base.isBlank() ? List.of() : List.of(base);
        return database.read(handle -> new Correlation(
                search.count(handle, scope, with(common, first)),
                search.count(handle, scope, with(common, second)),
                search.count(handle, scope, with(with(common, first), second)),
                search.count(handle, scope, common)));
    }

    private static List<String> with(List<String> filters, String more) {
        List<String> all = new ArrayList<>(filters);
        all.add(more);
        return all;
    }

    public void setTag(Workspace workspace, String traceId, String key, String value) {
        checkChangeable(key, "set");
        Keys.check(key, "key", "key");
        database.useTransaction(handle -> {
            store.require(handle, workspace.id(), traceId);
            store.setTags(handle, workspace.id(), traceId, truncated(Map.of(key, value)));
        });
    }

    /// @throws Problem.NotFound when there is no such tag
    public void deleteTag(Workspace workspace, String traceId, String key) {
        checkChangeable(key, "deleted");
        database.useTransaction(handle -> {
            store.require(handle, workspace.id(), traceId);
            if (!store.deleteTag(handle, workspace.id(), traceId, key)) {
                throw new Problem.NotFound(
                        "RESOURCE_DOES_NOT_EXIST",
                        "No trace tag with key '" + key + "' for trace with ID '" + traceId + "'");
            }
        });
    }

    /// The tags that say where a trace's bytes are; a client that moved them could read and delete others' files.
    private static void checkChangeable(String key, String what) {
        if (key.equals(Trace.ARTIFACTS) || key.equals(Trace.SPANS)) {
            throw MlflowRequest.invalid("Tag '" + key + "' is immutable and cannot be " + what + " on a trace.");
        }
    }

    /// Counts traces to a run beside the one they were made in.
    public void linkToRun(Workspace workspace, List<String> traceIds, String runId) {
        if (traceIds.size() > MAX_LINKS) {
            throw MlflowRequest.invalid("Cannot link more than " + MAX_LINKS
                    + " traces to a run in a single request. Provided " + traceIds.size() + " traces.");
        }
        tracking.head(workspace, runId);
        database.useTransaction(handle -> {
            List<String> there = store.find(handle, workspace.id(), traceIds).stream()
                    .map(Trace::traceId)
                    .toList();
            store.linkRun(handle, workspace.id(), there, runId);
        });
    }

    /// @param prompts `name/version`
    public void linkPrompts(Workspace workspace, String traceId, List<String> prompts) {
        database.useTransaction(handle -> {
            store.require(handle, workspace.id(), traceId);
            store.linkPrompts(handle, workspace.id(), traceId, prompts);
        });
    }

    /// Deletes traces of an experiment, oldest first, with their spans, assessments and files; how many there were.
    ///
    /// @param until epoch milliseconds, inclusive; null when `traceIds` says which
    /// @param most null for all
    public int delete(
            Workspace workspace,
            String experimentId,
            @Nullable Long until,
            @Nullable Integer most,
            List<String> traceIds) {
        if (until == null && traceIds.isEmpty()) {
            throw MlflowRequest.invalid("Either `max_timestamp_millis` or `trace_ids` must be specified.");
        }
        if (!traceIds.isEmpty() && (until != null || most != null)) {
            throw MlflowRequest.invalid(
                    "`max_timestamp_millis` and `max_traces` go with time-based deletion only, not with `trace_ids`.");
        }
        if (most != null && most <= 0) {
            throw MlflowRequest.invalid("`max_traces` must be a positive integer, received " + most + ".");
        }
        Experiment experiment = experiments.get(workspace, experimentId);
        return delete(
                workspace,
                handle -> store.select(
                        handle, workspace.id(), experiment.id(), until, traceIds.isEmpty() ? null : traceIds, most));
    }

    /// Frees all traces, scorers and issues of an experiment that is gone for good; evaluation datasets know it no
    /// more.
    @Override
    public void forgetExperiment(Workspace workspace, long experiment) {
        delete(workspace, handle -> {
            store.forgetExperiment(handle, workspace.id(), experiment);
            return store.select(handle, workspace.id(), experiment, null, null, null);
        });
    }

    /// Frees all traces that were made in a run that is gone for good.
    @Override
    public void forgetRun(Workspace workspace, String runId) {
        delete(workspace, handle -> {
            store.unlinkRun(handle, workspace.id(), runId);
            return store.ofRun(handle, workspace.id(), runId);
        });
    }

    private int delete(Workspace workspace, java.util.function.Function<org.jdbi.v3.core.Handle, List<String>> which) {
        List<Trace> gone = new ArrayList<>();
        int deleted = database.inTransaction(handle -> {
            List<String> chosen = which.apply(handle);
            gone.addAll(store.find(handle, workspace.id(), chosen));
            return store.delete(handle, workspace.id(), chosen);
        });
        // After the rows: files without rows are found by nobody, rows without files would fail their readers.
        gone.forEach(trace -> files.delete(workspace, trace));
        return deleted;
    }

    Experiment activeExperiment(Workspace workspace, String id) {
        Experiment experiment = experiments.get(workspace, id);
        if (!experiment.active()) {
            throw MlflowRequest.invalid("The experiment " + id + " must be in the 'active' state. Current state is "
                    + experiment.lifecycle() + ".");
        }
        return experiment;
    }

    private static void checkId(String id) {
        if (!ID.matcher(id).matches()) {
            throw MlflowRequest.invalid(
                    "Invalid value '" + id + "' for parameter 'trace_id' supplied: a trace's id is up"
                            + " to 100 letters, digits, dashes, underscores, periods and colons.");
        }
    }

    private static void checkPairs(Trace wish) {
        checkPairs(wish.metadata(), wish.tags());
    }

    private static void checkPairs(Map<String, String> metadata, Map<String, String> tags) {
        metadata.keySet().forEach(key -> Keys.length(key, "trace_metadata key", LONGEST_KEY));
        tags.keySet().forEach(key -> Keys.length(key, "tag key", LONGEST_KEY));
    }

    static Map<String, String> truncated(Map<String, String> tags) {
        Map<String, String> kept = new HashMap<>();
        tags.forEach((key, value) -> kept.put(key, Keys.truncated(value, MAX_TAG_VALUE)));
        return kept;
    }
}
