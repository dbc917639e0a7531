package atelier.experiments.internal;

import java.util.List;
import org.jdbi.v3.core.Handle;

/// Rows that an import wrote ahead of their run, and what it must not write twice.
public final class SqlTakenIn {
    private static final List<String> TABLES = List.of("metric", "latest_metric");

    /// Deletes the points of a number, unless a run has it.
    public void forget(Handle handle, long number) {
        TABLES.forEach(table -> handle.execute(
                "DELETE FROM " + table + " WHERE run = ? AND NOT EXISTS (SELECT 1 FROM run r WHERE r.id = ?)",
                number,
                number));
    }

    /// Tells the points of a number, which came before their run, the experiment that the run is in.
    public void place(Handle handle, long number, long experiment) {
        handle.execute("UPDATE latest_metric SET experiment = ? WHERE run = ?", experiment, number);
    }

    /// Deleted ones too.
    public boolean hasModel(Handle handle, String workspace, String modelId) {
        return handle.select(
                                "SELECT COUNT(*) FROM logged_model WHERE workspace = ? AND model_id = ?",
                                workspace,
                                modelId)
                        .mapTo(Long.class)
                        .one()
                > 0;
    }
}
