package atelier.experiments;

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

    public String context() {
        return tags.stream()
                .filter(tag -> tag.key().equals(CONTEXT))
                .map(Entry::value)
                .findFirst()
                .orElse("");
    }
}
