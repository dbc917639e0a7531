package atelier.models.internal;

import atelier.mlflow.Conditions;
import atelier.models.Registry.Event;
import atelier.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Table `model_event`: what happened to models, in order.
public final class SqlHistory {
    private static final String COLUMNS = "e.name, e.version, e.what, e.before_value, e.after_value, e.who, e.at";
    private final Database database;

    public SqlHistory(Database database) {
        this.database = database;
    }

    /// @param seq place in the order of a workspace's events
    public record Logged(long seq, Event event) {}

    public void add(Handle handle, String workspace, String id, Event event) {
        handle.execute(
                "INSERT INTO model_event (id, workspace, name, version, what, before_value, after_value, who, at, seq)"
                        + " SELECT ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS BIGINT), COALESCE(MAX(seq), 0) + 1"
                        + " FROM model_event WHERE workspace = ?",
                id,
                workspace,
                event.name(),
                event.version(),
                event.what(),
                event.before(),
                event.after(),
                event.who(),
                event.at(),
                workspace);
    }

    /// Newest first; at most one more than asked for comes back.
    ///
    /// @param kind first word of what happened; null for all
    /// @param before events before this place only
    public List<Logged> page(
            String workspace, String name, @Nullable String version, @Nullable String kind, long before, int max) {
        Conditions sql = new Conditions(database.kind())
                .add(
                        "SELECT " + COLUMNS + ", e.seq FROM model_event e WHERE e.workspace = ? AND e.name = ?"
                                + " AND e.seq < ?",
                        workspace,
                        name,
                        before);
        if (version != null) {
            sql.add(" AND e.version = ?", version);
        }
        if (kind != null) {
            sql.add(" AND (e.what = ? OR e.what LIKE ?)", kind, kind + " %");
        }
        sql.add(" ORDER BY e.seq DESC LIMIT ?", max + 1);
        return database.read(handle -> handle.select(sql.sql(), sql.arguments())
                .map((row, _) -> new Logged(row.getLong(8), event(row)))
                .list());
    }

    /// What put versions into production and held at a moment: of each stage, alias and deployment the last event
    /// until then, when it says so. What was deleted since then does not count, except that a deployment goes on.
    ///
    /// @param aliases those that mean production
    /// @param name null for all models
    public List<Event> production(String workspace, long at, List<String> aliases, @Nullable String name) {
        Conditions sql = new Conditions(database.kind())
                .add(
                        "SELECT " + COLUMNS + " FROM (SELECT x.*, ROW_NUMBER() OVER (PARTITION BY x.name, x.what,"
                                + " CASE WHEN x.what LIKE 'alias %' THEN '' ELSE x.version END ORDER BY x.seq DESC) AS place"
                                + " FROM model_event x WHERE x.workspace = ? AND x.at <= ?",
                        workspace,
                        at);
        if (name != null) {
            sql.add(" AND x.name = ?", name);
        }
        sql.add(" AND (x.what = 'stage' OR x.what LIKE 'deployment %'");
        for (String alias : aliases) {
            sql.add(" OR x.what = ?", "alias " + alias);
        }
        sql.add(
                ")) e WHERE e.place = 1 AND (e.what LIKE 'deployment %' AND e.after_value NOT IN ('', '0')"
                        + " OR (e.what LIKE 'alias %' AND e.after_value <> ''"
                        + " OR e.what = 'stage' AND lower(e.after_value) = 'production')"
                        + " AND NOT EXISTS (SELECT 1 FROM model_event d WHERE d.workspace = e.workspace"
                        + " AND d.name = e.name AND d.what = 'deleted' AND d.seq > e.seq AND d.at <= ?"
                        + " AND (d.version = '' OR d.version = e.version))) ORDER BY e.seq",
                at);
        return database.read(handle -> handle.select(sql.sql(), sql.arguments())
                .map((row, _) -> event(row))
                .list());
    }

    private static Event event(ResultSet row) throws SQLException {
        return new Event(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getLong(7));
    }
}
