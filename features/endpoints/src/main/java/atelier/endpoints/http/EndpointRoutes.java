package atelier.endpoints.http;

import atelier.endpoints.EndpointKeys;
import atelier.endpoints.Endpoints;
import atelier.endpoints.OnlineEndpoint;
import atelier.endpoints.Scoring;
import atelier.endpoints.Traffic;
import atelier.identity.Tokens;
import atelier.insights.Requests;
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
import java.time.Duration;
import java.time.InstantSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `{ws}/onlineEndpoints` (specification mfe.json, OnlineEndpoints_*), and Atelier's own
/// `{ws}/atelier/onlineEndpoints/{name}/metrics?minutes=60`. A PUT answers with a long-running operation: the SDK reads
/// a resource twice, and loses its type on the way, when it is told that all is done at once.
public final class EndpointRoutes {
    static final String ENDPOINTS = Arm.WORKSPACE + "/onlineEndpoints";
    static final String ENDPOINT = ENDPOINTS + "/{name}";
    private static final Duration TOKEN_LIFE = Duration.ofHours(12);
    private static final int MOST_MINUTES = 60 * 24 * 30;
    private final Endpoints endpoints;
    private final Scoring scoring;
    private final Workspaces workspaces;
    private final Operations operations;
    private final Tokens tokens;
    private final InstantSource clock;

    public EndpointRoutes(
            Endpoints endpoints,
            Scoring scoring,
            Workspaces workspaces,
            Operations operations,
            Tokens tokens,
            InstantSource clock) {
        this.endpoints = endpoints;
        this.scoring = scoring;
        this.workspaces = workspaces;
        this.operations = operations;
        this.tokens = tokens;
        this.clock = clock;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .get(ENDPOINTS, this::list)
                .get(ENDPOINT, exchange -> {
                    Workspace workspace = workspaces.of(exchange);
                    return Response.ok(resource(exchange, workspace, endpoints.get(workspace, exchange.path("name"))));
                })
                .put(ENDPOINT, this::put)
                .patch(ENDPOINT, this::patch)
                .delete(ENDPOINT, this::delete)
                .post(
                        ENDPOINT + "/listKeys",
                        exchange -> Response.ok(keys(endpoints.keys(workspaces.of(exchange), exchange.path("name")))))
                .post(ENDPOINT + "/regenerateKeys", this::renew)
                .post(ENDPOINT + "/token", this::token)
                .get(Arm.WORKSPACE + "/atelier/onlineEndpoints/{name}/metrics", this::metrics);
    }

    private Response list(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        return Response.ok(Arm.list(
                endpoints.list(workspace).stream()
                        .map(endpoint -> resource(exchange, workspace, endpoint))
                        .toList(),
                null));
    }

    private Response put(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        Endpoints.Accepted<OnlineEndpoint> accepted =
                endpoints.put(workspace, exchange.path("name"), exchange.jsonObject(), exchange.caller());
        ObjectNode body = resource(exchange, workspace, accepted.value());
        ((ObjectNode) body.path("properties")).put("provisioningState", accepted.isNew() ? "Creating" : "Updating");
        return operations.accepted(exchange, workspace, accepted.operation(), accepted.isNew() ? 201 : 200, body);
    }

    private Response patch(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        String name = exchange.path("name");
        JsonNode properties = exchange.jsonObject().path("properties");
        Traffic traffic = properties.path("traffic").isObject() ? Traffic.parse(properties.path("traffic")) : null;
        ObjectNode mirrored = properties.path("mirrorTraffic") instanceof ObjectNode shares ? shares : null;
        if (traffic == null && mirrored == null) {
            throw new Problem.Invalid(
                    "Only 'properties.traffic' and 'properties.mirrorTraffic' can be patched.", "properties.traffic");
        }
        return Response.ok(resource(
                exchange, workspace, endpoints.setTraffic(workspace, name, traffic, mirrored, exchange.caller())));
    }

    private Response delete(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        return endpoints
                .delete(workspace, exchange.path("name"), exchange.caller())
                .map(operation -> operations.accepted(exchange, workspace, operation, 202, Json.object()))
                .orElseGet(() -> Response.status(204));
    }

    private Response renew(Exchange exchange) throws IOException {
        String type = exchange.json().path("keyType").asString("");
        boolean primary = type.equalsIgnoreCase("Primary");
        if (!primary && !type.equalsIgnoreCase("Secondary")) {
            throw new Problem.Invalid("'keyType' is Primary or Secondary.", "keyType");
        }
        return Response.ok(keys(endpoints.renew(workspaces.of(exchange), exchange.path("name"), primary)));
    }

    private Response token(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        OnlineEndpoint endpoint = endpoints.get(workspace, exchange.path("name"));
        long now = clock.instant().getEpochSecond();
        return Response.ok(Json.object()
                .put(
                        "accessToken",
                        tokens.issue(exchange.caller(), scoringUri(exchange, workspace, endpoint.name()), TOKEN_LIFE))
                .put("expiryTimeUtc", now + TOKEN_LIFE.toSeconds())
                .put("refreshAfterTimeUtc", now + TOKEN_LIFE.toSeconds() / 2)
                .put("tokenType", "Bearer"));
    }

    private Response metrics(Exchange exchange) {
        int minutes = Math.clamp(exchange.query("minutes", 60), 1, MOST_MINUTES);
        Requests.Summary summary =
                scoring.metrics(workspaces.of(exchange), exchange.path("name"), Duration.ofMinutes(minutes));
        ArrayNode series = Json.array();
        for (Requests.Point point : summary.series()) {
            series.add(Json.object()
                    .put("time", point.time().toString())
                    .put("requests", point.requests())
                    .put("errors", point.errors())
                    .put("p50", point.p50())
                    .put("p95", point.p95()));
        }
        ObjectNode answer = Json.object().put("requests", summary.requests()).put("errors", summary.errors());
        answer.set(
                "latencyMs",
                Json.object()
                        .put("p50", summary.p50())
                        .put("p95", summary.p95())
                        .put("p99", summary.p99()));
        answer.set("series", series);
        return Response.ok(answer);
    }

    private static ObjectNode keys(EndpointKeys keys) {
        return Json.object().put("primaryKey", keys.primary()).put("secondaryKey", keys.secondary());
    }

    private static String scoringUri(Exchange exchange, Workspace workspace, String name) {
        return exchange.baseUrl() + "/endpoints/" + workspace.name() + "/" + name + "/score";
    }

    private static ObjectNode resource(Exchange exchange, Workspace workspace, OnlineEndpoint endpoint) {
        ObjectNode properties =
                endpoint.body().get("properties") instanceof ObjectNode given ? given.deepCopy() : Json.object();
        String scoring = scoringUri(exchange, workspace, endpoint.name());
        properties
                .put("authMode", endpoint.authMode().word())
                .put("provisioningState", endpoint.deleting() ? "Deleting" : "Succeeded")
                .put("scoringUri", scoring)
                .put("swaggerUri", scoring.substring(0, scoring.length() - "score".length()) + "swagger.json");
        properties.set("traffic", Json.tree(endpoint.traffic().weights()));
        if (!properties.hasNonNull("mirrorTraffic")) {
            properties.set("mirrorTraffic", Json.object());
        }
        if (!properties.hasNonNull("properties")) {
            properties.set("properties", Json.object());
        }
        if (!properties.hasNonNull("publicNetworkAccess")) {
            properties.put("publicNetworkAccess", "Enabled");
        }
        ObjectNode resource = Arm.resource(
                workspace.armId() + "/onlineEndpoints/" + endpoint.name(),
                endpoint.name(),
                "onlineEndpoints",
                properties,
                endpoint.createdBy(),
                endpoint.createdAt(),
                endpoint.modifiedAt());
        return tracked(resource, endpoint.body(), workspace);
    }

    /// The fields that tracked resources have beside `properties`.
    static ObjectNode tracked(ObjectNode resource, ObjectNode body, Workspace workspace) {
        resource.put("location", body.path("location").asString(workspace.location()))
                .put("kind", body.path("kind").asString("Managed"));
        resource.set("tags", body.path("tags").isObject() ? body.path("tags") : Json.object());
        resource.set(
                "identity",
                body.path("identity").isObject()
                        ? body.path("identity")
                        : Json.object().put("type", "SystemAssigned"));
        return resource;
    }
}
