package atelier.connections;

import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/// A connection to a service elsewhere.
///
/// @param category Azure's word for the kind of service
/// @param properties the REST `properties` as accepted, without `credentials`
public record Connection(
        String name, String category, ObjectNode properties, String createdBy, Instant createdAt, Instant modifiedAt) {}
