package atelier.pipelines.http;

import atelier.assets.AssetReference;
import atelier.jobs.Jobs;
import atelier.jobs.Jobs.Job;
import atelier.kernel.Json;
import atelier.pipelines.Graph;
import atelier.pipelines.Node;
import atelier.pipelines.PipelineSteps;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `{ws}/atelier/jobs/{name}/graph`: the steps of a pipeline job with their states, and why each ran or did
/// not.
public final class GraphRoutes {
    private final Jobs jobs;
    private final Workspaces workspaces;

    public GraphRoutes(Jobs jobs, Workspaces workspaces) {
        this.jobs = jobs;
        this.workspaces = workspaces;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE).get(Arm.WORKSPACE + "/atelier/jobs/{name}/graph", this::graph);
    }

    private Response graph(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        Job job = jobs.get(workspace, exchange.path("name"));
        ArrayNode nodes = Json.array();
        ArrayNode edges = Json.array();
        if (job.type().equals("Pipeline")) {
            Graph graph = Graph.of(job.properties());
            Map<String, Job> steps = PipelineSteps.of(jobs, workspace, job, graph);
            graph.nodes().values().forEach(node -> nodes.add(node(job, graph, node, steps)));
            graph.edges()
                    .forEach(edge -> edges.add(Json.object()
                            .put("from", edge.from())
                            .put("fromPort", edge.fromPort())
                            .put("to", edge.to())
                            .put("toPort", edge.toPort())));
        }
        ObjectNode answer = Json.object();
        answer.set("nodes", nodes);
        answer.set("edges", edges);
        return Response.ok(answer);
    }

    private static ObjectNode node(Job pipeline, Graph graph, Node node, Map<String, Job> steps) {
        Job step = steps.get(node.name());
        JsonNode facts = step == null ? Json.object() : step.properties().path("properties");
        String reusedFrom = facts.path("azureml.reusedfrom").asString("");
        return Json.object()
                .put("name", node.name())
                .put("displayName", label(node, facts))
                .put("component", component(node))
                .put("type", node.type().isEmpty() ? "command" : node.type())
                .put("job", step == null ? null : step.name())
                .put("status", status(pipeline, step))
                .put("reused", !reusedFrom.isEmpty())
                .put("reusedFrom", reusedFrom.isEmpty() ? null : reusedFrom)
                .put("reason", reason(pipeline, graph, node, steps, facts))
                .put("startedAt", step == null || step.startedAt() == null ? null : Arm.time(step.startedAt()))
                .put("finishedAt", step == null || step.endedAt() == null ? null : Arm.time(step.endedAt()));
    }

    /// `name:version` of a registered component; null for one that a job brought along.
    private static @Nullable String component(Node node) {
        AssetReference component = AssetReference.parse("components", node.component());
        return component.name().equals("azureml_anonymous") ? null : component.name() + ":" + component.version();
    }

    private static String label(Node node, JsonNode facts) {
        String given = node.settings().path("display_name").asString("");
        return given.isEmpty() ? facts.path("azureml.moduleName").asString(node.name()) : given;
    }

    private static String status(Job pipeline, @Nullable Job step) {
        if (step != null) {
            return step.status();
        }
        return pipeline.isFinal() ? "Canceled" : "NotStarted";
    }

    private static @Nullable String reason(
            Job pipeline, Graph graph, Node node, Map<String, Job> steps, JsonNode facts) {
        if (steps.containsKey(node.name())) {
            String reason = facts.path("atelier.reason").asString("");
            return reason.isEmpty() ? null : reason;
        }
        return pipeline.isFinal() ? "Not run: " + PipelineSteps.whySkipped(graph, node.name(), steps) : null;
    }
}
