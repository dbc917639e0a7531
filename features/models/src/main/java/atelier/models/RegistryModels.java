package atelier.models;

import atelier.assets.AssetReference;
import atelier.datasets.Location;
import atelier.kernel.Caller;
import atelier.kernel.Names;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import atelier.workspace.Workspace;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// [Models], as jobs and endpoints use the registry.
final class RegistryModels implements Models {
    private static final Pattern ARM =
            Pattern.compile("(?i).*/(?:workspaces|registries)/[^/]+/models/([^/]+)/(?:versions|labels)/([^/]+)/?");
    private static final Pattern MLFLOW = Pattern.compile("models:/(.+)(?:/([^/@]+)|@([^/@]+))");
    private final Versions versions;

    RegistryModels(Versions versions) {
        this.versions = versions;
    }

    @Override
    public Optional<ModelVersion> find(Workspace workspace, String name, String version) {
        return versions.find(workspace, name, version)
                .filter(found -> found.version().equals(version))
                .map(RegistryModels::told);
    }

    @Override
    public ModelVersion resolve(Workspace asking, String reference) {
        // Only the id of a registry's scope counts here, and it follows from the name.
        Workspace workspace = AssetReference.registry(reference)
                .map(registry -> Workspace.ofRegistry(registry, "", "", "", Instant.EPOCH))
                .orElse(asking);
        String[] parsed = parse(reference);
        String name = parsed[0];
        String wanted = parsed[1];
        Optional<Version> found = versions.find(workspace, name, wanted);
        if (found.isEmpty() && reference.startsWith("models:/")) {
            found = versions.of(workspace, name).stream()
                    .filter(version -> version.stage().equalsIgnoreCase(wanted))
                    .findFirst();
        }
        return told(found.orElseThrow(() -> unknown(workspace, name, wanted, reference)));
    }

    private Problem unknown(Workspace workspace, String name, String wanted, String reference) {
        List<String> known =
                versions.of(workspace, name).stream().map(Version::version).toList();
        if (!known.isEmpty()) {
            return new Problem.NotFound(
                    "ResourceNotFound",
                    "There is no version '" + wanted + "' of model '" + name + "'; it has "
                            + String.join(", ", known.subList(0, Math.min(10, known.size()))) + ".");
        }
        List<String> names =
                versions.all(workspace).stream().map(Version::name).distinct().toList();
        return new Problem.NotFound(
                "ResourceNotFound",
                "There is no model '" + name + "' (from '" + reference + "')"
                        + AssetReference.notThere(workspace, "models") + Nearest.hint(name, names));
    }

    /// Name and version, alias, stage or `latest`.
    private static String[] parse(String reference) {
        Matcher mlflow = MLFLOW.matcher(reference);
        if (mlflow.matches()) {
            return new String[] {mlflow.group(1), mlflow.group(2) == null ? mlflow.group(3) : mlflow.group(2)};
        }
        String bare = reference.startsWith("azureml:") ? reference.substring("azureml:".length()) : reference;
        Matcher arm = ARM.matcher(bare);
        if (arm.matches()) {
            return new String[] {arm.group(1), arm.group(2)};
        }
        int split = Math.max(bare.lastIndexOf('@'), bare.lastIndexOf(':'));
        if (split > 0 && split < bare.length() - 1 && bare.indexOf('/') < 0) {
            return new String[] {bare.substring(0, split), bare.substring(split + 1)};
        }
        throw new Problem.Invalid(
                "InvalidModelReference",
                "'" + reference + "' does not name a model version. Write azureml:<name>:<version>,"
                        + " azureml:<name>@latest, models:/<name>/<version>, models:/<name>@<alias> or the full"
                        + " resource id of a version.",
                "model");
    }

    @Override
    public ModelVersion register(
            Workspace workspace,
            String name,
            String uri,
            String type,
            @Nullable String runId,
            Map<String, String> tags,
            Caller caller) {
        Names.asset(name);
        Version made = versions.createWithModel(
                workspace,
                new Versions.NewVersion(
                        name,
                        null,
                        uri,
                        type,
                        new Version.Lineage(runId == null ? "" : runId, "", ""),
                        null,
                        Stages.NONE,
                        tags,
                        Map.of()),
                caller);
        return told(made);
    }

    /// Without prompts and without versions whose files are kept elsewhere.
    @Override
    public List<ModelVersion> list(Workspace workspace) {
        return versions.all(workspace).stream()
                .filter(version -> version.location() != null && !version.isPrompt())
                .map(RegistryModels::told)
                .toList();
    }

    private static ModelVersion told(Version version) {
        Location location = version.location();
        if (location == null) {
            throw new Problem.Conflict(
                    "ModelNotInStorage",
                    "The files of model '" + version.name() + "' version " + version.version() + " are at "
                            + version.source()
                            + ", outside of this workspace's storage account. Upload them and register them again.");
        }
        String run = version.lineage().runId();
        return new ModelVersion(
                version.name(),
                version.version(),
                version.type(),
                location,
                run.isEmpty() ? null : run,
                version.tags(),
                Instant.ofEpochMilli(version.stamp().createdAt()));
    }
}
