package atelier.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.kernel.Json;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Mirrored traffic over real HTTP, with real processes behind it.
class MirrorTest {
    private static final String ENDPOINT = EndpointsFixture.WS + "/onlineEndpoints/churn";

    @TempDir
    Path folder;

    private EndpointsFixture fixture;

    @BeforeEach
    void open() {
        fixture = new EndpointsFixture(folder);
        fixture.serving();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private void green(String answer) {
        fixture.model("m", "2", answer);
        fixture.done(fixture.deploy("churn", "green", "m:2", ""));
    }

    private HttpResponse<String> mirror(String shares) {
        return fixture.call("PATCH", ENDPOINT, "{\"properties\":{\"mirrorTraffic\":" + shares + "}}");
    }

    private String log(String deployment) {
        return Json.parse(fixture.call("POST", ENDPOINT + "/deployments/" + deployment + "/getLogs", "{\"tail\":200}")
                        .body())
                .path("content")
                .asString();
    }

    private int requests() {
        return Json.parse(fixture.get(EndpointsFixture.WS + "/atelier/onlineEndpoints/churn/metrics")
                        .body())
                .path("requests")
                .asInt();
    }

    /// How many of the first requests of an endpoint are mirrored at 50 percent.
    private static int copies(int requests) {
        Mirror half = new Mirror("green", 50);
        int copies = (int) LongStream.range(0, requests).filter(half::takes).count();
        assertThat(copies).isBetween(requests / 2 - 1, requests / 2 + 1);
        return copies;
    }

    @Test
    void halfOfTheRequestsReachTheOtherDeploymentTooAndCallersSeeNothingOfIt() {
        green("two");
        assertThat(mirror("{\"green\":50}").statusCode()).isEqualTo(200);
        for (int i = 0; i < 8; i++) {
            assertThat(fixture.score("churn", "{}").body()).contains("\"one\"");
        }
        int copies = copies(8);
        EndpointsFixture.await(() -> requests() == 8 + copies);
        assertThat(log("green").lines().filter(line -> line.contains("POST /score")))
                .hasSize(copies);
    }

    @Test
    @Timeout(30)
    void aDeploymentThatNeverAnswersSlowsNobody() {
        green("stuck");
        mirror("{\"green\":50}");
        // More than are sent at once: those that are too many are left out.
        for (int i = 0; i < 100; i++) {
            assertThat(fixture.score("churn", "{\"n\":" + i + "}").body()).contains("\"one\"");
        }
        EndpointsFixture.await(() -> log("green").contains("stuck with {\"n\":"));
    }

    @Test
    void aMirroredRequestThatBreaksTheOtherDeploymentIsAnsweredAllTheSame() {
        fixture.model("m", "2", "two");
        fixture.ended(fixture.deploy("churn", "green", "m:2", ""));
        mirror("{\"green\":50}");
        for (int i = 0; i < 4; i++) {
            assertThat(fixture.score("churn", "{\"status\":500}").statusCode()).isEqualTo(424);
        }
        EndpointsFixture.await(() -> requests() == 4 + copies(4));
    }

    @Test
    void aRequestThatNamesItsDeploymentIsNotMirrored() {
        green("two");
        mirror("{\"green\":50}");
        for (int i = 0; i < 4; i++) {
            fixture.score("churn", "{}", "azureml-model-deployment", "blue");
        }
        assertThat(requests()).isEqualTo(4);
        assertThat(log("green")).doesNotContain("POST /score");
    }

    @Test
    void theShareIsShownKeptByAnUpdateThatDoesNotSpeakOfItAndEndedByNone() {
        green("two");
        mirror("{\"green\":10}");
        fixture.endpoint("churn");
        assertThat(share()).isEqualTo("{\"green\":10}");
        fixture.done(fixture.call(
                "PUT",
                ENDPOINT,
                "{\"location\":\"local\",\"properties\":{\"authMode\":\"Key\",\"mirrorTraffic\":{}}}"));
        assertThat(share()).isEqualTo("{}");
    }

    private String share() {
        return Json.parse(fixture.get(ENDPOINT).body())
                .path("properties")
                .path("mirrorTraffic")
                .toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"green\":51}|0 to 50 percent",
                "{\"green\":-1}|0 to 50 percent",
                "{\"green\":1.5}|whole number",
                "{\"gren\":10}|green",
                "{\"blue\":10}|live traffic",
                "{\"green\":10,\"red\":10}|one deployment only",
            })
    void whatCannotBeIsSaidAndChangesNothing(String shares, String part) {
        green("two");
        HttpResponse<String> answer = mirror(shares);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains(part, "properties.mirrorTraffic");
        assertThat(share()).isEqualTo("{}");
    }

    @Test
    void liveTrafficIsNotGivenToTheMirrorNorIsItDeleted() {
        green("two");
        mirror("{\"green\":10}");
        HttpResponse<String> live =
                fixture.call("PATCH", ENDPOINT, "{\"properties\":{\"traffic\":{\"blue\":50,\"green\":50}}}");
        assertThat(live.statusCode()).isEqualTo(400);
        HttpResponse<String> gone = fixture.call("DELETE", ENDPOINT + "/deployments/green", "");
        assertThat(gone.statusCode()).isEqualTo(409);
        assertThat(gone.body()).contains("mirrorTraffic");
    }
}
