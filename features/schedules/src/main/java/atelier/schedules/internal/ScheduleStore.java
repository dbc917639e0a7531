package atelier.schedules.internal;

import atelier.kernel.Page;
import atelier.schedules.Fire;
import atelier.schedules.Schedule;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What schedules need kept.
interface ScheduleStore {
    /// False when there is one of that name.
    boolean insert(Schedule schedule);

    /// Compare-and-set on [Schedule#version()]; what was kept, with the next version, or empty when it had changed.
    Optional<Schedule> replace(Schedule expected, Schedule next);

    Optional<Schedule> find(String workspaceId, String name);

    Page<Schedule> list(String workspaceId, @Nullable Boolean enabled, @Nullable String marker, int max);

    /// Compare-and-set: false when it had changed. Its history goes too.
    boolean delete(Schedule expected);

    /// Enabled schedules with `nextFire` at or before `now`, the longest due first.
    List<Schedule> due(Instant now, int max);

    /// The earliest `nextFire` of all.
    Optional<Instant> nextDue();

    /// One fire, decided: replaces the schedule and adds to its history, both or neither. Empty when the schedule had
    /// changed, as when another server fired.
    Optional<Schedule> fire(Schedule expected, Schedule next, Fire fire, Instant claimedUntil);

    /// Ends an open fire.
    void settle(Fire fire);

    /// Takes open fires whose claim has passed, so that one server alone works on each.
    List<Fire> claimStale(Instant now, Instant claimedUntil);

    /// Newest first.
    Page<Fire> history(String workspaceId, String schedule, @Nullable String marker, int max);
}
