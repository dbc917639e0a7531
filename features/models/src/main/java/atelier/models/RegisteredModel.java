package atelier.models;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The name that versions are under.
///
/// @param description null and empty are two things to MLflow
/// @param lastVersion the greatest number ever given to a version
/// @param aliases alias to version
public record RegisteredModel(
        String name,
        @Nullable String description,
        long lastVersion,
        Map<String, String> tags,
        Map<String, String> aliases,
        Version.Stamp stamp) {
    public RegisteredModel {
        tags = Map.copyOf(tags);
        aliases = Map.copyOf(aliases);
    }

    public boolean isPrompt() {
        return "true".equals(tags.get(Registry.IS_PROMPT));
    }
}
