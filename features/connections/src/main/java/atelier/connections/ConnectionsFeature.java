package atelier.connections;

import atelier.connections.http.ConnectionRoutes;
import atelier.connections.internal.SqlConnections;
import atelier.store.Database;
import atelier.vault.Vault;
import atelier.web.Routes;
import atelier.workspace.Workspaces;
import java.time.InstantSource;
import java.util.List;

/// The connections feature, wired.
///
/// @param routes what the gateway mounts
public record ConnectionsFeature(Connections connections, List<Routes> routes) {
    public static ConnectionsFeature create(
            Database database, Vault vault, Workspaces workspaces, InstantSource clock) {
        Connections connections = new Connections(database, new SqlConnections(database), vault, clock);
        return new ConnectionsFeature(connections, List.of(new ConnectionRoutes(connections, workspaces).routes()));
    }
}
