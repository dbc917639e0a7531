package atelier.models;

import atelier.datasets.DataUris;
import atelier.datasets.Location;
import atelier.experiments.ArtifactPaths;
import atelier.kernel.Problem;
import atelier.workspace.Workspace;

/// The addresses of Azure ML that the tests use.
public final class FakeDataUris implements DataUris {
    private static final String DATASTORE = "azureml://datastores/";

    @Override
    public Location resolve(Workspace workspace, String uri) {
        if (uri.startsWith("azureml://jobs/") && uri.contains("/outputs/artifacts/paths/")) {
            String[] parts = uri.substring("azureml://jobs/".length()).split("/outputs/artifacts/paths/", 2);
            return ArtifactPaths.run(workspace, parts[0]).child(parts[1].replaceFirst("/$", ""));
        }
        if (uri.startsWith(DATASTORE + "workspaceblobstore/paths/")) {
            return new Location(
                    "azureml-blobstore-" + workspace.id(),
                    uri.substring((DATASTORE + "workspaceblobstore/paths/").length())
                            .replaceFirst("/$", ""));
        }
        throw new Problem.Invalid("InvalidDataUri", "'" + uri + "' is not understood.", "uri");
    }

    @Override
    public String uriOf(Workspace workspace, String datastore, String path) {
        return DATASTORE + datastore + "/paths/" + path;
    }

    @Override
    public Location jobOutput(Workspace workspace, String job, String output) {
        return new Location("azureml-blobstore-" + workspace.id(), "azureml/" + job + "/" + output);
    }

    @Override
    public Location runArtifacts(Workspace workspace, String run) {
        return ArtifactPaths.run(workspace, run);
    }
}
