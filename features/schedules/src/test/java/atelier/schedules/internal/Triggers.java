package atelier.schedules.internal;

import atelier.kernel.Json;
import atelier.schedules.Trigger;
import java.time.Instant;
import tools.jackson.databind.JsonNode;

/// The reader of triggers, for tests of the top package.
public final class Triggers {
    private Triggers() {}

    public static Trigger read(String json, Instant anchor) {
        return read(Json.parse(json), anchor);
    }

    public static Trigger read(JsonNode json, Instant anchor) {
        return TriggerReader.read(json, anchor);
    }
}
