/// Experiments and runs, MLflow's tracking. [Runs] is what other features use; the verbs are in [Experiments],
/// [Tracking] (runs), [RunLog] (logging), [MetricHistory], [LoggedModels] and [Artifacts]; [ExperimentsFeature] wires
/// them; [ArtifactPaths] says where artifacts are in the storage account.
@NullMarked
package atelier.experiments;

import org.jspecify.annotations.NullMarked;
