package atelier.datasets.internal;

import atelier.assets.Asset;
import atelier.assets.AssetReference;
import atelier.assets.Assets;
import atelier.datasets.DataUris;
import atelier.datasets.Datastores;
import atelier.datasets.Location;
import atelier.kernel.Problem;
import atelier.storage.Blobs;
import atelier.web.Paths;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// [DataUris] by pattern. Order matters: addresses that carry their place come first, names of assets last.
public final class AddressResolver implements DataUris {
    private static final Pattern WORKSPACE = Pattern.compile(
            "/?subscriptions/(?<subscription>[^/]+)/resourcegroups/(?<group>[^/]+)"
                    + "(?:/providers/Microsoft\\.MachineLearningServices)?/workspaces/(?<workspace>[^/]+)/(?<rest>.+)",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern BY_ID =
            Pattern.compile("locations/[^/]+/workspaces/(?<id>[^/]+)/(?<rest>.+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern DATASTORE =
            Pattern.compile("datastores/(?<name>[^/]+)(?:/paths(?:/(?<path>.*))?)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern JOB_OUTPUT = Pattern.compile(
            "jobs/(?<job>[^/]+)/outputs/(?<output>[^/]+)(?:/paths(?:/(?<path>.*))?)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern DATA_VERSION = Pattern.compile(
            "data/(?<name>[^/]+)/(?:versions/(?<version>[^/]+)|labels/(?<label>[^/]+))", Pattern.CASE_INSENSITIVE);
    private static final Pattern RUN = Pattern.compile("runs:/(?<run>[^/]+)(?:/(?<path>.*))?");
    private static final Pattern WASBS =
            Pattern.compile("(?:wasbs?|abfss?)://(?<container>[^@/]+)@(?<account>[^./]+)\\.[^/]+(?:/(?<path>.*))?");
    private static final Pattern BLOB = Pattern.compile(
            "https?://[^/]+/(?:(?:atelier\\.(?:blob|dfs)\\.[^/]+)|blob/atelier)/(?<container>[^/?]+)(?:/(?<path>[^?]*))?(?:\\?.*)?",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern BLOB_HOST = Pattern.compile(
            "https?://atelier\\.(?:blob|dfs)\\.[^/]+/(?<container>[^/?]+)(?:/(?<path>[^?]*))?(?:\\?.*)?",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern ASSET = Pattern.compile("(?<name>[^:@/]+)(?::(?<version>[^:@/]+)|@(?<label>[^:@/]+))");
    private static final Pattern OUTSIDE =
            Pattern.compile("(?:https?|wasbs?|abfss?)://[^/@]+.*", Pattern.CASE_INSENSITIVE);
    private static final String DATA = "data";
    private final Datastores datastores;
    private final Assets assets;
    private final Workspaces workspaces;
    private final UnaryOperator<String> ensured;
    private volatile OutputPlaces places = (_, _, _) -> Optional.empty();
    private final Aliases aliases;
    private final OutsideData outside;

    /// @param ensured makes a container exist and returns it
    public AddressResolver(
            Datastores datastores,
            Assets assets,
            Workspaces workspaces,
            UnaryOperator<String> ensured,
            Outside outside) {
        this.aliases = outside.aliases();
        this.outside = new OutsideData(outside.blobs());
        this.datastores = datastores;
        this.assets = assets;
        this.workspaces = workspaces;
        this.ensured = ensured;
    }

    /// What is needed for addresses outside of the account.
    public record Outside(Aliases aliases, Blobs blobs) {}

    /// Whether an address of the web may be fetched, or is only looked at.
    private enum Web {
        FETCH,
        REFUSE,
        ACCEPT
    }

    @Override
    public Location resolve(Workspace workspace, String uri) {
        return resolve(workspace, uri.strip(), Web.FETCH, 0);
    }

    @Override
    public Location resolveHere(Workspace workspace, String uri) {
        return resolve(workspace, uri.strip(), Web.REFUSE, 0);
    }

    /// Refuses what is no address of data. One of the web is not visited: Azure ML registers it unseen.
    public void check(Workspace workspace, String uri) {
        resolve(workspace, uri.strip(), Web.ACCEPT, 0);
    }

    private Location resolve(Workspace workspace, String uri, Web web, int depth) {
        if (depth > 4) {
            throw new Problem.Invalid("InvalidDataUri", "Data assets that point at each other in a circle.", "uri");
        }
        Matcher blob = BLOB.matcher(uri);
        if (blob.matches()) {
            return decoded(blob);
        }
        Matcher host = BLOB_HOST.matcher(uri);
        if (host.matches()) {
            return decoded(host);
        }
        Matcher wasbs = WASBS.matcher(uri);
        if (wasbs.matches() && wasbs.group("account").equalsIgnoreCase("atelier")) {
            return location(wasbs.group("container"), wasbs.group("path"));
        }
        Matcher run = RUN.matcher(uri);
        if (run.matches()) {
            return runArtifacts(workspace, run.group("run")).child(path(run.group("path")));
        }
        if (AssetReference.registry(uri).isPresent()) {
            Asset shared = assets.resolve(workspace, DATA, uri);
            return resolve(
                    workspaces.byId(shared.workspaceId()),
                    shared.properties().path("dataUri").asString(""),
                    web,
                    depth + 1);
        }
        if (OUTSIDE.matcher(uri).matches()) {
            return outside(workspace, uri, web, depth);
        }
        if (uri.startsWith("azureml://")) {
            return inWorkspace(workspace, uri, uri.substring("azureml://".length()), depth, web);
        }
        String bare = uri.startsWith("azureml:") ? uri.substring("azureml:".length()) : uri;
        if (bare.startsWith("/subscriptions/")) {
            return inWorkspace(workspace, uri, bare, depth, web);
        }
        Matcher asset = ASSET.matcher(bare);
        if (asset.matches()) {
            return asset(workspace, asset.group("name"), asset.group("version"), asset.group("label"), depth, web);
        }
        throw notUnderstood(uri);
    }

    /// An address of the web or of another account: its copy here, or what is fetched.
    private Location outside(Workspace workspace, String uri, Web web, int depth) {
        Optional<Aliases.Target> alias = aliases.find(uri);
        if (alias.isPresent()) {
            return switch (alias.get()) {
                case Aliases.Target.Address(String address) -> resolve(workspace, address, web, depth + 1);
                case Aliases.Target.Local local -> outside.local(uri, local.root(), local.path());
            };
        }
        String hint = "To serve it from a copy on this machine, name it in " + aliases.file() + ".";
        String address = uri.startsWith("http") ? uri : "https://" + Aliases.key(uri);
        return switch (web) {
            case ACCEPT -> new Location("azureml-web", "unseen");
            case REFUSE -> throw notUnderstood(uri);
            case FETCH -> {
                if (!aliases.mayFetch()) {
                    throw new Problem.Invalid(
                            "UrlNotFetched",
                            "'" + uri + "' is not fetched: " + aliases.file() + " says 'fetch: false'. " + hint,
                            "uri");
                }
                yield outside.web(address, hint);
            }
        };
    }

    /// The part of an address after its scheme: with or without a workspace in front.
    private Location inWorkspace(Workspace workspace, String uri, String rest, int depth, Web web) {
        Matcher named = WORKSPACE.matcher(rest);
        if (named.matches()) {
            Workspace other = named.group("workspace").equalsIgnoreCase(workspace.name())
                    ? workspace
                    : workspaces.get(named.group("subscription"), named.group("group"), named.group("workspace"));
            return inWorkspace(other, uri, named.group("rest"), depth, web);
        }
        Matcher byId = BY_ID.matcher(rest);
        if (byId.matches()) {
            return inWorkspace(workspaces.byId(byId.group("id")), uri, byId.group("rest"), depth, web);
        }
        Matcher datastore = DATASTORE.matcher(rest);
        if (datastore.matches()) {
            return location(
                    datastores.served(workspace, datastore.group("name")).container(), datastore.group("path"));
        }
        Matcher output = JOB_OUTPUT.matcher(rest);
        if (output.matches()) {
            return output(workspace, output.group("job"), output.group("output"), depth)
                    .child(path(output.group("path")));
        }
        Matcher data = DATA_VERSION.matcher(rest);
        if (data.matches()) {
            return asset(workspace, data.group("name"), data.group("version"), data.group("label"), depth, web);
        }
        throw notUnderstood(uri);
    }

    private Location output(Workspace workspace, String job, String output, int depth) {
        // Azure's name for a run's own artifacts; every other output has a folder of its own.
        if (output.equals("artifacts")) {
            return runArtifacts(workspace, job);
        }
        Location place = jobOutput(workspace, job, output);
        Optional<Location> told =
                places.of(workspace, job, output).map(uri -> resolve(workspace, uri, Web.FETCH, depth + 1));
        // A file lies in the default folder: the folder is what the address means.
        return told.filter(location -> !location.container().equals(place.container())
                        || !(location.path() + "/").startsWith(place.path() + "/"))
                .orElse(place);
    }

    @Override
    public void outputsOfJobs(OutputPlaces given) {
        places = given;
    }

    @Override
    public String outputUri(Workspace workspace, String job, String output) {
        return places.of(workspace, job, output)
                .orElseGet(() ->
                        uriOf(workspace, datastores.defaultOne(workspace).name(), "azureml/" + job + "/" + output));
    }

    private Location asset(
            Workspace workspace, String name, @Nullable String version, @Nullable String label, int depth, Web web) {
        String reference = version != null ? name + ":" + version : name + "@" + (label == null ? "latest" : label);
        JsonNode target =
                assets.resolve(workspace, DATA, reference).properties().path("dataUri");
        if (!target.isString()) {
            throw new Problem.Invalid("InvalidDataUri", "Data asset '" + reference + "' has no address.", "uri");
        }
        return resolve(workspace, target.stringValue(), web, depth + 1);
    }

    @Override
    public String uriOf(Workspace workspace, String datastore, String path) {
        return "azureml://subscriptions/" + workspace.subscriptionId() + "/resourcegroups/" + workspace.resourceGroup()
                + "/workspaces/" + workspace.name() + "/datastores/" + datastore + "/paths/"
                + (path.startsWith("/") ? path.substring(1) : path);
    }

    @Override
    public Location jobOutput(Workspace workspace, String job, String output) {
        return new Location(datastores.outputs(workspace).container(), "azureml/" + job + "/" + output);
    }

    @Override
    public Location runArtifacts(Workspace workspace, String run) {
        return new Location(ensured.apply(workspace.artifactContainer()), "ExperimentRun/dcid." + run);
    }

    /// `azureml://datastores/{d}/paths/{p}` in its long form; any other address as it is.
    public String longForm(Workspace workspace, String uri) {
        String stripped = uri.strip();
        if (stripped.startsWith("azureml://datastores/")) {
            Matcher shortForm = DATASTORE.matcher(stripped.substring("azureml://".length()));
            if (shortForm.matches()) {
                String path = shortForm.group("path");
                return uriOf(workspace, shortForm.group("name"), path == null ? "" : path);
            }
        }
        return stripped;
    }

    private static Location decoded(Matcher address) {
        String path = address.group("path");
        return location(Paths.decode(address.group("container")), path == null ? null : Paths.decode(path));
    }

    private static Location location(String container, @Nullable String path) {
        return new Location(container, path(path));
    }

    private static String path(@Nullable String path) {
        String text = path == null ? "" : path;
        int from = 0;
        while (from < text.length() && text.charAt(from) == '/') {
            from++;
        }
        int to = text.length();
        while (to > from && text.charAt(to - 1) == '/') {
            to--;
        }
        return text.substring(from, to);
    }

    private static Problem notUnderstood(String uri) {
        String shown = uri.length() <= 200 ? uri : uri.substring(0, 197) + "...";
        return new Problem.Invalid(
                "InvalidDataUri",
                "'" + shown + "' is not an address of data in this installation. Understood are"
                        + " azureml://datastores/<datastore>/paths/<path> (also in its long form), azureml:<name>:<version>,"
                        + " azureml:<name>@latest, azureml://jobs/<job>/outputs/<output>/paths/<path>, runs:/<run>/<path>,"
                        + " and https:// and wasbs:// addresses.",
                "uri");
    }
}
