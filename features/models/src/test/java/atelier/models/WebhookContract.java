package atelier.models;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.experiments.ExperimentsFeature;
import atelier.experiments.MemoryBlobs;
import atelier.experiments.OneWorkspace;
import atelier.kernel.Ids;
import atelier.kernel.Json;
import atelier.store.Database;
import atelier.testkit.SettableClock;
import atelier.testkit.TestServer;
import atelier.web.Routes;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Webhooks over real HTTP, from the door to the receiver; runs on each database.
abstract class WebhookContract {
    private static final String API = "/mlflow/v2.0" + OneWorkspace.MAIN.armId() + "/api/2.0/mlflow/";
    private final SettableClock clock = new SettableClock();
    private final MemoryVault vault = new MemoryVault();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger answer = new AtomicInteger(200);
    private Database database;
    private ModelsFeature models;
    private TestServer server;
    private HttpServer receiver;

    private record Received(String id, String time, String signature, String type, String body) {
        JsonNode json() {
            return Json.parse(body);
        }

        String what() {
            return json().path("entity").asString() + "."
                    + json().path("action").asString();
        }
    }

    abstract Database open();

    @BeforeEach
    void start() throws IOException {
        database = open();
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/hook", this::receive);
        receiver.start();
        serve(List.of("127.0.0.1"));
    }

    private void serve(List<String> hosts) {
        OneWorkspace workspaces = new OneWorkspace();
        MemoryBlobs blobs = new MemoryBlobs();
        var experiments = ExperimentsFeature.create(database, blobs, workspaces, clock, Ids.random());
        models = ModelsFeature.create(
                database,
                blobs,
                experiments.runs(),
                new FakeDataUris(),
                workspaces,
                new ModelsFeature.Hooks(vault, hosts),
                clock,
                Ids.random());
        List<Routes> routes = new ArrayList<>(models.routes());
        server = TestServer.of(routes.toArray(Routes[]::new));
    }

    @AfterEach
    void stop() {
        server.close();
        receiver.stop(0);
        database.close();
    }

    private void receive(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        received.add(new Received(
                String.valueOf(headers.getFirst("X-MLflow-Delivery-Id")),
                String.valueOf(headers.getFirst("X-MLflow-Timestamp")),
                String.valueOf(headers.getFirst("X-MLflow-Signature")),
                String.valueOf(headers.getFirst("Content-Type")),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        byte[] said = "thanks".getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Location", "/hook");
        exchange.sendResponseHeaders(answer.get(), said.length);
        exchange.getResponseBody().write(said);
        exchange.close();
    }

    private String url() {
        return "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook";
    }

    private HttpResponse<String> call(String method, String path, String json) {
        return method.equals("GET") ? server.get(API + path) : server.send(method, API + path, json);
    }

    private JsonNode ok(String method, String path, String json) {
        HttpResponse<String> response = call(method, path, json);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Json.parse(response.body());
    }

    private String hook(String events, String more) {
        StringBuilder list = new StringBuilder();
        for (String event : events.split(" ")) {
            String[] words = event.split("\\.");
            list.append(list.isEmpty() ? "" : ",")
                    .append("{\"entity\":\"" + words[0] + "\",\"action\":\"" + words[1] + "\"}");
        }
        return ok(
                        "POST",
                        "webhooks",
                        "{\"name\":\"h\",\"url\":\"" + url() + "\",\"events\":[" + list + "]" + more + "}")
                .path("webhook")
                .path("webhook_id")
                .asString();
    }

    private void model(String name) {
        ok("POST", "registered-models/create", "{\"name\":\"" + name + "\"}");
    }

    private void send() {
        models.deliveries().sendDue(Runnable::run);
    }

    private static String signed(String secret, String content) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aSecretIsKeptInTheVaultAndNeverTold() {
        String id = hook("MODEL_VERSION.CREATED", ",\"secret\":\"hush-hush\"");
        assertThat(vault.kept.values()).containsExactly("hush-hush");
        ok("PATCH", "webhooks/" + id, "{\"secret\":\"other-word\"}");
        assertThat(vault.kept.values()).containsExactly("other-word");
        assertThat(call("GET", "webhooks/" + id, "").body()
                        + call("GET", "webhooks", "").body())
                .doesNotContain("hush-hush", "other-word", "secret");
        ok("DELETE", "webhooks/" + id, "{}");
        assertThat(vault.kept).isEmpty();
        assertThat(call("GET", "webhooks/" + id, "").statusCode()).isEqualTo(404);
    }

    @Test
    void anEventIsDeliveredOnceAndSigned() throws Exception {
        hook("REGISTERED_MODEL.CREATED", ",\"secret\":\"s\"");
        ok(
                "POST",
                "registered-models/create",
                "{\"name\":\"m\",\"description\":\"d\",\"tags\":[{\"key\":\"k\",\"value\":\"v\"}]}");
        send();
        send();

        assertThat(received).hasSize(1);
        Received got = received.getFirst();
        assertThat(got.signature()).isEqualTo(signed("s", got.id() + "." + got.time() + "." + got.body()));
        assertThat(got.time()).isEqualTo(Long.toString(clock.instant().getEpochSecond()));
        assertThat(got.type()).isEqualTo("application/json");
        assertThat(got.json().path("timestamp").asString()).isEqualTo("2026-01-02T03:04:05.000+00:00");
        assertThat(got.json().path("data").toString())
                .isEqualTo("{\"name\":\"m\",\"tags\":{\"k\":\"v\"},\"description\":\"d\"}");
    }

    @Test
    void everyEventOfModelsIsToldByItsName() {
        hook(
                "REGISTERED_MODEL.CREATED MODEL_VERSION.CREATED MODEL_VERSION_TAG.SET MODEL_VERSION_TAG.DELETED"
                        + " MODEL_VERSION_ALIAS.CREATED MODEL_VERSION_ALIAS.DELETED",
                "");
        model("m");
        ok("POST", "model-versions/create", "{\"name\":\"m\",\"source\":\"s3://b/x\"}");
        ok("POST", "model-versions/set-tag", "{\"name\":\"m\",\"version\":\"1\",\"key\":\"k\",\"value\":\"v\"}");
        ok("DELETE", "model-versions/delete-tag", "{\"name\":\"m\",\"version\":\"1\",\"key\":\"k\"}");
        ok("POST", "registered-models/alias", "{\"name\":\"m\",\"alias\":\"a\",\"version\":\"1\"}");
        ok("DELETE", "registered-models/alias", "{\"name\":\"m\",\"alias\":\"a\"}");
        ok("POST", "registered-models/set-tag", "{\"name\":\"m\",\"key\":\"k\",\"value\":\"v\"}");
        send();
        assertThat(received.stream().map(Received::what))
                .containsExactlyInAnyOrder(
                        "registered_model.created",
                        "model_version.created",
                        "model_version_tag.set",
                        "model_version_tag.deleted",
                        "model_version_alias.created",
                        "model_version_alias.deleted");
    }

    @Test
    void everyEventOfPromptsIsToldWithoutTheMarksOfClients() {
        hook(
                "PROMPT.CREATED PROMPT_VERSION.CREATED PROMPT_TAG.SET PROMPT_TAG.DELETED PROMPT_VERSION_TAG.SET"
                        + " PROMPT_VERSION_TAG.DELETED PROMPT_ALIAS.CREATED PROMPT_ALIAS.DELETED"
                        + " REGISTERED_MODEL.CREATED MODEL_VERSION.CREATED",
                "");
        String mark = "{\"key\":\"mlflow.prompt.is_prompt\",\"value\":\"true\"}";
        ok("POST", "registered-models/create", "{\"name\":\"p\",\"tags\":[" + mark + "]}");
        ok(
                "POST",
                "model-versions/create",
                "{\"name\":\"p\",\"source\":\"dummy-source\",\"tags\":[" + mark
                        + ",{\"key\":\"mlflow.prompt.text\",\"value\":\"Hi {{x}}\"}]}");
        ok("POST", "registered-models/set-tag", "{\"name\":\"p\",\"key\":\"k\",\"value\":\"v\"}");
        ok("DELETE", "registered-models/delete-tag", "{\"name\":\"p\",\"key\":\"k\"}");
        ok("POST", "model-versions/set-tag", "{\"name\":\"p\",\"version\":\"1\",\"key\":\"k\",\"value\":\"v\"}");
        ok("DELETE", "model-versions/delete-tag", "{\"name\":\"p\",\"version\":\"1\",\"key\":\"k\"}");
        ok("POST", "registered-models/alias", "{\"name\":\"p\",\"alias\":\"a\",\"version\":\"1\"}");
        ok("DELETE", "registered-models/alias", "{\"name\":\"p\",\"alias\":\"a\"}");
        send();
        assertThat(received.stream().map(Received::what))
                .containsExactlyInAnyOrder(
                        "prompt.created",
                        "prompt_version.created",
                        "prompt_tag.set",
                        "prompt_tag.deleted",
                        "prompt_version_tag.set",
                        "prompt_version_tag.deleted",
                        "prompt_alias.created",
                        "prompt_alias.deleted");
        assertThat(received.stream()
                        .filter(r -> r.what().equals("prompt_version.created"))
                        .map(r -> r.json().path("data").toString()))
                .containsExactly("{\"name\":\"p\",\"version\":\"1\",\"template\":\"Hi {{x}}\",\"tags\":{},"
                        + "\"description\":null}");
    }

    @Test
    void whatIsNotTakenIsTriedAgainUnderTheSameIdAfterLongerAndLongerWaits() {
        hook("REGISTERED_MODEL.CREATED", "");
        answer.set(503);
        model("m");
        send();
        send();
        assertThat(received).hasSize(1);
        clock.tick(Duration.ofSeconds(1));
        send();
        clock.tick(Duration.ofSeconds(1));
        send();
        assertThat(received).hasSize(2);
        answer.set(200);
        clock.tick(Duration.ofSeconds(1));
        send();
        clock.tick(Duration.ofHours(1));
        send();
        assertThat(received).hasSize(3);
        assertThat(received.stream().map(Received::id).distinct()).hasSize(1);
    }

    @Test
    void whatIsRefusedForGoodIsTriedOnceAndWhatIsNeverTakenFifteenTimes() {
        hook("REGISTERED_MODEL.CREATED", "");
        answer.set(400);
        model("a");
        send();
        clock.tick(Duration.ofHours(1));
        send();
        assertThat(received).hasSize(1);

        answer.set(302);
        model("b");
        send();
        assertThat(received).hasSize(2);

        answer.set(500);
        model("c");
        for (int i = 0; i < 40; i++) {
            send();
            clock.tick(Duration.ofHours(1));
        }
        assertThat(received).hasSize(2 + Deliveries.MOST_TRIES);
    }

    @Test
    void aTryThatDiesWithTheServerIsMadeAgain() {
        hook("REGISTERED_MODEL.CREATED", "");
        model("m");
        models.deliveries().sendDue(_ -> {});
        server.close();
        serve(List.of("127.0.0.1"));
        send();
        assertThat(received).isEmpty();
        clock.tick(Duration.ofMinutes(2));
        send();
        assertThat(received).hasSize(1);
    }

    @Test
    void whatDidNotHappenIsNotTold() {
        hook("REGISTERED_MODEL.CREATED MODEL_VERSION.CREATED", "");
        model("m");
        assertThat(call("POST", "registered-models/create", "{\"name\":\"m\"}").statusCode())
                .isEqualTo(400);
        assertThat(call("POST", "model-versions/create", "{\"name\":\"x\",\"source\":\"s3://b/x\"}")
                        .statusCode())
                .isEqualTo(404);
        send();
        assertThat(received.stream().map(Received::what)).containsExactly("registered_model.created");
    }

    @Test
    void aDisabledWebhookIsToldNothingAndADeletedOneNothingMore() {
        String id = hook("REGISTERED_MODEL.CREATED", "");
        model("a");
        ok("PATCH", "webhooks/" + id, "{\"status\":\"DISABLED\"}");
        model("b");
        send();
        assertThat(received).isEmpty();
        ok("PATCH", "webhooks/" + id, "{\"status\":1}");
        model("c");
        ok("DELETE", "webhooks/" + id, "{}");
        send();
        assertThat(received).isEmpty();
    }

    @Test
    void aTestTellsMadeUpDataAtOnce() {
        String id = hook("MODEL_VERSION.CREATED PROMPT_ALIAS.DELETED", "");
        JsonNode result = ok("POST", "webhooks/" + id + "/test", "{}").path("result");
        assertThat(result.toString())
                .isEqualTo("{\"success\":true,\"response_status\":200,\"response_body\":\"thanks\"}");
        answer.set(500);
        result = ok(
                        "POST",
                        "webhooks/" + id + "/test",
                        "{\"event\":{\"entity\":\"PROMPT_ALIAS\",\"action\":\"DELETED\"}}")
                .path("result");
        assertThat(result.path("success").booleanValue()).isFalse();
        assertThat(received.stream().map(Received::what))
                .containsExactly("model_version.created", "prompt_alias.deleted");
    }

    @Test
    void privateAddressesAreRefusedWhenMadeAndWhenDelivered() {
        String id = hook("REGISTERED_MODEL.CREATED", "");
        model("m");
        server.close();
        serve(List.of());
        send();
        JsonNode result = ok("POST", "webhooks/" + id + "/test", "{}").path("result");
        assertThat(result.path("error_message").asString()).contains("--webhook-hosts 127.0.0.1");
        assertThat(received).isEmpty();
        for (String host : List.of(
                "localhost",
                "127.0.0.1:8443",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "100.64.0.1",
                "169.254.169.254",
                "0.0.0.0",
                "224.0.0.1",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[fe80::1]",
                "[fd00::1]",
                "[64:ff9b::a01:203]",
                "[2002:7f00:1::]",
                "[::]")) {
            HttpResponse<String> refused = call(
                    "POST",
                    "webhooks",
                    "{\"name\":\"x\",\"url\":\"https://" + host
                            + "/\",\"events\":[{\"entity\":\"PROMPT\",\"action\":\"CREATED\"}]}");
            assertThat(refused.statusCode()).as(host + refused.body()).isEqualTo(400);
            assertThat(refused.body()).contains("INVALID_PARAMETER_VALUE", "not a public IP address");
        }
    }

    @Test
    void badInputIsRefusedInMlflowsWords() {
        String event = "\"events\":[{\"entity\":\"PROMPT\",\"action\":\"CREATED\"}]";
        Map<String, String> bad = Map.of(
                "{\"url\":\"https://h/\"," + event + "}",
                "required parameter 'name'",
                "{\"name\":\"n\"," + event + "}",
                "required parameter 'url'",
                "{\"name\":\"n\",\"url\":\"https://h/\"}",
                "required parameter 'events'",
                "{\"name\":\"-n\",\"url\":\"https://h.invalid/\"," + event + "}",
                "Webhook name '-n' is invalid",
                "{\"name\":\"n\",\"url\":\"  \"," + event + "}",
                "cannot be empty or just whitespace",
                "{\"name\":\"n\",\"url\":\"ftp://h/\"," + event + "}",
                "Invalid webhook URL scheme",
                "{\"name\":\"n\",\"url\":\"http://[invalid\"," + event + "}",
                "Invalid webhook URL",
                "{\"name\":\"n\",\"url\":\"https://u:p@h.invalid/\"," + event + "}",
                "no user and password",
                "{\"name\":\"n\",\"url\":\"https://h/\",\"events\":[{\"entity\":\"PROMPT\",\"action\":\"SET\"}]}",
                "Invalid action 'set' for entity 'prompt'",
                "{\"name\":\"n\",\"url\":\"https://h/\",\"events\":[{\"entity\":\"RUN\",\"action\":\"SET\"}]}",
                "events[0].entity");
        bad.forEach((body, sentence) -> {
            HttpResponse<String> refused = call("POST", "webhooks", body);
            assertThat(refused.statusCode()).as(body + refused.body()).isEqualTo(400);
            assertThat(refused.body()).contains("INVALID_PARAMETER_VALUE", sentence);
        });
        assertThat(call("GET", "webhooks?max_results=1001", "").statusCode()).isEqualTo(400);
        assertThat(ok("GET", "webhooks", "").has("webhooks")).isFalse();
    }
}
