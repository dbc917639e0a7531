package atelier.jobs.internal;

import atelier.jobs.Jobs;
import atelier.jobs.Jobs.Change;
import atelier.jobs.Jobs.Filter;
import atelier.jobs.Jobs.Job;
import atelier.jobs.Jobs.Scheduled;
import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Jobs in the database.
public final class SqlJobStore implements JobStore {
    private static final String SELECT = "SELECT workspace_id, name, type, status, display_name, experiment, parent,"
            + " properties, error_code, error_message, created_by, created_at, started_at, ended_at, archived,"
            + " version, created_by_id, created_by_kind, owner, host FROM job";
    private final Database database;

    public SqlJobStore(Database database) {
        this.database = database;
    }

    @Override
    public boolean insert(JobRecord record, Instant leaseUntil) {
        Job job = record.job();
        return database.inTransaction(handle -> {
            int inserted = handle.execute(
                    "INSERT INTO job (workspace_id, name, type, status, active, version, display_name, experiment,"
                            + " parent, properties, error_code, error_message, created_by, created_by_id,"
                            + " created_by_kind, created_at, started_at, ended_at, archived, owner, host, lease_until)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                            + " ON CONFLICT DO NOTHING",
                    job.workspaceId(),
                    job.name(),
                    job.type(),
                    job.status(),
                    job.isFinal() ? 0 : 1,
                    record.version(),
                    job.displayName(),
                    job.experimentName(),
                    job.parent(),
                    Json.write(job.properties()),
                    job.errorCode(),
                    job.errorMessage(),
                    job.createdBy(),
                    record.creator().objectId(),
                    record.creator().kind().name(),
                    job.createdAt().toEpochMilli(),
                    millis(job.startedAt()),
                    millis(job.endedAt()),
                    job.archived() ? 1 : 0,
                    record.owner(),
                    record.host(),
                    leaseUntil.toEpochMilli());
            if (inserted == 0) {
                return false;
            }
            remember(handle, record, job.createdAt());
            tags(handle, job);
            return true;
        });
    }

    @Override
    public Optional<JobRecord> replace(JobRecord expected, JobRecord next, Instant now) {
        Job job = next.job();
        JobRecord kept = new JobRecord(job, expected.version() + 1, next.creator(), next.owner(), next.host());
        return database.inTransaction(handle -> {
            int changed = handle.execute(
                    "UPDATE job SET status = ?, active = ?, version = ?, display_name = ?, properties = ?,"
                            + " error_code = ?, error_message = ?, started_at = ?, ended_at = ?, archived = ?"
                            + " WHERE workspace_id = ? AND name = ? AND version = ?",
                    job.status(),
                    job.isFinal() ? 0 : 1,
                    kept.version(),
                    job.displayName(),
                    Json.write(job.properties()),
                    job.errorCode(),
                    job.errorMessage(),
                    millis(job.startedAt()),
                    millis(job.endedAt()),
                    job.archived() ? 1 : 0,
                    job.workspaceId(),
                    job.name(),
                    expected.version());
            if (changed == 0) {
                return Optional.empty();
            }
            if (!job.status().equals(expected.job().status())) {
                remember(handle, kept, now);
            }
            if (!job.properties()
                    .path("tags")
                    .equals(expected.job().properties().path("tags"))) {
                tags(handle, job);
            }
            return Optional.of(kept);
        });
    }

    private static void remember(Handle handle, JobRecord record, Instant at) {
        handle.execute(
                "INSERT INTO job_history (workspace_id, name, version, status, at) VALUES (?, ?, ?, ?, ?)",
                record.job().workspaceId(),
                record.job().name(),
                record.version(),
                record.job().status(),
                at.toEpochMilli());
    }

    private static void tags(Handle handle, Job job) {
        handle.execute("DELETE FROM job_tag WHERE workspace_id = ? AND name = ?", job.workspaceId(), job.name());
        for (Map.Entry<String, JsonNode> tag : job.properties().path("tags").properties()) {
            handle.execute(
                    "INSERT INTO job_tag (workspace_id, name, tag, value) VALUES (?, ?, ?, ?)",
                    job.workspaceId(),
                    job.name(),
                    tag.getKey(),
                    tag.getValue().asString(""));
        }
    }

    @Override
    public Optional<JobRecord> find(String workspaceId, String name) {
        return database.read(handle -> handle.createQuery(SELECT + " WHERE workspace_id = ? AND name = ?")
                .bind(0, workspaceId)
                .bind(1, name)
                .map((row, _) -> record(row))
                .findOne());
    }

    @Override
    public List<JobRecord> children(String workspaceId, String parent) {
        return database.read(handle -> handle.createQuery(
                        SELECT + " WHERE workspace_id = ? AND parent = ? ORDER BY created_at, name")
                .bind(0, workspaceId)
                .bind(1, parent)
                .map((row, _) -> record(row))
                .list());
    }

    @Override
    public Page<JobRecord> list(String workspaceId, Filter filter, @Nullable String marker, int max) {
        StringBuilder sql = new StringBuilder(SELECT + " j WHERE workspace_id = ? AND parent IS NULL");
        List<Object> values = new ArrayList<>(List.of(workspaceId));
        if (filter.archived() != null) {
            sql.append(" AND archived = ?");
            values.add(filter.archived() ? 1 : 0);
        }
        if (filter.type() != null) {
            sql.append(" AND lower(type) = lower(?)");
            values.add(filter.type());
        }
        if (filter.experiment() != null) {
            sql.append(" AND experiment = ?");
            values.add(filter.experiment());
        }
        if (filter.tag() != null) {
            String[] tag = filter.tag().split("=", 2);
            sql.append(" AND EXISTS (SELECT 1 FROM job_tag t WHERE t.workspace_id = j.workspace_id AND t.name = j.name"
                    + " AND t.tag = ?" + (tag.length == 2 ? " AND t.value = ?)" : ")"));
            values.addAll(List.of(tag));
        }
        Scheduled scheduled = filter.scheduled();
        if (scheduled != null) {
            sql.append(scheduled.yes() ? " AND EXISTS" : " AND NOT EXISTS")
                    .append(" (SELECT 1 FROM job_tag s WHERE s.workspace_id = j.workspace_id AND s.name = j.name"
                            + " AND s.tag = ?" + (scheduled.schedule() == null ? ")" : " AND s.value = ?)"));
            values.add(Jobs.SCHEDULE_TAG);
            if (scheduled.schedule() != null) {
                values.add(scheduled.schedule());
            }
        }
        if (marker != null) {
            Position after = Position.parse(marker);
            sql.append(" AND (created_at < ? OR created_at = ? AND name < ?)");
            values.addAll(List.of(after.createdAt(), after.createdAt(), after.name()));
        }
        sql.append(" ORDER BY created_at DESC, name DESC LIMIT ?");
        values.add(max + 1);
        List<JobRecord> found = database.read(handle -> {
            Query query = handle.createQuery(sql.toString());
            for (int i = 0; i < values.size(); i++) {
                query.bind(i, values.get(i));
            }
            return query.map((row, _) -> record(row)).list();
        });
        if (found.size() <= max) {
            return Page.last(found);
        }
        Job last = found.get(max - 1).job();
        return new Page<>(found.subList(0, max), last.createdAt().toEpochMilli() + "~" + last.name());
    }

    /// Where the next page begins.
    private record Position(long createdAt, String name) {
        static Position parse(String marker) {
            int split = marker.indexOf('~');
            try {
                return new Position(
                        Long.parseLong(marker.substring(0, Math.max(split, 0))), marker.substring(split + 1));
            } catch (NumberFormatException e) {
                throw new Problem.Invalid(
                        "InvalidSkipToken", "'" + marker + "' is not a marker of this list.", "$skip");
            }
        }
    }

    @Override
    public List<Change> history(String workspaceId, String name) {
        return database.read(handle -> handle.createQuery(
                        "SELECT status, at FROM job_history WHERE workspace_id = ? AND name = ? ORDER BY version")
                .bind(0, workspaceId)
                .bind(1, name)
                .map((row, _) -> new Change(row.getString(1), Instant.ofEpochMilli(row.getLong(2))))
                .list());
    }

    @Override
    public void delete(String workspaceId, String name) {
        database.useTransaction(handle -> {
            for (String table : List.of("job_tag", "job_history", "job")) {
                handle.execute("DELETE FROM " + table + " WHERE workspace_id = ? AND name = ?", workspaceId, name);
            }
        });
    }

    @Override
    public List<JobRecord> takeOver(String owner, String host, Instant now, Instant leaseUntil) {
        return database.inTransaction(handle -> {
            handle.execute(
                    "UPDATE job SET owner = ?, host = ?, lease_until = ?, version = version + 1"
                            + " WHERE active = 1 AND owner <> ? AND (host = ? OR lease_until < ?)",
                    owner,
                    host,
                    leaseUntil.toEpochMilli(),
                    owner,
                    host,
                    now.toEpochMilli());
            return handle.createQuery(SELECT + " WHERE active = 1 AND owner = ? ORDER BY created_at, name")
                    .bind(0, owner)
                    .map((row, _) -> record(row))
                    .list();
        });
    }

    @Override
    public void renew(String owner, Instant leaseUntil) {
        database.useTransaction(handle -> handle.execute(
                "UPDATE job SET lease_until = ? WHERE active = 1 AND owner = ?", leaseUntil.toEpochMilli(), owner));
    }

    @Override
    public <T> T inTransaction(Supplier<T> work) {
        return database.inTransaction(_ -> work.get());
    }

    private static JobRecord record(ResultSet row) throws SQLException {
        Job job = new Job(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                (ObjectNode) Json.parse(row.getString(8)),
                row.getString(9),
                row.getString(10),
                row.getString(11),
                Instant.ofEpochMilli(row.getLong(12)),
                instant(row, 13),
                instant(row, 14),
                row.getInt(15) != 0);
        Caller creator = new Caller(job.createdBy(), row.getString(17), Caller.Kind.valueOf(row.getString(18)));
        return new JobRecord(job, row.getLong(16), creator, row.getString(19), row.getString(20));
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }
}
