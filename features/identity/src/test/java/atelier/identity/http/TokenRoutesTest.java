package atelier.identity.http;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.identity.IdentityFeature;
import atelier.kernel.Caller;
import atelier.kernel.Ids;
import atelier.kernel.Json;
import atelier.testkit.SettableClock;
import atelier.testkit.TestServer;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenRoutesTest {
    @TempDir
    Path folder;

    private IdentityFeature identity;
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        identity = IdentityFeature.create(folder, new SettableClock(), Ids.random());
        Routes doors = new Routes(ArmProblems.INSTANCE)
                .get("/door", exchange -> Response.text(200, exchange.caller().name()))
                .post("/door", exchange -> Response.text(200, exchange.caller().name()));
        server = TestServer.authenticated(identity.callers(), identity.routes().getFirst(), doors);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri(path)).GET();
        if (headers.length > 0) {
            request.headers(headers);
        }
        return server.send(request);
    }

    @Test
    void theTokenEndpointWantsTheSecretAndItsTokenOpensTheDoor() throws IOException {
        assertThat(get("/msi/token?resource=x").statusCode()).isEqualTo(401);
        assertThat(get("/msi/token?resource=x", "X-IDENTITY-HEADER", "wrong").statusCode())
                .isEqualTo(401);
        String secret = Files.readString(folder.resolve("identity.secret")).strip();
        HttpResponse<String> answer =
                get("/msi/token?api-version=2019-08-01&resource=https://localhost", "X-IDENTITY-HEADER", secret);
        String token = Json.parse(answer.body()).at("/access_token").asString();
        assertThat(get("/door", "Authorization", "Bearer " + token).body()).isEqualTo("owner");
    }

    @Test
    void everyDoorIsShutWithoutACaller() {
        assertThat(get("/door").statusCode()).isEqualTo(401);
        assertThat(get("/door", "Authorization", "Bearer nonsense").statusCode())
                .isEqualTo(401);
        assertThat(server.send("POST", "/atelier/studio-links", "").statusCode())
                .isEqualTo(401);
    }

    @Test
    void aOneTimeLinkOpensASessionWhoseCookieCannotBeUsedByOtherSites() {
        String owner = "Bearer " + identity.tokens().ownerToken();
        String link = Json.parse(server.send("POST", "/atelier/studio-links", "", "Authorization", owner)
                        .body())
                .at("/url")
                .asString();
        String path = link.substring(link.indexOf("/studio"));
        HttpResponse<String> opened = get(path);
        assertThat(opened.statusCode()).isEqualTo(303);
        assertThat(get(path).statusCode()).isEqualTo(403);
        String cookie = opened.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).contains("HttpOnly", "SameSite");
        String pair = cookie.substring(0, cookie.indexOf(';'));
        assertThat(get("/door", "Cookie", pair).body()).isEqualTo("owner");
        assertThat(server.send("POST", "/door", "", "Cookie", pair).statusCode())
                .isEqualTo(401);
        assertThat(server.send("POST", "/door", "", "Cookie", pair, "X-Atelier-Studio", "1")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void onBehalfOfAJobTheSecretStandsInTheAddressAndEndsWithTheJob() {
        Caller job = new Caller("job:train", "00000000-0000-0000-0000-000000000077", Caller.Kind.JOB);
        String secret = identity.tokens().issue(job, "x", Duration.ofHours(1));
        HttpResponse<String> answer = get("/obo/" + secret + "/token?resource=https://localhost");
        String token = Json.parse(answer.body()).at("/access_token").asString();
        assertThat(get("/door", "Authorization", "Bearer " + token).body()).isEqualTo("job:train");
        identity.tokens().refuseWhen(job::equals);
        assertThat(get("/door", "Authorization", "Bearer " + token).statusCode())
                .isEqualTo(401);
        assertThat(get("/obo/" + secret + "/token?resource=x").statusCode()).isEqualTo(401);
        assertThat(get("/msi/token?resource=x", "X-IDENTITY-HEADER", secret).statusCode())
                .isEqualTo(401);
    }
}
