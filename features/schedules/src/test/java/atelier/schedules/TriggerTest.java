package atelier.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.schedules.internal.Triggers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The arithmetic of time, case by case.
class TriggerTest {
    private static final Instant ANCHOR = Instant.parse("2026-01-02T03:04:05Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // expression | zone | from | the next three, on UTC's clock
                "0 * * * *|UTC|2026-01-02T03:04:05Z|2026-01-02T04:00:00Z 2026-01-02T05:00:00Z 2026-01-02T06:00:00Z",
                "*/20 3 * * *|UTC|2026-01-02T03:04:05Z|2026-01-02T03:20:00Z 2026-01-02T03:40:00Z 2026-01-03T03:00:00Z",
                "15 16 * * 1|UTC|2026-01-02T03:04:05Z|2026-01-05T16:15:00Z 2026-01-12T16:15:00Z 2026-01-19T16:15:00Z",
                "0 9 * * mon-wed/2|UTC|2026-01-02T00:00:00Z|2026-01-05T09:00:00Z 2026-01-07T09:00:00Z 2026-01-12T09:00:00Z",
                "0 0 * * 7|UTC|2026-01-02T00:00:00Z|2026-01-04T00:00:00Z 2026-01-11T00:00:00Z 2026-01-18T00:00:00Z",
                "0 0 31 * *|UTC|2026-02-01T00:00:00Z|2026-03-31T00:00:00Z 2026-05-31T00:00:00Z 2026-07-31T00:00:00Z",
                "0 0 29 feb *|UTC|2026-02-01T00:00:00Z|2028-02-29T00:00:00Z 2032-02-29T00:00:00Z 2036-02-29T00:00:00Z",
                // Both days must hold, unlike crontab(5): Fridays that are a 13th.
                "0 12 13 * 5|UTC|2026-01-01T00:00:00Z|2026-02-13T12:00:00Z 2026-03-13T12:00:00Z 2026-11-13T12:00:00Z",
                "0,30 8-9 * * *|UTC|2026-01-02T08:10:00Z|2026-01-02T08:30:00Z 2026-01-02T09:00:00Z 2026-01-02T09:30:00Z",
                // Pacific: 9 o'clock moves against UTC when summer time begins on 8 March 2026.
                "0 9 * * *|Pacific Standard Time|2026-03-07T00:00:00Z|2026-03-07T17:00:00Z 2026-03-08T16:00:00Z 2026-03-09T16:00:00Z",
                // 2:30 does not exist on 8 March: it comes as 3:30, once.
                "30 2 * * *|Pacific Standard Time|2026-03-07T11:00:00Z|2026-03-08T10:30:00Z 2026-03-09T09:30:00Z 2026-03-10T09:30:00Z",
                // 1:30 is shown twice on 1 November: the first counts.
                "30 1 * * *|Pacific Standard Time|2026-10-31T09:00:00Z|2026-11-01T08:30:00Z 2026-11-02T09:30:00Z 2026-11-03T09:30:00Z",
                // Every hour is every hour that passes.
                "0 * * * *|Pacific Standard Time|2026-11-01T07:30:00Z|2026-11-01T08:00:00Z 2026-11-01T09:00:00Z 2026-11-01T10:00:00Z",
                "0 * * * *|Pacific Standard Time|2026-03-08T09:30:00Z|2026-03-08T10:00:00Z 2026-03-08T11:00:00Z 2026-03-08T12:00:00Z",
                "0 0 * * *|India Standard Time|2026-01-02T00:00:00Z|2026-01-02T18:30:00Z 2026-01-03T18:30:00Z 2026-01-04T18:30:00Z",
                "0 12 * * *|Europe/Berlin|2026-10-24T00:00:00Z|2026-10-24T10:00:00Z 2026-10-25T11:00:00Z 2026-10-26T11:00:00Z",
                // Samoa left out the whole of 30 December 2011.
                "0 6 * * *|Pacific/Apia|2011-12-29T00:00:00Z|2011-12-29T16:00:00Z 2011-12-30T16:00:00Z 2011-12-31T16:00:00Z",
            })
    void cron(String expression, String zone, Instant from, String next) {
        Trigger trigger = Triggers.read(
                Json.object()
                        .put("triggerType", "Cron")
                        .put("expression", expression)
                        .put("timeZone", zone)
                        .put("startTime", "2000-01-01T00:00:00"),
                ANCHOR);
        assertThat(three(trigger, from)).containsExactly(instants(next));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // frequency | interval | schedule | start | zone | from | the next three
                "Minute|15|{}|2026-01-01T00:07:00|UTC|2026-01-02T03:04:05Z|2026-01-02T03:07:00Z 2026-01-02T03:22:00Z 2026-01-02T03:37:00Z",
                "Hour|5|{}|2026-01-01T00:00:00|UTC|2026-01-02T00:00:00Z|2026-01-02T01:00:00Z 2026-01-02T06:00:00Z 2026-01-02T11:00:00Z",
                // Elapsed hours, across the change of clocks.
                "Hour|12|{}|2026-03-07T12:00:00|Pacific Standard Time|2026-03-08T00:00:00Z|2026-03-08T08:00:00Z 2026-03-08T20:00:00Z 2026-03-09T08:00:00Z",
                "Day|1|{}|2026-01-01T10:00:00|UTC|2026-01-02T10:00:01Z|2026-01-03T10:00:00Z 2026-01-04T10:00:00Z 2026-01-05T10:00:00Z",
                "Day|3|{\"hours\":[4],\"minutes\":[0,30]}|2026-01-01T10:00:00|UTC|2026-01-02T00:00:00Z|2026-01-04T04:00:00Z 2026-01-04T04:30:00Z 2026-01-07T04:00:00Z",
                // Nothing before the start, though the pattern has times that day.
                "Day|1|{\"hours\":[4,12],\"minutes\":[0]}|2026-01-05T10:00:00|UTC|2026-01-02T00:00:00Z|2026-01-05T12:00:00Z 2026-01-06T04:00:00Z 2026-01-06T12:00:00Z",
                "Week|1|{\"hours\":[10],\"minutes\":[15],\"weekDays\":[\"Monday\",\"friday\"]}|2026-01-01T00:00:00|UTC|2026-01-02T12:00:00Z|2026-01-05T10:15:00Z 2026-01-09T10:15:00Z 2026-01-12T10:15:00Z",
                "Week|2|{}|2026-01-01T08:00:00|UTC|2026-01-01T08:00:01Z|2026-01-15T08:00:00Z 2026-01-29T08:00:00Z 2026-02-12T08:00:00Z",
                // Every second week from Sunday, 28 December 2025 on.
                "Week|2|{\"hours\":[8],\"minutes\":[0],\"weekDays\":[\"Sunday\",\"Saturday\"]}|2026-01-01T00:00:00|UTC|2026-01-01T00:00:00Z|2026-01-03T08:00:00Z 2026-01-11T08:00:00Z 2026-01-17T08:00:00Z",
                "Month|1|{}|2026-01-31T09:00:00|UTC|2026-02-01T00:00:00Z|2026-03-31T09:00:00Z 2026-05-31T09:00:00Z 2026-07-31T09:00:00Z",
                "Month|1|{\"hours\":[9],\"minutes\":[0],\"monthDays\":[30,1]}|2026-01-15T00:00:00|UTC|2026-01-31T00:00:00Z|2026-02-01T09:00:00Z 2026-03-01T09:00:00Z 2026-03-30T09:00:00Z",
                "Month|12|{\"hours\":[0],\"minutes\":[0],\"monthDays\":[29]}|2026-02-01T00:00:00|UTC|2026-01-01T00:00:00Z|2028-02-29T00:00:00Z 2032-02-29T00:00:00Z 2036-02-29T00:00:00Z",
                "Month|3|{}|2026-01-10T09:00:00|W. Europe Standard Time|2026-01-11T00:00:00Z|2026-04-10T07:00:00Z 2026-07-10T07:00:00Z 2026-10-10T07:00:00Z",
                "Day|1|{\"hours\":[2],\"minutes\":[30]}|2026-03-28T00:00:00|W. Europe Standard Time|2026-03-28T00:00:00Z|2026-03-28T01:30:00Z 2026-03-29T01:30:00Z 2026-03-30T00:30:00Z",
            })
    void recurrence(
            String frequency, int interval, String schedule, String start, String zone, Instant from, String next) {
        var json = Json.object()
                .put("triggerType", "Recurrence")
                .put("frequency", frequency)
                .put("interval", interval)
                .put("timeZone", zone)
                .put("startTime", start);
        json.set("schedule", Json.parse(schedule));
        assertThat(three(Triggers.read(json, ANCHOR), from)).containsExactly(instants(next));
    }

    @Test
    void withoutAStartItCountsFromItsAnchor() {
        Trigger trigger =
                Triggers.read("{\"triggerType\":\"Recurrence\",\"frequency\":\"day\",\"interval\":2}", ANCHOR);
        assertThat(three(trigger, ANCHOR))
                .containsExactly(instants("2026-01-02T03:04:05Z 2026-01-04T03:04:05Z 2026-01-06T03:04:05Z"));
    }

    @Test
    void theEndIsTheLastTimeThatCounts() {
        Trigger trigger = Triggers.read("""
                {"triggerType":"Cron","expression":"0 * * * *","endTime":"2026-01-02 05:00:00"}""", ANCHOR);
        assertThat(three(trigger, ANCHOR)).containsExactly(instants("2026-01-02T04:00:00Z 2026-01-02T05:00:00Z"));
        assertThat(trigger.latest(ANCHOR, Instant.parse("2027-01-01T00:00:00Z")))
                .contains(Instant.parse("2026-01-02T05:00:00Z"));
    }

    @Test
    void anOffsetIsTurnedToTheZone() {
        Trigger trigger = Triggers.read("""
                {"triggerType":"Recurrence","frequency":"Day","interval":1,"timeZone":"Tokyo Standard Time",
                 "startTime":"2026-01-02T00:00:00+01:00","schedule":{"hours":[],"minutes":[]}}""", ANCHOR);
        assertThat(trigger.next(ANCHOR)).contains(Instant.parse("2026-01-02T23:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource({
        "Cron, 0 * * * *, 2026-01-02T03:04:05Z, 2026-06-01T00:30:00Z, 2026-06-01T00:00:00Z",
        "Cron, 0 0 1 * *, 2026-01-02T03:04:05Z, 2026-06-30T00:30:00Z, 2026-06-01T00:00:00Z",
        "Cron, 0 0 1 * *, 2026-06-01T00:00:00Z, 2026-06-30T00:30:00Z, 2026-06-01T00:00:00Z",
        "Cron, 0 0 1 * *, 2026-06-01T00:00:01Z, 2026-06-30T00:30:00Z, ",
        "Minute, 7, 2026-01-02T03:04:05Z, 2026-01-02T03:30:00Z, 2026-01-02T03:25:05Z",
        "Minute, 7, 2026-01-02T03:04:05Z, 2026-01-02T03:04:05Z, 2026-01-02T03:04:05Z",
        "Minute, 7, 2026-01-02T03:26:00Z, 2026-01-02T03:30:00Z, ",
        "Minute, 7, 2026-01-02T03:04:05Z, 2026-01-02T03:00:00Z, ",
    })
    void latest(String type, String plan, Instant from, Instant to, Instant expected) {
        var json = type.equals("Cron")
                ? Json.object().put("triggerType", "Cron").put("expression", plan)
                : Json.object()
                        .put("triggerType", "Recurrence")
                        .put("frequency", type)
                        .put("interval", Integer.parseInt(plan));
        assertThat(Triggers.read(json, ANCHOR).latest(from, to)).isEqualTo(Optional.ofNullable(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{}|triggerType",
                "[]|properties.trigger",
                "{\"triggerType\":\"Crom\",\"expression\":\"* * * * *\"}|Did you mean 'Cron'?",
                "{\"triggerType\":\"Cron\"}|expression",
                "{\"triggerType\":\"Cron\",\"expression\":7}|must be a string",
                "{\"triggerType\":\"Cron\",\"expression\":\"0 0 * * * *\"}|seconds are not among them",
                "{\"triggerType\":\"Cron\",\"expression\":\"60 * * * *\"}|'60' is no minute",
                "{\"triggerType\":\"Cron\",\"expression\":\"* * 0 * *\"}|'0' is no day of month",
                "{\"triggerType\":\"Cron\",\"expression\":\"* * * foo *\"}|'foo' is no month",
                "{\"triggerType\":\"Cron\",\"expression\":\"*/0 * * * *\"}|'0' is no minute",
                "{\"triggerType\":\"Cron\",\"expression\":\"5-1 * * * *\"}|goes backwards",
                "{\"triggerType\":\"Cron\",\"expression\":\"1,,2 * * * *\"}|'' is no minute",
                "{\"triggerType\":\"Cron\",\"expression\":\"0 0 30 2 *\"}|never fire",
                "{\"triggerType\":\"Cron\",\"expression\":\"0 0 * * *\",\"timeZone\":\"Pacific Standart Time\"}|Did you mean 'Pacific Standard Time'?",
                "{\"triggerType\":\"Cron\",\"expression\":\"0 0 * * *\",\"startTime\":\"tomorrow\"}|'tomorrow' is no time",
                "{\"triggerType\":\"Cron\",\"expression\":\"0 0 * * *\",\"startTime\":\"+99999-01-01T00:00:00\"}|is no time",
                "{\"triggerType\":\"Cron\",\"expression\":\"0 0 * * *\",\"startTime\":\"2026-01-02T00:00:00\",\"endTime\":\"2026-01-01T00:00:00\"}|before it starts",
                "{\"triggerType\":\"Recurrence\",\"frequency\":\"Year\",\"interval\":1}|is no frequency",
                "{\"triggerType\":\"Recurrence\",\"frequency\":\"Day\"}|interval",
                "{\"triggerType\":\"Recurrence\",\"frequency\":\"Day\",\"interval\":0}|interval",
                "{\"triggerType\":\"Recurrence\",\"frequency\":\"Day\",\"interval\":99999999999}|interval",
                "{\"triggerType\":\"Recurrence\",\"frequency\":\"Day\",\"interval\":1,\"schedule\":{\"hours\":[24]}}|hours",
                "{\"triggerType\":\"Recurrence\",\"frequency\":\"Day\",\"interval\":1,\"schedule\":{\"hours\":4}}|must be an array",
                "{\"triggerType\":\"Recurrence\",\"frequency\":\"Day\",\"interval\":1,\"schedule\":7}|must be an object",
                "{\"triggerType\":\"Recurrence\",\"frequency\":\"Week\",\"interval\":1,\"schedule\":{\"weekDays\":[\"Mondai\"]}}|Did you mean 'Monday'?",
                "{\"triggerType\":\"Recurrence\",\"frequency\":\"Month\",\"interval\":1,\"schedule\":{\"monthDays\":[32]}}|monthDays",
                "{\"triggerType\":\"Recurrence\",\"frequency\":\"Month\",\"interval\":12,\"startTime\":\"2026-02-01T00:00:00\",\"schedule\":{\"monthDays\":[30]}}|never fire",
            })
    void whatIsWrongIsSaidWithItsField(String json, String part) {
        assertThatThrownBy(() -> Triggers.read(json, ANCHOR)).isInstanceOfSatisfying(Problem.Invalid.class, problem -> {
            assertThat(problem.target()).startsWith("properties.trigger");
            assertThat(problem.message() + problem.target()).contains(part);
        });
    }

    @Test
    void everyZoneOfTheSdkIsKnown() {
        for (String zone : List.of(
                "UTC",
                "UTC-11",
                "UTC+12",
                "Mid-Atlantic Standard Time",
                "Kamchatka Standard Time",
                "e. europe standard time")) {
            assertThat(TimeZones.of(zone)).isNotNull();
        }
    }

    private static List<Instant> three(Trigger trigger, Instant from) {
        List<Instant> times = new ArrayList<>();
        Optional<Instant> next = trigger.next(from);
        while (next.isPresent() && times.size() < 3) {
            times.add(next.get());
            next = trigger.next(next.get().plusMillis(1));
        }
        return times;
    }

    private static Instant[] instants(String text) {
        return List.of(text.split(" ")).stream().map(Instant::parse).toArray(Instant[]::new);
    }
}
