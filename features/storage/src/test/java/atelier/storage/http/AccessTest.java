package atelier.storage.http;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.storage.AccountKeys;
import atelier.storage.BlobPath;
import atelier.storage.Sas;
import atelier.storage.access.HttpDates;
import atelier.storage.access.StringsToSign;
import atelier.web.Paths;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who gets in, without a caller the gateway knows.
class AccessTest extends RouteFixture {
    private static final Duration HOUR = Duration.ofHours(1);

    private HttpResponse<String> ask(String method, String path, String... headers) {
        return send(stranger, method, path, "", headers);
    }

    private HttpResponse<String> signed(String account, String key, String path, String... changed) {
        String date = HttpDates.format(clock.instant());
        int query = path.indexOf('?');
        String text = StringsToSign.sharedKey(
                "GET",
                List.of(Map.entry("x-ms-date", date), Map.entry("x-ms-version", "2021-12-02")),
                account,
                query < 0 ? path : path.substring(0, query),
                Paths.query(query < 0 ? null : path.substring(query + 1)),
                Comparator.naturalOrder());
        String authorization = "SharedKey " + account + ":" + StringsToSign.sign(key, text);
        return ask(
                "GET",
                changed.length > 0 ? changed[0] : path,
                "x-ms-date",
                date,
                "x-ms-version",
                "2021-12-02",
                "Authorization",
                authorization);
    }

    private String key() {
        return storage.keys().list().getFirst().value();
    }

    @Test
    void nothingIsPublic() {
        put("a", "1");
        for (String path : List.of(LAB + "/a", LAB + "?restype=container&comp=list", "/blob/atelier/?comp=list")) {
            assertThat(ask("GET", path).statusCode()).isEqualTo(401);
        }
        assertThat(ask("PUT", LAB + "/b", "x-ms-blob-type", "BlockBlob").statusCode())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({
        "atelier, /atelier.blob.localhost/lab/a%20b",
        "atelier.blob.localhost, /atelier.blob.localhost/lab/a%20b",
        "atelier, /blob/atelier/lab/a%20b",
        "blob/atelier, /blob/atelier/lab/a%20b",
        "atelier, /atelier.blob.localhost/lab?restype=container&comp=list"
    })
    void aKeySignsUnderEveryNameClientsFindInTheAddress(String account, String path) {
        put("a%20b", "1");
        assertThat(signed(account, key(), path).statusCode()).isEqualTo(200);
        assertThat(signed(account, storage.keys().list().get(1).value(), path).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aSignatureIsForOneRequest() {
        put("a", "1");
        put("b", "2");
        assertError(signed("atelier", key(), LAB + "/a", LAB + "/b"), 403, "AuthenticationFailed");
        assertError(signed("other", key(), LAB + "/a"), 403, "AuthenticationFailed");
        assertError(signed("atelier", "AAAA", LAB + "/a"), 403, "AuthenticationFailed");
        String date = HttpDates.format(clock.instant().minus(Duration.ofMinutes(16)));
        assertError(
                ask("GET", LAB + "/a", "x-ms-date", date, "Authorization", "SharedKey atelier:AAAA"),
                403,
                "AuthenticationFailed");
    }

    @Test
    void aNewKeyEndsTheOldOne() {
        put("a", "1");
        String old = key();
        String sas = storage.sas().forContainer("lab", Sas.READ, HOUR);
        storage.keys().regenerate("key1");
        assertError(signed("atelier", old, LAB + "/a"), 403, "AuthenticationFailed");
        assertError(ask("GET", LAB + "/a?" + sas), 403, "AuthenticationFailed");
        assertThat(signed("atelier", key(), LAB + "/a").statusCode()).isEqualTo(200);
        assertThat(storage.keys().toString() + storage.keys().list()).doesNotContain(key());
    }

    @Test
    void aContainerSignatureDoesWhatItSaysThereOnly() {
        storage.containers().ensure("other");
        put("a", "1");
        String sas = storage.sas().forContainer("lab", "rlc", HOUR);
        assertThat(ask("GET", LAB + "/a?" + sas).body()).isEqualTo("1");
        assertThat(ask("GET", LAB + "?restype=container&comp=list&" + sas).statusCode())
                .isEqualTo(200);
        assertThat(ask("GET", "/blob/atelier/lab/a?" + sas).statusCode()).isEqualTo(200);
        assertThat(ask("PUT", LAB + "/new?" + sas, "x-ms-blob-type", "BlockBlob")
                        .statusCode())
                .isEqualTo(201);
        assertError(ask("PUT", LAB + "/a?" + sas, "x-ms-blob-type", "BlockBlob"), 409, "BlobAlreadyExists");
        assertError(ask("DELETE", LAB + "/a?" + sas), 403, "AuthorizationPermissionMismatch");
        assertError(ask("DELETE", LAB + "?restype=container&" + sas), 403, "AuthorizationPermissionMismatch");
        assertError(ask("GET", "/blob/atelier/other?restype=container&comp=list&" + sas), 403, "AuthenticationFailed");
        assertThat(ask("GET", "/blob/atelier/?comp=list&" + sas).statusCode()).isEqualTo(403);
        String across = "/blob/atelier?restype=container&comp=list&prefix=";
        assertThat(ask("GET", across + "lab%2F&" + sas).statusCode()).isEqualTo(200);
        assertError(ask("GET", across + "other%2F&" + sas), 403, "AuthenticationFailed");
    }

    @Test
    void aBlobSignatureIsForThatBlobAndEnds() {
        put("a%20b", "1");
        put("c", "2");
        String url = storage.sas().blobUrl("", new BlobPath("lab", "a b"), "r", HOUR);
        String sas = url.substring(url.indexOf('?') + 1);
        assertThat(ask("GET", url).body()).isEqualTo("1");
        assertError(ask("GET", LAB + "/c?" + sas), 403, "AuthenticationFailed");
        assertThat(ask("GET", LAB + "?restype=container&comp=list&" + sas).statusCode())
                .isEqualTo(403);
        clock.tick(HOUR);
        assertError(ask("GET", url), 403, "AuthenticationFailed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sp=rl", "se=2026-01-02T04%3A04%3A05Z", "sr=c", "sv=2022-11-02"})
    void aSignatureCannotBeChanged(String part) {
        put("a", "1");
        String sas = storage.sas().forContainer("lab", Sas.READ, HOUR);
        assertThat(sas).contains(part);
        String other = part.startsWith("sp")
                ? "sp=rwdl"
                : part.startsWith("se")
                        ? "se=2027-01-02T04%3A04%3A05Z"
                        : part.startsWith("sr") ? "sr=b" : "sv=2018-11-09";
        assertError(ask("GET", LAB + "/a?" + sas.replace(part, other)), 403, "AuthenticationFailed");
        assertError(ask("GET", LAB + "/a?" + sas + "&si=policy"), 403, "AuthenticationFailed");
    }

    private String accountSas(String services, String types, String permissions) {
        Map<String, String> fields = new LinkedHashMap<>(Map.of(
                "sv", "2021-12-02", "ss", services, "srt", types, "sp", permissions, "se", "2026-01-02T04:00:00Z"));
        String signature = StringsToSign.sign(key(), StringsToSign.accountSas(AccountKeys.ACCOUNT, fields::get));
        fields.put("sig", signature.replace("+", "%2B"));
        StringBuilder query = new StringBuilder();
        fields.forEach(
                (name, value) -> query.append('&').append(name).append('=').append(value));
        return query.substring(1);
    }

    @Test
    void anAccountSignatureNamesServicesLevelsAndPermissions() {
        put("a", "1");
        String all = accountSas("b", "sco", "rwdlc");
        assertThat(ask("GET", "/blob/atelier/?comp=list&" + all).statusCode()).isEqualTo(200);
        assertThat(ask("PUT", "/blob/atelier/made?restype=container&" + all).statusCode())
                .isEqualTo(201);
        assertThat(ask("GET", LAB + "/a?" + accountSas("b", "o", "r")).statusCode())
                .isEqualTo(200);
        assertError(ask("GET", LAB + "/a?" + accountSas("b", "c", "r")), 403, "AuthorizationPermissionMismatch");
        assertError(ask("GET", LAB + "/a?" + accountSas("b", "o", "w")), 403, "AuthorizationPermissionMismatch");
        assertError(ask("GET", LAB + "/a?" + accountSas("q", "o", "r")), 403, "AuthorizationServiceMismatch");
    }

    @Test
    void aCopyNeedsARightToItsSource() {
        storage.containers().ensure("secret");
        send("PUT", "/blob/atelier/secret/s", "secret", "x-ms-blob-type", "BlockBlob");
        String sas = storage.sas().forContainer("lab", Sas.ALL, HOUR);
        String source = stranger.uri("/blob/atelier/secret/s").toString();
        assertError(ask("PUT", LAB + "/stolen?" + sas, "x-ms-copy-source", source), 403, "CannotVerifyCopySource");
        String own = storage.sas().forContainer("secret", "r", HOUR);
        assertThat(ask("PUT", LAB + "/lent?" + sas, "x-ms-copy-source", source + "?" + own)
                        .statusCode())
                .isEqualTo(202);
    }
}
