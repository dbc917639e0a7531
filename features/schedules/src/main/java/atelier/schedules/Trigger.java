package atelier.schedules;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// When a schedule fires: a plan in a time zone, within a window of time.
///
/// @param start nothing fires before it
/// @param end nothing fires after it; null for ever
/// @param zone whose clocks the plan means
public record Trigger(Plan plan, Instant start, @Nullable Instant end, ZoneId zone) {
    /// How far ahead is looked; a plan without a time in it never fires.
    private static final int HORIZON_DAYS = 366 * 60;

    /// The times of a plan.
    public sealed interface Plan {
        /// Every so much elapsed time, counted from the start.
        record Every(Duration period) implements Plan {}

        /// Times on clocks, day by day.
        record Days(DayPlan times) implements Plan {}
    }

    /// The times of one local day.
    @FunctionalInterface
    public interface DayPlan {
        /// Instants of `day` in `zone`, in order.
        NavigableSet<Instant> on(LocalDate day, ZoneId zone);
    }

    /// The first time at or after `from`.
    public Optional<Instant> next(Instant from) {
        Instant first = from.isBefore(start) ? start : from;
        Optional<Instant> found = switch (plan) {
            case Plan.Every(Duration period) -> Optional.of(step(first, period));
            case Plan.Days(DayPlan times) -> search(first, times);
        };
        return found.filter(time -> end == null || !time.isAfter(end));
    }

    /// The last time at or before `to`, not before `from`.
    public Optional<Instant> latest(Instant from, Instant to) {
        Instant bound = end != null && end.isBefore(to) ? end : to;
        Instant first = from.isBefore(start) ? start : from;
        if (bound.isBefore(first)) {
            return Optional.empty();
        }
        return switch (plan) {
            case Plan.Every(Duration period) -> {
                long seconds = Duration.between(start, bound).toSeconds();
                Instant last = start.plusSeconds(seconds - Math.floorMod(seconds, period.toSeconds()));
                yield Optional.of(last).filter(time -> !time.isBefore(first));
            }
            case Plan.Days(DayPlan times) -> searchBack(first, bound, times);
        };
    }

    private Instant step(Instant first, Duration period) {
        Duration gone = Duration.between(start, first);
        long seconds = gone.toSeconds() + (gone.getNano() > 0 ? 1 : 0);
        long steps = Math.ceilDiv(seconds, period.toSeconds());
        return start.plusSeconds(Math.multiplyExact(steps, period.toSeconds()));
    }

    private Optional<Instant> search(Instant first, DayPlan times) {
        // A day earlier, since a shifted time can lie on the local day before.
        LocalDate day = first.atZone(zone).toLocalDate().minusDays(1);
        LocalDate last = end == null ? null : end.atZone(zone).toLocalDate().plusDays(1);
        for (int i = 0; i < HORIZON_DAYS && (last == null || !day.isAfter(last)); i++) {
            Instant found = times.on(day, zone).ceiling(first);
            if (found != null) {
                return Optional.of(found);
            }
            day = day.plusDays(1);
        }
        return Optional.empty();
    }

    private Optional<Instant> searchBack(Instant first, Instant bound, DayPlan times) {
        LocalDate day = bound.atZone(zone).toLocalDate().plusDays(1);
        LocalDate oldest = first.atZone(zone).toLocalDate().minusDays(1);
        while (!day.isBefore(oldest)) {
            Instant found = times.on(day, zone).floor(bound);
            if (found != null) {
                return Optional.of(found).filter(time -> !time.isBefore(first));
            }
            day = day.minusDays(1);
        }
        return Optional.empty();
    }

    /// The instants of clock times of one day. A time that clocks leave out in spring comes as much later; of a
    /// time that they show twice in autumn the first is meant. With `everyHour` the plan goes by elapsed hours: a
    /// time left out is left out, a time shown twice comes twice.
    static NavigableSet<Instant> instants(
            LocalDate day, ZoneId zone, Iterable<java.time.LocalTime> times, boolean everyHour) {
        NavigableSet<Instant> instants = new TreeSet<>();
        for (java.time.LocalTime time : times) {
            var local = day.atTime(time).truncatedTo(ChronoUnit.SECONDS);
            var offsets = zone.getRules().getValidOffsets(local);
            if (everyHour) {
                offsets.forEach(offset -> instants.add(local.toInstant(offset)));
            } else {
                instants.add(local.atZone(zone).toInstant());
            }
        }
        return instants;
    }
}
