package atelier.connections.http;

import atelier.connections.Connection;
import atelier.connections.Connections;
import atelier.kernel.Caller;
import atelier.kernel.Problem;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.io.IOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `{ws}/connections` (specification machinelearningservices/…/workspaceRP.json, WorkspaceConnections). Credentials are
/// answered by `listsecrets` alone.
public final class ConnectionRoutes {
    private static final String ALL = Arm.WORKSPACE + "/connections";
    private static final String ONE = ALL + "/{name}";
    private final Connections connections;
    private final Workspaces workspaces;

    public ConnectionRoutes(Connections connections, Workspaces workspaces) {
        this.connections = connections;
        this.workspaces = workspaces;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .get(ALL, this::list)
                .get(ONE, exchange -> {
                    Workspace workspace = workspaces.of(exchange);
                    return Response.ok(resource(workspace, connections.get(workspace, exchange.path("name")), null));
                })
                .put(ONE, this::put)
                .patch(ONE, this::patch)
                .delete(
                        ONE,
                        exchange -> Response.status(
                                connections.delete(workspaces.of(exchange), exchange.path("name")) ? 200 : 204))
                .post(ONE + "/listsecrets", this::secrets);
    }

    private Response list(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        String category = exchange.query("category", "");
        String target = exchange.query("target", "");
        return Response.ok(Arm.list(
                connections.list(workspace).stream()
                        .filter(c -> category.isEmpty() || c.category().equalsIgnoreCase(category))
                        .filter(c -> target.isEmpty()
                                || c.properties().path("target").asString("").equals(target))
                        .map(c -> resource(workspace, c, null))
                        .toList(),
                null));
    }

    private Response put(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        return Response.ok(resource(
                workspace,
                connections.put(workspace, exchange.path("name"), properties(exchange), exchange.caller()),
                null));
    }

    private Response patch(Exchange exchange) throws IOException {
        Workspace workspace = workspaces.of(exchange);
        return Response.ok(resource(
                workspace,
                connections.patch(workspace, exchange.path("name"), properties(exchange), exchange.caller()),
                null));
    }

    private static ObjectNode properties(Exchange exchange) throws IOException {
        JsonNode properties = exchange.jsonObject().path("properties");
        if (properties instanceof ObjectNode object) {
            return object;
        }
        throw new Problem.Invalid("InvalidArgument", "The body needs an object 'properties'.", "properties");
    }

    private Response secrets(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        Caller caller = exchange.caller();
        Connection connection = connections.get(workspace, exchange.path("name"));
        ObjectNode credentials =
                connections.credentials(workspace, connection.name()).orElse(null);
        org.slf4j.LoggerFactory.getLogger(ConnectionRoutes.class)
                .info(
                        "{} read the credentials of connection {} of workspace {}",
                        caller.name(),
                        connection.name(),
                        workspace.name());
        return Response.ok(resource(workspace, connection, credentials)).header("Cache-Control", "no-store");
    }

    private static ObjectNode resource(
            Workspace workspace, Connection connection, @org.jspecify.annotations.Nullable ObjectNode credentials) {
        ObjectNode properties = connection.properties().deepCopy();
        if (credentials != null) {
            properties.set("credentials", credentials);
        }
        properties.put("createdByWorkspaceArmId", workspace.armId());
        if (!properties.has("isSharedToAll")) {
            properties.put("isSharedToAll", false);
        }
        return Arm.resource(
                workspace.armId() + "/connections/" + connection.name(),
                connection.name(),
                "connections",
                properties,
                connection.createdBy(),
                connection.createdAt(),
                connection.modifiedAt());
    }
}
