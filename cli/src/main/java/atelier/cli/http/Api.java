package atelier.cli.http;

import atelier.cli.CliError;
import atelier.cli.DataFolder;
import atelier.kernel.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Requests to one Atelier server as its owner, in one workspace. JSON in, JSON out; an error answer is an [ApiError]
/// with the server's sentence, a server that does not answer a [CliError].
public final class Api {
    /// Sent with every Azure Resource Manager request; the server takes every version.
    private static final String API_VERSION = "2024-04-01";

    private final String url;
    private final String token;
    private final HttpClient client;
    private final @Nullable String workspace;
    private @Nullable JsonNode me;

    private Api(String url, String token, HttpClient client, @Nullable String workspace) {
        this.url = url;
        this.token = token;
        this.client = client;
        this.workspace = workspace;
    }

    /// The same server, in another workspace: its ARM path.
    public Api in(String workspacePath) {
        return new Api(url, token, client, workspacePath);
    }

    /// The same server, in a registry, found as azure-ai-ml finds it.
    public Api registry(String name) {
        JsonNode place = find("/registrymanagement/v1.0/registries/" + name + "/discovery?api-version=v1.0")
                .orElseThrow(() -> new CliError("There is no registry '" + name + "' here."));
        return in("/mferp/managementfrontend/subscriptions/"
                + place.path("subscriptionId").asString("") + "/resourceGroups/"
                + place.path("resourceGroup").asString("") + "/providers/Microsoft.MachineLearningServices/registries/"
                + name);
    }

    /// The API of a running server, trusted by the authority in its data folder.
    public static Api of(DataFolder.Server server, DataFolder files) {
        HttpClient.Builder builder =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).version(HttpClient.Version.HTTP_1_1);
        if (server.url().startsWith("https:")) {
            builder.sslContext(Tls.trusting(files.ca()));
        }
        return new Api(server.url(), files.ownerToken(), builder.build(), null);
    }

    public String url() {
        return url;
    }

    public String token() {
        return token;
    }

    /// Who the token stands for, and the workspaces there are.
    public JsonNode me() {
        JsonNode known = me;
        if (known == null) {
            known = get("/atelier/me");
            me = known;
        }
        return known;
    }

    /// ARM path of the workspace: `/subscriptions/…/workspaces/{name}`.
    public String workspace() {
        if (workspace != null) {
            return workspace;
        }
        JsonNode first = me().path("workspaces").path(0);
        return "/subscriptions/" + first.path("subscriptionId").asString("") + "/resourceGroups/"
                + first.path("resourceGroup").asString("") + "/providers/Microsoft.MachineLearningServices/workspaces/"
                + first.path("name").asString("");
    }

    public JsonNode get(String path) {
        return json(send(request(path).GET().build(), BodyHandlers.ofString()));
    }

    /// The document, or empty when there is none (404).
    public Optional<JsonNode> find(String path) {
        HttpResponse<String> response = send(request(path).GET().build(), BodyHandlers.ofString());
        return response.statusCode() == 404 ? Optional.empty() : Optional.of(json(response));
    }

    public JsonNode put(String path, JsonNode body) {
        return json(send(request(path).PUT(json(body)).build(), BodyHandlers.ofString()));
    }

    public JsonNode post(String path, JsonNode body) {
        return json(send(request(path).POST(json(body)).build(), BodyHandlers.ofString()));
    }

    public void delete(String path) {
        json(send(request(path).DELETE().build(), BodyHandlers.ofString()));
    }

    /// A PUT, POST or DELETE that the server may finish later: waits for its end, then gives the resource.
    public JsonNode run(String method, String path, @Nullable JsonNode body, Waiting waiting) {
        HttpRequest request = request(path)
                .method(method, body == null ? BodyPublishers.noBody() : json(body))
                .build();
        HttpResponse<String> response = send(request, BodyHandlers.ofString());
        JsonNode answer = json(response);
        Optional<String> status = response.headers().firstValue("Azure-AsyncOperation");
        if (status.isPresent()) {
            Polling.untilSucceeded(this, status.get(), waiting);
            return method.equals("PUT") || method.equals("PATCH") ? get(path) : Json.object();
        }
        Optional<String> location = response.headers().firstValue("Location");
        if (response.statusCode() == 202 && location.isPresent()) {
            Polling.untilGone(this, location.get(), waiting);
            return Json.object();
        }
        return answer;
    }

    /// Starts what [#run] would wait for; what the server answered first.
    public JsonNode start(String method, String path, @Nullable JsonNode body) {
        return json(send(
                request(path)
                        .method(method, body == null ? BodyPublishers.noBody() : json(body))
                        .build(),
                BodyHandlers.ofString()));
    }

    /// A request to any path of this server, answered as it is; errors are left to the caller.
    public HttpResponse<String> raw(String method, String path, @Nullable String body, Map<String, String> headers) {
        HttpRequest.Builder builder = request(path);
        headers.forEach(builder::setHeader);
        return send(
                builder.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    /// Bytes to a URL that carries its own permission (a SAS), or to a path of this server.
    public HttpResponse<String> upload(String target, String method, BodyPublisher body, Map<String, String> headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(absolute(target)).method(method, body);
        headers.forEach(builder::setHeader);
        return send(builder.build(), BodyHandlers.ofString());
    }

    /// A stream of bytes from this server or from a URL with a SAS. The caller closes it.
    public HttpResponse<InputStream> open(String target) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(absolute(target));
        if (!target.contains("sig=")) {
            builder.header("Authorization", "Bearer " + token);
        }
        HttpResponse<InputStream> response = send(builder.GET().build(), BodyHandlers.ofInputStream());
        if (response.statusCode() / 100 != 2) {
            throw failure(response.statusCode(), text(response.body()));
        }
        return response;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(absolute(path))
                .timeout(Duration.ofMinutes(10))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json");
    }

    private URI absolute(String target) {
        String full = target.startsWith("https:") || target.startsWith("http:") ? target : url + target;
        if (full.contains("/providers/Microsoft.MachineLearningServices/")
                && !full.contains("api-version=")
                && !full.contains("/mlflow/")) {
            full += (full.contains("?") ? "&" : "?") + "api-version=" + API_VERSION;
        }
        return URI.create(full);
    }

    private static BodyPublisher json(JsonNode body) {
        return BodyPublishers.ofString(Json.write(body));
    }

    private JsonNode json(HttpResponse<String> response) {
        if (response.statusCode() / 100 != 2) {
            throw failure(response.statusCode(), response.body());
        }
        return response.body().isBlank() ? Json.object() : Json.parse(response.body());
    }

    /// What an error answer says, as an exception.
    public static ApiError failure(int status, String body) {
        return new ApiError(status, Errors.code(body), Errors.sentence(status, body));
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return client.send(request, handler);
        } catch (ConnectException e) {
            throw new CliError("Nothing answers at " + url + "; look at the log: atelier logs", e);
        } catch (SSLHandshakeException e) {
            throw new CliError("The server at " + url + " does not show a certificate of this data folder.", e);
        } catch (IOException e) {
            throw new CliError(
                    "The connection to " + url + " broke ("
                            + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage())
                            + "); is the server still running? See: atelier status",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliError("Interrupted.", e);
        }
    }

    private static String text(InputStream in) {
        try (in) {
            return new String(in.readNBytes(64 * 1024), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /// `{"properties": {…}}`, the envelope of an ARM resource.
    public static ObjectNode resource(ObjectNode properties) {
        ObjectNode body = Json.object();
        body.set("properties", properties);
        return body;
    }
}
