package atelier.assets;

import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/// One version of a named thing.
///
/// @param kind what it is in Azure ML's address: `data`, `environments`, `components`, `codes`
/// @param properties the REST `properties` object as accepted, without what this record holds itself; tags are in it
/// @param archived hidden from lists, still found by name
public record Asset(
        String workspaceId,
        String kind,
        String name,
        String version,
        ObjectNode properties,
        boolean archived,
        String createdBy,
        Instant createdAt,
        Instant modifiedAt) {}
