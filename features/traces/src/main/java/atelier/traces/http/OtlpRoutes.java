package atelier.traces.http;

import atelier.kernel.Problem;
import atelier.mlflow.MlflowRequest;
import atelier.mlflow.MlflowRoutes;
import atelier.traces.Span;
import atelier.traces.Spans;
import atelier.traces.Traces;
import atelier.traces.internal.SpanForms;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.workspace.Workspace;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/// `POST /v1/traces`: OpenTelemetry's protocol over HTTP, in protobuf, as MLflow's newer clients and any
/// OpenTelemetry exporter send spans. The header `x-mlflow-experiment-id` says where they belong.
public final class OtlpRoutes {
    private static final String EXPERIMENT = "x-mlflow-experiment-id";
    private static final String RUN = "x-mlflow-run-id";
    private static final String TYPE = "application/x-protobuf";
    private final Spans spans;
    private final Traces traces;

    public OtlpRoutes(Spans spans, Traces traces) {
        this.spans = spans;
        this.traces = traces;
    }

    public void mount(MlflowRoutes routes) {
        routes.raw("POST", "/v1/traces", this::export);
    }

    private Response export(Exchange exchange, Workspace workspace) throws IOException {
        String experiment = exchange.header(EXPERIMENT);
        if (experiment == null || experiment.isBlank()) {
            throw MlflowRequest.invalid("The header '" + EXPERIMENT + "' must name the experiment of the traces.");
        }
        String type = exchange.header("Content-Type");
        if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase(TYPE)) {
            throw MlflowRequest.invalid("Invalid Content-Type: " + type + ". Expected: " + TYPE);
        }
        List<Span> sent = parse(body(exchange));
        spans.log(workspace, experiment.strip(), sent);
        String run = exchange.header(RUN);
        if (run != null && !run.isBlank()) {
            List<String> ended = sent.stream()
                    .filter(span -> span.parentId() == null)
                    .map(Span::traceId)
                    .distinct()
                    .toList();
            for (int i = 0; i < ended.size(); i += Traces.MAX_LINKS) {
                traces.linkToRun(
                        workspace, ended.subList(i, Math.min(ended.size(), i + Traces.MAX_LINKS)), run.strip());
            }
        }
        // An empty ExportTraceServiceResponse: everything was taken.
        return Response.bytes(200, TYPE, new byte[0]);
    }

    private static List<Span> parse(byte[] body) {
        ExportTraceServiceRequest request;
        try {
            request = ExportTraceServiceRequest.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw MlflowRequest.invalid("Invalid OpenTelemetry format");
        }
        if (request.getResourceSpansCount() == 0) {
            throw MlflowRequest.invalid("Invalid OpenTelemetry format - no spans found");
        }
        List<Span> spans = new ArrayList<>();
        request.getResourceSpansList()
                .forEach(resource -> resource.getScopeSpansList()
                        .forEach(scope -> scope.getSpansList()
                                .forEach(span -> spans.add(SpanForms.of(
                                        span, resource.getResource().getAttributesList())))));
        return spans;
    }

    private static byte[] body(Exchange exchange) throws IOException {
        byte[] sent = exchange.bytes(Exchange.JSON_LIMIT);
        String encoding = exchange.header("Content-Encoding");
        if (encoding == null || encoding.isBlank() || encoding.equalsIgnoreCase("identity")) {
            return sent;
        }
        try (InputStream in = unpacked(encoding.strip().toLowerCase(Locale.ROOT), sent)) {
            byte[] body = in.readNBytes(Exchange.JSON_LIMIT + 1);
            if (body.length > Exchange.JSON_LIMIT) {
                throw new Problem.TooLarge(
                        "RequestBodyTooLarge", "The body is larger than " + Exchange.JSON_LIMIT + " bytes unpacked.");
            }
            return body;
        } catch (IOException e) {
            throw MlflowRequest.invalid("Failed to decompress " + encoding + " payload");
        }
    }

    private static InputStream unpacked(String encoding, byte[] sent) throws IOException {
        InputStream in = new ByteArrayInputStream(sent);
        return switch (encoding) {
            case "gzip" -> new GZIPInputStream(in);
            case "deflate" -> new InflaterInputStream(in);
            default -> throw MlflowRequest.invalid("Unsupported Content-Encoding: " + encoding);
        };
    }
}
