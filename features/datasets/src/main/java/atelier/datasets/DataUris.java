package atelier.datasets;

import atelier.workspace.Workspace;

/// Turns the addresses that jobs, data assets and models use into places in the storage account:
/// `azureml://datastores/{d}/paths/{p}`, the long form with subscriptions and workspaces, `azureml:name:version`,
/// `azureml:name@latest`, data asset ARM ids, `https://…` addresses of this account's blobs, `wasbs://`,
/// `azureml://jobs/{job}/outputs/{o}/paths/{p}`
/// (`artifacts` = the run's artifacts), `runs:/{run}/{p}`.
public interface DataUris {
    /// @throws atelier.kernel.Problem.Invalid `InvalidDataUri` with the forms that are understood
    /// @throws atelier.kernel.Problem.NotFound when the datastore or asset does not exist
    Location resolve(Workspace workspace, String uri);

    /// `azureml://datastores/{default}/paths/{path}` in its long form.
    String uriOf(Workspace workspace, String datastore, String path);

    /// Where named output `output` of `job` is kept: default datastore, `azureml/{job}/{output}`.
    Location jobOutput(Workspace workspace, String job, String output);

    /// Where artifacts, outputs/ and logs of a run are kept: [Workspace#artifactContainer], `ExperimentRun/dcid.{run}`.
    Location runArtifacts(Workspace workspace, String run);
}
