package atelier.schedules.internal;

import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import atelier.schedules.CronExpression;
import atelier.schedules.Recurrence;
import atelier.schedules.TimeZones;
import atelier.schedules.Trigger;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Azure's `trigger` object as a [Trigger]
/// (specification machinelearningservices/…/mfe.json, CronTrigger and RecurrenceTrigger).
final class TriggerReader {
    private static final String AT = "properties.trigger";
    private static final List<String> TYPES = List.of("Cron", "Recurrence");
    private static final List<String> FREQUENCIES = List.of("Minute", "Hour", "Day", "Week", "Month");
    private static final List<String> WEEK_DAYS =
            Arrays.stream(DayOfWeek.values()).map(TriggerReader::title).toList();
    private static final int GREATEST_INTERVAL = 100_000;
    private final ObjectNode trigger;
    private final ZoneId zone;

    private TriggerReader(ObjectNode trigger) {
        this.trigger = trigger;
        String zoneName = text("timeZone");
        this.zone = TimeZones.of(zoneName == null ? "UTC" : zoneName);
    }

    /// @param given the value of `properties.trigger`
    /// @param anchor the start of a trigger that names none
    static Trigger read(JsonNode given, Instant anchor) {
        if (!(given instanceof ObjectNode trigger)) {
            throw new Problem.Invalid(
                    "InvalidArgument", "A schedule needs an object 'trigger' with a 'triggerType'.", AT);
        }
        return new TriggerReader(trigger).read(anchor);
    }

    /// Whether the trigger names when it starts.
    static boolean hasStart(JsonNode trigger) {
        return !trigger.path("startTime").asString("").isBlank();
    }

    private Trigger read(Instant anchor) {
        String type = known("triggerType", TYPES);
        LocalDateTime given = time("startTime");
        Instant start = given == null ? anchor : given.atZone(zone).toInstant();
        LocalDateTime endTime = time("endTime");
        Instant end = endTime == null ? null : endTime.atZone(zone).toInstant();
        if (end != null && end.isBefore(start)) {
            throw new Problem.Invalid(
                    "InvalidArgument", "The schedule ends (endTime) before it starts (startTime).", AT + ".endTime");
        }
        Trigger.Plan plan = type.equals("Cron")
                ? new Trigger.Plan.Days(CronExpression.parse(required("expression")))
                : recurrence(given == null ? anchor.atZone(zone).toLocalDateTime() : given);
        Trigger trigger = new Trigger(plan, start, end, zone);
        if (trigger.next(start).isEmpty()) {
            throw new Problem.Invalid(
                    "InvalidArgument", "No time fits this trigger; the schedule would never fire.", AT);
        }
        return trigger;
    }

    private Trigger.Plan recurrence(LocalDateTime start) {
        String frequency = known("frequency", FREQUENCIES);
        int interval = interval();
        return switch (frequency) {
            case "Minute" -> new Trigger.Plan.Every(Duration.ofMinutes(interval));
            case "Hour" -> new Trigger.Plan.Every(Duration.ofHours(interval));
            case "Day" -> days(ChronoUnit.DAYS, interval, start);
            case "Week" -> days(ChronoUnit.WEEKS, interval, start);
            default -> days(ChronoUnit.MONTHS, interval, start);
        };
    }

    private Trigger.Plan days(ChronoUnit unit, int interval, LocalDateTime start) {
        JsonNode pattern = trigger.path("schedule");
        if (!pattern.isNull() && !pattern.isMissingNode() && !pattern.isObject()) {
            throw new Problem.Invalid("InvalidArgument", "'schedule' must be an object.", AT + ".schedule");
        }
        return new Trigger.Plan.Days(new Recurrence(
                unit,
                interval,
                new Recurrence.Pattern(
                        numbers(pattern, "hours", 0, 23),
                        numbers(pattern, "minutes", 0, 59),
                        weekDays(pattern),
                        unit == ChronoUnit.MONTHS ? numbers(pattern, "monthDays", 1, 31) : Set.of()),
                start));
    }

    private int interval() {
        JsonNode node = trigger.path("interval");
        if (!node.canConvertToInt()
                || !node.isIntegralNumber()
                || node.asInt() < 1
                || node.asInt() > GREATEST_INTERVAL) {
            throw new Problem.Invalid(
                    "InvalidArgument",
                    "'interval' must be a whole number from 1 to " + GREATEST_INTERVAL + ".",
                    AT + ".interval");
        }
        return node.asInt();
    }

    private static Set<Integer> numbers(JsonNode pattern, String field, int least, int most) {
        Set<Integer> numbers = new LinkedHashSet<>();
        for (JsonNode node : list(pattern, field)) {
            if (!node.isIntegralNumber() || !node.canConvertToInt() || node.asInt() < least || node.asInt() > most) {
                throw new Problem.Invalid(
                        "InvalidArgument",
                        "'" + field + "' has whole numbers from " + least + " to " + most + " only.",
                        AT + ".schedule." + field);
            }
            numbers.add(node.asInt());
        }
        return numbers;
    }

    private static Set<DayOfWeek> weekDays(JsonNode pattern) {
        Set<DayOfWeek> days = new LinkedHashSet<>();
        for (JsonNode node : list(pattern, "weekDays")) {
            String name = node.asString("");
            int index = indexOf(WEEK_DAYS, name);
            if (index < 0) {
                throw unknown(name, "day of the week", WEEK_DAYS, "schedule.weekDays");
            }
            days.add(DayOfWeek.of(index + 1));
        }
        return days;
    }

    private static List<JsonNode> list(JsonNode pattern, String field) {
        JsonNode node = pattern.path(field);
        if (node.isMissingNode() || node.isNull()) {
            return List.of();
        }
        if (!node.isArray()) {
            throw new Problem.Invalid(
                    "InvalidArgument", "'" + field + "' must be an array.", AT + ".schedule." + field);
        }
        if (node.size() > 100) {
            throw new Problem.Invalid(
                    "InvalidArgument", "'" + field + "' has more than 100 entries.", AT + ".schedule." + field);
        }
        List<JsonNode> all = new ArrayList<>();
        node.forEach(all::add);
        return all;
    }

    private String known(String field, List<String> words) {
        String given = required(field);
        int index = indexOf(words, given);
        if (index < 0) {
            throw unknown(given, field, words, field);
        }
        return words.get(index);
    }

    private static Problem unknown(String given, String what, List<String> words, String field) {
        String shown = given.length() <= 80 ? given : given.substring(0, 77) + "...";
        return new Problem.Invalid(
                "InvalidArgument",
                "'" + shown + "' is no " + what + "; it is one of " + String.join(", ", words) + "."
                        + (given.length() > 80 ? "" : Nearest.hint(given, words)),
                AT + "." + field);
    }

    private static int indexOf(List<String> words, String given) {
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).equalsIgnoreCase(given)) {
                return i;
            }
        }
        return -1;
    }

    private String required(String field) {
        String value = text(field);
        if (value == null) {
            throw new Problem.Invalid("InvalidArgument", "A trigger needs '" + field + "'.", AT + "." + field);
        }
        return value;
    }

    private @Nullable String text(String field) {
        JsonNode node = trigger.path(field);
        if (node.isMissingNode() || node.isNull() || node.asString("").isBlank() && node.isString()) {
            return null;
        }
        if (!node.isString()) {
            throw new Problem.Invalid("InvalidArgument", "'" + field + "' must be a string.", AT + "." + field);
        }
        return node.asString();
    }

    /// `2026-01-02T03:04:05`, with a space for the `T`, to the minute, or with an offset, which is turned to the zone.
    private @Nullable LocalDateTime time(String field) {
        String given = text(field);
        if (given == null) {
            return null;
        }
        String iso = given.strip().replace(' ', 'T').toUpperCase(Locale.ROOT);
        LocalDateTime time;
        try {
            time = iso.matches(".*(Z|[+-]\\d\\d:\\d\\d)")
                    ? OffsetDateTime.parse(iso).atZoneSameInstant(zone).toLocalDateTime()
                    : LocalDateTime.parse(iso);
        } catch (DateTimeException e) {
            throw badTime(field, given);
        }
        if (time.getYear() < 1970 || time.getYear() > 9999) {
            throw badTime(field, given);
        }
        return time.truncatedTo(ChronoUnit.SECONDS);
    }

    private static Problem badTime(String field, String given) {
        String shown = given.length() <= 80 ? given : given.substring(0, 77) + "...";
        return new Problem.Invalid(
                "InvalidArgument",
                "'" + shown + "' is no time; '" + field + "' looks like 2026-01-31T09:00:00.",
                AT + "." + field);
    }

    private static String title(DayOfWeek day) {
        return day.name().charAt(0) + day.name().substring(1).toLowerCase(Locale.ROOT);
    }
}
