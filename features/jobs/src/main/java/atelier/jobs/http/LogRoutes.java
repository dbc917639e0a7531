package atelier.jobs.http;

import atelier.identity.SignedLinks;
import atelier.jobs.JobLogs;
import atelier.jobs.Jobs;
import atelier.jobs.Jobs.Job;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;

/// Logs, for those who follow them (`{ws}/atelier/jobs/{name}/logs`, by offset) and for the SDK's stream,
/// which fetches
/// whole files without a credential: those addresses carry their own permission.
public final class LogRoutes {
    private static final String LOGS = Arm.WORKSPACE + "/atelier/jobs/{name}/logs";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final Duration LINK_LIFE = Duration.ofHours(24);
    private final Jobs jobs;
    private final JobLogs logs;
    private final Workspaces workspaces;
    private final SignedLinks links;

    public LogRoutes(Jobs jobs, JobLogs logs, Workspaces workspaces, SignedLinks links) {
        this.jobs = jobs;
        this.logs = logs;
        this.workspaces = workspaces;
        this.links = links;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .get(LOGS, this::list)
                .get(LOGS + "/{path...}", this::read)
                .open("GET", "/joblogs" + Arm.WORKSPACE + "/{name}/{path...}", this::signed);
    }

    private Response list(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        Job job = jobs.get(workspace, exchange.path("name"));
        ArrayNode value = Json.array();
        logs.list(workspace, job)
                .forEach(log -> value.add(Json.object().put("name", log.name()).put("bytes", log.bytes())));
        return Response.ok(Json.object().put("complete", job.isFinal()).set("value", value));
    }

    private Response read(Exchange exchange) throws IOException {
        return answer(exchange, offset(exchange));
    }

    private Response signed(Exchange exchange) throws IOException {
        if (!links.opens(exchange.rawPath(), exchange.query("se", ""), exchange.query("sig", ""))) {
            throw new Problem.Forbidden(
                    "LinkExpired", "This address of a log is not valid (any more); ask for the job's details again.");
        }
        return answer(exchange, 0);
    }

    private Response answer(Exchange exchange, long offset) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        // Read before the bytes are: when it says complete, they are.
        Job job = jobs.get(workspace, exchange.path("name"));
        JobLogs.Part part = logs.read(workspace, job, exchange.path("path"), offset);
        return Response.stream(200, TEXT, part.length(), part.body())
                .header("x-atelier-next-offset", Long.toString(part.nextOffset()))
                .header("x-atelier-complete", Boolean.toString(job.isFinal()))
                .header("Cache-Control", "no-store");
    }

    private static long offset(Exchange exchange) {
        String given = exchange.query("offset", "0");
        try {
            return Math.max(0, Long.parseLong(given));
        } catch (NumberFormatException e) {
            throw new Problem.Invalid("'offset' must be a number of bytes, not '" + given + "'.", "offset");
        }
    }

    /// The address of a log that opens without a credential.
    static String link(SignedLinks links, String baseUrl, Workspace workspace, Job job, String log) {
        String path = "/joblogs" + workspace.armId() + "/" + job.name() + "/"
                + Arrays.stream(log.split("/"))
                        .map(part ->
                                URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                        .collect(Collectors.joining("/"));
        return baseUrl + path + "?" + links.sign(path, LINK_LIFE);
    }
}
