package atelier.models;

import atelier.datasets.DataUris;
import atelier.datasets.Location;
import atelier.experiments.ArtifactPaths;
import atelier.experiments.Runs;
import atelier.kernel.Problem;
import atelier.mlflow.MlflowRequest;
import atelier.workspace.Workspace;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds the files a registrant names: addresses of MLflow (`mlflow-artifacts:/`, `runs:/`, `models:/`) and of Azure ML
/// (through [DataUris]). Refuses what would read the server's own disk.
final class Sources {
    private static final Pattern RUN = Pattern.compile("runs:/([^/]+)/?(.*)");
    private static final Pattern LOGGED_MODEL = Pattern.compile("models:/(m-[0-9a-zA-Z]+)(?:/(.*))?");
    private static final Pattern VERSION = Pattern.compile("models:/(.+)(?:/([^/@]+)|@([^/@]+))");
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.\\-]*):.*");
    private static final Pattern OURS = Pattern.compile("(?i)(azureml|wasbs?|abfss?):.*");
    private final DataUris dataUris;
    private final Runs runs;

    Sources(DataUris dataUris, Runs runs) {
        this.dataUris = dataUris;
        this.runs = runs;
    }

    /// Where files are and what made them.
    ///
    /// @param location null when they are not in the storage account
    record Found(@Nullable Location location, String runId, String modelId) {}

    /// @param version finds a registered version by name and reference (number or alias)
    Found find(
            Workspace workspace,
            String source,
            String runId,
            String modelId,
            BiFunction<String, String, Optional<Version>> version) {
        check(source);
        Matcher run = RUN.matcher(source);
        if (run.matches()) {
            if (runs.find(workspace, run.group(1)).isEmpty()) {
                // MLflow takes it as it is; such a version has no files here.
                ArtifactPaths.checked(run.group(2));
                return new Found(null, runId.isEmpty() ? run.group(1) : runId, modelId);
            }
            return new Found(
                    ArtifactPaths.run(workspace, run.group(1)).child(ArtifactPaths.checked(run.group(2))),
                    run.group(1),
                    modelId);
        }
        Matcher registered = VERSION.matcher(source);
        Optional<Version> named = version(source, version);
        // A registered model may be called as the id of a logged one begins.
        Matcher logged = LOGGED_MODEL.matcher(source);
        if (logged.matches() && named.isEmpty()) {
            String inside = logged.group(2) == null ? "" : logged.group(2);
            return loggedModel(workspace, logged.group(1), ArtifactPaths.checked(inside), runId);
        }
        if (registered.matches()) {
            Version of = named.orElseThrow(() -> new Problem.NotFound(
                    "RESOURCE_DOES_NOT_EXIST",
                    "Model Version (name=" + registered.group(1) + ", version="
                            + (registered.group(2) == null ? registered.group(3) : registered.group(2))
                            + ") not found"));
            return new Found(
                    of.location(),
                    runId.isEmpty() ? of.lineage().runId() : runId,
                    of.lineage().modelId());
        }
        if (ArtifactPaths.isProxied(source)) {
            ArtifactPaths.Target target = ArtifactPaths.uri(workspace, source);
            String owner = target.kind() == ArtifactPaths.Target.Kind.RUN && runId.isEmpty() ? target.owner() : runId;
            return new Found(target.location(), owner, modelId);
        }
        if (OURS.matcher(source).matches() || source.startsWith("https://")) {
            return new Found(resolve(workspace, source), runId, modelId);
        }
        return new Found(null, runId, modelId);
    }

    /// The registered version that `models:/name/version` or `models:/name@alias` names; empty when it names none.
    static Optional<Version> version(String source, BiFunction<String, String, Optional<Version>> version) {
        Matcher registered = VERSION.matcher(source);
        if (!registered.matches()) {
            return Optional.empty();
        }
        return version.apply(
                registered.group(1), registered.group(2) == null ? registered.group(3) : registered.group(2));
    }

    /// @throws Problem.NotFound when a source `runs:/…` names a run that is not there
    void requireRun(Workspace workspace, String source) {
        Matcher run = RUN.matcher(source);
        if (run.matches() && runs.find(workspace, run.group(1)).isEmpty()) {
            throw new Problem.NotFound("RESOURCE_DOES_NOT_EXIST", "Run with id=" + run.group(1) + " not found");
        }
    }

    private Found loggedModel(Workspace workspace, String id, String path, String runId) {
        Runs.LoggedModelInfo model = runs.loggedModel(workspace, id)
                .orElseThrow(() -> new Problem.NotFound(
                        "RESOURCE_DOES_NOT_EXIST", "Logged model with ID '" + id + "' not found."));
        Location root = ArtifactPaths.isProxied(model.artifactUri())
                ? ArtifactPaths.uri(workspace, model.artifactUri()).location()
                : null;
        return new Found(root == null ? null : root.child(path), runId.isEmpty() ? model.runId() : runId, id);
    }

    /// An https address may be of another host; then the files are elsewhere.
    private @Nullable Location resolve(Workspace workspace, String source) {
        try {
            return dataUris.resolveHere(workspace, source);
        } catch (Problem.Invalid e) {
            if (source.startsWith("https://")) {
                return null;
            }
            throw e;
        }
    }

    private static void check(String source) {
        Matcher scheme = SCHEME.matcher(source);
        String name = scheme.matches() ? scheme.group(1).toLowerCase(Locale.ROOT) : "";
        if (name.isEmpty() || name.equals("file") || name.length() == 1) {
            throw MlflowRequest.invalid("Invalid model version source: '" + source
                    + "'. To use a local path as a model version source, the run_id request parameter has to be"
                    + " specified and the local path has to be contained within the artifact directory of the run"
                    + " specified by the run_id.");
        }
        String rest = source.substring(name.length() + 1);
        try {
            ArtifactPaths.checked(rest.replaceFirst("^/+", ""));
        } catch (Problem.Invalid e) {
            throw MlflowRequest.invalid("Invalid model version source: '" + source
                    + "'. If supplying a source as an http, https, local file path, ftp, objectstore, or"
                    + " mlflow-artifacts uri, an absolute path must be provided without relative path references"
                    + " present. Please provide an absolute path.");
        }
    }
}
