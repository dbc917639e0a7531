package atelier.experiments;

import atelier.kernel.Caller;
import atelier.workspace.Workspace;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The runs of a workspace, as other features need them. A job's name is its run id; a script's own status updates
/// and the
/// job's state are kept apart (reference: MLflow clients resume `MLFLOW_RUN_ID` and finish it several times in one
/// job).
public interface Runs {
    /// Makes the run of a job, and its experiment when that is missing. The run id is `runId`; fine when it exists
    /// already.
    ///
    /// @param parentRun becomes tag `mlflow.parentRunId`; the run at the top becomes tag `mlflow.rootRunId`
    RunInfo createForJob(
            Workspace workspace,
            String experimentName,
            String runId,
            String displayName,
            @Nullable String parentRun,
            Map<String, String> tags,
            Caller caller);

    Optional<RunInfo> find(Workspace workspace, String runId);

    /// Sets the run's status from outside the script: RUNNING, SCHEDULED, FINISHED, FAILED or KILLED.
    void setStatus(Workspace workspace, String runId, String status, @Nullable Instant endTime);

    void setTags(Workspace workspace, String runId, Map<String, String> tags);

    void logParams(Workspace workspace, String runId, Map<String, String> params);

    /// Logs those of `params` that the run has not logged itself; what it has logged stays.
    void addParams(Workspace workspace, String runId, Map<String, String> params);

    /// The values of one metric of several runs, each in the order in which they were logged (NaN included); a run
    /// without any is left out.
    Map<String, List<Double>> metricValues(Workspace workspace, Collection<String> runIds, String key);

    /// Latest value of each metric.
    Map<String, Double> latestMetrics(Workspace workspace, String runId);

    /// Finds the run of a workspace-wide tag value, newest first.
    List<RunInfo> withTag(Workspace workspace, String key, String value, int max);

    /// Id of the experiment with this name, made when missing.
    String experimentId(Workspace workspace, String experimentName, Caller caller);

    /// A model of MLflow 3, which lives beside its run.
    default Optional<LoggedModelInfo> loggedModel(Workspace workspace, String modelId) {
        return Optional.empty();
    }

    /// Notes on a logged model that it was registered (MLflow's tag `mlflow.modelVersions`).
    default void noteRegistration(Workspace workspace, String modelId, String name, String version) {}

    /// @param runId the run that made it; empty when none did
    /// @param artifactUri `mlflow-artifacts:/…`
    record LoggedModelInfo(String modelId, String runId, String artifactUri) {}

    /// @param status MLflow's name
    record RunInfo(
            String runId,
            String experimentId,
            String experimentName,
            String runName,
            String status,
            Instant startTime,
            @Nullable Instant endTime,
            String artifactUri,
            Map<String, String> tags) {
        public RunInfo {
            tags = Map.copyOf(tags);
        }
    }
}
