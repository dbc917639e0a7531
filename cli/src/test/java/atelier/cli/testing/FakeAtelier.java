package atelier.cli.testing;

import atelier.kernel.Json;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A server for tests of the command line: keeps what is put, counts versions, takes blobs, and remembers the requests.
/// It checks the token and nothing else.
public final class FakeAtelier implements AutoCloseable {
    public static final String WS =
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w";
    private static final String TOKEN = "the-owners-token";

    /// One request that was made; `body` is empty for blobs.
    public record Request(String method, String path, String query, String body) {}

    /// A canned answer: status, body and headers.
    public record Answer(int status, String body, Map<String, String> headers) {
        public static Answer ok(String body) {
            return new Answer(200, body, Map.of());
        }
    }

    public final List<Request> requests = new CopyOnWriteArrayList<>();
    public final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<String, Map<String, String>> metadata = new ConcurrentHashMap<>();
    private final Map<String, JsonNode> resources = new ConcurrentHashMap<>();
    private final Map<String, List<Answer>> canned = new ConcurrentHashMap<>();
    private final HttpServer server;
    private final Path home;

    public FakeAtelier(Path home) throws IOException {
        this.home = home;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext("/", this::handle);
        server.start();
        Files.createDirectories(home.resolve("run"));
        Files.createDirectories(home.resolve("secrets"));
        Files.writeString(home.resolve("secrets/owner.token"), TOKEN + "\n");
        Files.writeString(home.resolve("secrets/identity.secret"), "the-identity-secret");
        ObjectNode who = Json.object();
        who.put("pid", ProcessHandle.current().pid()).put("url", url()).put("httpUrl", url());
        who.put("startedAt", "2026-01-01T00:00:00Z").put("version", "test");
        Files.writeString(home.resolve("run/server.json"), Json.write(who));
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public Path home() {
        return home;
    }

    /// Answers `method path` with these, one after the other; the last one stays.
    public void answer(String method, String path, Answer... answers) {
        canned.put(method + " " + path, new CopyOnWriteArrayList<>(answers));
    }

    /// Puts a resource there, as if an earlier call had.
    public void has(String path, String json) {
        resources.put(WS + path, Json.parse(json));
    }

    /// What the last PUT to `path` (below the workspace) carried.
    public JsonNode put(String path) {
        return requests.stream()
                .filter(request ->
                        request.method().equals("PUT") && request.path().equals(WS + path))
                .reduce((first, second) -> second)
                .map(request -> Json.parse(request.body()))
                .orElseThrow(() -> new AssertionError("nothing was put to " + path + ": " + requests));
    }

    /// The body of the first PUT whose path starts so.
    public JsonNode putBelow(String prefix) {
        return requests.stream()
                .filter(request ->
                        request.method().equals("PUT") && request.path().startsWith(WS + prefix))
                .findFirst()
                .map(request -> Json.parse(request.body()))
                .orElseThrow(() -> new AssertionError("nothing was put below " + prefix + ": " + requests));
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String query = exchange.getRequestURI().getRawQuery() == null
                ? ""
                : exchange.getRequestURI().getRawQuery();
        byte[] body = exchange.getRequestBody().readAllBytes();
        boolean blob = path.startsWith("/blob/");
        requests.add(new Request(
                exchange.getRequestMethod(), path, query, blob ? "" : new String(body, StandardCharsets.UTF_8)));
        Answer answer = answer(exchange, path, query, body);
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(answer.status(), -1);
        } else {
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        }
        exchange.close();
    }

    private Answer answer(HttpExchange exchange, String path, String query, byte[] body) {
        String method = exchange.getRequestMethod();
        List<Answer> given = canned.get(method + " " + path.replace(WS, "{ws}"));
        if (given != null) {
            return given.size() > 1 ? given.removeFirst() : given.getFirst();
        }
        if (path.startsWith("/blob/")) {
            return blob(exchange, method, path, query, body);
        }
        String token = exchange.getRequestHeaders().getFirst("Authorization");
        if (!("Bearer " + TOKEN).equals(token)) {
            return new Answer(
                    401, "{\"error\":{\"code\":\"AuthenticationFailed\",\"message\":\"No token.\"}}", Map.of());
        }
        if (path.equals("/atelier/me")) {
            return Answer.ok("{\"tracking\":\"/mlflow/v2.0\",\"workspaces\":[{\"subscriptionId\":\"s\","
                    + "\"resourceGroup\":\"g\",\"name\":\"w\"}]}");
        }
        if (path.endsWith("/listSecrets")) {
            return Answer.ok("{\"secretsType\":\"Sas\",\"sasToken\":\"sig=x\"}");
        }
        if (path.contains("/datastores/")) {
            return Answer.ok("{\"properties\":{\"datastoreType\":\"AzureBlob\",\"accountName\":\"localhost:1/atelier\","
                    + "\"containerName\":\"store\"}}");
        }
        if (path.endsWith("/startPendingUpload")) {
            return Answer.ok("{\"blobReferenceForConsumption\":{\"blobUri\":\"" + url() + "/blob/atelier/code\","
                    + "\"credential\":{\"sasUri\":\"" + url() + "/blob/atelier/code?sig=y\"}}}");
        }
        return resource(method, path, query, body);
    }

    private Answer resource(String method, String path, String query, byte[] body) {
        if (method.equals("PUT")) {
            ObjectNode made = (ObjectNode) Json.parse(new String(body, StandardCharsets.UTF_8));
            made.put("id", path).put("name", path.substring(path.lastIndexOf('/') + 1));
            if (path.contains("/jobs/")) {
                ((ObjectNode) made.path("properties")).put("status", "NotStarted");
            }
            resources.put(path, made);
            return new Answer(201, Json.write(made), Map.of());
        }
        if (query.contains("hash=")) {
            ArrayNode found = Json.array();
            String hash = query.replaceFirst(".*hash=([0-9a-f]+).*", "$1");
            resources.values().stream()
                    .filter(code -> code.at("/properties/properties/hash_sha256")
                            .asString("")
                            .equals(hash))
                    .forEach(found::add);
            return Answer.ok("{\"value\":" + Json.write(found) + "}");
        }
        @Nullable JsonNode known = resources.get(path);
        if (known != null) {
            return Answer.ok(Json.write(known));
        }
        String versions = path + "/versions/";
        int newest = resources.keySet().stream()
                .filter(name -> name.startsWith(versions)
                        && name.substring(versions.length()).matches("\\d+"))
                .mapToInt(name -> Integer.parseInt(name.substring(versions.length())))
                .max()
                .orElse(0);
        if (newest > 0) {
            return Answer.ok(
                    "{\"properties\":{\"latestVersion\":\"" + newest + "\",\"nextVersion\":\"" + (newest + 1) + "\"}}");
        }
        return new Answer(
                404, "{\"error\":{\"code\":\"ResourceNotFound\",\"message\":\"There is no " + path + ".\"}}", Map.of());
    }

    private Answer blob(HttpExchange exchange, String method, String path, String query, byte[] body) {
        if (!query.contains("sig=")) {
            return new Answer(403, "<Error><Code>AuthorizationFailure</Code><Message>No.</Message></Error>", Map.of());
        }
        if (method.equals("PUT") && query.contains("comp=metadata")) {
            Map<String, String> values = new TreeMap<>();
            exchange.getRequestHeaders().forEach((name, value) -> {
                if (name.toLowerCase(java.util.Locale.ROOT).startsWith("x-ms-meta-")) {
                    values.put(name, value.getFirst());
                }
            });
            metadata.put(path, values);
            return Answer.ok("");
        }
        if (method.equals("PUT")) {
            blobs.put(path, body);
            return new Answer(201, "", Map.of());
        }
        if (query.contains("comp=list")) {
            String prefix = java.net.URLDecoder.decode(
                    query.replaceFirst("(?:.*&)?prefix=([^&]*).*", "$1"), StandardCharsets.UTF_8);
            StringBuilder names = new StringBuilder("<EnumerationResults><Blobs>");
            blobs.keySet().stream()
                    .sorted()
                    .filter(name -> name.startsWith(path + "/" + prefix))
                    .forEach(name -> names.append("<Blob><Name>")
                            .append(name.substring(path.length() + 1))
                            .append("</Name></Blob>"));
            return Answer.ok(names + "</Blobs><NextMarker/></EnumerationResults>");
        }
        byte[] found = blobs.get(path);
        if (found == null) {
            return new Answer(404, "<Error><Code>BlobNotFound</Code><Message>None.</Message></Error>", Map.of());
        }
        return new Answer(200, new String(found, StandardCharsets.UTF_8), metadata.getOrDefault(path, Map.of()));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
