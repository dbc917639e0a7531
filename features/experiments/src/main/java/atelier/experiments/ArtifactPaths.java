package atelier.experiments;

import atelier.datasets.Location;
import atelier.mlflow.MlflowRequest;
import atelier.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where artifacts are in the storage account. What MLflow calls `mlflow-artifacts:/{experiment}/{run}/artifacts/{p}`
/// and Azure ML calls `ExperimentRun/dcid.{run}/{p}` in the container [Workspace#artifactContainer] is one blob.
public final class ArtifactPaths {
    private static final String SCHEME = "mlflow-artifacts:";
    private static final int MAX_DECODES = 10;
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*");

    private ArtifactPaths() {}

    /// Folder of a run's artifacts, outputs and logs.
    public static Location run(Workspace workspace, String runId) {
        return new Location(workspace.artifactContainer(), "ExperimentRun/dcid." + runId);
    }

    /// Folder of a logged model (MLflow 3).
    public static Location model(Workspace workspace, String modelId) {
        return new Location(workspace.artifactContainer(), "ExperimentRun/models/" + modelId);
    }

    /// Folder of what is put through the proxy and belongs to no run or logged model: the files of traces, above all.
    public static Location others(Workspace workspace) {
        return new Location(workspace.artifactContainer(), "mlflow-artifacts/" + workspace.id());
    }

    /// What a path below the artifact proxy names.
    ///
    /// @param owner the run or logged model it belongs to; empty when it belongs to none
    public record Target(Kind kind, String owner, Location location) {
        /// Kinds of owners.
        public enum Kind {
            RUN,
            MODEL,
            /// Read only: files of the workspace's default datastore.
            DATASTORE,
            OTHER
        }
    }

    /// Resolves `{experiment}/{run}/artifacts/{p}`, `{experiment}/models/{m-id}/artifacts/{p}`, `datastore/{p}` (the
    /// workspace's default datastore) or any other path, which is kept apart for each workspace.
    ///
    /// @param path already checked by [#checked]
    public static Target proxy(Workspace workspace, String path) {
        List<String> parts = List.of(path.split("/", -1));
        if (parts.size() >= 3 && parts.get(2).equals("artifacts") && isNumber(parts.getFirst())) {
            return new Target(
                    Target.Kind.RUN, parts.get(1), run(workspace, parts.get(1)).child(rest(parts, 3)));
        }
        if (parts.size() >= 4
                && parts.get(1).equals("models")
                && parts.get(3).equals("artifacts")
                && isNumber(parts.getFirst())) {
            return new Target(
                    Target.Kind.MODEL,
                    parts.get(2),
                    model(workspace, parts.get(2)).child(rest(parts, 4)));
        }
        if (parts.getFirst().equals("datastore")) {
            return new Target(Target.Kind.DATASTORE, "", new Location(defaultContainer(workspace), rest(parts, 1)));
        }
        return new Target(Target.Kind.OTHER, "", others(workspace).child(path));
    }

    /// The address under which MLflow's clients read a place; null when they cannot.
    public static @Nullable String uriOf(Workspace workspace, Location location) {
        String path = location.path();
        if (location.container().equals(workspace.artifactContainer()) && path.startsWith("ExperimentRun/dcid.")) {
            return SCHEME + "/0/" + split(path.substring("ExperimentRun/dcid.".length()));
        }
        if (location.container().equals(workspace.artifactContainer()) && path.startsWith("ExperimentRun/models/")) {
            return SCHEME + "/0/models/" + split(path.substring("ExperimentRun/models/".length()));
        }
        return location.container().equals(defaultContainer(workspace)) ? SCHEME + "/datastore/" + path : null;
    }

    /// `{owner}/{rest}` as `{owner}/artifacts/{rest}`.
    private static String split(String path) {
        int slash = path.indexOf('/');
        return slash < 0 ? path + "/artifacts" : path.substring(0, slash) + "/artifacts" + path.substring(slash);
    }

    private static String defaultContainer(Workspace workspace) {
        return "azureml-blobstore-" + workspace.id();
    }

    /// Whether an artifact address is kept here: `mlflow-artifacts:/…`.
    public static boolean isProxied(String uri) {
        return uri.startsWith(SCHEME);
    }

    /// Resolves `mlflow-artifacts:/…` (with or without a host).
    public static Target uri(Workspace workspace, String uri) {
        String path = uri.substring(SCHEME.length());
        if (path.startsWith("//")) {
            int slash = path.indexOf('/', 2);
            path = slash < 0 ? "" : path.substring(slash);
        }
        return proxy(workspace, checked(path.startsWith("/") ? path.substring(1) : path));
    }

    /// Decodes again and again what may be encoded more than once, and refuses what leaves the folder: `..`, absolute
    /// paths, drives, schemes, fragments. `.` parts are dropped.
    ///
    /// @throws atelier.kernel.Problem.Invalid `Invalid path`
    public static String checked(String path) {
        String decoded = decoded(path);
        if (decoded.indexOf('#') >= 0
                || decoded.indexOf('\0') >= 0
                || decoded.startsWith("/")
                || decoded.startsWith("\\")
                || DRIVE.matcher(decoded).matches()
                || decoded.startsWith("file:")) {
            throw MlflowRequest.invalid("Invalid path");
        }
        for (String part : decoded.split("[/\\\\]", -1)) {
            if (part.equals("..")) {
                throw MlflowRequest.invalid("Invalid path");
            }
        }
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return String.join("/", parts);
    }

    /// Percent-decodes until nothing changes; what is still encoded after ten rounds is refused.
    static String decoded(String text) {
        String current = text;
        for (int i = 0; i < MAX_DECODES; i++) {
            String next = decodeOnce(current);
            if (next.equals(current)) {
                return current;
            }
            current = next;
        }
        throw MlflowRequest.invalid("Invalid path");
    }

    /// Lenient: a `%` without two digits stands for itself, so that a file called `100%` keeps its name.
    private static String decodeOnce(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = high >= 0 ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (low >= 0) {
                out.append((char) (high * 16 + low));
                i += 2;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static String rest(List<String> parts, int from) {
        return String.join("/", parts.subList(from, parts.size()));
    }
}
