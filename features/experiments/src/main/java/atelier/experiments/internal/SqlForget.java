package atelier.experiments.internal;

import atelier.store.Database;
import java.util.ArrayList;
import java.util.List;

/// Everything that hangs on the runs of a workspace, for its purge. The rows that carry the workspace's key themselves
/// are
/// left to the purge.
public final class SqlForget {
    private static final List<String> OF_RUNS =
            List.of("run_tag", "run_param", "metric", "latest_metric", "run_dataset", "run_model");
    private final Database database;

    public SqlForget(Database database) {
        this.database = database;
    }

    /// Names of all runs.
    public List<String> runs(String workspaceId) {
        return names("SELECT run_id FROM run WHERE workspace = ?", workspaceId);
    }

    /// Ids of all logged models.
    public List<String> models(String workspaceId) {
        return names("SELECT model_id FROM logged_model WHERE workspace = ?", workspaceId);
    }

    public void forget(String workspaceId) {
        database.useTransaction(handle -> OF_RUNS.forEach(table -> handle.execute(
                "DELETE FROM " + table + " WHERE run IN (SELECT id FROM run WHERE workspace = ?)", workspaceId)));
    }

    private List<String> names(String query, String workspaceId) {
        return new ArrayList<>(database.read(handle -> handle.createQuery(query)
                .bind(0, workspaceId)
                .mapTo(String.class)
                .list()));
    }
}
