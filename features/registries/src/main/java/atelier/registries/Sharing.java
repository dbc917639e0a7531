package atelier.registries;

import atelier.assets.Asset;
import atelier.assets.Assets;
import atelier.kernel.Caller;
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
/// in
/// any workspace.
public final class Sharing {
    private static final String ASSET = "(?<kind>[a-z]+)/(?<name>[^/]+)/versions/(?<version>[^/]+)/?";
    private static final Pattern BY_ID =
            Pattern.compile("(?i)azureml://locations/[^/]+/workspaces/(?<id>[^/]+)/" + ASSET);
    private static final Pattern BY_NAME = Pattern.compile(
            "(?i)(?:azureml:)?/subscriptions/(?<subscription>[^/]+)/resourceGroups/(?<group>[^/]+)/providers/"
                    + "Microsoft\\.MachineLearningServices/workspaces/(?<workspace>[^/]+)/" + ASSET);
    private static final List<String> KINDS = List.of("environments", "components");
    private final Assets assets;
    private final Workspaces workspaces;

    Sharing(Assets assets, Workspaces workspaces) {
        this.assets = assets;
        this.workspaces = workspaces;
    }

    /// @param source `azureml://locations/{l}/workspaces/{guid}/{kind}/{name}/versions/{v}` or an ARM id
    /// @param name, version what it is called in the registry; empty for the same
    /// @throws Problem.AlreadyExists when the registry has that version
    public Asset copy(Registry registry, String source, String name, String version, Caller caller) {
        Found found = find(source)
                .orElseThrow(() -> new Problem.Invalid(
                        "InvalidAssetReference",
                        "'" + (source.length() <= 200 ? source : source.substring(0, 197) + "...")
                                + "' is no id of a workspace's asset.",
                        "properties.sourceAssetId"));
        if (!KINDS.contains(found.kind())) {
            throw new Problem.Unsupported(
                    "ShareNotSupported",
                    "Environments and components are shared by reference; register " + found.kind()
                            + " in the registry from their files instead.");
        }
        String asName = name.isEmpty() ? found.asset().name() : name;
        String asVersion = version.isEmpty() ? found.asset().version() : version;
        if (assets.find(registry.scope(), found.kind(), asName, asVersion).isPresent()) {
            throw new Problem.AlreadyExists(
                    "AssetExists",
                    "Registry '" + registry.name() + "' has version " + asVersion + " of '" + asName + "' already.");
        }
        return keep(registry, found, asName, asVersion, caller);
    }

    private Asset keep(Registry registry, Found found, String name, String version, Caller caller) {
        ObjectNode properties = found.asset().properties().deepCopy();
        if (properties.get("componentSpec") instanceof ObjectNode spec) {
            take(registry, spec, "code", caller);
            take(registry, spec, "environment", caller);
        }
        return assets.put(registry.scope(), found.kind(), name, version, properties, caller);
    }

    /// Copies what a field of a component names and lets it name the copy.
    private void take(Registry registry, ObjectNode spec, String field, Caller caller) {
        JsonNode reference = spec.path(field);
        if (!reference.isString()) {
            return;
        }
        find(reference.stringValue()).ifPresent(found -> {
            Asset asset = found.asset();
            if (assets.find(registry.scope(), found.kind(), asset.name(), asset.version())
                    .isEmpty()) {
                assets.put(
                        registry.scope(),
                        found.kind(),
                        asset.name(),
                        asset.version(),
                        asset.properties().deepCopy(),
                        caller);
            }
            spec.put(
                    field,
                    "azureml://registries/" + registry.name() + "/" + found.kind() + "/" + asset.name() + "/versions/"
                            + asset.version());
        });
    }

    private record Found(String kind, Asset asset) {}

    private Optional<Found> find(String reference) {
        Matcher id = BY_ID.matcher(reference);
        if (id.matches()) {
            return Optional.of(found(workspaces.byId(id.group("id")), id));
        }
        Matcher name = BY_NAME.matcher(reference);
        if (name.matches()) {
            return Optional.of(found(
                    workspaces.get(name.group("subscription"), name.group("group"), name.group("workspace")), name));
        }
        return Optional.empty();
    }

    private Found found(Workspace workspace, Matcher matcher) {
        String kind = matcher.group("kind").toLowerCase(java.util.Locale.ROOT);
        String name = matcher.group("name");
        String version = matcher.group("version");
        return new Found(
                kind,
                assets.find(workspace, kind, name, version)
                        .orElseThrow(() -> new Problem.NotFound(
                                "ResourceNotFound",
                                "There is no version '" + version + "' of '" + name + "' among the " + kind
                                        + " of workspace '" + workspace.name() + "'.")));
    }
}
