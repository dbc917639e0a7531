package atelier.batch.http;

import atelier.batch.BatchDeployments;
import atelier.batch.BatchJobs;
import atelier.jobs.Jobs.Job;
import atelier.kernel.Json;
import atelier.kernel.Page;
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
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The scoring address of a batch endpoint, `/mferp/managementfrontend{ws}/batchEndpoints/{endpoint}/jobs`: POST starts
/// a job, GET lists. Any client with a bearer token may call it; `azureml-model-deployment: blue` names a deployment.
public final class BatchJobRoutes {
    static final String PREFIX = "/mferp/managementfrontend";
    private static final String ENDPOINT = PREFIX + BatchEndpointRoutes.ENDPOINT;
    private static final String OF_DEPLOYMENT = ENDPOINT + "/deployments/{deployment}/jobs";
    private final BatchJobs jobs;
    private final BatchDeployments deployments;
    private final Workspaces workspaces;

    public BatchJobRoutes(BatchJobs jobs, BatchDeployments deployments, Workspaces workspaces) {
        this.jobs = jobs;
        this.deployments = deployments;
        this.workspaces = workspaces;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .post(ENDPOINT + "/jobs", exchange -> invoke(exchange, exchange.header("azureml-model-deployment")))
                .post(OF_DEPLOYMENT, exchange -> invoke(exchange, exchange.path("deployment")))
                .get(ENDPOINT + "/jobs", exchange -> list(exchange, null))
                .get(OF_DEPLOYMENT, exchange -> list(exchange, exchange.path("deployment")))
                .get(ENDPOINT + "/jobs/{job}", this::get)
                .get(ENDPOINT + "/swagger.json", this::swagger);
    }

    private Response invoke(Exchange exchange, @Nullable String deployment) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        if (!(exchange.jsonObject().get("properties") instanceof ObjectNode properties)) {
            throw new Problem.Invalid(
                    "The body needs an object 'properties', for example"
                            + " {\"properties\":{\"inputData\":{\"data\":{\"jobInputType\":\"UriFolder\",\"uri\":\"azureml:…\"}}}}.",
                    "properties");
        }
        String endpoint = exchange.path("endpoint");
        // Both spellings occur: the SDK's, and that of the OASIS specification.
        String request = exchange.header("repeatability_request-id");
        if (request == null) {
            request = exchange.header("repeatability-request-id");
        }
        Job job = jobs.invoke(workspace, endpoint, deployment, properties, request, exchange.caller());
        return Response.json(201, resource(workspace, endpoint, job));
    }

    private Response list(Exchange exchange, @Nullable String deployment) {
        Workspace workspace = workspaces.of(exchange);
        String endpoint = exchange.path("endpoint");
        if (deployment != null && !deployment.equals("None")) {
            deployments.get(workspace, endpoint, deployment);
        }
        // The SDK writes None into the address when no deployment is named.
        String wanted = "None".equals(deployment) ? null : deployment;
        Page<Job> page = jobs.list(workspace, endpoint, wanted, exchange.query("$skip"));
        String next = page.next() == null
                ? null
                : exchange.baseUrl() + exchange.rawPath() + "?$skip="
                        + URLEncoder.encode(page.next(), StandardCharsets.UTF_8);
        return Response.ok(Arm.list(
                page.items().stream()
                        .map(job -> resource(workspace, endpoint, job))
                        .toList(),
                next));
    }

    private Response get(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        String endpoint = exchange.path("endpoint");
        return Response.ok(resource(workspace, endpoint, jobs.get(workspace, endpoint, exchange.path("job"))));
    }

    private static ObjectNode resource(Workspace workspace, String endpoint, Job job) {
        ObjectNode properties = Json.object()
                .put("name", job.name())
                .put("displayName", job.displayName())
                .put("experimentName", job.experimentName())
                .put("status", job.status())
                .put("provisioningState", "Succeeded");
        properties.set("inputData", job.properties().path("inputs"));
        properties.set("outputData", job.properties().path("outputs"));
        properties.set("tags", job.properties().path("tags"));
        properties.set("properties", job.properties().path("properties"));
        if (job.errorCode() != null) {
            properties.set("error", Json.object().put("code", job.errorCode()).put("message", job.errorMessage()));
        }
        return Arm.resource(
                workspace.armId() + "/batchEndpoints/" + endpoint + "/jobs/" + job.name(),
                job.name(),
                "batchEndpoints/jobs",
                properties,
                job.createdBy(),
                job.createdAt(),
                job.createdAt());
    }

    /// OpenAPI 3 of the scoring address.
    private Response swagger(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        String endpoint = exchange.path("endpoint");
        ObjectNode document = Json.object().put("openapi", "3.0.3");
        document.putObject("info").put("title", endpoint).put("version", "1");
        document.putArray("servers").addObject().put("url", exchange.baseUrl());
        ObjectNode post = document.putObject("paths")
                .putObject(PREFIX + workspace.armId() + "/batchEndpoints/" + endpoint + "/jobs")
                .putObject("post")
                .put("operationId", "invoke")
                .put("summary", "Starts a batch job");
        post.putObject("requestBody")
                .putObject("content")
                .putObject("application/json")
                .putObject("schema")
                .put("type", "object")
                .putObject("properties")
                .putObject("properties")
                .put("type", "object");
        post.putObject("responses").putObject("201").put("description", "The job");
        return Response.ok(document);
    }
}
