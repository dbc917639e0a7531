package atelier.experiments;

import java.util.List;

/// A named set of runs.
///
/// @param id number within the workspace; 0 is `Default`. Clients see it as a string
/// @param artifactLocation where its runs keep artifacts: `mlflow-artifacts:/{id}`, or what its maker wished
/// @param lifecycle `active` or `deleted`
/// @param createdAt, updatedAt epoch milliseconds
public record Experiment(
        long id,
        String name,
        String artifactLocation,
        String lifecycle,
        long createdAt,
        long updatedAt,
        List<Entry> tags) {
    public Experiment {
        tags = List.copyOf(tags);
    }

    public boolean active() {
        return lifecycle.equals("active");
    }
}
