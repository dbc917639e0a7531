package atelier.traces;

import atelier.experiments.Experiment;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.mlflow.Keys;
import atelier.mlflow.MlflowRequest;
import atelier.store.Database;
import atelier.traces.internal.Preview;
import atelier.traces.internal.SqlSpans;
import atelier.traces.internal.SqlTraces;
import atelier.traces.internal.Usage;
import atelier.workspace.Workspace;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The verbs of spans: taking them in as they are sent, and giving back those of a trace.
public final class Spans {
    private static final String TAG = "mlflow.traceTag.";
    private static final String DATA = "traces.json";
    private final Database database;
    private final Traces traces;
    private final SqlTraces rows;
    private final SqlSpans store;
    private final TraceFiles files;

    Spans(Database database, Traces traces, SqlTraces rows, SqlSpans store, TraceFiles files) {
        this.database = database;
        this.traces = traces;
        this.rows = rows;
        this.store = store;
        this.files = files;
    }

    /// Keeps spans, all or none. A trace that is not there yet begins with them: its time, state and previews are what
    /// they say, until the client tells them itself.
    public void log(Workspace workspace, String experimentId, List<Span> spans) {
        if (spans.isEmpty()) {
            return;
        }
        Experiment experiment = traces.activeExperiment(workspace, experimentId);
        // In one order, so that two transactions on the same traces cannot wait for each other.
        Map<String, List<Span>> byTrace = new TreeMap<>();
        spans.forEach(span ->
                byTrace.computeIfAbsent(span.traceId(), _ -> new ArrayList<>()).add(span));
        database.useTransaction(handle -> byTrace.forEach((id, some) -> log(handle, workspace, experiment, id, some)));
    }

    private void log(Handle handle, Workspace workspace, Experiment experiment, String id, List<Span> spans) {
        String ws = workspace.id();
        Extent extent = Extent.of(spans);
        Span root = spans.stream()
                .filter(span -> span.parentId() == null)
                .findFirst()
                .orElse(null);
        Trace.State state = root == null ? null : root.status().equals("ERROR") ? Trace.State.ERROR : Trace.State.OK;
        SqlTraces.Row fresh = new SqlTraces.Row(
                id,
                experiment.id(),
                extent.start(),
                extent.end() == null ? null : extent.end() - extent.start(),
                state == null ? Trace.State.IN_PROGRESS : state,
                null,
                null,
                null);
        Map<String, String> tags = new HashMap<>();
        if (rows.insert(handle, ws, fresh, false)) {
            tags.put(Trace.ARTIFACTS, TraceFiles.address(experiment, id));
        }
        boolean told = Boolean.TRUE.equals(rows.lock(handle, ws, id));
        store.put(handle, ws, spans);
        SqlTraces.Row old = rows.require(handle, ws, id);
        rows.update(handle, ws, merged(old, extent, state, root, told), told);
        tags.put(Trace.SPANS, Trace.IN_DATABASE);
        tagsOf(spans, root, tags);
        rows.setTags(handle, ws, id, tags);
        rows.setMetadata(handle, ws, id, metadataOf(handle, ws, id, spans, told));
    }

    private static SqlTraces.Row merged(
            SqlTraces.Row old, Extent extent, Trace.@Nullable State state, @Nullable Span root, boolean told) {
        long start = told ? old.startTime() : Math.min(old.startTime(), extent.start());
        Long duration = old.duration();
        if (!told && extent.end() != null) {
            long end = duration == null ? extent.end() : Math.max(old.startTime() + duration, extent.end());
            duration = end - start;
        }
        boolean open = old.state() == Trace.State.IN_PROGRESS || old.state() == Trace.State.STATE_UNSPECIFIED;
        return new SqlTraces.Row(
                old.traceId(),
                old.experiment(),
                start,
                duration,
                open && state != null ? state : old.state(),
                old.clientRequestId(),
                old.requestPreview() == null && root != null
                        ? Preview.of(root.attributes().get("mlflow.spanInputs"), "user")
                        : old.requestPreview(),
                old.responsePreview() == null && root != null
                        ? Preview.of(root.attributes().get("mlflow.spanOutputs"), "assistant")
                        : old.responsePreview());
    }

    /// What a program says of itself, and the tags its root span carries for the trace.
    private static void tagsOf(List<Span> spans, @Nullable Span root, Map<String, String> tags) {
        spans.getFirst().resource().forEach((key, value) -> {
            if (!key.startsWith("telemetry.sdk.") && !key.startsWith("mlflow.")) {
                addTag(tags, key, value);
            }
        });
        if (root != null) {
            root.attributes().properties().forEach(field -> {
                String key = field.getKey();
                if (key.startsWith(TAG) && !key.endsWith(Trace.ARTIFACTS) && !key.endsWith(Trace.SPANS)) {
                    addTag(tags, key.substring(TAG.length()), field.getValue());
                }
            });
        }
    }

    private static void addTag(Map<String, String> tags, String key, JsonNode value) {
        try {
            Keys.check(key, "key", "key");
        } catch (Problem.Invalid _) {
            // Not worth losing the spans for; what it was stays among the attributes.
            return;
        }
        tags.put(key, Keys.truncated(value.isString() ? value.stringValue() : Json.write(value), Traces.MAX_TAG_VALUE));
    }

    private Map<String, String> metadataOf(Handle handle, String ws, String id, List<Span> spans, boolean told) {
        Map<String, String> known = rows.metadata(handle, ws, id);
        Map<String, String> found = new HashMap<>();
        for (Span span : spans) {
            putText(found, known, Trace.SESSION, span.text("session.id"));
            putText(found, known, Trace.SESSION, span.text("gen_ai.conversation.id"));
            putText(found, known, Trace.USER, span.text("user.id"));
        }
        boolean tokens = says(spans, Usage.TOKENS) && !(told && known.containsKey(Trace.TOKENS));
        boolean cost = says(spans, Usage.LLM_COST) && !(told && known.containsKey(Trace.COST));
        if (tokens || cost) {
            // Over all spans of the trace: a parent that sums up and its children may come in different batches.
            List<JsonNode> all = store.of(handle, ws, List.of(id)).getOrDefault(id, List.of());
            putText(found, Map.of(), Trace.TOKENS, tokens ? Usage.tokens(all) : null);
            putText(found, Map.of(), Trace.COST, cost ? Usage.cost(all) : null);
        }
        return found;
    }

    private static boolean says(List<Span> spans, String attribute) {
        return spans.stream().anyMatch(span -> span.attributes().has(attribute));
    }

    private static void putText(
            Map<String, String> found, Map<String, String> known, String key, @Nullable String value) {
        if (value != null && !known.containsKey(key)) {
            found.putIfAbsent(key, value);
        }
    }

    /// First start and last end in milliseconds.
    private record Extent(long start, @Nullable Long end) {
        static Extent of(List<Span> spans) {
            long start = spans.stream().mapToLong(Span::startMs).min().orElseThrow();
            Long end = null;
            for (Span span : spans) {
                Long endNs = span.endNs();
                if (endNs != null) {
                    long ms = Math.floorDiv(endNs, 1_000_000L);
                    end = end == null ? ms : Math.max(end, ms);
                }
            }
            return new Extent(start, end);
        }
    }

    /// The spans of traces, in the form of `traces.json`; of those that are in the database.
    public Map<String, List<JsonNode>> of(Workspace workspace, Collection<Trace> some) {
        List<String> ids = some.stream().map(Trace::traceId).toList();
        return database.read(handle -> store.of(handle, workspace.id(), ids));
    }

    /// The spans of a trace from wherever they are.
    ///
    /// @param partial false refuses a trace some of whose spans are still on their way
    public List<JsonNode> of(Workspace workspace, Trace trace, boolean partial) {
        List<JsonNode> kept = of(workspace, List.of(trace)).getOrDefault(trace.traceId(), List.of());
        if (kept.isEmpty() && !trace.spansInDatabase()) {
            kept = fromFile(workspace, trace);
        }
        if (!partial && kept.size() < announced(trace)) {
            throw new Problem.NotFound(
                    "RESOURCE_DOES_NOT_EXIST",
                    "Trace with ID " + trace.traceId() + " is not fully exported yet, please try again later.");
        }
        return kept;
    }

    private static int announced(Trace trace) {
        String stats = trace.metadata().get(Trace.SIZE);
        if (stats == null) {
            return 1;
        }
        try {
            return Json.parse(stats).path("num_spans").asInt(1);
        } catch (Problem.Invalid _) {
            return 1;
        }
    }

    private List<JsonNode> fromFile(Workspace workspace, Trace trace) {
        return files.open(workspace, trace, DATA)
                .map(in -> {
                    List<JsonNode> spans = new ArrayList<>();
                    try (InputStream closing = in) {
                        Json.parse(closing).path("spans").forEach(spans::add);
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    } catch (Problem.Invalid e) {
                        throw MlflowRequest.invalid("Trace with ID " + trace.traceId()
                                + " cannot be loaded because its span data is corrupted.");
                    }
                    return spans;
                })
                .orElse(List.of());
    }

    /// A file that a client put beside the trace: an attachment, or `traces.json` of one whose spans are not in the
    /// database.
    ///
    /// @throws Problem.NotFound when there is none
    public InputStream file(Workspace workspace, Trace trace, String name) {
        return files.open(workspace, trace, name)
                .orElseThrow(() -> new Problem.NotFound(
                        "RESOURCE_DOES_NOT_EXIST", "Trace '" + trace.traceId() + "' has no file '" + name + "'."));
    }

    /// Hands the spans of a trace to `reader` as they are kept, so that a long trace is never whole in memory.
    public void each(Workspace workspace, Trace trace, Consumer<String> reader) {
        database.read(handle -> {
            store.each(handle, workspace.id(), trace.traceId(), (_, content) -> reader.accept(content));
            return Boolean.TRUE;
        });
    }
}
