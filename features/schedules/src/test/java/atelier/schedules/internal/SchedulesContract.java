package atelier.schedules.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.schedules.Fire;
import atelier.schedules.Schedule;
import atelier.schedules.Schedules;
import atelier.schedules.SchedulesFeature;
import atelier.store.Database;
import atelier.testkit.CountingIds;
import atelier.testkit.SettableClock;
import atelier.testkit.TestServer;
import atelier.workspace.Workspace;
import atelier.workspace.WorkspaceFeature;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// What schedules promise on every database. Two features on one database are two servers.
abstract class SchedulesContract {
    private static final Caller MAKER = TestServer.USER;
    private final SettableClock clock = new SettableClock(Instant.parse("2026-01-02T03:04:05Z"));
    private final FakeJobs jobs = new FakeJobs();
    private Database database;
    private WorkspaceFeature workspaces;
    private Workspace lab;
    private SchedulesFeature server;
    private Schedules schedules;

    abstract Database database();

    @BeforeEach
    void open() {
        database = database();
        workspaces = WorkspaceFeature.create(database, clock, new CountingIds(), "test");
        lab = workspaces.workspaces().ensure("sub", "group", "lab", "local");
        server = server();
        schedules = server.schedules();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private SchedulesFeature server() {
        return SchedulesFeature.create(database, workspaces.workspaces(), workspaces.operations(), jobs, clock);
    }

    private static ObjectNode hourly(String command) {
        return (ObjectNode) Json.parse("""
                {"trigger":{"triggerType":"Cron","expression":"0 * * * *"},"tags":{"team":"a"},
                 "action":{"actionType":"CreateJob","jobDefinition":{"jobType":"Command","command":"%s",
                   "inputs":{"n":{"jobInputType":"literal","value":"${{name}} at ${{ creation_context.trigger_time }}"}},
                   "outputs":{"o":{"uri":"azureml://datastores/d/paths/${{name}}"}},"tags":{"own":"x"}}}}""".formatted(command));
    }

    private Instant at(String time) {
        return Instant.parse("2026-01-02T" + time + "Z");
    }

    private void tickTo(String time) {
        clock.tick(Duration.between(clock.instant(), at(time)));
        server.firing().tick();
    }

    @Test
    void itFiresAtItsTimeAndNotBefore() {
        schedules.put(lab, "s", hourly("work"), MAKER);
        tickTo("03:59:59");
        assertThat(jobs.all).isEmpty();
        tickTo("04:00:00");
        tickTo("04:00:01");
        assertThat(jobs.all).containsOnlyKeys("s-20260102T040000Z");
        assertThat(schedules.get(lab, "s").nextFire()).isEqualTo(at("05:00:00"));
        tickTo("05:00:00");
        assertThat(jobs.all).hasSize(2);
        Page<Fire> history = schedules.history(lab, "s", null, 1);
        assertThat(history.items().getFirst())
                .isEqualTo(new Fire(
                        lab.id(),
                        "s",
                        2,
                        at("05:00:00"),
                        at("05:00:00"),
                        false,
                        "s-20260102T050000Z",
                        Fire.Status.SUBMITTED,
                        null,
                        null));
        assertThat(schedules.history(lab, "s", history.next(), 9).items())
                .extracting(Fire::job)
                .containsExactly("s-20260102T040000Z");
    }

    @Test
    void aJobKnowsItsScheduleAndItsTime() {
        schedules.put(lab, "s", hourly("work"), MAKER);
        tickTo("04:00:00");
        var job = jobs.all.get("s-20260102T040000Z");
        assertThat(job).isNotNull();
        var properties = job.properties();
        assertThat(properties.at("/inputs/n/value").asString()).isEqualTo("s-20260102T040000Z at 2026-01-02T04:00:00Z");
        assertThat(properties.at("/outputs/o/uri").asString())
                .isEqualTo("azureml://datastores/d/paths/s-20260102T040000Z");
        assertThat(properties.path("displayName").asString()).isEqualTo("s-20260102T040000Z");
        assertThat(properties.path("tags")).isEqualTo(Json.parse("{\"own\":\"x\",\"azureml.scheduleName\":\"s\"}"));
        assertThat(properties.path("properties")).isEqualTo(Json.parse("""
                        {"azureml.scheduleName":"s","azureml.scheduleFire":"1",
                         "azureml.scheduleTime":"2026-01-02T04:00:00Z","azureml.scheduleTrigger":"Schedule"}"""));
        assertThat(jobs.callers.get(job.name())).isEqualTo(MAKER);
    }

    @Test
    void ofTheTimesMissedTheLatestFiresOnce() {
        schedules.put(lab, "s", hourly("work"), MAKER);
        clock.tick(Duration.ofHours(60));
        SchedulesFeature restarted = server();
        restarted.firing().tick();
        restarted.firing().tick();
        assertThat(jobs.all).containsOnlyKeys("s-20260104T150000Z");
        Fire fire = schedules.history(lab, "s", null, 9).items().getFirst();
        assertThat(fire.scheduledFor()).isEqualTo(Instant.parse("2026-01-04T15:00:00Z"));
        assertThat(fire.firedAt()).isEqualTo(clock.instant());
        assertThat(schedules.get(lab, "s").nextFire()).isEqualTo(Instant.parse("2026-01-04T16:00:00Z"));
    }

    @Test
    void twoServersFireOnce() throws Exception {
        for (int i = 0; i < 20; i++) {
            schedules.put(lab, "s" + i, hourly("work"), MAKER);
        }
        clock.tick(Duration.ofHours(1));
        CountDownLatch go = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                SchedulesFeature one = server();
                threads.submit(() -> {
                    go.await();
                    one.firing().tick();
                    return one;
                });
            }
            go.countDown();
        }
        assertThat(jobs.all).hasSize(20);
        for (int i = 0; i < 20; i++) {
            assertThat(schedules.history(lab, "s" + i, null, 9).items())
                    .singleElement()
                    .satisfies(fire -> assertThat(fire.status()).isEqualTo(Fire.Status.SUBMITTED));
        }
    }

    @Test
    void aFireWhoseServerDiedIsTakenUpAndItsJobComesOnce() {
        schedules.put(lab, "s", hourly("work"), MAKER);
        clock.tick(Duration.ofHours(1));
        jobs.beforeSubmit = () -> {
            throw new Killed();
        };
        assertThatThrownBy(() -> server.firing().tick()).isInstanceOf(Killed.class);
        jobs.beforeSubmit = null;
        assertThat(schedules.history(lab, "s", null, 9).items())
                .extracting(Fire::status)
                .containsExactly(Fire.Status.SUBMITTING);
        SchedulesFeature restarted = server();
        restarted.firing().tick();
        assertThat(jobs.all).isEmpty();
        clock.tick(Firing.CLAIM.plusSeconds(1));
        restarted.firing().tick();
        restarted.firing().tick();
        assertThat(jobs.all).containsOnlyKeys("s-20260102T040000Z");
        assertThat(schedules.history(lab, "s", null, 9).items())
                .extracting(Fire::status)
                .containsExactly(Fire.Status.SUBMITTED);
    }

    @Test
    void aServerThatDiedAfterItsSubmissionLeavesOneJob() {
        schedules.put(lab, "s", hourly("work"), MAKER);
        clock.tick(Duration.ofHours(1));
        jobs.beforeSubmit = () -> {
            jobs.beforeSubmit = null;
            server.firing().tick();
            Schedule schedule = schedules.get(lab, "s");
            Fire fire = schedules.history(lab, "s", null, 1).items().getFirst();
            ObjectNode properties = Json.object().put("jobType", "Command").put("command", "work");
            JobDefinitions.mark(properties, "s", fire.number(), fire.scheduledFor(), false);
            jobs.submit(lab, fire.job(), properties, null, schedule.creator());
            throw new Killed();
        };
        assertThatThrownBy(() -> server.firing().tick()).isInstanceOf(Killed.class);
        clock.tick(Firing.CLAIM.plusSeconds(1));
        server.firing().tick();
        assertThat(jobs.all).hasSize(1);
        assertThat(schedules.history(lab, "s", null, 9).items())
                .extracting(Fire::status)
                .containsExactly(Fire.Status.SUBMITTED);
    }

    @Test
    void aRefusedJobIsInTheHistoryAndTheScheduleGoesOn() {
        schedules.put(lab, "bad", hourly("refuse"), MAKER);
        schedules.put(lab, "broken", hourly("break"), MAKER);
        schedules.put(lab, "good", hourly("work"), MAKER);
        tickTo("04:00:00");
        Fire bad = schedules.history(lab, "bad", null, 9).items().getFirst();
        assertThat(bad.status()).isEqualTo(Fire.Status.FAILED);
        assertThat(bad.errorMessage()).isEqualTo("No, because it says so.");
        assertThat(schedules.history(lab, "broken", null, 9).items().getFirst().errorCode())
                .isEqualTo("InternalServerError");
        assertThat(jobs.all).containsOnlyKeys("good-20260102T040000Z");
        assertThat(schedules.get(lab, "bad").nextFire()).isEqualTo(at("05:00:00"));
    }

    @Test
    void aDisabledScheduleDoesNotFireAndMakesUpForNothing() {
        schedules.put(lab, "s", hourly("work"), MAKER);
        schedules.put(lab, "s", hourly("work").put("isEnabled", false), MAKER);
        tickTo("06:30:00");
        assertThat(jobs.all).isEmpty();
        schedules.put(lab, "s", hourly("work").put("isEnabled", true), MAKER);
        tickTo("06:30:01");
        assertThat(jobs.all).isEmpty();
        assertThat(schedules.get(lab, "s").nextFire()).isEqualTo(at("07:00:00"));
    }

    @Test
    void aChangeThatLeavesTheTriggerDoesNotSkipWhatIsDue() {
        schedules.put(lab, "s", hourly("work"), MAKER);
        clock.tick(Duration.ofHours(1));
        assertThat(schedules.put(lab, "s", hourly("other"), MAKER).created()).isFalse();
        server.firing().tick();
        assertThat(jobs.all).containsOnlyKeys("s-20260102T040000Z");
    }

    @Test
    void aRecurrenceWithoutAStartBeginsAtOnce() {
        ObjectNode every = hourly("work");
        every.set("trigger", Json.parse("{\"triggerType\":\"Recurrence\",\"frequency\":\"Hour\",\"interval\":2}"));
        schedules.put(lab, "s", every, MAKER);
        server.firing().tick();
        assertThat(jobs.all).containsOnlyKeys("s-20260102T030405Z");
        assertThat(schedules.get(lab, "s").nextFire()).isEqualTo(at("05:04:05"));
    }

    @Test
    void afterItsEndItRests() {
        ObjectNode ends = hourly("work");
        ends.set("trigger", Json.parse("""
                {"triggerType":"Cron","expression":"0 * * * *","endTime":"2026-01-02T04:30:00"}"""));
        schedules.put(lab, "s", ends, MAKER);
        tickTo("09:00:00");
        assertThat(jobs.all).containsOnlyKeys("s-20260102T040000Z");
        assertThat(schedules.get(lab, "s").nextFire()).isNull();
        schedules.put(lab, "s", ends.deepCopy().put("isEnabled", false), MAKER);
        assertThatThrownBy(() -> schedules.put(lab, "s", ends, MAKER))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("has passed");
    }

    @Test
    void aManualTriggerFiresBesideThePlan() {
        schedules.put(lab, "s", hourly("work"), MAKER);
        Fire fire = schedules.trigger(lab, "s", at("04:00:00"));
        assertThat(fire.job()).isEqualTo("s-20260102T040000Z");
        assertThat(fire.manual()).isTrue();
        tickTo("04:00:00");
        assertThat(jobs.all).containsOnlyKeys("s-20260102T040000Z", "s-20260102T040000Z-2");
        schedules.put(lab, "s", hourly("refuse"), MAKER);
        assertThat(schedules.trigger(lab, "s", at("04:10:00")).status()).isEqualTo(Fire.Status.FAILED);
    }

    @Test
    void anExistingJobIsRepeatedWithChanges() {
        ObjectNode source = (ObjectNode) Json.parse("""
                {"jobType":"Pipeline","displayName":"first","inputs":{"a":{"value":"1"},"b":{"value":"2"}},
                 "tags":{"t":"1"},"properties":{"azureml.isreused":"true","own":"1"},"jobs":{"one":{"type":"command"}}}""");
        jobs.submit(lab, "first", source, null, MAKER);
        ObjectNode repeats = hourly("");
        repeats.set("action", Json.parse("""
                {"actionType":"CreateJob","jobDefinition":{"jobType":"Pipeline","experimentName":"","jobs":{},
                 "sourceJobId":"%s/jobs/first","inputs":{"b":{"value":"3"}},"isArchived":false}}""".formatted(lab.armId())));
        schedules.put(lab, "s", repeats, MAKER);
        tickTo("04:00:00");
        var made = jobs.all.get("s-20260102T040000Z");
        assertThat(made).isNotNull();
        assertThat(made.properties().path("inputs"))
                .isEqualTo(Json.parse("{\"a\":{\"value\":\"1\"},\"b\":{\"value\":\"3\"}}"));
        assertThat(made.properties().at("/jobs/one/type").asString()).isEqualTo("command");
        assertThat(made.properties().path("properties").has("azureml.isreused")).isFalse();
        assertThat(made.properties().at("/properties/own").asString()).isEqualTo("1");
        assertThat(made.properties().path("tags").has("t")).isTrue();
        jobs.delete(lab, "first", MAKER);
        tickTo("05:00:00");
        assertThat(schedules.history(lab, "s", null, 1).items().getFirst().errorMessage())
                .contains("There is no job 'first'");
    }

    @Test
    void listsArePagedByNameAndNarrowed() {
        for (int i = 0; i < 5; i++) {
            schedules.put(lab, "s" + i, hourly("work").put("isEnabled", i % 2 == 0), MAKER);
        }
        Page<Schedule> page = schedules.list(lab, null, null, 3);
        assertThat(page.items()).extracting(Schedule::name).containsExactly("s0", "s1", "s2");
        assertThat(schedules.list(lab, null, page.next(), 3).items())
                .extracting(Schedule::name)
                .containsExactly("s3", "s4");
        assertThat(schedules.list(lab, true, null, 9).items()).hasSize(3);
        assertThat(schedules.list(lab, false, null, 9).items()).hasSize(2);
    }

    @Test
    void onlyADisabledScheduleIsDeleted() {
        schedules.put(lab, "s", hourly("work"), MAKER);
        schedules.trigger(lab, "s", at("04:00:00"));
        assertThatThrownBy(() -> schedules.delete(lab, "s"))
                .isInstanceOf(Problem.Conflict.class)
                .hasMessageContaining("disable it");
        schedules.put(lab, "s", hourly("work").put("isEnabled", false), MAKER);
        assertThat(schedules.delete(lab, "s")).isTrue();
        assertThat(schedules.delete(lab, "s")).isFalse();
        schedules.put(lab, "s", hourly("work"), MAKER);
        assertThat(schedules.history(lab, "s", null, 9).items()).isEmpty();
    }

    @Test
    void whatIsWrongLeavesNothing() {
        ObjectNode noCommand = hourly("work");
        ((ObjectNode) noCommand.at("/action/jobDefinition")).remove("command");
        assertThatThrownBy(() -> schedules.put(lab, "s", noCommand, MAKER))
                .isInstanceOfSatisfying(
                        Problem.Invalid.class,
                        problem -> assertThat(problem.target()).isEqualTo("properties.action.jobDefinition.command"));
        ObjectNode monitor = hourly("work");
        monitor.set("action", Json.object().put("actionType", "CreateMonitor"));
        assertThatThrownBy(() -> schedules.put(lab, "s", monitor, MAKER)).isInstanceOf(Problem.Unsupported.class);
        ObjectNode sweep = hourly("work");
        ((ObjectNode) sweep.at("/action/jobDefinition")).put("jobType", "Sweep");
        assertThatThrownBy(() -> schedules.put(lab, "s", sweep, MAKER)).isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> schedules.put(lab, "no/name", hourly("work"), MAKER))
                .isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> schedules.put(lab, "s", hourly("work").put("tags", "x"), MAKER))
                .isInstanceOf(Problem.Invalid.class);
        assertThat(schedules.list(lab, null, null, 9).items()).isEmpty();
    }

    /// The server's end, as nothing in it can catch it.
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }
}
