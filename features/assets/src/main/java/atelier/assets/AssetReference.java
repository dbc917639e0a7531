package atelier.assets;

import atelier.kernel.Problem;
import atelier.workspace.Workspace;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A way to name an asset, as users and SDKs write it.
///
/// @param version version, or empty for the latest
public record AssetReference(String name, String version) {
    private static final Pattern ARM =
            Pattern.compile("(?i).*/workspaces/[^/]+/([a-z]+)/([^/]+)/(versions|labels)/([^/]+)/?");
    private static final Pattern REGISTRY =
            Pattern.compile("(?i)azureml://registries/(?<registry>[^/]+)/([a-z]+)/([^/]+)/(versions|labels)/([^/]+)/?");

    private static final Pattern WORKSPACE = Pattern.compile("(?i)/workspaces/([^/]+)/");

    /// Understands `name:version`, `name@latest`, `name`, each with or without `azureml:`, ARM ids of a version and
    /// `azureml://registries/{r}/{kind}/{name}/versions|labels/{v}`.
    ///
    /// @throws Problem.Invalid when it is none of these, or another kind's ARM id
    public static AssetReference parse(String kind, String reference) {
        Matcher registry = REGISTRY.matcher(reference);
        if (registry.matches()) {
            requireKind(kind, registry.group(2), reference);
            return labelled(registry.group(3), registry.group(4), registry.group(5), reference);
        }
        String bare = reference.startsWith("azureml:") ? reference.substring("azureml:".length()) : reference;
        Matcher arm = ARM.matcher(bare);
        if (bare.startsWith("/") && arm.matches()) {
            requireKind(kind, arm.group(1), reference);
            return labelled(arm.group(2), arm.group(3), arm.group(4), reference);
        }
        int at = bare.indexOf('@');
        if (at > 0) {
            return labelled(bare.substring(0, at), "labels", bare.substring(at + 1), reference);
        }
        int colon = bare.lastIndexOf(':');
        if (colon > 0) {
            return of(bare.substring(0, colon), bare.substring(colon + 1));
        }
        return of(bare, "");
    }

    /// Refuses an ARM id or address that names another workspace: assets are looked for in one's own.
    ///
    /// @throws Problem.Invalid `InvalidAssetReference` naming both
    public static void requireWorkspace(Workspace workspace, String reference) {
        Matcher named = WORKSPACE.matcher(reference);
        if (named.find()
                && !named.group(1).equalsIgnoreCase(workspace.name())
                && !named.group(1).equalsIgnoreCase(workspace.id())) {
            throw new Problem.Invalid(
                    "InvalidAssetReference",
                    "'" + reference + "' is of workspace '" + named.group(1) + "'; this is workspace '"
                            + workspace.name() + "', which uses its own assets and those of registries.",
                    null);
        }
    }

    /// The registry that a reference names, `azureml://registries/{r}/…`; empty for one of a workspace.
    public static java.util.Optional<String> registry(String reference) {
        Matcher matcher = REGISTRY.matcher(reference);
        return matcher.matches() ? java.util.Optional.of(matcher.group("registry")) : java.util.Optional.empty();
    }

    public boolean isLatest() {
        return version.isEmpty();
    }

    /// Where something of a kind was looked for and not found, in words: ` in workspace 'lab'.`, and what there is to
    /// know when it is Azure's own registry.
    public static String notThere(Workspace scope, String kind) {
        String registry = scope.registry().orElse("");
        if (registry.isEmpty()) {
            return " in workspace '" + scope.name() + "'.";
        }
        boolean azures = registry.equalsIgnoreCase("azureml") && !kind.equals("environments");
        return " in registry '" + registry + "'."
                + (azures
                        ? " Here that registry has the curated environments alone: Azure's own components, models and"
                                + " data are not part of this server. Take a component of your own, from a file or"
                                + " from a registry that you make."
                        : "");
    }

    /// What people call one of a kind.
    public static String noun(String kind) {
        return switch (kind) {
            case "data" -> "data asset";
            case "environments" -> "environment";
            case "components" -> "component";
            case "codes" -> "code snapshot";
            case "models" -> "model";
            default -> kind;
        };
    }

    /// A paging marker made by this server.
    public static long marker(String marker) {
        try {
            return Long.parseLong(marker);
        } catch (NumberFormatException e) {
            throw new Problem.Invalid("InvalidSkipToken", "'" + marker + "' is not a marker of this list.", "$skip");
        }
    }

    /// A name without `azureml:` in front, which the SDK leaves there when a Python script, not YAML, says
    /// `azureml:name@latest`.
    public static String bare(String name) {
        return name.startsWith("azureml:") ? name.substring("azureml:".length()) : name;
    }

    private static AssetReference labelled(String name, String how, String value, String reference) {
        if (how.equalsIgnoreCase("versions")) {
            return of(name, value);
        }
        if (!value.equalsIgnoreCase("latest")) {
            throw new Problem.Invalid(
                    "InvalidAssetLabel", "The only label is 'latest'; '" + reference + "' asks for another.", null);
        }
        return of(name, "");
    }

    private static AssetReference of(String name, String version) {
        return new AssetReference(bare(name), version.equals("latest") ? "" : version);
    }

    private static void requireKind(String kind, String given, String reference) {
        if (!given.equalsIgnoreCase(kind)) {
            throw new Problem.Invalid(
                    "InvalidAssetReference", "'" + reference + "' does not name " + noun(kind) + "s.", null);
        }
    }
}
