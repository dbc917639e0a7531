package atelier.traces.http;

import static atelier.mlflow.MlflowJson.answer;
import static atelier.mlflow.MlflowJson.list;
import static atelier.mlflow.MlflowJson.object;
import static atelier.mlflow.MlflowJson.stream;
import static atelier.mlflow.MlflowJson.text;

import atelier.kernel.Page;
import atelier.mlflow.MlflowRequest;
import atelier.mlflow.MlflowRoutes;
import atelier.traces.Spans;
import atelier.traces.Trace;
import atelier.traces.Traces;
import atelier.web.Response;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// `traces/*` of MLflow's REST API 2.0, and the file of a trace that MLflow's web page reads.
public final class LegacyTraceRoutes {
    private static final String FILE = "traces.json";
    private final Traces traces;
    private final Spans spans;

    public LegacyTraceRoutes(Traces traces, Spans spans) {
        this.traces = traces;
        this.spans = spans;
    }

    public void mount(MlflowRoutes routes) {
        routes.call("POST", "traces", this::start)
                .call("GET", "traces", this::search)
                .call("PATCH", "traces/{trace}", this::end)
                .call("GET", "traces/{trace}/info", this::info)
                .call("GET", "get-trace-artifact", this::artifact)
                .call3("GET", "get-trace-artifact", this::artifact);
    }

    private static Response one(Trace trace) {
        return answer(json -> object(json, "trace_info", info -> TraceJson.legacyInfo(info, trace)));
    }

    private Response start(MlflowRequest request) {
        return one(traces.begin(
                request.workspace(),
                request.requiredId("experiment_id"),
                request.requiredInteger("timestamp_ms"),
                TraceForms.pairs(request, "request_metadata"),
                TraceForms.pairs(request, "tags")));
    }

    private Response end(MlflowRequest request) {
        Trace.State state = request.choice("status", Trace.State.BY_NAME);
        return one(traces.end(
                request.workspace(),
                request.exchange().path("trace"),
                request.requiredInteger("timestamp_ms"),
                state == null ? Trace.State.STATE_UNSPECIFIED : state,
                TraceForms.pairs(request, "request_metadata"),
                TraceForms.pairs(request, "tags")));
    }

    private Response info(MlflowRequest request) {
        return one(traces.get(request.workspace(), request.exchange().path("trace")));
    }

    private Response search(MlflowRequest request) {
        List<String> experiments = request.texts("experiment_ids");
        if (experiments.isEmpty()) {
            throw request.missing("experiment_ids");
        }
        Page<Trace> page = TraceRoutes.page(traces, request, TraceRoutes.numbers(experiments));
        return stream(json -> {
            list(json, "traces", page.items(), TraceJson::legacyInfo);
            text(json, "next_page_token", page.next());
        });
    }

    /// `traces.json` from the spans in the database, else as the client put it; or, with `path`, an attachment.
    private Response artifact(MlflowRequest request) {
        Trace trace = traces.get(request.workspace(), request.required("request_id"));
        String path = request.text("path");
        if (path != null && !path.isEmpty()) {
            if (!path.matches("[\\w.\\- ]{1,250}") || path.startsWith(".")) {
                throw MlflowRequest.invalid("Invalid path");
            }
            return file(spans.file(request.workspace(), trace, "attachments/" + path), path);
        }
        if (!trace.spansInDatabase()) {
            return file(spans.file(request.workspace(), trace, FILE), FILE);
        }
        return Response.stream(200, "application/octet-stream", -1, out -> {
                    byte[] comma = {','};
                    out.write("{\"spans\": [".getBytes(StandardCharsets.UTF_8));
                    boolean[] first = {true};
                    spans.each(request.workspace(), trace, span -> {
                        try {
                            if (!first[0]) {
                                out.write(comma);
                            }
                            first[0] = false;
                            out.write(span.getBytes(StandardCharsets.UTF_8));
                        } catch (java.io.IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    });
                    out.write("]}".getBytes(StandardCharsets.UTF_8));
                })
                .header("Content-Disposition", "attachment; filename=" + FILE);
    }

    private static Response file(InputStream bytes, String name) {
        return Response.stream(200, "application/octet-stream", -1, bytes)
                .header("Content-Disposition", "attachment; filename=" + name);
    }
}
