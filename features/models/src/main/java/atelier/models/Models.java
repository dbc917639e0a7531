package atelier.models;

import atelier.datasets.Location;
import atelier.kernel.Caller;
import atelier.workspace.Workspace;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Registered models, as other features need them.
public interface Models {
    Optional<ModelVersion> find(Workspace workspace, String name, String version);

    /// Resolves `azureml:name:version`, `azureml:name@label`, the ARM id of a version, `models:/name/version`,
    /// `models:/name@alias`.
    ///
    /// @throws atelier.kernel.Problem.NotFound `ResourceNotFound`
    ModelVersion resolve(Workspace workspace, String reference);

    /// Registers a further version of files that are in the storage account.
    ModelVersion register(
            Workspace workspace,
            String name,
            String uri,
            String type,
            @Nullable String runId,
            Map<String, String> tags,
            Caller caller);

    List<ModelVersion> list(Workspace workspace);

    /// @param type `mlflow_model`, `custom_model` or `triton_model`
    /// @param location folder (or file) in the storage account
    /// @param runId the job or run that made it
    record ModelVersion(
            String name,
            String version,
            String type,
            Location location,
            @Nullable String runId,
            Map<String, String> tags,
            Instant createdAt) {
        public ModelVersion {
            tags = Map.copyOf(tags);
        }
    }
}
