package atelier.experiments;

import atelier.workspace.Workspace;

/// What another feature keeps for runs and experiments, such as traces. Called in the transaction that deletes the run
/// or experiment for good; what is kept for it must go with it.
public interface BoundToRuns {
    void forgetRun(Workspace workspace, String runId);

    /// @param experiment its number
    void forgetExperiment(Workspace workspace, long experiment);
}
