package atelier.compute.http;

import atelier.compute.Compute;
import atelier.compute.Computes;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Operations;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.io.IOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `{ws}/computes` (specification machinelearningservices/…/machineLearningServices.json, Compute). Changes
/// answer as
/// long-running operations, which the SDK demands for bodies with a discriminator; they have ended when
/// first polled.
public final class ComputeRoutes {
    private static final String ALL = Arm.WORKSPACE + "/computes";
    private static final String ONE = ALL + "/{name}";
    private final Computes computes;
    private final Workspaces workspaces;
    private final Operations operations;

    public ComputeRoutes(Computes computes, Workspaces workspaces, Operations operations) {
        this.computes = computes;
        this.workspaces = workspaces;
        this.operations = operations;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .get(ALL, this::list)
                .get(ONE, this::get)
                .put(ONE, this::put)
                .patch(ONE, this::put)
                .delete(ONE, this::delete)
                .post(ONE + "/start", exchange -> state(exchange, "Running"))
                .post(ONE + "/stop", exchange -> state(exchange, "Stopped"))
                .post(ONE + "/restart", exchange -> state(exchange, "Running"));
    }

    private Response list(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        return Response.ok(Arm.list(
                computes.list(workspace).stream()
                        .map(compute -> resource(workspace, compute))
                        .toList(),
                null));
    }

    private Response get(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        return Response.ok(resource(workspace, existing(workspace, exchange)));
    }

    private Compute existing(Workspace workspace, Exchange exchange) {
        return computes.find(workspace, exchange.path("name"))
                .orElseThrow(() -> new Problem.NotFound(
                        "ResourceNotFound",
                        "There is no compute '" + exchange.path("name") + "' in workspace '" + workspace.name()
                                + "'."));
    }

    private Response put(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        ObjectNode body = exchange.jsonObject();
        if (!(body.get("properties") instanceof ObjectNode properties)) {
            throw new Problem.Invalid("InvalidArgument", "The body needs an object 'properties'.", "properties");
        }
        if (exchange.method().equals("PATCH")) {
            Compute before = existing(workspace, exchange);
            ObjectNode merged = before.properties().deepCopy();
            merge(merged, properties);
            properties = merged;
        }
        JsonNode tags = body.path("tags");
        Compute compute = computes.put(
                workspace,
                exchange.path("name"),
                properties,
                tags instanceof ObjectNode object ? object : Json.object(),
                exchange.caller());
        return accepted(exchange, workspace, compute.name(), 201, resource(workspace, compute));
    }

    private static void merge(ObjectNode into, ObjectNode change) {
        change.properties().forEach(field -> {
            if (field.getValue() instanceof ObjectNode inner && into.get(field.getKey()) instanceof ObjectNode kept) {
                merge(kept, inner);
            } else {
                into.set(field.getKey(), field.getValue());
            }
        });
    }

    private Response delete(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        String name = exchange.path("name");
        return computes.delete(workspace, name)
                ? accepted(exchange, workspace, name, 202, Json.object())
                : Response.status(204);
    }

    private Response state(Exchange exchange, String state) {
        Workspace workspace = workspaces.of(exchange);
        Compute compute =
                computes.state(workspace, existing(workspace, exchange).name(), state);
        return accepted(exchange, workspace, compute.name(), 202, Json.object());
    }

    private Response accepted(Exchange exchange, Workspace workspace, String name, int status, ObjectNode body) {
        String operation = operations.start(workspace, workspace.armId() + "/computes/" + name);
        operations.succeed(operation);
        return operations.accepted(exchange, workspace, operation, status, body);
    }

    private static ObjectNode resource(Workspace workspace, Compute compute) {
        ObjectNode properties = compute.properties().deepCopy();
        properties
                .put("computeLocation", compute.location())
                .put("provisioningState", "Succeeded")
                .put("createdOn", Arm.time(compute.createdAt()))
                .put("modifiedOn", Arm.time(compute.modifiedAt()))
                .put("isAttachedCompute", false);
        ObjectNode inner = properties.get("properties") instanceof ObjectNode kept ? kept : Json.object();
        if (compute.type().equals("ComputeInstance")) {
            inner.put("state", compute.state());
        } else {
            inner.put("allocationState", "Steady").put("currentNodeCount", 0).put("targetNodeCount", 0);
        }
        properties.set("properties", inner);
        ObjectNode resource = Arm.resource(
                workspace.armId() + "/computes/" + compute.name(),
                compute.name(),
                "computes",
                properties,
                compute.createdBy(),
                compute.createdAt(),
                compute.modifiedAt());
        resource.put("location", compute.location());
        resource.set("tags", compute.tags());
        return resource;
    }
}
