package atelier.pipelines.internal;

import atelier.kernel.Json;
import atelier.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.node.ObjectNode;

/// The memory of reuse in the database.
public final class SqlStepStore implements StepStore {
    private static final String SELECT =
            "SELECT workspace_id, job, reuse_key, node, component, parts, outputs, completed FROM step_run";
    private static final int CANDIDATES = 5;
    private final Database database;
    private final InstantSource clock;

    public SqlStepStore(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public void starting(StepRun run) {
        database.useTransaction(handle -> handle.execute(
                "INSERT INTO step_run (workspace_id, job, reuse_key, node, component, parts, completed, created_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, 0, ?) ON CONFLICT (workspace_id, job) DO UPDATE SET"
                        + " reuse_key = excluded.reuse_key, parts = excluded.parts",
                run.workspaceId(),
                run.job(),
                run.key(),
                run.node(),
                run.component(),
                Json.write(run.parts()),
                clock.millis()));
    }

    @Override
    public void completed(String workspaceId, String job, ObjectNode outputs) {
        database.useTransaction(handle -> handle.execute(
                "UPDATE step_run SET completed = 1, outputs = ? WHERE workspace_id = ? AND job = ?",
                Json.write(outputs),
                workspaceId,
                job));
    }

    @Override
    public List<StepRun> withKey(String workspaceId, String key) {
        return database.read(handle -> handle.createQuery(SELECT + " WHERE workspace_id = ? AND reuse_key = ?"
                        + " AND completed = 1 ORDER BY created_at DESC, job LIMIT " + CANDIDATES)
                .bind(0, workspaceId)
                .bind(1, key)
                .map((row, _) -> run(row))
                .list());
    }

    @Override
    public Optional<StepRun> latest(String workspaceId, String node, String component) {
        return database.read(handle -> handle.createQuery(SELECT + " WHERE workspace_id = ? AND node = ?"
                        + " AND component = ? AND completed = 1 ORDER BY created_at DESC, job LIMIT 1")
                .bind(0, workspaceId)
                .bind(1, node)
                .bind(2, component)
                .map((row, _) -> run(row))
                .findOne());
    }

    @Override
    public Optional<StepRun> find(String workspaceId, String job) {
        return database.read(handle -> handle.createQuery(SELECT + " WHERE workspace_id = ? AND job = ?")
                .bind(0, workspaceId)
                .bind(1, job)
                .map((row, _) -> run(row))
                .findOne());
    }

    private static StepRun run(ResultSet row) throws SQLException {
        return new StepRun(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                Json.read(row.getString(6), new TypeReference<Map<String, String>>() {}),
                outputs(row.getString(7)),
                row.getInt(8) != 0);
    }

    private static ObjectNode outputs(@Nullable String json) {
        return json == null ? Json.object() : (ObjectNode) Json.parse(json);
    }
}
