package atelier.batch;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// An address that starts scoring jobs.
///
/// @param body the REST resource as accepted (`properties`, `tags`, `identity`, `kind`, `location`), without what this
///     record holds itself
/// @param defaultDeployment the deployment that an invocation without a name goes to
/// @param version changes with every stored change, for compare-and-set
public record BatchEndpoint(
        String workspaceId,
        String name,
        ObjectNode body,
        @Nullable String defaultDeployment,
        long version,
        String createdBy,
        Instant createdAt,
        Instant modifiedAt) {
    public BatchEndpoint {
        BatchName.check(name);
    }

    BatchEndpoint change(ObjectNode wanted, @Nullable String deployment, Instant now) {
        return new BatchEndpoint(workspaceId, name, wanted, deployment, version + 1, createdBy, createdAt, now);
    }
}
