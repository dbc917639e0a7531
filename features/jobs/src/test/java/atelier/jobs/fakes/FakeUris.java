package atelier.jobs.fakes;

import atelier.assets.Assets;
import atelier.datasets.DataUris;
import atelier.datasets.Location;
import atelier.kernel.Problem;
import atelier.workspace.Workspace;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The addresses that jobs use.
public final class FakeUris implements DataUris {
    private static final Pattern STORE = Pattern.compile("azureml://datastores/([^/]+)/paths/(.*?)/?");
    private static final Pattern BLOB = Pattern.compile("https://here/blob/atelier/([^/]+)/(.*?)/?");
    private final Assets assets;

    public FakeUris(Assets assets) {
        this.assets = assets;
    }

    @Override
    public Location resolve(Workspace workspace, String uri) {
        Matcher store = STORE.matcher(uri);
        if (store.matches()) {
            return new Location(container(store.group(1)), store.group(2));
        }
        Matcher blob = BLOB.matcher(uri);
        if (blob.matches()) {
            return new Location(blob.group(1), blob.group(2));
        }
        if (uri.startsWith("azureml:")) {
            String target = assets.resolve(workspace, "data", uri)
                    .properties()
                    .path("dataUri")
                    .asString("");
            return resolve(workspace, target);
        }
        throw new Problem.Invalid("InvalidDataUri", "'" + uri + "' is no address of data.", null);
    }

    private static String container(String datastore) {
        return switch (datastore) {
            case "workspaceblobstore" -> "blobstore";
            case "workspaceartifactstore" -> "azureml";
            default -> throw new Problem.NotFound("There is no datastore '" + datastore + "'.");
        };
    }

    @Override
    public String uriOf(Workspace workspace, String datastore, String path) {
        return "azureml://datastores/" + datastore + "/paths/" + path;
    }

    @Override
    public Location jobOutput(Workspace workspace, String job, String output) {
        return new Location("blobstore", "azureml/" + job + "/" + output);
    }

    @Override
    public Location runArtifacts(Workspace workspace, String run) {
        return new Location("azureml", "ExperimentRun/dcid." + run);
    }
}
