package atelier.compute;

import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/// A named compute target. All of them run on this machine; the name and its settings are kept so that
/// scripts written
/// for the cloud find what they made.
///
/// @param type Azure's `computeType`; see [ComputeRules]
/// @param properties the REST `properties` as accepted (`computeType`, `description`, and the inner
///     `properties` with
///     `vmSize`, `scaleSettings`, …)
/// @param identity as given; empty when none was
/// @param state `Running` or `Stopped`; only compute instances are stopped
public record Compute(
        String name,
        String type,
        String location,
        ObjectNode properties,
        ObjectNode tags,
        ObjectNode identity,
        String state,
        String createdBy,
        Instant createdAt,
        Instant modifiedAt) {}
