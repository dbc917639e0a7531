package atelier.schedules;

import atelier.kernel.Problem;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;

/// An NCronTab expression of five fields: minute, hour, day of month, month, day of week. Each is `*`, a value, a
/// range `a-b`, a step `*/n` or `a-b/n`, or a list of these with commas; months and days of the week also by their
/// English names or first three letters. All fields must hold (NCronTab, not crontab(5), where one of the two days
/// suffices).
///
/// Source: github.com/atifaziz/NCrontab, and "Schedule machine learning pipeline jobs" of Azure Machine Learning.
public final class CronExpression implements Trigger.DayPlan {
    private static final List<String> MONTHS = List.of(
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december");
    private static final List<String> WEEK_DAYS =
            List.of("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday");
    private final String text;
    private final List<LocalTime> times;
    private final BitSet days;
    private final BitSet months;
    private final BitSet weekDays;
    private final boolean everyHour;

    private CronExpression(String text, BitSet minutes, BitSet hours, BitSet days, BitSet months, BitSet weekDays) {
        this.text = text;
        this.days = days;
        this.months = months;
        this.weekDays = weekDays;
        this.everyHour = hours.cardinality() == 24;
        List<LocalTime> all = new ArrayList<>();
        hours.stream().forEach(hour -> minutes.stream().forEach(minute -> all.add(LocalTime.of(hour, minute))));
        this.times = List.copyOf(all);
    }

    /// @throws Problem.Invalid naming the field of the expression that is wrong
    public static CronExpression parse(String text) {
        String[] fields = text.strip().split("\\s+");
        if (fields.length != 5) {
            throw invalid(
                    text,
                    "It needs 5 fields with spaces between them: minute, hour, day of month, month, day of week"
                            + (fields.length == 6 ? "; seconds are not among them" : ""));
        }
        BitSet weekDays = field(text, "day of week", fields[4], 0, 7, WEEK_DAYS, 0);
        if (weekDays.get(7)) {
            weekDays.clear(7);
            weekDays.set(0);
        }
        return new CronExpression(
                text.strip(),
                field(text, "minute", fields[0], 0, 59, List.of(), 0),
                field(text, "hour", fields[1], 0, 23, List.of(), 0),
                field(text, "day of month", fields[2], 1, 31, List.of(), 0),
                field(text, "month", fields[3], 1, 12, MONTHS, 1),
                weekDays);
    }

    @Override
    public NavigableSet<Instant> on(LocalDate day, ZoneId zone) {
        boolean holds = days.get(day.getDayOfMonth())
                && months.get(day.getMonthValue())
                && weekDays.get(day.getDayOfWeek().getValue() % 7);
        return holds ? Trigger.instants(day, zone, times, everyHour) : new TreeSet<>();
    }

    @Override
    public String toString() {
        return text;
    }

    private static BitSet field(
            String text, String field, String given, int least, int most, List<String> names, int firstName) {
        BitSet set = new BitSet();
        for (String part : given.split(",", -1)) {
            String[] stepped = part.split("/", -1);
            if (stepped.length > 2) {
                throw invalid(text, "'" + part + "' is no " + field);
            }
            int step = stepped.length == 2 ? number(text, field, stepped[1], 1, most) : 1;
            int from = least;
            int to = most == 7 ? 6 : most;
            if (!stepped[0].equals("*")) {
                String[] range = stepped[0].split("-", -1);
                if (range.length > 2) {
                    throw invalid(text, "'" + part + "' is no " + field);
                }
                from = value(text, field, range[0], least, most, names, firstName);
                if (range.length == 2) {
                    to = value(text, field, range[1], least, most, names, firstName);
                } else if (stepped.length == 1) {
                    to = from;
                }
            }
            if (from > to) {
                throw invalid(text, "'" + part + "' goes backwards; write the smaller " + field + " first");
            }
            for (int i = from; i <= to; i += step) {
                set.set(i);
            }
        }
        return set;
    }

    private static int value(
            String text, String field, String given, int least, int most, List<String> names, int firstName) {
        String word = given.toLowerCase(Locale.ROOT);
        if (word.length() >= 3) {
            for (int i = 0; i < names.size(); i++) {
                if (names.get(i).equals(word) || names.get(i).substring(0, 3).equals(word)) {
                    return i + firstName;
                }
            }
        }
        return number(text, field, given, least, most);
    }

    private static int number(String text, String field, String given, int least, int most) {
        if (given.matches("\\d{1,4}")) {
            int value = Integer.parseInt(given);
            if (value >= least && value <= most) {
                return value;
            }
        }
        throw invalid(text, "'" + given + "' is no " + field + "; it is a number from " + least + " to " + most);
    }

    private static Problem invalid(String text, String why) {
        String shown = text.length() <= 80 ? text : text.substring(0, 77) + "...";
        return new Problem.Invalid(
                "InvalidCronExpression",
                "'" + shown + "' is not a cron expression. " + why + ".",
                "properties.trigger.expression");
    }
}
