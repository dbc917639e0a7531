package atelier.compute.http;

import atelier.compute.Compute;
import atelier.compute.ComputeRules;
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
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `{ws}/computes` (specification machinelearningservices/…/machineLearningServices.json, Compute). Changes
/// answer as
/// long-running operations, which the SDK demands for bodies with a discriminator; they have ended when
/// first polled.
public final class ComputeRoutes {
    private static final String ALL = Arm.WORKSPACE + "/computes";
    private static final String ONE = ALL + "/{name}";
    private static final int PAGE = 100;
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
                .post(ONE + "/restart", exchange -> state(exchange, "Running"))
                .post(ONE + "/listNodes", this::nodes)
                .post(ONE + "/listKeys", this::keys)
                .post(ONE + "/updateIdleShutdownSetting", this::idle)
                .post(ONE + "/enableSso", this::enableSso);
    }

    private Response list(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        int skip = Math.max(0, exchange.query("$skip", 0));
        List<Compute> all = computes.list(workspace);
        String next = skip + PAGE >= all.size()
                ? null
                : exchange.baseUrl() + exchange.rawPath() + "?$skip=" + (skip + PAGE) + "&api-version="
                        + exchange.query("api-version", "2024-04-01");
        return Response.ok(Arm.list(
                all.stream()
                        .skip(skip)
                        .limit(PAGE)
                        .map(compute -> resource(workspace, compute))
                        .toList(),
                next));
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
        JsonNode given = body.path("properties");
        if (!(given instanceof ObjectNode properties)) {
            throw new Problem.Invalid("InvalidArgument", "The body needs an object 'properties'.", "properties");
        }
        boolean patch = exchange.method().equals("PATCH");
        Optional<Compute> before =
                patch ? Optional.of(existing(workspace, exchange)) : computes.find(workspace, exchange.path("name"));
        if (patch) {
            ObjectNode merged = before.orElseThrow().properties().deepCopy();
            merge(merged, properties);
            properties = merged;
        }
        ObjectNode none = Json.object();
        Compute compute = computes.put(
                workspace,
                exchange.path("name"),
                new Computes.Draft(
                        properties,
                        object(body, "tags", patch ? before.orElseThrow().tags() : none),
                        object(body, "identity", before.map(Compute::identity).orElse(none))),
                exchange.caller());
        ObjectNode answer = resource(workspace, compute);
        if (before.isEmpty() && answer.get("properties") instanceof ObjectNode made) {
            made.put("provisioningState", "Creating");
        }
        return accepted(exchange, workspace, compute.name(), before.isEmpty() ? 201 : 200, answer);
    }

    private static ObjectNode object(ObjectNode body, String field, ObjectNode otherwise) {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw new Problem.Invalid("'" + field + "' must be an object.", field);
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
        String action = exchange.query("underlyingResourceAction", "Delete");
        boolean detach = action.equalsIgnoreCase("Detach");
        if (!detach && !action.equalsIgnoreCase("Delete")) {
            throw new Problem.Invalid(
                    "'" + action + "' is not allowed here; it is Delete or Detach.", "underlyingResourceAction");
        }
        Optional<Compute> found = computes.find(workspace, name);
        if (detach && found.isPresent() && !ComputeRules.isAttached(found.get().type())) {
            throw new Problem.Invalid(
                    "DetachNotSupported",
                    "Compute '" + found.get().name() + "' is of type "
                            + found.get().type() + " and was made here; it is deleted, not detached.",
                    "underlyingResourceAction");
        }
        return computes.delete(workspace, name)
                ? accepted(exchange, workspace, name, 202, Json.object())
                : Response.status(204);
    }

    /// Nodes of a cluster. Jobs run as processes of this machine: a cluster has no machines of its own to list.
    private Response nodes(Exchange exchange) {
        Compute compute = existing(workspaces.of(exchange), exchange);
        if (!compute.type().equals(ComputeRules.CLUSTER)) {
            throw new Problem.Invalid(
                    "ComputeTypeNotSupported",
                    "Only clusters (AmlCompute) have nodes; '" + compute.name() + "' is of type " + compute.type()
                            + ".",
                    "computeName");
        }
        return Response.ok(Json.object().set("nodes", Json.array()).putNull("nextLink"));
    }

    private Response keys(Exchange exchange) {
        Compute compute = existing(workspaces.of(exchange), exchange);
        if (!ComputeRules.isAttached(compute.type())) {
            throw new Problem.Invalid(
                    "ComputeTypeNotSupported", "A compute of type " + compute.type() + " has no keys.", "computeName");
        }
        // Secrets of attached machines are not kept: nothing here connects to them.
        return Response.ok(Json.object().put("computeType", compute.type())).header("Cache-Control", "no-store");
    }

    private Response idle(Exchange exchange) throws IOException {
        change(
                exchange,
                Json.object()
                        .put(
                                "idleTimeBeforeShutdown",
                                exchange.jsonObject()
                                        .path("idleTimeBeforeShutdown")
                                        .asString("")));
        return Response.status(200);
    }

    private Response enableSso(Exchange exchange) throws IOException {
        change(
                exchange,
                Json.object()
                        .put(
                                "enableSSO",
                                exchange.jsonObject().path("enableSSO").asBoolean(true)));
        return Response.status(200);
    }

    private void change(Exchange exchange, ObjectNode inner) {
        Workspace workspace = workspaces.of(exchange);
        Compute before = existing(workspace, exchange);
        ObjectNode properties = before.properties().deepCopy();
        merge(properties, Json.object().set("properties", inner));
        computes.put(
                workspace,
                before.name(),
                new Computes.Draft(properties, before.tags(), before.identity()),
                exchange.caller());
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
                .put("isAttachedCompute", ComputeRules.isAttached(compute.type()));
        if (!properties.has("provisioningErrors")) {
            properties.putNull("provisioningErrors");
        }
        ObjectNode inner = properties.get("properties") instanceof ObjectNode kept ? kept : Json.object();
        if (compute.type().equals(ComputeRules.INSTANCE)) {
            inner.put("state", compute.state());
            inner.set("applications", Json.array());
            inner.set("errors", Json.array());
            inner.set(
                    "lastOperation",
                    Json.object()
                            .put("operationName", lastOperation(compute))
                            .put("operationStatus", "Succeeded")
                            .put("operationTime", Arm.time(compute.modifiedAt())));
        } else if (compute.type().equals(ComputeRules.CLUSTER)) {
            // Said only when it is not so: the SDK takes any answer for network settings and then misses their subnet.
            if (inner.path("enableNodePublicIp").asBoolean(true)) {
                inner.remove("enableNodePublicIp");
            }
            inner.put("allocationState", "Steady")
                    .put("allocationStateTransitionTime", Arm.time(compute.modifiedAt()))
                    .put("currentNodeCount", 0)
                    .put("targetNodeCount", 0);
            ObjectNode counts = Json.object();
            List.of("idle", "running", "preparing", "unusable", "leaving", "preempted")
                    .forEach(state -> counts.put(state + "NodeCount", 0));
            inner.set("nodeStateCounts", counts);
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
        if (!compute.identity().isEmpty()) {
            resource.set("identity", Arm.identity(compute.identity(), workspace.id() + "/computes/" + compute.name()));
        }
        return resource;
    }

    private static String lastOperation(Compute compute) {
        if (compute.state().equals("Stopped")) {
            return "Stop";
        }
        return compute.modifiedAt().equals(compute.createdAt()) ? "Create" : "Start";
    }
}
