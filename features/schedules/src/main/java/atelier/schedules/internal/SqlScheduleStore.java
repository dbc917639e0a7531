package atelier.schedules.internal;

import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.schedules.Fire;
import atelier.schedules.Schedule;
import atelier.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Schedules in the database. The table is its own queue: `next_fire_at` of enabled schedules is set, of others null.
public final class SqlScheduleStore implements ScheduleStore {
    static final int KEPT_FIRES = 1000;
    private static final String SCHEDULE = "SELECT workspace_id, name, version, properties, enabled, anchor_at,"
            + " next_fire_at, fires, created_by, created_by_id, created_by_kind, created_at, modified_at FROM schedule";
    private static final String FIRE = "SELECT workspace_id, schedule, number, scheduled_for, fired_at, manual, job,"
            + " status, error_code, error_message FROM schedule_fire";
    private final Database database;

    public SqlScheduleStore(Database database) {
        this.database = database;
    }

    @Override
    public boolean insert(Schedule schedule) {
        return database.inTransaction(handle -> handle.execute(
                        "INSERT INTO schedule (workspace_id, name, version, properties, enabled, anchor_at,"
                                + " next_fire_at, fires, created_by, created_by_id, created_by_kind, created_at,"
                                + " modified_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                                + " ON CONFLICT DO NOTHING",
                        schedule.workspaceId(),
                        schedule.name(),
                        schedule.version(),
                        Json.write(schedule.properties()),
                        schedule.enabled() ? 1 : 0,
                        schedule.anchor().toEpochMilli(),
                        millis(schedule.nextFire()),
                        schedule.fires(),
                        schedule.creator().name(),
                        schedule.creator().objectId(),
                        schedule.creator().kind().name(),
                        schedule.createdAt().toEpochMilli(),
                        schedule.modifiedAt().toEpochMilli())
                == 1);
    }

    @Override
    public Optional<Schedule> replace(Schedule expected, Schedule next) {
        return database.inTransaction(handle -> update(handle, expected, next));
    }

    private static Optional<Schedule> update(Handle handle, Schedule expected, Schedule next) {
        Schedule kept = new Schedule(
                next.workspaceId(),
                next.name(),
                expected.version() + 1,
                next.properties(),
                next.enabled(),
                next.anchor(),
                next.nextFire(),
                next.fires(),
                next.creator(),
                next.createdAt(),
                next.modifiedAt());
        int changed = handle.execute(
                "UPDATE schedule SET version = ?, properties = ?, enabled = ?, anchor_at = ?, next_fire_at = ?,"
                        + " fires = ?, created_by = ?, created_by_id = ?, created_by_kind = ?, modified_at = ?"
                        + " WHERE workspace_id = ? AND name = ? AND version = ?",
                kept.version(),
                Json.write(kept.properties()),
                kept.enabled() ? 1 : 0,
                kept.anchor().toEpochMilli(),
                millis(kept.nextFire()),
                kept.fires(),
                kept.creator().name(),
                kept.creator().objectId(),
                kept.creator().kind().name(),
                kept.modifiedAt().toEpochMilli(),
                kept.workspaceId(),
                kept.name(),
                expected.version());
        return changed == 1 ? Optional.of(kept) : Optional.empty();
    }

    @Override
    public Optional<Schedule> find(String workspaceId, String name) {
        return database.read(handle -> handle.createQuery(SCHEDULE + " WHERE workspace_id = ? AND name = ?")
                .bind(0, workspaceId)
                .bind(1, name)
                .map((row, _) -> schedule(row))
                .findOne());
    }

    @Override
    public Page<Schedule> list(String workspaceId, @Nullable Boolean enabled, @Nullable String marker, int max) {
        StringBuilder sql = new StringBuilder(SCHEDULE + " WHERE workspace_id = ?");
        List<Object> values = new ArrayList<>(List.of(workspaceId));
        if (enabled != null) {
            sql.append(" AND enabled = ?");
            values.add(enabled ? 1 : 0);
        }
        if (marker != null) {
            sql.append(" AND name > ?");
            values.add(marker);
        }
        sql.append(" ORDER BY name LIMIT ?");
        values.add(max + 1);
        List<Schedule> found = database.read(handle -> {
            Query query = handle.createQuery(sql.toString());
            for (int i = 0; i < values.size(); i++) {
                query.bind(i, values.get(i));
            }
            return query.map((row, _) -> schedule(row)).list();
        });
        return found.size() <= max
                ? Page.last(found)
                : new Page<>(found.subList(0, max), found.get(max - 1).name());
    }

    @Override
    public boolean delete(Schedule expected) {
        return database.inTransaction(handle -> {
            int deleted = handle.execute(
                    "DELETE FROM schedule WHERE workspace_id = ? AND name = ? AND version = ?",
                    expected.workspaceId(),
                    expected.name(),
                    expected.version());
            if (deleted == 1) {
                handle.execute(
                        "DELETE FROM schedule_fire WHERE workspace_id = ? AND schedule = ?",
                        expected.workspaceId(),
                        expected.name());
            }
            return deleted == 1;
        });
    }

    @Override
    public List<Schedule> due(Instant now, int max) {
        return database.read(handle -> handle.createQuery(
                        SCHEDULE + " WHERE next_fire_at <= ? ORDER BY next_fire_at, workspace_id, name LIMIT ?")
                .bind(0, now.toEpochMilli())
                .bind(1, max)
                .map((row, _) -> schedule(row))
                .list());
    }

    @Override
    public Optional<Instant> nextDue() {
        return database.read(handle -> handle.createQuery(
                        "SELECT next_fire_at FROM schedule WHERE next_fire_at IS NOT NULL ORDER BY next_fire_at LIMIT 1")
                .mapTo(Long.class)
                .findOne()
                .map(Instant::ofEpochMilli));
    }

    @Override
    public Optional<Schedule> fire(Schedule expected, Schedule next, Fire fire, Instant claimedUntil) {
        return database.inTransaction(handle -> {
            Optional<Schedule> kept = update(handle, expected, next);
            if (kept.isPresent()) {
                handle.execute(
                        "INSERT INTO schedule_fire (workspace_id, schedule, number, scheduled_for, fired_at, manual, job,"
                                + " status, claimed_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        fire.workspaceId(),
                        fire.schedule(),
                        fire.number(),
                        fire.scheduledFor().toEpochMilli(),
                        fire.firedAt().toEpochMilli(),
                        fire.manual() ? 1 : 0,
                        fire.job(),
                        fire.status().name(),
                        claimedUntil.toEpochMilli());
                handle.execute(
                        "DELETE FROM schedule_fire WHERE workspace_id = ? AND schedule = ? AND number <= ?",
                        fire.workspaceId(),
                        fire.schedule(),
                        fire.number() - KEPT_FIRES);
            }
            return kept;
        });
    }

    @Override
    public void settle(Fire fire) {
        database.useTransaction(handle -> handle.execute(
                "UPDATE schedule_fire SET status = ?, error_code = ?, error_message = ?, claimed_until = NULL"
                        + " WHERE workspace_id = ? AND schedule = ? AND number = ?",
                fire.status().name(),
                fire.errorCode(),
                fire.errorMessage(),
                fire.workspaceId(),
                fire.schedule(),
                fire.number()));
    }

    @Override
    public List<Fire> claimStale(Instant now, Instant claimedUntil) {
        return database.inTransaction(handle -> {
            List<Fire> stale = handle.createQuery(FIRE + " WHERE claimed_until < ? ORDER BY fired_at, number")
                    .bind(0, now.toEpochMilli())
                    .map((row, _) -> fire(row))
                    .list();
            List<Fire> claimed = new ArrayList<>();
            for (Fire fire : stale) {
                int changed = handle.execute(
                        "UPDATE schedule_fire SET claimed_until = ? WHERE workspace_id = ? AND schedule = ?"
                                + " AND number = ? AND claimed_until < ?",
                        claimedUntil.toEpochMilli(),
                        fire.workspaceId(),
                        fire.schedule(),
                        fire.number(),
                        now.toEpochMilli());
                if (changed == 1) {
                    claimed.add(fire);
                }
            }
            return claimed;
        });
    }

    @Override
    public Page<Fire> history(String workspaceId, String schedule, @Nullable String marker, int max) {
        List<Fire> found = database.read(handle -> handle.createQuery(
                        FIRE + " WHERE workspace_id = ? AND schedule = ? AND number < ? ORDER BY number DESC LIMIT ?")
                .bind(0, workspaceId)
                .bind(1, schedule)
                .bind(2, marker == null ? Long.MAX_VALUE : before(marker))
                .bind(3, max + 1)
                .map((row, _) -> fire(row))
                .list());
        return found.size() <= max
                ? Page.last(found)
                : new Page<>(
                        found.subList(0, max), Long.toString(found.get(max - 1).number()));
    }

    private static long before(String marker) {
        try {
            return Long.parseLong(marker);
        } catch (NumberFormatException e) {
            throw new Problem.Invalid("InvalidSkipToken", "'$skip' is not a marker of this list.", "$skip");
        }
    }

    private static Schedule schedule(ResultSet row) throws SQLException {
        long next = row.getLong(7);
        Instant nextFire = row.wasNull() ? null : Instant.ofEpochMilli(next);
        return new Schedule(
                row.getString(1),
                row.getString(2),
                row.getLong(3),
                (ObjectNode) Json.parse(row.getString(4)),
                row.getInt(5) != 0,
                Instant.ofEpochMilli(row.getLong(6)),
                nextFire,
                row.getLong(8),
                new Caller(row.getString(9), row.getString(10), Caller.Kind.valueOf(row.getString(11))),
                Instant.ofEpochMilli(row.getLong(12)),
                Instant.ofEpochMilli(row.getLong(13)));
    }

    private static Fire fire(ResultSet row) throws SQLException {
        return new Fire(
                row.getString(1),
                row.getString(2),
                row.getLong(3),
                Instant.ofEpochMilli(row.getLong(4)),
                Instant.ofEpochMilli(row.getLong(5)),
                row.getInt(6) != 0,
                row.getString(7),
                Fire.Status.valueOf(row.getString(8)),
                row.getString(9),
                row.getString(10));
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }
}
