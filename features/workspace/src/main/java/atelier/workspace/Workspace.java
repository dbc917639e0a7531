package atelier.workspace;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// A workspace: the folder of everything else.
///
/// @param id GUID; the key that all other tables hold
/// @param subscriptionId, resourceGroup, name where Azure Resource Manager's addresses find it
/// @param location Azure region name; `local` here
public record Workspace(
        String id, String subscriptionId, String resourceGroup, String name, String location, Instant createdAt) {
    private static final String REGISTRY = "registry:";

    /// The scope in which the assets of a registry live: to every feature it is a workspace with a name that no
    /// workspace can have, and with an id that follows from the registry's name.
    public static Workspace ofRegistry(
            String registry, String subscriptionId, String resourceGroup, String location, Instant createdAt) {
        String name = REGISTRY + registry;
        byte[] key = name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
        return new Workspace(
                UUID.nameUUIDFromBytes(key).toString(), subscriptionId, resourceGroup, name, location, createdAt);
    }

    /// The registry whose assets live here; empty for a workspace.
    public Optional<String> registry() {
        return name.startsWith(REGISTRY) ? Optional.of(name.substring(REGISTRY.length())) : Optional.empty();
    }

    /// Container of the storage account in which the runs of this workspace keep artifacts and logs. Names of jobs are
    /// unique in a workspace only, so each has its own; `main`, the first of every server, has Azure's name.
    public String artifactContainer() {
        return name.equalsIgnoreCase("main") ? "azureml" : "azureml-" + id;
    }

    /// `/subscriptions/{s}/resourceGroups/{rg}/providers/Microsoft.MachineLearningServices/workspaces/{name}`.
    public String armId() {
        return "/subscriptions/" + subscriptionId + "/resourceGroups/" + resourceGroup
                + "/providers/Microsoft.MachineLearningServices/"
                + registry().map(of -> "registries/" + of).orElse("workspaces/" + name);
    }
}
