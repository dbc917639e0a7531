package atelier.cli.jobs;

import atelier.cli.CliError;
import atelier.cli.assets.Assets;
import atelier.cli.assets.Datastores;
import atelier.cli.snapshot.BlobFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Fetches what a finished job left: named outputs, logs and artifacts.
public final class JobDownload {
    private static final Pattern PLACE = Pattern.compile("azureml://(?:.*/)?datastores/([^/]+)/paths/(.+)");
    private final Assets assets;

    public JobDownload(Assets assets) {
        this.assets = assets;
    }

    /// Files fetched, and where they are.
    public record Fetched(int files, Path folder) {}

    /// Logs and artifacts, into `folder/artifacts`.
    public Fetched artifacts(String job, Path folder) {
        return fetch("workspaceartifactstore", "ExperimentRun/dcid." + job + "/", folder.resolve("artifacts"));
    }

    /// One named output, into `folder/named-outputs/{output}`.
    public Fetched output(JsonNode job, String output, Path folder) {
        String name = job.path("name").asString("");
        JsonNode known = job.path("properties").path("outputs").path(output);
        Path to = folder.resolve("named-outputs").resolve(output);
        Matcher place = PLACE.matcher(known.path("uri").asString(""));
        if (place.matches()) {
            return checked(fetch(place.group(1), place.group(2), to), name, output);
        }
        return checked(fetch(Datastores.DEFAULT, "azureml/" + name + "/" + output + "/", to), name, output);
    }

    /// Everything at a datastore URI, into `folder`.
    public Fetched place(String uri, Path folder) {
        Matcher place = PLACE.matcher(uri);
        if (!place.matches()) {
            throw new CliError("'" + uri + "' is not a place in a datastore.");
        }
        return fetch(place.group(1), place.group(2), folder);
    }

    private static Fetched checked(Fetched fetched, String job, String output) {
        if (fetched.files() == 0) {
            throw new CliError("The job '" + job + "' has no output '" + output + "' (yet).");
        }
        return fetched;
    }

    private Fetched fetch(String datastore, String prefix, Path folder) {
        BlobFolder container = assets.uploads().datastore(datastore);
        List<String> names = container.list(prefix);
        int files = 0;
        for (String name : names) {
            String below = name.substring(prefix.length());
            if (below.startsWith("/")) {
                below = below.substring(1);
            }
            if (below.isEmpty()) {
                below = name.substring(name.lastIndexOf('/') + 1);
            }
            Path to = folder.resolve(below).normalize();
            if (!to.startsWith(folder)) {
                throw new CliError("The name '" + name + "' leads out of the folder; it was not fetched.");
            }
            container.download(name, to);
            files++;
        }
        return new Fetched(files, folder);
    }
}
