package atelier.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.kernel.Json;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a crash of the server must not break.
class RestartTest {
    @TempDir
    Path folder;

    private EndpointsFixture fixture;

    @BeforeEach
    void open() {
        fixture = new EndpointsFixture(folder);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private int pid() {
        EndpointsFixture.await(() -> fixture.score("churn", "{}").statusCode() == 200);
        return Json.parse(fixture.score("churn", "{}").body()).path("pid").asInt();
    }

    @Test
    void aProcessThatLivesIsFoundAgainNotDoubled() {
        fixture.serving();
        int before = pid();
        fixture.restart();
        assertThat(pid()).isEqualTo(before);
    }

    @Test
    void aProcessThatDiedMeanwhileIsStartedAgain() {
        fixture.serving();
        int before = pid();
        fixture.feature().close();
        ProcessHandle old = ProcessHandle.of(before).orElseThrow();
        old.destroyForcibly();
        EndpointsFixture.await(() -> !old.isAlive());
        fixture.restart();
        assertThat(pid()).isNotEqualTo(before);
    }

    @Test
    void anUnchangedPutAfterARestartKeepsTheProcess() {
        fixture.serving();
        int before = pid();
        fixture.restart();
        fixture.done(fixture.deploy("churn", "blue", "m:1", ""));
        assertThat(pid()).isEqualTo(before);
        assertThat(fixture.built).hasSize(1);
    }

    @Test
    void aRollOutThatWasCutShortIsDoneAgain() {
        fixture.model("m", "1", "one");
        fixture.endpoint("churn");
        HttpResponse<String> accepted = fixture.deploy("churn", "blue", "m:1", "");
        fixture.restart();
        fixture.done(accepted);
        fixture.traffic("churn", "{\"blue\":100}");
        assertThat(pid()).isPositive();
    }

    @Test
    void anUpdateThatWasCutShortGoesOnBehindWhatServes() {
        fixture.serving();
        fixture.model("m", "2", "two");
        HttpResponse<String> accepted = fixture.deploy("churn", "blue", "m:2", "");
        fixture.restart();
        fixture.done(accepted);
        assertThat(fixture.score("churn", "{}").body()).contains("\"two\"");
    }
}
