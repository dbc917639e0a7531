package atelier.models;

import atelier.datasets.Location;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// One version of a registered model, in full; both dialects are told from it.
///
/// @param version a whole number, unless Azure ML's caller named it otherwise
/// @param source where the registrant said the files are
/// @param location the same in the storage account; null when they are kept elsewhere
/// @param type `mlflow_model`, `custom_model` or `triton_model`
/// @param flavors `{"python_function":{"data":{…}}}`, as Azure ML tells the flavours of an MLmodel file
/// @param lineage where it came from
/// @param stage `None`, `Staging`, `Production`, `Archived`, or Azure ML's free text
/// @param properties Azure ML's properties, the run's `azureml.*` tags among them
/// @param archived hidden from Azure ML's lists
public record Version(
        String name,
        String version,
        String source,
        @Nullable Location location,
        String type,
        ObjectNode flavors,
        Lineage lineage,
        @Nullable String description,
        String stage,
        Map<String, String> tags,
        Map<String, String> properties,
        boolean archived,
        Stamp stamp) {
    public Version {
        tags = Map.copyOf(tags);
        properties = Map.copyOf(properties);
    }

    /// @param runId the run or job that made it; empty when not said
    /// @param runLink address of that run elsewhere; empty when not said
    /// @param modelId the logged model (MLflow 3) it was registered from; empty when none
    public record Lineage(String runId, String runLink, String modelId) {
        public static final Lineage UNKNOWN = new Lineage("", "", "");
    }

    /// @param createdAt, updatedAt epoch milliseconds
    public record Stamp(String createdBy, long createdAt, long updatedAt) {}

    /// The version as a number; 0 when it is none.
    public static long number(String version) {
        return version.matches("[0-9]{1,18}") ? Long.parseLong(version) : 0;
    }

    public long number() {
        return number(version);
    }

    public boolean isPrompt() {
        return "true".equals(tags.get(Registry.IS_PROMPT));
    }
}
