package atelier.batch;

import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/// What an endpoint's jobs run: a model with its settings, or a pipeline component.
///
/// @param body the REST resource as accepted (`properties`, `tags`, `location`)
/// @param component ARM id of the component that does the work: a parallel one for a model
/// @param version changes with every stored change, for compare-and-set
public record BatchDeployment(
        String workspaceId,
        String endpoint,
        String name,
        ObjectNode body,
        String component,
        long version,
        String createdBy,
        Instant createdAt,
        Instant modifiedAt) {
    public BatchDeployment {
        BatchName.check(name);
    }

    BatchDeployment change(ObjectNode wanted, String component, Instant now) {
        return new BatchDeployment(
                workspaceId, endpoint, name, wanted, component, version + 1, createdBy, createdAt, now);
    }

    /// Whether a pipeline component is deployed, not a model.
    public boolean pipeline() {
        return body.path("properties").path("deploymentConfiguration").isObject();
    }
}
