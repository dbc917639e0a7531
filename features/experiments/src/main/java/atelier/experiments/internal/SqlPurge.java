package atelier.experiments.internal;

import atelier.store.Database;
import java.util.List;

/// Finds what is deleted, and deletes its rows.
public final class SqlPurge {
    private static final List<String> OF_RUN =
            List.of("run_tag", "run_param", "metric", "latest_metric", "run_dataset", "run_model");
    private static final List<String> OF_MODEL =
            List.of("logged_model_tag", "logged_model_param", "logged_model_metric", "logged_model");
    private static final String RUNS = "SELECT run_id, lifecycle, COALESCE(deleted_at, 0),"
            + " CASE WHEN job = 1 AND status IN ('RUNNING', 'SCHEDULED') THEN 1 ELSE 0 END FROM run WHERE workspace = ?";
    private static final String MODELS =
            "SELECT model_id, lifecycle, updated_at, 0 FROM logged_model WHERE workspace = ?";
    private final Database database;

    public SqlPurge(Database database) {
        this.database = database;
    }

    /// Something that may go.
    ///
    /// @param deletedAt epoch milliseconds
    /// @param busy a job works on it
    public record Doomed(String id, boolean deleted, long deletedAt, boolean busy) {}

    /// Of the whole workspace: an id that a caller names may be of an active one, which is then said.
    public List<Doomed> runs(String workspace) {
        return list(RUNS + " ORDER BY id", workspace);
    }

    public List<Doomed> models(String workspace) {
        return list(MODELS + " ORDER BY created_at, model_id", workspace);
    }

    public List<Doomed> experiments(String workspace) {
        return list(
                "SELECT CAST(id AS TEXT), lifecycle, updated_at, 0 FROM experiment WHERE workspace = ? ORDER BY id",
                workspace);
    }

    public List<Doomed> runsOf(String workspace, String experiment) {
        return list(
                RUNS + " AND experiment = ? AND lifecycle = 'deleted' ORDER BY id",
                workspace,
                Long.parseLong(experiment));
    }

    /// Also those that are not deleted: they end with their experiment.
    public List<Doomed> modelsOf(String workspace, String experiment) {
        return list(
                MODELS + " AND experiment = ? ORDER BY created_at, model_id", workspace, Long.parseLong(experiment));
    }

    private List<Doomed> list(String sql, Object... arguments) {
        return database.read(handle -> handle.select(sql, arguments)
                .map((row, _) -> new Doomed(
                        row.getString(1), row.getString(2).equals("deleted"), row.getLong(3), row.getInt(4) == 1))
                .list());
    }

    /// False when it is not deleted any more.
    public boolean deleteRun(String workspace, String runId) {
        return database.inTransaction(handle -> {
            List<Long> ids = handle.select(
                            "SELECT id FROM run WHERE workspace = ? AND run_id = ? AND lifecycle = 'deleted'",
                            workspace,
                            runId)
                    .mapTo(Long.class)
                    .list();
            for (long id : ids) {
                OF_RUN.forEach(table -> handle.execute("DELETE FROM " + table + " WHERE run = ?", id));
                handle.execute("DELETE FROM run WHERE id = ?", id);
            }
            return !ids.isEmpty();
        });
    }

    public boolean deleteModel(String workspace, String modelId) {
        return database.inTransaction(handle -> {
            int rows = 0;
            for (String table : OF_MODEL) {
                rows = handle.execute(
                        "DELETE FROM " + table + " WHERE workspace = ? AND model_id = ?", workspace, modelId);
            }
            return rows > 0;
        });
    }

    /// False when it is not deleted any more, or has runs or models still.
    public boolean deleteExperiment(String workspace, String experiment) {
        long id = Long.parseLong(experiment);
        return database.inTransaction(handle -> {
            int gone = handle.execute(
                    "DELETE FROM experiment WHERE workspace = ? AND id = ? AND lifecycle = 'deleted'"
                            + " AND NOT EXISTS (SELECT 1 FROM run r WHERE r.workspace = ? AND r.experiment = ?)"
                            + " AND NOT EXISTS (SELECT 1 FROM logged_model m WHERE m.workspace = ? AND m.experiment = ?)",
                    workspace,
                    id,
                    workspace,
                    id,
                    workspace,
                    id);
            if (gone == 1) {
                handle.execute("DELETE FROM experiment_tag WHERE workspace = ? AND experiment = ?", workspace, id);
            }
            return gone == 1;
        });
    }
}
