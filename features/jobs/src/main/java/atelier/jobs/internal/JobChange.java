package atelier.jobs.internal;

import atelier.kernel.Json;
import atelier.kernel.Problem;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What may change after a job was submitted. SDKs archive by sending the whole job again.
final class JobChange {
    private static final List<String> FIXED = List.of("jobType", "command", "codeId", "environmentId");

    private JobChange() {}

    static JobRecord apply(JobRecord record, ObjectNode given) {
        ObjectNode properties = record.job().properties().deepCopy();
        for (String field : FIXED) {
            JsonNode asked = given.path(field);
            boolean same = asked.isMissingNode()
                    || asked.isNull()
                    || asked.asString("")
                            .equalsIgnoreCase(properties.path(field).asString(""));
            if (!same) {
                throw new Problem.Conflict(
                        "UserError",
                        "A job '" + record.job().name() + "' exists with another '" + field
                                + "'. Use a new name for a new job; of an existing one only display name, description,"
                                + " tags and the archived state change.");
            }
        }
        for (String field : List.of("description", "tags", "displayName")) {
            if (given.hasNonNull(field)) {
                properties.set(field, given.get(field));
            }
        }
        if (given.get("properties") instanceof ObjectNode more) {
            ObjectNode kept = properties.get("properties") instanceof ObjectNode object ? object : Json.object();
            kept.setAll(more);
            properties.set("properties", kept);
        }
        return record.with(
                properties,
                given.path("displayName").asString(record.job().displayName()),
                given.path("isArchived").asBoolean(record.job().archived()));
    }
}
