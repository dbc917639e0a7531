package atelier.jobs.http;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.jobs.Jobs;
import atelier.jobs.fakes.Lab;
import atelier.kernel.Json;
import atelier.testkit.TestServer;
import atelier.web.Routes;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class JobRoutesTest {
    @TempDir
    Path folder;

    private Lab lab;
    private TestServer server;
    private String ws;

    @BeforeEach
    void start() {
        lab = new Lab(folder);
        server = TestServer.of(lab.start().routes().toArray(new Routes[0]));
        ws = lab.workspace.armId();
    }

    @AfterEach
    void stop() {
        server.close();
        lab.close();
    }

    private HttpResponse<String> put(String name, ObjectNode properties) {
        ObjectNode body = Json.object();
        body.set("properties", properties);
        return server.send("PUT", ws + "/jobs/" + name + "?api-version=2025-01-01-preview", Json.write(body));
    }

    private JsonNode get(String path) {
        HttpResponse<String> answer = server.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.parse(answer.body());
    }

    @Test
    void aJobIsSubmittedAndShownAsTheSdkNeedsIt() {
        HttpResponse<String> made = put("sdk_job", Lab.command("echo hello"));
        assertThat(made.statusCode()).isEqualTo(201);
        lab.awaitEnd("sdk_job");
        JsonNode job = get(ws + "/jobs/sdk_job");
        assertThat(job.at("/id").asString()).isEqualTo(ws + "/jobs/sdk_job");
        assertThat(job.at("/properties/jobType").asString()).isEqualTo("Command");
        assertThat(job.at("/properties/status").asString()).isEqualTo("Completed");
        assertThat(job.at("/properties/services/Studio/endpoint").asString()).contains("/studio/jobs/sdk_job");
        assertThat(job.at("/properties/services/Tracking/endpoint").asString()).contains("/mlflow/v1.0");
        assertThat(job.at("/properties/startTimeUtc").asString()).isNotEmpty();
        assertThat(job.at("/properties/outputs").isObject()).isTrue();
    }

    @Test
    void archivingSendsTheWholeJobAgain() {
        put("a", Lab.command("true"));
        lab.awaitEnd("a");
        ObjectNode properties = (ObjectNode) get(ws + "/jobs/a").get("properties");
        assertThat(put("a", properties.put("isArchived", true)).statusCode()).isEqualTo(200);
        assertThat(get(ws + "/jobs?listViewType=ActiveOnly").at("/value")).isEmpty();
        assertThat(get(ws + "/jobs?listViewType=ArchivedOnly").at("/value")).hasSize(1);
    }

    @Test
    void aListGoesOnAtItsNextLink() {
        for (int i = 0; i < 3; i++) {
            put("j" + i, Lab.command("true"));
            lab.awaitEnd("j" + i);
        }
        JsonNode first = get(ws + "/jobs?listViewType=All&$top=2&jobType=Command");
        assertThat(first.at("/value")).hasSize(2);
        URI next = URI.create(first.at("/nextLink").asString());
        JsonNode second = get(next.getRawPath() + "?" + next.getRawQuery());
        assertThat(second.at("/value")).hasSize(1);
        assertThat(second.at("/nextLink").isNull()).isTrue();
    }

    @Test
    void cancelIsPolledUntilTheJobHasEnded() {
        Path ready = lab.fifo("ready");
        put("long", Lab.command("echo up > " + ready + "; sleep 600"));
        Lab.read(ready);
        HttpResponse<String> asked = server.send("POST", ws + "/jobs/long/cancel?api-version=2023-04-01-preview", "");
        assertThat(asked.statusCode()).isEqualTo(202);
        URI poll = URI.create(asked.headers().firstValue("Location").orElseThrow());
        lab.awaitEnd("long");
        assertThat(server.get(poll.getRawPath() + "?" + poll.getRawQuery()).statusCode())
                .isEqualTo(200);
        assertThat(get(ws + "/atelier/jobs/long/history").at("/value/1/status").asString())
                .isEqualTo("Running");
    }

    @Test
    void mistakesAreArmErrors() {
        HttpResponse<String> answer = put("bad", Lab.command("echo ${{inputs.x}}"));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Json.parse(answer.body()).at("/error/code").asString()).isEqualTo("InvalidExpression");
        assertThat(server.get(ws + "/jobs/none").statusCode()).isEqualTo(404);
        assertThat(put("../x", Lab.command("true")).statusCode()).isEqualTo(404);
        assertThat(put("-x", Lab.command("true")).statusCode()).isEqualTo(400);
    }

    @Test
    void logsAreFollowedByOffset() {
        put("talk", Lab.command("printf 'one\\ntwo\\n'"));
        lab.awaitEnd("talk");
        JsonNode list = get(ws + "/atelier/jobs/talk/logs");
        assertThat(list.at("/complete").asBoolean()).isTrue();
        assertThat(list.at("/value").toString()).contains("user_logs/std_log.txt");
        HttpResponse<String> rest = server.get(ws + "/atelier/jobs/talk/logs/user_logs/std_log.txt?offset=4");
        assertThat(rest.body()).isEqualTo("two\n");
        assertThat(rest.headers().firstValue("x-atelier-next-offset")).contains("8");
        assertThat(rest.headers().firstValue("x-atelier-complete")).contains("true");
        assertThat(server.get(ws + "/atelier/jobs/talk/logs/user_logs/../../x").statusCode())
                .isEqualTo(404);
    }

    @Test
    void aRunningJobsLogIsReadLive() {
        Path ready = lab.fifo("ready");
        Path go = lab.fifo("go");
        put("live", Lab.command("echo first; echo up > " + ready + "; read x < " + go + "; echo last"));
        Lab.read(ready);
        HttpResponse<String> part = server.get(ws + "/atelier/jobs/live/logs/user_logs/std_log.txt");
        assertThat(part.body()).isEqualTo("first\n");
        assertThat(part.headers().firstValue("x-atelier-complete")).contains("false");
        Lab.write(go, "now");
        lab.awaitEnd("live");
    }

    @Test
    void runHistoryGivesLogsThatOpenWithoutACredential() {
        put("hist", Lab.command("echo seen; exit 2"));
        lab.awaitEnd("hist");
        JsonNode details = get("/history/v1.0" + ws + "/runs/hist/details");
        assertThat(details.at("/status").asString()).isEqualTo("Failed");
        assertThat(details.at("/error/error/message").asString()).contains("exit code 2");
        URI link =
                URI.create(details.get("logFiles").get("user_logs/std_log.txt").asString());
        try (TestServer open = TestServer.anonymous(lab.feature().routes().toArray(new Routes[0]))) {
            assertThat(open.get(link.getRawPath() + "?" + link.getRawQuery()).body())
                    .isEqualTo("seen\n");
            assertThat(open.get(link.getRawPath() + "?se=1&sig=no").statusCode())
                    .isEqualTo(403);
            assertThat(open.get(ws + "/jobs/hist").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void rundataAndRunTellTheState() {
        put("data", Lab.command("true"));
        lab.awaitEnd("data");
        HttpResponse<String> answer = server.send(
                "POST", "/history/v1.0" + ws + "/rundata", "{\"runId\":\"data\",\"selectRunMetadata\":true}");
        assertThat(Json.parse(answer.body()).at("/runMetadata/status").asString())
                .isEqualTo("Completed");
        assertThat(get("/history/v1.0" + ws + "/runs/data").at("/runType").asString())
                .isEqualTo("azureml.scriptrun");
        assertThat(get("/history/v1.0" + ws + "/runs/data/children").at("/value"))
                .isEmpty();
    }

    @Test
    void childrenComeInPagesWhenTheyAreAskedFor() {
        put("parent", Lab.command("true"));
        lab.awaitEnd("parent");
        for (int i = 0; i < 5; i++) {
            lab.feature()
                    .jobs()
                    .record(
                            lab.workspace,
                            "child-" + i,
                            Lab.command("true"),
                            "parent",
                            new Jobs.Outcome.Completed(),
                            TestServer.USER);
        }
        String address = "/history/v1.0" + ws + "/runs/parent/children";
        assertThat(get(address).get("value")).hasSize(5);
        assertThat(get(address).get("nextLink").isNull()).isTrue();
        List<String> names = new ArrayList<>();
        int pages = 0;
        for (String next = address + "?%24top=2&%24orderby=a"; next != null; pages++) {
            JsonNode page = get(next);
            page.get("value").forEach(run -> names.add(run.get("runId").asString()));
            String link = page.get("nextLink").asString("");
            next = link.isEmpty() ? null : link.substring(link.indexOf("/history"));
        }
        assertThat(names).containsExactlyInAnyOrder("child-0", "child-1", "child-2", "child-3", "child-4");
        assertThat(pages).isEqualTo(3);
        assertThat(get(address + "?$top=4&$continuationtoken=4").get("value")).hasSize(1);
        assertThat(server.get(address + "?$continuationtoken=x").statusCode()).isEqualTo(400);
    }

    @Test
    void codeIsUploadedToAContainerOfItsOwnAndFoundByItsHash() {
        String versions = ws + "/codes/0f2e/versions";
        assertThat(get(versions + "?hash=abc&hashVersion=202208").at("/value")).isEmpty();
        HttpResponse<String> grant = server.send(
                "POST", versions + "/1/startPendingUpload", "{\"pendingUploadType\":\"TemporaryBlobReference\"}");
        JsonNode reference = Json.parse(grant.body()).get("blobReferenceForConsumption");
        assertThat(reference.at("/credential/sasUri").asString())
                .startsWith(reference.at("/blobUri").asString() + "?");
        String body =
                "{\"properties\":{\"codeUri\":\"" + reference.at("/blobUri").asString()
                        + "/src\",\"isAnonymous\":true,\"properties\":{\"hash_sha256\":\"abc\",\"hash_version\":\"202208\"}}}";
        assertThat(server.send("PUT", versions + "/1", body).statusCode()).isEqualTo(201);
        assertThat(get(ws + "/codes/other/versions?hash=abc&hashVersion=202208")
                        .at("/value/0/id")
                        .asString())
                .isEqualTo(versions + "/1");
    }
}
