package atelier.registries;

import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import atelier.workspace.Workspace;
import atelier.workspace.WorkspaceParts;
import atelier.workspace.WorkspaceResource;
import atelier.workspace.WorkspaceResources;
import atelier.workspace.WorkspaceStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The verbs of registries. A registry is a scope like a workspace ([Workspace#ofRegistry]); names are unique on one
/// server and match in any case.
public final class Registries {
    /// The registry that brings Azure's curated environments; it is always there.
    public static final String AZUREML = "azureml";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{1,32}");
    private final WorkspaceStore store;
    private final WorkspaceParts parts;
    private final InstantSource clock;

    Registries(WorkspaceStore store, WorkspaceParts parts, InstantSource clock) {
        this.store = store;
        this.parts = parts;
        this.clock = clock;
    }

    /// A registry with what its maker wrote into it.
    public record Registry(String name, WorkspaceResource resource) {
        public Workspace scope() {
            return resource.workspace();
        }
    }

    /// Makes the registry `azureml` when it is missing.
    void ensure(String subscriptionId, String resourceGroup, String location) {
        if (find(AZUREML).isEmpty()) {
            store.insert(
                    Workspace.ofRegistry(AZUREML, subscriptionId, resourceGroup, location, now()),
                    Json.object(),
                    Caller.SYSTEM.name());
        }
    }

    public List<Registry> list() {
        return store.registries().stream().map(Registries::of).toList();
    }

    public Optional<Registry> find(String name) {
        return store.resource(scopeName(name)).map(Registries::of);
    }

    /// @throws Problem.NotFound naming the nearest
    public Registry get(String name) {
        return find(name)
                .orElseThrow(() -> new Problem.NotFound(
                        "RegistryNotFound",
                        "There is no registry '" + name + "' on this server."
                                + Nearest.hint(
                                        name,
                                        list().stream().map(Registry::name).toList())));
    }

    /// How a PUT ended.
    public record Put(Registry registry, boolean isNew) {}

    /// Makes a registry or changes what it keeps.
    ///
    /// @param body the REST resource: `location`, `tags`, `identity`, `properties` with `regionDetails`
    public Put put(String subscriptionId, String resourceGroup, String name, ObjectNode body, Caller caller) {
        if (!NAME.matcher(name).matches()) {
            throw new Problem.Invalid(
                    "InvalidRegistryName",
                    "A registry's name has 2 to 33 letters, digits, '-' and '_' and starts with a letter or digit.",
                    "registryName");
        }
        ObjectNode kept = kept(body);
        Optional<Registry> before = find(name);
        if (before.isPresent()) {
            require(before.get(), subscriptionId, resourceGroup);
            store.replace(before.get().scope(), kept);
            return new Put(get(name), false);
        }
        String location =
                body.path("location").asString("").toLowerCase(Locale.ROOT).replace(" ", "");
        if (!location.matches("[a-z0-9-]{1,64}")) {
            throw new Problem.Invalid(
                    "LocationRequired", "The location property is required for this definition.", "location");
        }
        boolean isNew = store.insert(
                Workspace.ofRegistry(name, subscriptionId, resourceGroup, location, now()), kept, caller.name());
        return new Put(get(name), isNew);
    }

    /// Changes tags, identity and properties that are given.
    public Registry patch(String subscriptionId, String resourceGroup, String name, ObjectNode body) {
        Registry before = get(name);
        require(before, subscriptionId, resourceGroup);
        ObjectNode merged = before.resource().kept().deepCopy();
        kept(body).properties().forEach(part -> merged.set(part.getKey(), part.getValue()));
        store.replace(before.scope(), merged);
        return get(name);
    }

    /// Removes a registry with its assets and their bytes; true when it was there.
    ///
    /// @throws Problem.Conflict for the registry `azureml`
    public boolean delete(String subscriptionId, String resourceGroup, String name) {
        Optional<Registry> found = find(name);
        if (found.isEmpty()) {
            return false;
        }
        require(found.get(), subscriptionId, resourceGroup);
        if (name.equalsIgnoreCase(AZUREML)) {
            throw new Problem.Conflict(
                    "UserError", "The registry 'azureml' belongs to the server and cannot be deleted.");
        }
        parts.purging(found.get().scope());
        store.purge(found.get().scope());
        return true;
    }

    private static ObjectNode kept(ObjectNode body) {
        ObjectNode kept = Json.object();
        for (String part : List.of("properties", "identity")) {
            JsonNode value = body.path(part);
            if (value.isMissingNode() || value.isNull()) {
                continue;
            }
            if (!value.isObject()) {
                throw new Problem.Invalid("'" + part + "' must be an object.", part);
            }
            kept.set(part, value);
        }
        if (body.path("properties").has("regionDetails")
                && !body.path("properties").path("regionDetails").isArray()
                && !body.path("properties").path("regionDetails").isNull()) {
            throw new Problem.Invalid("'regionDetails' must be an array.", "properties.regionDetails");
        }
        kept.set("tags", WorkspaceResources.tags(body));
        return kept;
    }

    private static void require(Registry registry, String subscriptionId, String resourceGroup) {
        Workspace scope = registry.scope();
        if (!scope.subscriptionId().equalsIgnoreCase(subscriptionId)
                || !scope.resourceGroup().equalsIgnoreCase(resourceGroup)) {
            throw new Problem.NotFound(
                    "ResourceNotFound",
                    "Registry '" + registry.name() + "' is in resource group '" + scope.resourceGroup() + "', not in '"
                            + resourceGroup + "'.");
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    private static String scopeName(String name) {
        return Workspace.ofRegistry(name, "", "", "", Instant.EPOCH).name();
    }

    private static Registry of(WorkspaceResource resource) {
        return new Registry(resource.workspace().registry().orElseThrow(), resource);
    }
}
