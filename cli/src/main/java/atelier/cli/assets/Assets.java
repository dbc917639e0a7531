package atelier.cli.assets;

import atelier.cli.CliError;
import atelier.cli.Session;
import atelier.cli.http.Api;
import atelier.cli.snapshot.Uploads;
import atelier.cli.yaml.YamlFile;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Named and versioned things of the workspace: which version is next, and what a reference in a YAML file means.
public final class Assets {
    private static final Pattern NAMED = Pattern.compile("azureml:([^:@/]+)(?::([^:@/]+)|@([^:@/]+))");
    private final Api api;
    private final Uploads uploads;

    public Assets(Session session) {
        this(session.api());
    }

    public Assets(Api api) {
        this.api = api;
        uploads = new Uploads(api);
    }

    public Api api() {
        return api;
    }

    public Uploads uploads() {
        return uploads;
    }

    /// Path of a version: `{ws}/{kind}/{name}/versions/{version}`.
    public String path(String kind, String name, String version) {
        return api.workspace() + "/" + kind + "/" + name + "/versions/" + version;
    }

    /// The version that a new one of `name` gets: what the server says is next, or 1.
    public String nextVersion(String kind, String name) {
        return api.find(api.workspace() + "/" + kind + "/" + name)
                .map(container ->
                        container.path("properties").path("nextVersion").asString("1"))
                .orElse("1");
    }

    /// The newest version of `name`, if there is one.
    public Optional<String> latest(String kind, String name) {
        return api.find(api.workspace() + "/" + kind + "/" + name)
                .map(container ->
                        container.path("properties").path("latestVersion").asString(""))
                .filter(version -> !version.isEmpty());
    }

    /// The newest version whole.
    public Optional<JsonNode> newest(String kind, String name) {
        return latest(kind, name).flatMap(version -> api.find(path(kind, name, version)));
    }

    /// The version asked for, or the newest.
    ///
    /// @throws CliError when there is none
    public JsonNode show(String kind, String what, String name, String version) {
        if (version.isEmpty()) {
            return newest(kind, name).orElseThrow(() -> new CliError("There is no " + what + " '" + name + "'."));
        }
        return api.find(path(kind, name, version))
                .orElseThrow(
                        () -> new CliError("There is no " + what + " '" + name + "' in version '" + version + "'."));
    }

    /// What `azureml:…` means to the server: an ARM id for the workspace's own things; registry and storage URIs and
    /// ARM ids as they are.
    public String reference(String kind, String text, YamlFile file, String pointer) {
        Matcher named = NAMED.matcher(text);
        if (named.matches()) {
            String name = named.group(1);
            if (named.group(2) != null) {
                return path(kind, name, named.group(2));
            }
            if (!named.group(3).equals("latest")) {
                throw file.error(pointer, "'@" + named.group(3) + "' is not a label; only '@latest' is.");
            }
            return latest(kind, name)
                    .map(version -> path(kind, name, version))
                    .orElseThrow(() -> file.error(
                            pointer,
                            "'" + text + "': there is no '" + name + "' among this workspace's " + kind + "."));
        }
        if (text.startsWith("azureml:/subscriptions/")) {
            return text.substring("azureml:".length());
        }
        if (text.startsWith("azureml:") && !text.startsWith("azureml://")) {
            throw file.error(pointer, "'" + text + "' needs a version: azureml:NAME:VERSION, or azureml:NAME@latest.");
        }
        return text;
    }

    /// `name` or `azureml:name` of a compute as its ARM id.
    public String compute(String text) {
        String name = text.startsWith("azureml:") ? text.substring("azureml:".length()) : text;
        return name.startsWith("/") ? name : api.workspace() + "/computes/" + name;
    }

    /// Short form of a place in a datastore.
    public static String datastoreUri(String datastore, String path) {
        return "azureml://datastores/" + datastore + "/paths/" + path;
    }

    /// Whether `text` says where something is by itself, rather than being a path on this machine.
    public static boolean isRemote(String text) {
        return text.startsWith("azureml:")
                || text.startsWith("runs:/")
                || text.startsWith("/subscriptions/")
                || text.matches("[A-Za-z][A-Za-z0-9+.-]+://.*");
    }
}
