package atelier.storage.http;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.kernel.Json;
import atelier.testkit.TestServer;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class KeyRoutesTest extends RouteFixture {
    private static final String ACCOUNT =
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/atelier";

    private HttpResponse<String> ask(boolean known, String path, String body) {
        var routes = storage.routes().getLast();
        try (TestServer own = known ? TestServer.of(routes) : TestServer.anonymous(routes)) {
            return send(own, "POST", path, body);
        }
    }

    @Test
    void theKeysAreThoseThatSignRequests() {
        HttpResponse<String> answer = ask(true, ACCOUNT + "/listKeys?api-version=2023-05-01", "");
        assertThat(Json.parse(answer.body()).at("/keys/0/value").asString())
                .isEqualTo(storage.keys().list().getFirst().value());
        assertThat(Json.parse(answer.body()).at("/keys/1/keyName").asString()).isEqualTo("key2");
    }

    @Test
    void aNewKeyReplacesTheOldOne() {
        String before = storage.keys().list().getLast().value();
        ask(true, ACCOUNT + "/regenerateKey", "{\"keyName\":\"key2\"}");
        assertThat(storage.keys().list().getLast().value()).isNotEqualTo(before);
    }

    @Test
    void nobodyUnknownSeesThem() {
        assertThat(ask(false, ACCOUNT + "/listKeys", "").statusCode()).isEqualTo(401);
    }

    @Test
    void anotherAccountIsNotThere() {
        assertThat(ask(true, ACCOUNT + "x/listKeys", "").statusCode()).isEqualTo(404);
    }
}
