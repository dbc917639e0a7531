package atelier.endpoints.internal;

import atelier.endpoints.Deployment;
import java.nio.file.Path;

/// Names one deployment in maps and folders.
public record DeploymentKey(String workspaceId, String endpoint, String name) {
    public static DeploymentKey of(Deployment deployment) {
        return new DeploymentKey(deployment.workspaceId(), deployment.endpoint(), deployment.name());
    }

    Path folder(Path root) {
        return root.resolve(workspaceId).resolve(endpoint).resolve(name);
    }
}
