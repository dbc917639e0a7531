package atelier.jobs.fakes;

import atelier.datasets.Location;
import atelier.kernel.Caller;
import atelier.kernel.Problem;
import atelier.models.Models;
import atelier.workspace.Workspace;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Models in memory.
public final class FakeModels implements Models {
    private final List<ModelVersion> models = new CopyOnWriteArrayList<>();

    @Override
    public Optional<ModelVersion> find(Workspace workspace, String name, String version) {
        return models.stream()
                .filter(m -> m.name().equals(name) && m.version().equals(version))
                .findFirst();
    }

    @Override
    public ModelVersion resolve(Workspace workspace, String reference) {
        String[] parts = reference
                .replaceFirst(".*/models/([^/]+)/versions/", "$1:")
                .replace("azureml:", "")
                .replace("models:/", "")
                .split("[:/]");
        return find(workspace, parts[0], parts[1])
                .orElseThrow(() -> new Problem.NotFound("There is no model '" + reference + "'."));
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
        long version = models.stream().filter(m -> m.name().equals(name)).count() + 1;
        Location location = new Location("blobstore", uri.replaceFirst(".*/paths/", ""));
        ModelVersion made = new ModelVersion(name, Long.toString(version), type, location, runId, tags, Instant.EPOCH);
        models.add(made);
        return made;
    }

    @Override
    public List<ModelVersion> list(Workspace workspace) {
        return List.copyOf(models);
    }
}
