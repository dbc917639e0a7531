package atelier.schedules;

import atelier.kernel.Caller;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A schedule as it is kept.
///
/// @param version grows with every change; changes are compare-and-set on it
/// @param properties Azure's REST `properties` as given (`displayName`, `description`, `tags`, `properties`, `action`,
///     `trigger`)
/// @param anchor from when the trigger counts when it names no start of its own: when that trigger was given
/// @param nextFire when it submits its next job; null when it is disabled or its end has passed
/// @param fires how often it has fired, which numbers its history
/// @param creator in whose name jobs are submitted
public record Schedule(
        String workspaceId,
        String name,
        long version,
        ObjectNode properties,
        boolean enabled,
        Instant anchor,
        @Nullable Instant nextFire,
        long fires,
        Caller creator,
        Instant createdAt,
        Instant modifiedAt) {}
