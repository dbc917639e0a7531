package atelier.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.kernel.Problem;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.web.dialects.MlflowProblems;
import atelier.web.dialects.StorageProblems;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/// The way of a request over real HTTP: dispatch, streaming, and one problem in three dialects.
class TestServerTest {
    private static Routes thing(atelier.web.ProblemRenderer dialect) {
        return new Routes(dialect)
                .get("/thing", _ -> {
                    throw new Problem.NotFound("BlobNotFound", "No <thing> here.");
                })
                .get("/bug", _ -> {
                    throw new IllegalStateException("secret detail");
                })
                .put("/echo", exchange -> Response.stream(200, "application/octet-stream", -1, exchange.body()))
                .get("/big", _ -> Response.stream(200, "text/plain", 3, new ByteArrayInputStream(new byte[3])));
    }

    @Test
    void oneProblemIsSaidInTheDialectOfEachApi() {
        try (TestServer server = TestServer.of(thing(ArmProblems.INSTANCE))) {
            assertThat(server.get("/thing").statusCode()).isEqualTo(404);
            assertThat(server.get("/thing").body())
                    .isEqualTo("{\"error\":{\"code\":\"BlobNotFound\",\"message\":\"No <thing> here.\"}}");
        }
        try (TestServer server = TestServer.of(thing(StorageProblems.INSTANCE))) {
            assertThat(server.get("/thing").body()).contains("<Code>BlobNotFound</Code>", "No &lt;thing&gt; here.");
        }
        try (TestServer server = TestServer.of(thing(MlflowProblems.INSTANCE))) {
            assertThat(server.get("/thing").body()).contains("\"error_code\":\"RESOURCE_DOES_NOT_EXIST\"");
        }
    }

    @Test
    void aWrongMethodIsA405WithAllowInThatDialect() {
        try (TestServer server = TestServer.of(thing(ArmProblems.INSTANCE))) {
            HttpResponse<String> answer = server.send("PATCH", "/thing", "{}");
            assertThat(answer.statusCode()).isEqualTo(405);
            assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD");
            assertThat(answer.body()).contains("\"code\":\"MethodNotAllowed\"");
        }
        try (TestServer server = TestServer.of(thing(MlflowProblems.INSTANCE))) {
            HttpResponse<String> answer = server.send("DELETE", "/echo", "");
            assertThat(answer.headers().firstValue("Allow")).contains("PUT");
            assertThat(answer.body()).contains("\"error_code\":\"ENDPOINT_NOT_FOUND\"");
        }
    }

    @Test
    void aBugIsA500ThatTellsNoDetail() {
        try (TestServer server = TestServer.of(thing(ArmProblems.INSTANCE))) {
            HttpResponse<String> answer = server.get("/bug");
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body())
                    .doesNotContain("secret detail")
                    .contains(answer.headers().firstValue("x-ms-request-id").orElseThrow());
        }
    }

    @Test
    void withoutACallerTheDoorStaysShut() {
        try (TestServer server = TestServer.anonymous(thing(ArmProblems.INSTANCE))) {
            assertThat(server.get("/thing").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void aBodyTheHandlerDoesNotReadLeavesTheConnectionUsable() throws java.io.IOException {
        Routes careless = new Routes(ArmProblems.INSTANCE).post("/careless", _ -> Response.text(200, "fine"));
        try (TestServer server = TestServer.of(careless);
                java.net.Socket socket =
                        new java.net.Socket("127.0.0.1", server.uri("/").getPort())) {
            String head = "POST /careless HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n";
            var out = socket.getOutputStream();
            var in = new java.io.BufferedReader(
                    new java.io.InputStreamReader(socket.getInputStream(), java.nio.charset.StandardCharsets.US_ASCII));
            for (int i = 0; i < 3; i++) {
                // The body comes after the server has had time to answer the head alone.
                out.write(head.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                out.flush();
                Thread.yield();
                out.write("12345".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                out.flush();
                assertThat(in.readLine()).startsWith("HTTP/1.1 200");
                String line = in.readLine();
                while (!line.isEmpty()) {
                    assertThat(line).doesNotContainIgnoringCase("connection: close");
                    line = in.readLine();
                }
                char[] body = new char[4];
                assertThat(in.read(body)).isEqualTo(4);
            }
        }
    }

    @Test
    void bodiesStreamBothWaysAndHeadHasTheLengthOnly() {
        try (TestServer server = TestServer.of(thing(ArmProblems.INSTANCE))) {
            assertThat(server.send("PUT", "/echo", "x".repeat(1_000_000)).body())
                    .hasSize(1_000_000);
            HttpResponse<String> head = server.send(
                    HttpRequest.newBuilder(server.uri("/big")).method("HEAD", HttpRequest.BodyPublishers.noBody()));
            assertThat(head.headers().firstValue("Content-Length")).hasValue("3");
            assertThat(server.send("POST", "/thing", "{}").statusCode()).isEqualTo(405);
        }
    }
}
