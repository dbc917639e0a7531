package atelier.pipelines.internal;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// `settings` of a pipeline job.
///
/// @param compute for steps that name none
/// @param datastore for outputs that name no address; null for the workspace's default
/// @param continueOnFailure steps that do not depend on a failed one are still started
/// @param forceRerun nothing is reused
/// @param first the step that runs before all others (`on_init`), or null
/// @param last the step that runs when all others are over, also after a failure (`on_finalize`), or null
record Settings(
        @Nullable String compute,
        @Nullable String datastore,
        boolean continueOnFailure,
        boolean forceRerun,
        @Nullable String first,
        @Nullable String last) {
    static Settings of(JsonNode properties) {
        JsonNode given = properties.path("settings");
        String compute = text(given, "default_compute", "defaultCompute");
        if (compute == null) {
            compute = text(properties, "computeId", "compute");
        }
        String datastore = text(given, "default_datastore", "defaultDatastore");
        if (datastore != null) {
            datastore = datastore.substring(datastore.lastIndexOf('/') + 1).replaceFirst("^azureml:", "");
        }
        return new Settings(
                compute,
                datastore == null || datastore.equals(atelier.jobs.OutputUris.DATASTORE) ? null : datastore,
                flag(given, "continue_on_step_failure", "continueOnStepFailure"),
                flag(given, "force_rerun", "forceRerun"),
                text(given, "on_init", "onInit"),
                text(given, "on_finalize", "onFinalize"));
    }

    private static @Nullable String text(JsonNode node, String one, String other) {
        String value = node.path(one).asString(node.path(other).asString(""));
        return value.isEmpty() ? null : value;
    }

    private static boolean flag(JsonNode node, String one, String other) {
        JsonNode value = node.has(one) ? node.path(one) : node.path(other);
        return value.asBoolean(false) || value.asString("").equalsIgnoreCase("true");
    }
}
