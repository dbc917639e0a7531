package atelier.experiments;

import java.util.List;
import java.util.Map;

/// A model as MLflow 3 logs it: beside its run, with its own artifacts, parameters and metrics.
///
/// @param modelId `m-` and 32 hexadecimal digits
/// @param sourceRunId the run that made it; empty when none did
/// @param createdAt, updatedAt epoch milliseconds
public record LoggedModel(
        String modelId,
        long experiment,
        String name,
        String artifactUri,
        Status status,
        String modelType,
        String sourceRunId,
        long createdAt,
        long updatedAt,
        List<Entry> tags,
        List<Entry> params,
        List<Measure> metrics) {
    public LoggedModel {
        tags = List.copyOf(tags);
        params = List.copyOf(params);
        metrics = List.copyOf(metrics);
    }

    /// MLflow's `LoggedModelStatus`.
    public enum Status {
        LOGGED_MODEL_PENDING,
        LOGGED_MODEL_READY,
        LOGGED_MODEL_UPLOAD_FAILED;

        /// By MLflow's name or number.
        public static final Map<String, Status> BY_NAME = Map.of(
                "LOGGED_MODEL_PENDING",
                LOGGED_MODEL_PENDING,
                "1",
                LOGGED_MODEL_PENDING,
                "LOGGED_MODEL_READY",
                LOGGED_MODEL_READY,
                "2",
                LOGGED_MODEL_READY,
                "LOGGED_MODEL_UPLOAD_FAILED",
                LOGGED_MODEL_UPLOAD_FAILED,
                "3",
                LOGGED_MODEL_UPLOAD_FAILED);
    }

    /// A metric of the model.
    ///
    /// @param datasetName, datasetDigest what it was measured on; empty when not said
    public record Measure(Metric metric, String runId, String datasetName, String datasetDigest) {}

    /// Data a search restricts metrics to.
    ///
    /// @param digest empty for any
    public record OnDataset(String name, String digest) {}
}
