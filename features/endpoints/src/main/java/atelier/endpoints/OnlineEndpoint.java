package atelier.endpoints;

import atelier.kernel.Names;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/// An address that scores, whatever deployments stand behind it.
///
/// @param body the REST resource as accepted (`properties`, `tags`, `identity`, `kind`, `location`), without keys and
///     without what this record holds itself
/// @param deleting whether it is going; it answers no requests then
public record OnlineEndpoint(
        String workspaceId,
        String name,
        AuthMode authMode,
        Traffic traffic,
        ObjectNode body,
        boolean deleting,
        String createdBy,
        Instant createdAt,
        Instant modifiedAt) {
    public OnlineEndpoint {
        Names.endpoint(name);
    }

    public OnlineEndpoint withTraffic(Traffic changed, Instant now) {
        return new OnlineEndpoint(workspaceId, name, authMode, changed, body, deleting, createdBy, createdAt, now);
    }

    /// The endpoint on its way out.
    public OnlineEndpoint goingAway(Instant now) {
        return new OnlineEndpoint(workspaceId, name, authMode, traffic, body, true, createdBy, createdAt, now);
    }
}
