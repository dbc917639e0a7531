package atelier.jobs.http;

import atelier.experiments.Runs;
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
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/history/v1.0{ws}`: what the SDK's `jobs.stream`, `jobs.list(parent)` and `jobs.download` read (reference
/// azureml-wire.md 2.3).
public final class RunHistoryRoutes {
    private static final String HISTORY = "/history/v1.0" + Arm.WORKSPACE;
    private static final String CONTINUATION = "$continuationtoken";
    private static final String RUN = HISTORY + "/runs/{name}";
    private final Jobs jobs;
    private final JobLogs logs;
    private final Workspaces workspaces;
    private final Runs runs;
    private final SignedLinks links;

    public RunHistoryRoutes(Jobs jobs, JobLogs logs, Workspaces workspaces, Runs runs, SignedLinks links) {
        this.jobs = jobs;
        this.logs = logs;
        this.workspaces = workspaces;
        this.runs = runs;
        this.links = links;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .get(RUN, exchange -> {
                    Workspace workspace = workspaces.of(exchange);
                    return Response.ok(run(workspace, jobs.get(workspace, exchange.path("name"))));
                })
                .get(RUN + "/details", this::details)
                .get(RUN + "/children", this::children)
                .post(HISTORY + "/rundata", this::rundata);
    }

    private ObjectNode run(Workspace workspace, Job job) {
        ObjectNode run = Json.object()
                .put("runId", job.name())
                .put("rootRunId", root(workspace, job))
                .put("parentRunId", job.parent())
                .put("displayName", job.displayName())
                .put("name", job.displayName())
                .put("status", job.status())
                .put("runType", runType(job))
                .put("createdUtc", Arm.time(job.createdAt()))
                .put("startTimeUtc", time(job.startedAt()))
                .put("endTimeUtc", time(job.endedAt()))
                .put(
                        "experimentId",
                        runs.find(workspace, job.name())
                                .map(Runs.RunInfo::experimentId)
                                .orElse("0"));
        run.set("createdBy", Json.object().put("userName", job.createdBy()));
        run.set("tags", object(job.properties().path("tags")));
        run.set("properties", object(job.properties().path("properties")));
        run.set("error", error(job));
        run.set("inputs", Json.object());
        run.set("outputs", outputs(job, false));
        return run;
    }

    /// Every output that has an address; where it is, the data plane says (`batchGetResolvedUris`).
    ///
    /// @param snake types as `uri_folder`, else as `UriFolder`
    private static ObjectNode outputs(Job job, boolean snake) {
        ObjectNode outputs = Json.object();
        job.properties().path("outputs").properties().forEach(output -> {
            if (job.isFinal() && output.getValue().hasNonNull("uri")) {
                boolean file =
                        output.getValue().path("jobOutputType").asString("").equals("uri_file");
                outputs.putObject(output.getKey())
                        .put("assetId", "azureml://jobs/" + job.name() + "/outputs/" + output.getKey())
                        .put("type", snake ? file ? "uri_file" : "uri_folder" : file ? "UriFile" : "UriFolder");
            }
        });
        return outputs;
    }

    private static String runType(Job job) {
        boolean trial = job.properties().path("properties").has("hyperparameters");
        return switch (job.type()) {
            case "Pipeline" -> "azureml.PipelineRun";
            case "Sweep" -> "hyperdrive";
            default -> job.parent() == null || trial ? "azureml.scriptrun" : "azureml.StepRun";
        };
    }

    private String root(Workspace workspace, Job job) {
        Job root = job;
        while (root.parent() != null) {
            Optional<Job> parent = jobs.find(workspace, root.parent());
            if (parent.isEmpty()) {
                return root.parent();
            }
            root = parent.get();
        }
        return root.name();
    }

    private static ObjectNode object(JsonNode node) {
        return node instanceof ObjectNode object ? object : Json.object();
    }

    private static JsonNode error(Job job) {
        if (job.errorCode() == null) {
            return Json.MAPPER.nullNode();
        }
        return Json.object()
                .set("error", Json.object().put("code", job.errorCode()).put("message", job.errorMessage()));
    }

    private static @org.jspecify.annotations.Nullable String time(@org.jspecify.annotations.Nullable Instant instant) {
        return instant == null ? null : Arm.time(instant);
    }

    private Response details(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        Job job = jobs.get(workspace, exchange.path("name"));
        ObjectNode files = Json.object();
        logs.list(workspace, job)
                .forEach(log ->
                        files.put(log.name(), LogRoutes.link(links, exchange.baseUrl(), workspace, job, log.name())));
        ObjectNode details = Json.object()
                .put("runId", job.name())
                .put("status", job.status())
                .put("parentRunId", job.parent())
                .put("startTimeUtc", time(job.startedAt()))
                .put("endTimeUtc", time(job.endedAt()))
                .put("submittedBy", job.createdBy());
        details.set("error", error(job));
        details.set("warnings", Json.array());
        details.set("tags", object(job.properties().path("tags")));
        details.set("properties", object(job.properties().path("properties")));
        details.set("inputDatasets", Json.array());
        details.set("outputDatasets", Json.array());
        details.set("logFiles", files);
        return Response.ok(details);
    }

    /// All children, or `$top` of them; `$continuationtoken` is how many came before. Children are only ever added at
    /// the end.
    private Response children(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        Job parent = jobs.get(workspace, exchange.path("name"));
        List<Job> children = jobs.children(workspace, parent.name());
        int from = Math.min(continuation(exchange), children.size());
        int top = exchange.query("$top", children.size());
        int to = top <= 0 ? children.size() : (int) Math.min((long) from + top, children.size());
        ArrayNode value = Json.array();
        children.subList(from, to).forEach(child -> value.add(run(workspace, child)));
        String token = to < children.size() ? Integer.toString(to) : null;
        ObjectNode list =
                Json.object().put("continuationToken", token).put("nextLink", Arm.next(exchange, CONTINUATION, token));
        return Response.ok(list.set("value", value));
    }

    private static int continuation(Exchange exchange) {
        String token = exchange.query(CONTINUATION, "");
        if (token.isEmpty()) {
            return 0;
        }
        if (!token.matches("\\d{1,9}")) {
            throw new Problem.Invalid(
                    "InvalidArgument",
                    "'" + CONTINUATION + "' is the continuationToken of the page before.",
                    CONTINUATION);
        }
        return Integer.parseInt(token);
    }

    /// What `jobs.download` reads first.
    private Response rundata(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        String name = exchange.jsonObject().path("runId").asString("");
        if (name.isEmpty()) {
            throw new Problem.Invalid("The body needs 'runId'.", "runId");
        }
        ObjectNode data = Json.object();
        Job job = jobs.get(workspace, name);
        ObjectNode run = run(workspace, job);
        // azure-ai-ml compares the types with enumerations of its own and drops what it does not know: with the
        // service's names until its clients were generated anew, with those of YAML since.
        String agent = exchange.header("User-Agent");
        run.set("outputs", outputs(job, agent != null && agent.contains("azsdk-python-runhistory")));
        data.set("runMetadata", run);
        return Response.ok(data);
    }
}
