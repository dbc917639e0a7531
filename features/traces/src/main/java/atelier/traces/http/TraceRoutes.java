package atelier.traces.http;

import static atelier.mlflow.MlflowJson.answer;
import static atelier.mlflow.MlflowJson.list;
import static atelier.mlflow.MlflowJson.nothing;
import static atelier.mlflow.MlflowJson.object;
import static atelier.mlflow.MlflowJson.stream;
import static atelier.mlflow.MlflowJson.text;

import atelier.kernel.Page;
import atelier.mlflow.MlflowRequest;
import atelier.mlflow.MlflowRoutes;
import atelier.traces.Assessment;
import atelier.traces.Assessments;
import atelier.traces.Correlation;
import atelier.traces.Spans;
import atelier.traces.Trace;
import atelier.traces.Traces;
import atelier.traces.internal.SpanForms;
import atelier.web.Response;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/// `traces/*` of MLflow's REST API 3.0.
public final class TraceRoutes {
    static final int DEFAULT_RESULTS = 100;
    static final int MAX_RESULTS = 500;
    private final Traces traces;
    private final Spans spans;
    private final Assessments assessments;
    private final InstantSource clock;

    public TraceRoutes(Traces traces, Spans spans, Assessments assessments, InstantSource clock) {
        this.traces = traces;
        this.spans = spans;
        this.assessments = assessments;
        this.clock = clock;
    }

    public void mount(MlflowRoutes routes) {
        routes.call3("POST", "traces", this::start)
                .call3("POST", "traces/search", this::search)
                .call3("GET", "traces/get", this::whole)
                .call3("GET", "traces/batchGet", this::wholeOnes)
                .call3("POST", "traces/batchGetInfos", this::infos)
                .call3("POST", "traces/delete-traces", this::delete)
                .call3("POST", "traces/calculate-filter-correlation", this::correlation)
                .call3("GET", "traces/{trace}", this::info)
                .call3("PATCH", "traces/{trace}/tags", this::setTag)
                .call3("DELETE", "traces/{trace}/tags", this::deleteTag)
                .call("PATCH", "traces/{trace}/tags", this::setTag)
                .call("DELETE", "traces/{trace}/tags", this::deleteTag)
                .call("POST", "traces/delete-traces", this::delete)
                .call("POST", "traces/link-to-run", this::linkToRun)
                .call3("POST", "traces/link-to-run", this::linkToRun)
                .call("POST", "traces/link-prompts", this::linkPrompts)
                .call3("POST", "traces/link-prompts", this::linkPrompts)
                .call3("POST", "traces/{trace}/assessments", this::createAssessment)
                .call3("GET", "traces/{trace}/assessments/{assessment}", this::getAssessment)
                .call3("PATCH", "traces/{trace}/assessments/{assessment}", this::updateAssessment)
                .call3("DELETE", "traces/{trace}/assessments/{assessment}", this::deleteAssessment);
    }

    private static String id(MlflowRequest request) {
        return request.exchange().path("trace");
    }

    private Response start(MlflowRequest request) {
        if (!request.has("trace")) {
            throw request.missing("trace");
        }
        Trace wish = TraceForms.trace(request.item("trace").item("trace_info"), clock.millis());
        List<Assessment> checked =
                wish.assessments().stream().map(assessments::checked).toList();
        return one(traces.start(
                request.workspace(),
                new Trace(
                        wish.traceId(),
                        wish.experiment(),
                        wish.startTime(),
                        wish.duration(),
                        wish.state(),
                        wish.clientRequestId(),
                        wish.requestPreview(),
                        wish.responsePreview(),
                        wish.metadata(),
                        wish.tags(),
                        checked)));
    }

    private static Response one(Trace trace) {
        return answer(json -> object(json, "trace", t -> object(t, "trace_info", info -> TraceJson.info(info, trace))));
    }

    private Response info(MlflowRequest request) {
        return one(traces.get(request.workspace(), id(request)));
    }

    private Response infos(MlflowRequest request) {
        List<Trace> found = scoped(request, ids(request));
        return stream(json -> list(json, "trace_infos", found, TraceJson::info));
    }

    private static List<String> ids(MlflowRequest request) {
        List<String> ids = request.texts("trace_ids");
        if (ids.isEmpty()) {
            throw request.missing("trace_ids");
        }
        return ids;
    }

    /// Those of `ids` that are there, within the experiments the request names, if it does.
    private List<Trace> scoped(MlflowRequest request, List<String> ids) {
        List<Trace> found = traces.find(request.workspace(), ids);
        if (!request.has("experiment_ids")) {
            return found;
        }
        List<Long> experiments = numbers(request.texts("experiment_ids"));
        return found.stream().filter(t -> experiments.contains(t.experiment())).toList();
    }

    private Response whole(MlflowRequest request) {
        Trace trace = traces.get(request.workspace(), request.required("trace_id"));
        List<JsonNode> its = spans.of(request.workspace(), trace, request.bool("allow_partial", false));
        return stream(json -> object(json, "trace", t -> whole(t, trace, its)));
    }

    /// Traces whose spans are not in the database are left out: clients fetch those from `traces.json`.
    private Response wholeOnes(MlflowRequest request) {
        List<Trace> found = scoped(request, ids(request));
        Map<String, List<JsonNode>> all = spans.of(request.workspace(), found);
        List<Trace> complete = new ArrayList<>(found);
        complete.removeIf(trace -> !all.containsKey(trace.traceId()));
        return stream(json -> list(
                json, "traces", complete, (t, trace) -> whole(t, trace, all.getOrDefault(trace.traceId(), List.of()))));
    }

    private static void whole(JsonGenerator json, Trace trace, List<JsonNode> its) {
        object(json, "trace_info", info -> TraceJson.info(info, trace));
        json.writeArrayPropertyStart("spans");
        its.forEach(span -> json.writeTree(SpanForms.message(span)));
        json.writeEndArray();
    }

    private Response search(MlflowRequest request) {
        if (!request.has("locations")) {
            throw request.missing("locations");
        }
        List<Long> experiments = new ArrayList<>();
        for (MlflowRequest location : request.items("locations")) {
            if (location.has("mlflow_experiment")) {
                experiments.add(TraceForms.experimentId(
                        location.item("mlflow_experiment").requiredId("experiment_id")));
            }
        }
        Page<Trace> page = page(traces, request, experiments);
        return stream(json -> {
            list(json, "traces", page.items(), TraceJson::info);
            text(json, "next_page_token", page.next());
        });
    }

    static Page<Trace> page(Traces traces, MlflowRequest request, List<Long> experiments) {
        return traces.search(
                request.workspace(),
                experiments,
                request.text("filter"),
                request.texts("order_by"),
                request.maxResults(DEFAULT_RESULTS, MAX_RESULTS),
                request.text("page_token"));
    }

    static List<Long> numbers(List<String> ids) {
        return ids.stream().map(TraceForms::experimentId).toList();
    }

    private Response delete(MlflowRequest request) {
        String experiment = request.requiredId("experiment_id");
        Long most = request.integer("max_traces");
        List<String> ids = request.texts("request_ids");
        int deleted = traces.delete(
                request.workspace(),
                experiment,
                request.integer("max_timestamp_millis"),
                most == null ? null : (Integer) Math.clamp(most, Integer.MIN_VALUE, Integer.MAX_VALUE),
                ids.isEmpty() ? request.texts("trace_ids") : ids);
        return answer(json -> json.writeNumberProperty("traces_deleted", deleted));
    }

    private Response correlation(MlflowRequest request) {
        List<String> experiments = request.texts("experiment_ids");
        if (experiments.isEmpty()) {
            throw request.missing("experiment_ids");
        }
        Correlation found = traces.correlation(
                request.workspace(),
                numbers(experiments),
                request.required("filter_string1"),
                request.required("filter_string2"),
                request.text("base_filter"));
        return answer(json -> {
            // What is not a number is left out.
            if (!Double.isNaN(found.npmi())) {
                json.writeNumberProperty("npmi", found.npmi());
                json.writeNumberProperty("npmi_smoothed", found.smoothed());
            }
            json.writeNumberProperty("filter1_count", found.first());
            json.writeNumberProperty("filter2_count", found.second());
            json.writeNumberProperty("joint_count", found.both());
            json.writeNumberProperty("total_count", found.total());
        });
    }

    private Response setTag(MlflowRequest request) {
        traces.setTag(request.workspace(), id(request), request.required("key"), request.text("value", ""));
        return nothing();
    }

    private Response deleteTag(MlflowRequest request) {
        // Clients send the key in the body; a DELETE without one has it in the query.
        String key = request.text("key");
        String asked = key == null ? request.exchange().query("key") : key;
        if (asked == null || asked.isEmpty()) {
            throw request.missing("key");
        }
        traces.deleteTag(request.workspace(), id(request), asked);
        return nothing();
    }

    private Response linkToRun(MlflowRequest request) {
        traces.linkToRun(request.workspace(), ids(request), request.required("run_id"));
        return nothing();
    }

    private Response linkPrompts(MlflowRequest request) {
        String trace = request.required("trace_id");
        List<String> prompts = new ArrayList<>();
        for (MlflowRequest prompt : request.items("prompt_versions")) {
            prompts.add(prompt.required("name") + "/" + prompt.requiredId("version"));
        }
        if (prompts.isEmpty()) {
            throw request.missing("prompt_versions");
        }
        traces.linkPrompts(request.workspace(), trace, prompts);
        return nothing();
    }

    private Response createAssessment(MlflowRequest request) {
        if (!request.has("assessment")) {
            throw request.missing("assessment");
        }
        Assessment wish = AssessmentForms.assessment(request.item("assessment"), id(request), clock.millis());
        return one(assessments.create(request.workspace(), wish));
    }

    private Response getAssessment(MlflowRequest request) {
        return one(assessments.get(
                request.workspace(), id(request), request.exchange().path("assessment")));
    }

    private Response updateAssessment(MlflowRequest request) {
        return one(assessments.update(
                request.workspace(),
                id(request),
                request.exchange().path("assessment"),
                AssessmentForms.change(request)));
    }

    private Response deleteAssessment(MlflowRequest request) {
        assessments.delete(request.workspace(), id(request), request.exchange().path("assessment"));
        return nothing();
    }

    private static Response one(Assessment assessment) {
        return answer(json -> object(json, "assessment", one -> TraceJson.assessment(one, assessment)));
    }
}
