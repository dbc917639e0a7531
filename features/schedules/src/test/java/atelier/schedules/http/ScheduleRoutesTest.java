package atelier.schedules.http;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.kernel.Json;
import atelier.schedules.SchedulesFeature;
import atelier.schedules.internal.FakeJobs;
import atelier.store.Database;
import atelier.testkit.CountingIds;
import atelier.testkit.SettableClock;
import atelier.testkit.TestDatabase;
import atelier.testkit.TestServer;
import atelier.web.Routes;
import atelier.workspace.WorkspaceFeature;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScheduleRoutesTest {
    private static final String BODY = """
            {"properties":{"displayName":"Nightly","isEnabled":%s,
             "trigger":{"triggerType":"Cron","expression":"30 * * * *","timeZone":"Pacific Standard Time"},
             "action":{"actionType":"CreateJob","jobDefinition":{"jobType":"Command","command":"%s"}}}}""";

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final FakeJobs jobs = new FakeJobs();
    private Database database;
    private SchedulesFeature feature;
    private TestServer server;
    private String all;

    @BeforeEach
    void start() {
        database = TestDatabase.sqlite(folder, "workspace", "schedules");
        WorkspaceFeature workspaces = WorkspaceFeature.create(database, clock, new CountingIds(), "test");
        String lab =
                workspaces.workspaces().ensure("sub", "group", "lab", "local").armId();
        feature = SchedulesFeature.create(database, workspaces.workspaces(), workspaces.operations(), jobs, clock);
        ArrayList<Routes> routes = new ArrayList<>(workspaces.routes());
        routes.addAll(feature.routes());
        server = TestServer.of(routes.toArray(new Routes[0]));
        all = lab + "/schedules";
    }

    @AfterEach
    void stop() {
        server.close();
        database.close();
    }

    @Test
    void aScheduleIsMadeAsALongRunningOperation() {
        var made = server.send("PUT", all + "/s?api-version=2023-06-01-preview", BODY.formatted("null", "work"));
        assertThat(made.statusCode()).isEqualTo(201);
        String poll = URI.create(
                        made.headers().firstValue("Azure-AsyncOperation").orElseThrow())
                .getPath();
        assertThat(Json.parse(server.get(poll).body()).path("status").asString())
                .isEqualTo("Succeeded");
        var got = Json.parse(server.get(all + "/s").body());
        assertThat(got.at("/properties/isEnabled").asBoolean()).isTrue();
        assertThat(got.at("/properties/provisioningState").asString()).isEqualTo("Succeeded");
        assertThat(got.at("/properties/trigger/timeZone").asString()).isEqualTo("Pacific Standard Time");
        assertThat(got.at("/properties/action/jobDefinition/command").asString())
                .isEqualTo("work");
        assertThat(server.send("PUT", all + "/s", BODY.formatted("true", "work"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void listsShowEnabledOnesUnlessToldOtherwise() {
        for (int i = 0; i < 4; i++) {
            server.send("PUT", all + "/s" + i, BODY.formatted(i < 3, "work"));
        }
        assertThat(Json.parse(server.get(all).body()).path("value")).hasSize(3);
        assertThat(Json.parse(server.get(all + "?listViewType=DisabledOnly").body())
                        .path("value"))
                .hasSize(1);
        var page = Json.parse(server.get(all + "?listViewType=All&$top=3").body());
        assertThat(page.path("value")).hasSize(3);
        URI next = URI.create(page.path("nextLink").asString());
        var rest = Json.parse(
                server.get(next.getRawPath() + "?" + next.getRawQuery()).body());
        assertThat(rest.at("/value/0/name").asString()).isEqualTo("s3");
        assertThat(rest.path("nextLink").isNull()).isTrue();
        assertThat(server.get(all + "?listViewType=Some").statusCode()).isEqualTo(400);
    }

    @Test
    void aTriggerAnswersTheNameOfItsJob() {
        server.send("PUT", all + "/s", BODY.formatted("true", "work"));
        var answer = server.send("POST", all + "/s/trigger", "{\"scheduleTime\":\"2026-01-02T03:04:05.678901+00:00\"}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Json.parse(answer.body())).isEqualTo(Json.parse("""
                {"scheduleActionType":"CreateJob","submissionId":"s-20260102T030405Z"}"""));
        assertThat(jobs.all).containsOnlyKeys("s-20260102T030405Z");
        assertThat(server.send("POST", all + "/s/trigger", "{\"scheduleTime\":\"soon\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(server.send("POST", all + "/none/trigger", "{}").statusCode())
                .isEqualTo(404);
    }

    @Test
    void aRefusedTriggerSaysWhy() {
        server.send("PUT", all + "/s", BODY.formatted("true", "refuse"));
        var answer = server.send("POST", all + "/s/trigger", "{}");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("No, because it says so.");
    }

    @Test
    void theOverviewTellsTheNextTimeAndTheLastFires() {
        server.send("PUT", all + "/s", BODY.formatted("true", "refuse"));
        clock.tick(Duration.ofHours(1));
        feature.firing().tick();
        String own = all.replace("/schedules", "/atelier/schedules");
        var one = Json.parse(server.get(own + "/s").body());
        assertThat(one.path("nextFireTime").asString()).isEqualTo("2026-01-02T04:30:00Z");
        assertThat(one.at("/lastFires/0/status").asString()).isEqualTo("Failed");
        assertThat(one.at("/lastFires/0/scheduledTime").asString()).isEqualTo("2026-01-02T03:30:00Z");
        assertThat(one.at("/lastFires/0/error/message").asString()).contains("because");
        assertThat(Json.parse(server.get(own).body()).path("value")).hasSize(1);
        var history = Json.parse(server.get(own + "/s/history").body());
        assertThat(history.at("/value/0/jobName").asString()).isEqualTo("s-20260102T033000Z");
        assertThat(server.get(own + "/s/history?$skip=x").statusCode()).isEqualTo(400);
    }

    @Test
    void anEnabledScheduleIsNotDeleted() {
        server.send("PUT", all + "/s", BODY.formatted("true", "work"));
        assertThat(server.delete(all + "/s").statusCode()).isEqualTo(409);
        server.send("PUT", all + "/s", BODY.formatted("false", "work"));
        assertThat(server.delete(all + "/s").statusCode()).isEqualTo(202);
        assertThat(server.get(all + "/s").statusCode()).isEqualTo(404);
        assertThat(server.delete(all + "/s").statusCode()).isEqualTo(204);
    }

    @Test
    void monitorsAreRefusedByName() {
        var answer = server.send("PUT", all + "/s", """
                {"properties":{"trigger":{"triggerType":"Cron","expression":"0 * * * *"},
                 "action":{"actionType":"CreateMonitor","monitorDefinition":{}}}}""");
        assertThat(Json.parse(answer.body()).at("/error/code").asString()).isEqualTo("ScheduleActionNotSupported");
        assertThat(answer.body()).contains("CreateMonitor", "CreateJob");
    }
}
