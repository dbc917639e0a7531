package atelier.traces.internal;

import atelier.kernel.Json;
import atelier.mlflow.Conditions;
import atelier.mlflow.Vocabulary;
import atelier.mlflow.Vocabulary.Attribute;
import atelier.store.Database;
import atelier.traces.Issue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Rows of issues.
public final class SqlIssues {
    /// What a search for issues may name.
    public static final Vocabulary VOCABULARY = new Vocabulary(
            Set.of(Vocabulary.Entity.ATTRIBUTE),
            Map.of("status", Attribute.text("i.status"), "source_run_id", Attribute.text("i.source_run_id")),
            Map.of());

    private static final String COLUMNS = "i.issue_id, i.experiment, i.name, i.description, i.status, i.severity,"
            + " i.root_causes, i.categories, i.source_run_id, i.created_by, i.created_at, i.updated_at";
    private final Database database;

    public SqlIssues(Database database) {
        this.database = database;
    }

    /// Writes one, in the place of one with the same id.
    public void put(Handle handle, String workspace, Issue issue) {
        handle.execute(
                "INSERT INTO trace_issue (workspace, issue_id, experiment, name, description, status, severity,"
                        + " root_causes, categories, source_run_id, created_by, created_at, updated_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (workspace, issue_id) DO UPDATE SET"
                        + " name = excluded.name, description = excluded.description, status = excluded.status,"
                        + " severity = excluded.severity, updated_at = excluded.updated_at",
                workspace,
                issue.id(),
                issue.experiment(),
                issue.name(),
                issue.description(),
                issue.status(),
                issue.severity(),
                Json.write(issue.rootCauses()),
                Json.write(issue.categories()),
                issue.sourceRunId(),
                issue.createdBy(),
                issue.createdAt(),
                issue.updatedAt());
    }

    /// Lets no other transaction change the issue until this one ends.
    public void lock(Handle handle, String workspace, String id) {
        handle.execute("UPDATE trace_issue SET status = status WHERE workspace = ? AND issue_id = ?", workspace, id);
    }

    public Optional<Issue> find(Handle handle, String workspace, String id) {
        return handle.select(
                        "SELECT " + COLUMNS + " FROM trace_issue i WHERE i.workspace = ? AND i.issue_id = ?",
                        workspace,
                        id)
                .map((row, _) -> read(row))
                .findOne();
    }

    /// At most `max + 1` from `offset`: the one too many says that there are more.
    ///
    /// @param severities from the mildest on
    public List<Issue> search(
            Handle handle,
            String workspace,
            @Nullable Long experiment,
            List<Vocabulary.Term> terms,
            List<String> severities,
            int max,
            int offset) {
        Conditions sql = new Conditions(database.kind())
                .add("SELECT " + COLUMNS + " FROM trace_issue i WHERE i.workspace = ?", workspace);
        if (experiment != null) {
            sql.add(" AND i.experiment = ?", experiment);
        }
        for (Vocabulary.Term term : terms) {
            sql.add(" AND ");
            sql.compare(term.key(), term);
        }
        sql.add(" ORDER BY CASE i.severity");
        for (int i = 0; i < severities.size(); i++) {
            sql.add(" WHEN ? THEN " + (i + 1), severities.get(i));
        }
        sql.add(" ELSE 0 END DESC, i.created_at DESC, i.issue_id DESC LIMIT ? OFFSET ?", max + 1, offset);
        return handle.select(sql.sql(), sql.arguments())
                .map((row, _) -> read(row))
                .list();
    }

    public Map<String, Long> traces(Handle handle, String workspace, List<String> ids) {
        Map<String, Long> found = new HashMap<>();
        for (List<String> chunk : SqlTraces.chunks(ids)) {
            Conditions sql = new Conditions(database.kind())
                    .add(
                            "SELECT name, COUNT(DISTINCT trace_id) FROM trace_assessment WHERE workspace = ?"
                                    + " AND kind = 'issue' AND ",
                            workspace)
                    .in("name", chunk)
                    .add(" GROUP BY name");
            handle.select(sql.sql(), sql.arguments())
                    .map((row, _) -> Map.entry(row.getString(1), row.getLong(2)))
                    .forEach(one -> found.put(one.getKey(), one.getValue()));
        }
        return found;
    }

    private static Issue read(java.sql.ResultSet row) throws java.sql.SQLException {
        return new Issue(
                row.getString(1),
                row.getLong(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                texts(row.getString(7)),
                texts(row.getString(8)),
                row.getString(9),
                row.getString(10),
                row.getLong(11),
                row.getLong(12));
    }

    private static List<String> texts(String json) {
        List<String> texts = new ArrayList<>();
        Json.parse(json).forEach(one -> texts.add(one.asString("")));
        return texts;
    }
}
