package atelier.datasets;

import atelier.workspace.Workspace;

/// Turns the addresses that jobs, data assets and models use into places in the storage account:
/// `azureml://datastores/{d}/paths/{p}`, the long form with subscriptions and workspaces, `azureml:name:version`,
/// `azureml:name@latest`, data asset ARM ids, `https://…` and `wasbs://…` addresses of this account's blobs, of the
/// copies that `aliases.yaml` names, and of the web (fetched into the account),
/// `azureml://jobs/{job}/outputs/{o}/paths/{p}`
/// (`artifacts` = the run's artifacts), `runs:/{run}/{p}`.
public interface DataUris {
    /// @throws atelier.kernel.Problem.Invalid `InvalidDataUri` with the forms that are understood
    /// @throws atelier.kernel.Problem.NotFound when the datastore or asset does not exist
    /// @throws atelier.kernel.Problem.Unavailable `UrlUnreachable` for an address of the web, within seconds
    Location resolve(Workspace workspace, String uri);

    /// As [#resolve], without fetching: an address of the web that has no copy here is refused.
    default Location resolveHere(Workspace workspace, String uri) {
        return resolve(workspace, uri);
    }

    /// `azureml://datastores/{default}/paths/{path}` in its long form.
    String uriOf(Workspace workspace, String datastore, String path);

    /// Where named output `output` of `job` lies by default: default datastore, `azureml/{job}/{output}`.
    Location jobOutput(Workspace workspace, String job, String output);

    /// The address of an output of a job: where the job says it is, else its default place.
    default String outputUri(Workspace workspace, String job, String output) {
        return uriOf(workspace, "workspaceblobstore", "azureml/" + job + "/" + output);
    }

    /// Tells where jobs keep outputs that do not lie at their default place; jobs call it once, at the start.
    default void outputsOfJobs(OutputPlaces places) {}

    /// What jobs say of their outputs.
    @FunctionalInterface
    interface OutputPlaces {
        /// An address of a datastore; empty when the job or the output is unknown, or nothing is decided yet.
        java.util.Optional<String> of(Workspace workspace, String job, String output);
    }

    /// Where artifacts, outputs/ and logs of a run are kept: [Workspace#artifactContainer], `ExperimentRun/dcid.{run}`.
    Location runArtifacts(Workspace workspace, String run);
}
