package atelier.assets;

import atelier.kernel.Problem;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A way to name an asset, as users and SDKs write it.
///
/// @param version version, or empty for the latest
public record AssetReference(String name, String version) {
    private static final Pattern ARM =
            Pattern.compile("(?i).*/workspaces/[^/]+/([a-z]+)/([^/]+)/(?:versions|labels)/([^/]+)/?");
    private static final Pattern REGISTRY =
            Pattern.compile("(?i)azureml://registries/(?<registry>[^/]+)/([a-z]+)/([^/]+)/(versions|labels)/([^/]+)/?");

    /// Understands `name:version`, `name@latest`, `name`, each with or without `azureml:`, ARM ids of a version and
    /// `azureml://registries/{r}/{kind}/{name}/versions|labels/{v}`.
    ///
    /// @throws Problem.Invalid when it is none of these, or another kind's ARM id
    public static AssetReference parse(String kind, String reference) {
        Matcher registry = REGISTRY.matcher(reference);
        if (registry.matches()) {
            requireKind(kind, registry.group(2), reference);
            return of(registry.group(3), registry.group(4).equalsIgnoreCase("labels") ? "" : registry.group(5));
        }
        String bare = reference.startsWith("azureml:") ? reference.substring("azureml:".length()) : reference;
        Matcher arm = ARM.matcher(bare);
        if (bare.startsWith("/") && arm.matches()) {
            requireKind(kind, arm.group(1), reference);
            return of(arm.group(2), bare.contains("/labels/") ? "" : arm.group(3));
        }
        int at = bare.indexOf('@');
        if (at > 0) {
            String label = bare.substring(at + 1);
            if (!label.equals("latest")) {
                throw new Problem.Invalid(
                        "InvalidAssetLabel", "The only label is 'latest'; '" + reference + "' asks for another.", null);
            }
            return of(bare.substring(0, at), "");
        }
        int colon = bare.lastIndexOf(':');
        if (colon > 0) {
            return of(bare.substring(0, colon), bare.substring(colon + 1));
        }
        return of(bare, "");
    }

    /// The registry that a reference names, `azureml://registries/{r}/…`; empty for one of a workspace.
    public static java.util.Optional<String> registry(String reference) {
        Matcher matcher = REGISTRY.matcher(reference);
        return matcher.matches() ? java.util.Optional.of(matcher.group("registry")) : java.util.Optional.empty();
    }

    public boolean isLatest() {
        return version.isEmpty();
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

    private static AssetReference of(String name, String version) {
        return new AssetReference(name, version.equals("latest") ? "" : version);
    }

    private static void requireKind(String kind, String given, String reference) {
        if (!given.equalsIgnoreCase(kind)) {
            throw new Problem.Invalid(
                    "InvalidAssetReference", "'" + reference + "' does not name " + noun(kind) + "s.", null);
        }
    }
}
