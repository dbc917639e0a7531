package atelier.experiments;

import atelier.mlflow.Keys;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Data a run says it used. MLflow: `DatasetInput`.
///
/// @param tags of the use, not of the data; `mlflow.data.context` says what for (training, evaluation)
public record DatasetInput(
        String name,
        String digest,
        String sourceType,
        String source,
        @Nullable String schema,
        @Nullable String profile,
        List<Entry> tags) {
    public static final String CONTEXT = "mlflow.data.context";

    public DatasetInput {
        tags = List.copyOf(tags);
    }

    /// Refuses what is longer than MLflow keeps (mlflow/utils/validation.py), in characters.
    void check() {
        Keys.length(name, "name", 500);
        Keys.length(digest, "digest", 36);
        Keys.length(source, "source", 65_535);
        if (schema != null) {
            Keys.length(schema, "schema", 1_048_575);
        }
        if (profile != null) {
            Keys.length(profile, "profile", 16_777_215);
        }
        for (Entry tag : tags) {
            Keys.length(tag.key(), "key", 255);
            Keys.length(tag.value(), "value", 500);
        }
    }

    public String context() {
        return tags.stream()
                .filter(tag -> tag.key().equals(CONTEXT))
                .map(Entry::value)
                .findFirst()
                .orElse("");
    }
}
