package atelier.environments.http;

import atelier.assets.Asset;
import atelier.assets.AssetDoor;
import atelier.environments.internal.Curated;
import atelier.environments.internal.Definitions;
import atelier.kernel.Caller;
import atelier.kernel.Problem;
import atelier.web.Exchange;
import atelier.workspace.Workspace;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Environments among the assets: a conda file with a fault is refused when it is registered, not when the first job
/// starts; the curated ones are there without being made.
public final class EnvironmentDoor implements AssetDoor {
    private final Curated curated;

    public EnvironmentDoor(Curated curated) {
        this.curated = curated;
    }

    @Override
    public String kind() {
        return Definitions.KIND;
    }

    @Override
    public ObjectNode accept(
            Workspace workspace, String name, String version, ObjectNode properties, Exchange exchange) {
        String conda = properties.path("condaFile").asString("");
        boolean image = !properties.path("image").asString("").isBlank();
        boolean build = properties.path("build").isObject();
        if (conda.isBlank() && !image && !build) {
            throw new Problem.Invalid(
                    "InvalidEnvironment", "An environment needs a conda file, an image or a build context.", "image");
        }
        if (!conda.isBlank()) {
            Definitions.check(conda);
        }
        if (properties.path("build") instanceof ObjectNode context
                && context.path("dockerfilePath").asString("").isEmpty()) {
            context.put("dockerfilePath", "Dockerfile");
        }
        return properties;
    }

    @Override
    public void complete(Workspace workspace, Asset asset, ObjectNode properties, Exchange exchange) {
        if (!properties.has("environmentType")) {
            properties.put("environmentType", "UserCreated");
        }
        if (!properties.has("osType")) {
            properties.put("osType", "Linux");
        }
    }

    @Override
    public List<Asset> builtIn(Workspace workspace) {
        // Own registries begin empty; the registry azureml has Azure's short names.
        if (workspace
                .registry()
                .filter(name -> !name.equalsIgnoreCase("azureml"))
                .isPresent()) {
            return List.of();
        }
        return curated.entries().stream()
                .flatMap(entry -> entry.versions().stream()
                        .map(version -> new Asset(
                                workspace.id(),
                                kind(),
                                workspace.registry().isPresent() ? entry.registryName() : entry.name(),
                                version,
                                entry.properties(),
                                false,
                                Caller.SYSTEM.name(),
                                workspace.createdAt(),
                                workspace.createdAt())))
                .toList();
    }
}
