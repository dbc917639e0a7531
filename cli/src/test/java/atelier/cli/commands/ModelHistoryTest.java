package atelier.cli.commands;

import static atelier.cli.testing.FakeAtelier.WS;
import static org.assertj.core.api.Assertions.assertThat;

import atelier.cli.testing.FakeAtelier;
import atelier.cli.testing.FakeAtelier.Answer;
import atelier.cli.testing.TestSession;
import atelier.kernel.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `model history`, `model production`, `mlflow gc`.
class ModelHistoryTest {
    @TempDir
    private Path folder;

    private FakeAtelier atelier;
    private TestSession session;

    @BeforeEach
    void start() throws IOException {
        atelier = new FakeAtelier(folder.resolve("home"));
        session = new TestSession(atelier.home(), folder);
    }

    @AfterEach
    void stop() {
        atelier.close();
    }

    @Test
    void historyFollowsThePagesAndShowsWhoDidWhat() {
        String path = WS + "/atelier/models/churn/history";
        atelier.answer(
                "GET",
                "{ws}/atelier/models/churn/history",
                new Answer(
                        200,
                        "{\"value\":[{\"what\":\"alias champion\",\"version\":\"2\",\"before\":\"1\",\"after\":\"2\","
                                + "\"who\":\"maria\",\"at\":\"2026-11-25T19:00:00Z\"}],\"nextLink\":\"" + atelier.url()
                                + path + "?$skip=7\"}",
                        Map.of()),
                new Answer(200, "{\"value\":[{\"what\":\"created\",\"version\":\"1\"}],\"nextLink\":null}", Map.of()));
        assertThat(session.run("model", "history", "--name", "churn", "--kind", "alias"))
                .isZero();
        assertThat(session.out()).contains("alias champion", "maria", "created");
        assertThat(atelier.requests.stream()
                        .map(FakeAtelier.Request::query)
                        .toList()
                        .toString())
                .contains("kind=alias&", "$skip=7");
    }

    @Test
    void productionSaysWhy() {
        atelier.answer(
                "GET",
                "{ws}/atelier/models/production",
                new Answer(
                        200,
                        "{\"value\":[{\"name\":\"churn\",\"version\":\"2\",\"because\":["
                                + "{\"kind\":\"alias\",\"alias\":\"champion\",\"who\":\"maria\",\"since\":\"x\"},"
                                + "{\"kind\":\"deployment\",\"endpointType\":\"online\",\"endpoint\":\"ep\","
                                + "\"deployment\":\"blue\",\"traffic\":90,\"who\":\"maria\",\"since\":\"x\"},"
                                + "{\"kind\":\"stage\",\"stage\":\"Production\",\"who\":\"jo\",\"since\":\"x\"}]}]}",
                        Map.of()));
        assertThat(session.run("model", "production", "--at", "2026-11-25T19:00:00+01:00"))
                .isZero();
        assertThat(session.out()).contains("alias champion", "online ep/blue, 90 % of the traffic", "stage Production");
        assertThat(atelier.requests.getLast().query()).startsWith("at=2026-11-25T19%3A00%3A00%2B01%3A00&");
    }

    @Test
    void gcSendsTheIdsAndSaysWhatStays() {
        atelier.answer(
                "POST",
                "{ws}/atelier/mlflow/gc",
                new Answer(
                        200,
                        "{\"experiments\":[],\"runs\":[\"a\"],\"loggedModels\":[],"
                                + "\"kept\":[{\"id\":\"b\",\"reason\":\"its job has not ended\"}],\"files\":3,\"bytes\":9}",
                        Map.of()));
        assertThat(session.run("mlflow", "gc", "--older-than", "30d", "--run-ids", "a, b", "--dry-run"))
                .isZero();
        assertThat(Json.parse(atelier.requests.getLast().body()).toString())
                .isEqualTo("{\"dryRun\":true,\"olderThan\":\"30d\",\"runIds\":[\"a\",\"b\"],\"experimentIds\":[],"
                        + "\"loggedModelIds\":[]}");
        assertThat(session.err()).contains("b: its job has not ended");
    }
}
