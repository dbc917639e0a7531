package atelier.traces.internal;

import atelier.mlflow.PythonJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The beginning of what went into or came out of a trace, for lists: of a chat, the last message of a role.
public final class Preview {
    private static final int LONGEST = 1000;

    private Preview() {}

    /// Null when there is nothing.
    public static @Nullable String of(@Nullable JsonNode said, String role) {
        if (said == null || said.isNull()) {
            return null;
        }
        String text = message(said, role);
        if (text == null) {
            text = said.isString() ? said.stringValue() : PythonJson.write(said);
        }
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 3) + "...";
    }

    private static @Nullable String message(JsonNode said, String role) {
        JsonNode messages = said.path("messages");
        String found = null;
        for (JsonNode message : messages) {
            if (message.path("content").isString()
                    && (message.path("role").asString("").equals(role) || found == null)) {
                found = message.path("content").stringValue();
            }
        }
        JsonNode choice = said.path("choices").path(0).path("message").path("content");
        return found == null && choice.isString() ? choice.stringValue() : found;
    }
}
