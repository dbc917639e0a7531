package atelier.workspace;

import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Deployments of ARM templates, as `workspaces.begin_create` of the SDK makes a workspace. The workspace in the
/// template
/// is made; the storage account, vault, registry and telemetry beside it are parts that every workspace here has, so
/// their
/// names are kept and nothing else is needed.
public final class Deployments {
    private static final String WORKSPACE_TYPE = "Microsoft.MachineLearningServices/workspaces";
    private static final Set<String> BUILT_IN = Set.of(
            "microsoft.storage",
            "microsoft.keyvault",
            "microsoft.containerregistry",
            "microsoft.insights",
            "microsoft.operationalinsights",
            "microsoft.managedidentity",
            "microsoft.network",
            "microsoft.authorization");
    private final DeploymentStore store;
    private final WorkspaceResources workspaces;
    private final ResourceGroups groups;
    private final InstantSource clock;

    Deployments(DeploymentStore store, WorkspaceResources workspaces, ResourceGroups groups, InstantSource clock) {
        this.store = store;
        this.workspaces = workspaces;
        this.groups = groups;
        this.clock = clock;
    }

    /// Deploys a template. A template that cannot be read is refused; a resource that cannot be made lets the
    /// deployment
    /// fail.
    ///
    /// @param body `{"properties":{"template","parameters","mode"}}`
    public Deployment put(String subscriptionId, String resourceGroup, String name, ObjectNode body, Caller caller) {
        ResourceGroup group = groups.get(subscriptionId, resourceGroup);
        if (!name.matches("[-\\w._()]{1,64}")) {
            throw new Problem.Invalid(
                    "InvalidDeploymentName",
                    "A deployment's name has letters, digits, '-', '_', '.', '(' and ')' only, 64 at most.",
                    "deploymentName");
        }
        if (!(body.path("properties").get("template") instanceof ObjectNode template)) {
            throw new Problem.Invalid(
                    "InvalidTemplate",
                    "The body needs 'properties.template', the template as an object.",
                    "properties.template");
        }
        ObjectNode parameters =
                body.path("properties").get("parameters") instanceof ObjectNode given ? given : Json.object();
        List<ObjectNode> wanted = new Template(template, parameters, group).resources();
        wanted.forEach(Deployments::requireKnown);
        var startedAt = clock.instant();
        List<String> ids = new ArrayList<>();
        ObjectNode error = null;
        for (ObjectNode resource : wanted) {
            ids.add(id(group, resource));
            if (isWorkspace(resource)) {
                try {
                    workspaces.put(
                            subscriptionId, resourceGroup, resource.path("name").asString(""), resource, caller);
                } catch (Problem problem) {
                    error = Json.object().put("code", problem.code()).put("message", problem.message());
                    break;
                }
            }
        }
        Deployment ended = new Deployment(
                group.subscriptionId(),
                group.name(),
                name,
                error == null ? "Succeeded" : "Failed",
                withoutSecrets(template, parameters),
                ids,
                error,
                startedAt,
                clock.instant());
        store.put(ended);
        return ended;
    }

    public List<Deployment> list(String subscriptionId, String resourceGroup) {
        return store.list(subscriptionId, resourceGroup);
    }

    /// @throws Problem.NotFound `DeploymentNotFound`
    public Deployment get(String subscriptionId, String resourceGroup, String name) {
        Optional<Deployment> found = store.find(subscriptionId, resourceGroup, name);
        return found.orElseThrow(() -> new Problem.NotFound(
                "DeploymentNotFound", "Deployment '" + name + "' could not be found in '" + resourceGroup + "'."));
    }

    private static void requireKnown(ObjectNode resource) {
        String type = resource.path("type").asString("");
        String provider = type.substring(0, Math.max(type.indexOf('/'), 0)).toLowerCase(java.util.Locale.ROOT);
        if (!isWorkspace(resource) && !BUILT_IN.contains(provider)) {
            throw new Problem.Invalid(
                    "InvalidTemplate",
                    "A resource of type '" + type + "' cannot be deployed by a template here; " + WORKSPACE_TYPE
                            + " can, with the resources it rests on.",
                    "properties.template.resources");
        }
    }

    private static boolean isWorkspace(ObjectNode resource) {
        return resource.path("type").asString("").equalsIgnoreCase(WORKSPACE_TYPE);
    }

    private static String id(ResourceGroup group, ObjectNode resource) {
        String[] types = resource.path("type").asString("").split("/");
        String[] names = resource.path("name").asString("").split("/");
        StringBuilder id = new StringBuilder(group.armId() + "/providers/" + types[0]);
        for (int i = 1; i < types.length; i++) {
            id.append('/').append(types[i]).append('/').append(i <= names.length ? names[i - 1] : "");
        }
        return id.toString();
    }

    private static ObjectNode withoutSecrets(ObjectNode template, ObjectNode parameters) {
        ObjectNode kept = Json.object();
        parameters.properties().forEach(parameter -> {
            String type = template.path("parameters")
                    .path(parameter.getKey())
                    .path("type")
                    .asString("");
            if (!type.toLowerCase(java.util.Locale.ROOT).startsWith("secure")) {
                kept.set(parameter.getKey(), parameter.getValue());
            }
        });
        return kept;
    }
}
