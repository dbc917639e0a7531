package atelier.schedules;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/// Every so many days, weeks or months of the calendar, counted from the start.
///
/// What the pattern leaves out is taken from the start: its time of day, its day of the week (weeks), its day of the
/// month (months). Weeks begin on Sunday. A day that a month does not have is left out in that month, as Azure says.
public final class Recurrence implements Trigger.DayPlan {
    private final ChronoUnit unit;
    private final int interval;
    private final Pattern pattern;
    private final LocalDate start;
    private final List<LocalTime> times;

    /// The times within a period; an empty part is taken from the start.
    ///
    /// @param hours 0 to 23
    /// @param minutes 0 to 59
    /// @param monthDays 1 to 31; for months only
    public record Pattern(Set<Integer> hours, Set<Integer> minutes, Set<DayOfWeek> weekDays, Set<Integer> monthDays) {
        public static final Pattern NONE = new Pattern(Set.of(), Set.of(), Set.of(), Set.of());

        public Pattern {
            hours = Set.copyOf(hours);
            minutes = Set.copyOf(minutes);
            weekDays = Set.copyOf(weekDays);
            monthDays = Set.copyOf(monthDays);
        }
    }

    /// @param unit DAYS, WEEKS or MONTHS
    /// @param interval 1 or more
    /// @param start on the clocks of the trigger's zone
    public Recurrence(ChronoUnit unit, int interval, Pattern pattern, LocalDateTime start) {
        this.unit = unit;
        this.interval = interval;
        this.pattern = pattern;
        this.start = start.toLocalDate();
        this.times = times(pattern, start.toLocalTime());
    }

    private static List<LocalTime> times(Pattern pattern, LocalTime start) {
        if (pattern.hours().isEmpty() && pattern.minutes().isEmpty()) {
            return List.of(start);
        }
        Set<Integer> hours = pattern.hours().isEmpty() ? Set.of(start.getHour()) : pattern.hours();
        Set<Integer> minutes = pattern.minutes().isEmpty() ? Set.of(start.getMinute()) : pattern.minutes();
        List<LocalTime> times = new ArrayList<>();
        for (int hour : hours) {
            for (int minute : minutes) {
                times.add(LocalTime.of(hour, minute));
            }
        }
        return times;
    }

    @Override
    public NavigableSet<Instant> on(LocalDate day, ZoneId zone) {
        return holds(day) ? Trigger.instants(day, zone, times, false) : new TreeSet<>();
    }

    private boolean holds(LocalDate day) {
        return switch (unit) {
            case DAYS -> turn(ChronoUnit.DAYS.between(start, day)) && weekDay(day);
            case WEEKS ->
                turn(ChronoUnit.WEEKS.between(sunday(start), sunday(day)))
                        && (pattern.weekDays().isEmpty() ? day.getDayOfWeek() == start.getDayOfWeek() : weekDay(day));
            case MONTHS ->
                turn(ChronoUnit.MONTHS.between(YearMonth.from(start), YearMonth.from(day)))
                        && weekDay(day)
                        && monthDay(day);
            default -> throw new IllegalStateException("No calendar unit: " + unit);
        };
    }

    private boolean turn(long periods) {
        return Math.floorMod(periods, interval) == 0;
    }

    private static LocalDate sunday(LocalDate day) {
        return day.with(TemporalAdjusters.previousOrSame(DayOfWeek.SUNDAY));
    }

    private boolean weekDay(LocalDate day) {
        return pattern.weekDays().isEmpty() || pattern.weekDays().contains(day.getDayOfWeek());
    }

    private boolean monthDay(LocalDate day) {
        if (!pattern.monthDays().isEmpty()) {
            return pattern.monthDays().contains(day.getDayOfMonth());
        }
        return !pattern.weekDays().isEmpty() || day.getDayOfMonth() == start.getDayOfMonth();
    }
}
