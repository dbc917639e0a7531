package atelier.connections;

import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import atelier.store.Database;
import atelier.vault.Vault;
import atelier.workspace.Workspace;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The verbs of connections. Credentials go into the vault and come back through [#secrets] only.
public final class Connections {
    private final Database database;
    private final ConnectionStore store;
    private final Vault vault;
    private final InstantSource clock;

    Connections(Database database, ConnectionStore store, Vault vault, InstantSource clock) {
        this.database = database;
        this.store = store;
        this.vault = vault;
        this.clock = clock;
    }

    public List<Connection> list(Workspace workspace) {
        return store.list(workspace.id());
    }

    public Optional<Connection> find(Workspace workspace, String name) {
        return store.find(workspace.id(), name);
    }

    /// @throws Problem.NotFound naming the nearest
    public Connection get(Workspace workspace, String name) {
        return find(workspace, name)
                .orElseThrow(() -> new Problem.NotFound(
                        "ResourceNotFound",
                        "Connection '" + name + "' can't be found in workspace '" + workspace.name() + "'."
                                + Nearest.hint(
                                        name,
                                        list(workspace).stream()
                                                .map(Connection::name)
                                                .toList())));
    }

    /// Makes or replaces a connection. Credentials stay when none are given and the way of authentication is the same:
    /// what a client got, changed and sends back has none in it.
    ///
    /// @param given the REST `properties`, with `credentials` where the way of authentication has them
    /// @throws Problem.Invalid naming the field
    public Connection put(Workspace workspace, String name, ObjectNode given, Caller caller) {
        ConnectionRules.name(name);
        ObjectNode properties = ConnectionRules.check(given);
        JsonNode credentials = properties.remove("credentials");
        return database.inTransaction(_ -> {
            Optional<Connection> before = find(workspace, name);
            var now = java.time.Instant.ofEpochMilli(clock.millis());
            Connection connection = new Connection(
                    before.map(Connection::name).orElse(name),
                    properties.path("category").asString(""),
                    properties,
                    before.map(Connection::createdBy).orElse(caller.name()),
                    before.map(Connection::createdAt).orElse(now),
                    now);
            store.put(workspace.id(), connection);
            Optional<ObjectNode> secret = given(credentials);
            if (secret.isPresent()) {
                vault.put(workspace, key(name), Json.write(secret.get()));
            } else if (before.isEmpty() || !sameAuthentication(before.get(), connection)) {
                vault.delete(workspace, key(name));
            }
            return connection;
        });
    }

    private static Optional<ObjectNode> given(@Nullable JsonNode credentials) {
        if (!(credentials instanceof ObjectNode object)) {
            return Optional.empty();
        }
        ObjectNode secret = Json.object();
        object.properties().stream()
                .filter(field -> !field.getValue().isNull())
                .forEach(field -> secret.set(field.getKey(), field.getValue()));
        return secret.isEmpty() ? Optional.empty() : Optional.of(secret);
    }

    private static boolean sameAuthentication(Connection before, Connection now) {
        return before.properties().path("authType").equals(now.properties().path("authType"));
    }

    /// Changes what is given; credentials stay unless others are given.
    public Connection patch(Workspace workspace, String name, ObjectNode change, Caller caller) {
        Connection before = get(workspace, name);
        ObjectNode properties = before.properties().deepCopy();
        change.properties().stream()
                .filter(field -> !field.getValue().isNull())
                .forEach(field -> properties.set(field.getKey(), field.getValue()));
        return put(workspace, name, properties, caller);
    }

    /// The credentials; empty when the connection has none.
    public Optional<ObjectNode> credentials(Workspace workspace, String name) {
        return vault.get(workspace, key(name)).map(text -> (ObjectNode) Json.parse(text));
    }

    /// True when it was there; its credentials go with it.
    public boolean delete(Workspace workspace, String name) {
        return database.inTransaction(_ -> {
            vault.delete(workspace, key(name));
            return store.delete(workspace.id(), name);
        });
    }

    private static String key(String name) {
        return "connections/" + name.toLowerCase(Locale.ROOT);
    }
}
