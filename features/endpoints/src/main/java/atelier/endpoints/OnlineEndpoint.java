package atelier.endpoints;

import atelier.kernel.Names;
import java.time.Instant;
import java.util.Optional;
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

    /// What gets a copy of requests.
    ///
    /// @throws atelier.kernel.Problem.Invalid when the body asks for what cannot be
    Optional<Mirror> mirror() {
        return Mirror.parse(body.path("properties").path("mirrorTraffic"), traffic);
    }

    /// With other shares of mirrored requests, `{"green": 10}`.
    OnlineEndpoint withMirror(ObjectNode shares, Instant now) {
        ObjectNode changed = body.deepCopy();
        ObjectNode properties =
                changed.get("properties") instanceof ObjectNode own ? own : changed.putObject("properties");
        properties.set("mirrorTraffic", shares);
        return new OnlineEndpoint(workspaceId, name, authMode, traffic, changed, deleting, createdBy, createdAt, now);
    }

    /// The endpoint on its way out.
    public OnlineEndpoint goingAway(Instant now) {
        return new OnlineEndpoint(workspaceId, name, authMode, traffic, body, true, createdBy, createdAt, now);
    }
}
