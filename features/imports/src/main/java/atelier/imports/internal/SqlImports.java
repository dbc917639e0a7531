package atelier.imports.internal;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Table `import_record`.
public final class SqlImports {
    private static final String KEY = " WHERE workspace = ? AND kind = ? AND id = ?";

    /// What is known of one thing.
    ///
    /// @param number of the run that its points hang on
    /// @param points how many of them came before it
    public record Known(String id, String fingerprint, long number, long points, boolean done, boolean files) {}

    public Optional<Known> find(Handle handle, String workspace, String kind, String id) {
        return handle.select(
                        "SELECT id, fingerprint, number, points, done, files FROM import_record" + KEY,
                        workspace,
                        kind,
                        id)
                .map((row, _) -> known(row))
                .findOne();
    }

    private static Known known(java.sql.ResultSet row) throws java.sql.SQLException {
        return new Known(
                row.getString(1),
                row.getString(2),
                row.getLong(3),
                row.getLong(4),
                row.getInt(5) == 1,
                row.getInt(6) == 1);
    }

    public void put(Handle handle, String workspace, String kind, Known known, long now) {
        handle.execute(
                "INSERT INTO import_record (workspace, kind, id, fingerprint, number, points, done, files, at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (workspace, kind, id) DO UPDATE SET"
                        + " fingerprint = excluded.fingerprint, number = excluded.number, points = excluded.points,"
                        + " done = excluded.done, files = excluded.files, at = excluded.at",
                workspace,
                kind,
                known.id(),
                known.fingerprint(),
                known.number(),
                known.points(),
                known.done() ? 1 : 0,
                known.files() ? 1 : 0,
                now);
    }

    public void delete(Handle handle, String workspace, String kind, String id) {
        handle.execute("DELETE FROM import_record" + KEY, workspace, kind, id);
    }

    /// Runs whose points came, but which themselves did not, since before `then`.
    public List<Known> forgotten(Handle handle, String workspace, long then) {
        return handle.select(
                        "SELECT id, fingerprint, number, points, done, files FROM import_record"
                                + " WHERE workspace = ? AND done = 0 AND at < ?",
                        workspace,
                        then)
                .map((row, _) -> known(row))
                .list();
    }

    public boolean filesCame(Handle handle, String workspace, String kind, String id) {
        return handle.execute("UPDATE import_record SET files = 1" + KEY, workspace, kind, id) == 1;
    }
}
