package atelier.traces.internal;

import atelier.mlflow.Conditions;
import atelier.store.Database;
import atelier.traces.Scorers;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Rows of scorers.
public final class SqlScorers {
    private static final String SELECT =
            "SELECT s.experiment, s.name, s.scorer_id, v.version, v.serialized, v.created_at"
                    + " FROM scorer s JOIN scorer_version v ON v.workspace = s.workspace AND v.scorer_id = s.scorer_id"
                    + " WHERE s.workspace = ?";
    private final Database database;

    public SqlScorers(Database database) {
        this.database = database;
    }

    /// The number of a version to come.
    public record Next(String scorerId, long version) {}

    /// @param fresh id of the scorer when there is none of this name
    public Next next(Handle handle, String workspace, long experiment, String name, String fresh) {
        return handle.select(
                        "INSERT INTO scorer (workspace, experiment, name, scorer_id, latest) VALUES (?, ?, ?, ?, 1)"
                                + " ON CONFLICT (workspace, experiment, name) DO UPDATE SET latest = scorer.latest + 1"
                                + " RETURNING scorer_id, latest",
                        workspace,
                        experiment,
                        name,
                        fresh)
                .map((row, _) -> new Next(row.getString(1), row.getLong(2)))
                .one();
    }

    public void insert(Handle handle, String workspace, Scorers.Version made) {
        handle.execute(
                "INSERT INTO scorer_version (workspace, scorer_id, version, serialized, created_at) VALUES (?, ?, ?, ?, ?)",
                workspace,
                made.scorerId(),
                made.version(),
                made.serialized(),
                made.createdAt());
    }

    public List<Scorers.Version> latest(Handle handle, String workspace, @Nullable List<Long> experiments) {
        Conditions sql = new Conditions(database.kind())
                .add(
                        SELECT + " AND v.version = (SELECT MAX(x.version) FROM scorer_version x"
                                + " WHERE x.workspace = s.workspace AND x.scorer_id = s.scorer_id)",
                        workspace);
        if (experiments != null) {
            sql.add(" AND ").in("s.experiment", experiments);
        }
        sql.add(" ORDER BY s.experiment, " + sql.ordinal("s.name"));
        return list(handle, sql);
    }

    public List<Scorers.Version> versions(Handle handle, String workspace, long experiment, String name) {
        return list(
                handle,
                new Conditions(database.kind())
                        .add(
                                SELECT + " AND s.experiment = ? AND s.name = ? ORDER BY v.version",
                                workspace,
                                experiment,
                                name));
    }

    private static List<Scorers.Version> list(Handle handle, Conditions sql) {
        return handle.select(sql.sql(), sql.arguments())
                .map((row, _) -> new Scorers.Version(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getLong(4),
                        row.getString(5),
                        row.getLong(6)))
                .list();
    }

    /// @param version null takes the scorer away
    public void delete(Handle handle, String workspace, String scorerId, @Nullable Long version) {
        if (version != null) {
            handle.execute(
                    "DELETE FROM scorer_version WHERE workspace = ? AND scorer_id = ? AND version = ?",
                    workspace,
                    scorerId,
                    version);
            return;
        }
        handle.execute("DELETE FROM scorer_version WHERE workspace = ? AND scorer_id = ?", workspace, scorerId);
        handle.execute("DELETE FROM scorer WHERE workspace = ? AND scorer_id = ?", workspace, scorerId);
    }
}
