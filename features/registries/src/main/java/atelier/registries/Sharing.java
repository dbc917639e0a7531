package atelier.registries;

import atelier.assets.Asset;
import atelier.assets.Assets;
import atelier.kernel.Caller;
import atelier.kernel.Names;
import atelier.kernel.Problem;
import atelier.registries.Registries.Registry;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Copies assets of a workspace into a registry. A component takes its code and its environment along, so that it runs
/// in any workspace; models and data take their files.
public final class Sharing {
    private static final String ASSET = "(?<kind>[a-z]+)/(?<name>[^/]+)/versions/(?<version>[^/]+)/?";
    private static final Pattern BY_ID =
            Pattern.compile("(?i)azureml://locations/[^/]+/workspaces/(?<id>[^/]+)/" + ASSET);
    private static final Pattern BY_NAME = Pattern.compile(
            "(?i)(?:azureml:)?/subscriptions/(?<subscription>[^/]+)/resourceGroups/(?<group>[^/]+)/providers/"
                    + "Microsoft\\.MachineLearningServices/workspaces/(?<workspace>[^/]+)/" + ASSET);
    private static final List<String> KINDS = List.of("environments", "components");
    private static final List<String> WITH_FILES = List.of("models", "data");
    private final Assets assets;
    private final Workspaces workspaces;
    private final KeptFiles files;

    Sharing(Assets assets, Workspaces workspaces, KeptFiles files) {
        this.assets = assets;
        this.workspaces = workspaces;
        this.files = files;
    }

    /// @param source `azureml://locations/{l}/workspaces/{guid}/{kind}/{name}/versions/{v}` or an ARM id
    /// @param name, version what it is called in the registry; empty for the same
    /// @param baseUrl the server as the caller knows it
    /// @throws Problem.AlreadyExists when the registry has that version
    public void copy(Registry registry, String source, String name, String version, Caller caller, String baseUrl) {
        KeptFiles.Source from = parse(source)
                .orElseThrow(() -> new Problem.Invalid(
                        "InvalidAssetReference",
                        "'" + (source.length() <= 200 ? source : source.substring(0, 197) + "...")
                                + "' is no id of a workspace's asset.",
                        "properties.sourceAssetId"));
        String asName = Names.asset(name.isEmpty() ? from.name() : name);
        String asVersion = Names.version(version.isEmpty() ? from.version() : version);
        boolean there = WITH_FILES.contains(from.kind())
                ? files.has(registry.scope(), from.kind(), asName, asVersion)
                : assets.find(registry.scope(), from.kind(), asName, asVersion).isPresent();
        if (there) {
            throw new Problem.AlreadyExists(
                    "AssetExists",
                    "Registry '" + registry.name() + "' has version " + asVersion + " of '" + asName + "' already.");
        }
        if (WITH_FILES.contains(from.kind())) {
            files.copy(from, registry.scope(), asName, asVersion, caller, baseUrl);
        } else if (KINDS.contains(from.kind())) {
            keep(registry, found(from), asName, asVersion, caller, baseUrl);
        } else {
            throw new Problem.Unsupported(
                    "ShareNotSupported",
                    "'" + from.kind() + "' are not shared; environments, components, models and data are.");
        }
    }

    private void keep(Registry registry, Found found, String name, String version, Caller caller, String baseUrl) {
        ObjectNode properties = found.asset().properties().deepCopy();
        if (properties.get("componentSpec") instanceof ObjectNode spec) {
            take(registry, spec, "code", caller, baseUrl);
            take(registry, spec, "environment", caller, baseUrl);
        }
        assets.put(registry.scope(), found.kind(), name, version, properties, caller);
    }

    /// Copies what a field of a component names and lets it name the copy.
    private void take(Registry registry, ObjectNode spec, String field, Caller caller, String baseUrl) {
        JsonNode reference = spec.path(field);
        if (!reference.isString()) {
            return;
        }
        parse(reference.stringValue()).ifPresent(source -> {
            Asset asset = found(source).asset();
            if (assets.find(registry.scope(), source.kind(), asset.name(), asset.version())
                    .isEmpty()) {
                if (source.kind().equals("codes")) {
                    // The workspace's files go with the workspace.
                    files.copy(source, registry.scope(), asset.name(), asset.version(), caller, baseUrl);
                } else {
                    assets.put(
                            registry.scope(),
                            source.kind(),
                            asset.name(),
                            asset.version(),
                            asset.properties().deepCopy(),
                            caller);
                }
            }
            spec.put(
                    field,
                    "azureml://registries/" + registry.name() + "/" + source.kind() + "/" + asset.name() + "/versions/"
                            + asset.version());
        });
    }

    private record Found(String kind, Asset asset) {}

    private Optional<KeptFiles.Source> parse(String reference) {
        Matcher id = BY_ID.matcher(reference);
        if (id.matches()) {
            return Optional.of(source(workspaces.byId(id.group("id")), id));
        }
        Matcher name = BY_NAME.matcher(reference);
        if (name.matches()) {
            return Optional.of(source(
                    workspaces.get(name.group("subscription"), name.group("group"), name.group("workspace")), name));
        }
        return Optional.empty();
    }

    private static KeptFiles.Source source(Workspace workspace, Matcher matcher) {
        return new KeptFiles.Source(
                workspace,
                matcher.group("kind").toLowerCase(java.util.Locale.ROOT),
                matcher.group("name"),
                matcher.group("version"));
    }

    private Found found(KeptFiles.Source source) {
        return new Found(
                source.kind(),
                assets.find(source.workspace(), source.kind(), source.name(), source.version())
                        .orElseThrow(() -> new Problem.NotFound(
                                "ResourceNotFound",
                                "There is no version '" + source.version() + "' of '" + source.name() + "' among the "
                                        + source.kind() + " of workspace '"
                                        + source.workspace().name() + "'.")));
    }
}
