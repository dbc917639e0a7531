package atelier.cli.imports;

import atelier.cli.CliError;
import atelier.cli.Session;
import atelier.kernel.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Calls another tracking server. What it is shown to prove who asks is never printed.
final class RestClient implements AutoCloseable {
    private static final int TRIES = 4;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(15))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final String address;
    private final @Nullable String authorization;

    private RestClient(String address, @Nullable String authorization) {
        this.address = address;
        this.authorization = authorization;
    }

    static RestClient open(String given, Session session) {
        URI uri;
        try {
            uri = URI.create(given.replaceFirst("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw new CliError("'" + given.replaceFirst("//.*@", "//…@") + "' is no address of a tracking server.", e);
        }
        if (uri.getHost() == null) {
            throw new CliError("'" + given.replaceFirst("//.*@", "//…@") + "' has no host.");
        }
        String inside = uri.getRawUserInfo();
        String address = uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
                + (uri.getRawPath() == null ? "" : uri.getRawPath());
        // As MLflow's own client: a user name and password, else a token.
        String user = session.variable("MLFLOW_TRACKING_USERNAME");
        String password = session.variable("MLFLOW_TRACKING_PASSWORD");
        String token = session.variable("MLFLOW_TRACKING_TOKEN");
        String authorization = null;
        if (inside != null) {
            authorization = basic(java.net.URLDecoder.decode(inside.replace("+", "%2B"), StandardCharsets.UTF_8));
        } else if (user != null && password != null && !user.isEmpty()) {
            authorization = basic(user + ":" + password);
        } else if (token != null && !token.isEmpty()) {
            authorization = "Bearer " + token;
        }
        return new RestClient(address, authorization);
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    String name() {
        return address;
    }

    JsonNode get(String call, Map<String, String> query) {
        HttpResponse<InputStream> response =
                send(request(api(call) + query(query)).GET().build());
        return json(call, response);
    }

    JsonNode post(String call, ObjectNode body) {
        HttpResponse<InputStream> response = send(request(api(call))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Json.write(body)))
                .build());
        return json(call, response);
    }

    /// Follows page tokens of a POST.
    void pages(String call, ObjectNode ask, Consumer<JsonNode> page) {
        String token = "";
        do {
            JsonNode answer = post(call, token.isEmpty() ? ask : ask.deepCopy().put("page_token", token));
            page.accept(answer);
            token = answer.path("next_page_token").asString("");
        } while (!token.isEmpty());
    }

    /// [#pages], or nothing where the server has no such call.
    void pagesIfThere(String call, ObjectNode ask, Consumer<JsonNode> page) {
        HttpResponse<InputStream> first = send(request(api(call))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Json.write(ask)))
                .build());
        boolean there = first.statusCode() != 404 && first.statusCode() != 405;
        close(first.body());
        if (there) {
            pages(call, ask, page);
        }
    }

    /// Follows page tokens of a GET.
    void pages(String call, Map<String, String> ask, Consumer<JsonNode> page) {
        Map<String, String> query = new LinkedHashMap<>(ask);
        String token = "";
        do {
            JsonNode answer = get(call, query);
            page.accept(answer);
            token = answer.path("next_page_token").asString("");
            query.put("page_token", token);
        } while (!token.isEmpty());
    }

    /// The bytes of an artifact.
    InputStream file(Remote.Owner owner, String path) {
        String target;
        if (owner.artifactUri().startsWith("mlflow-artifacts:")) {
            String root = owner.artifactUri().replaceFirst("^mlflow-artifacts:(//[^/]*)?/*", "");
            target = address + "/api/2.0/mlflow-artifacts/artifacts/" + encoded(root + "/" + path);
        } else if (owner.modelId() == null) {
            target = address + "/get-artifact" + query(Map.of("run_id", String.valueOf(owner.runId()), "path", path));
        } else {
            target = address + "/ajax-api/2.0/mlflow/logged-models/" + owner.modelId() + "/artifacts/files"
                    + query(Map.of("artifact_file_path", path));
        }
        HttpResponse<InputStream> response = send(request(target).GET().build());
        if (response.statusCode() / 100 != 2) {
            throw refused("file '" + path + "'", response);
        }
        return response.body();
    }

    private String api(String call) {
        return address + "/api/2.0/mlflow/" + call;
    }

    private static String query(Map<String, String> fields) {
        return fields.isEmpty()
                ? ""
                : fields.entrySet().stream()
                        .map(f -> f.getKey() + "=" + URLEncoder.encode(f.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&", "?", ""));
    }

    private static String encoded(String path) {
        return Stream.of(path.split("/"))
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
    }

    private HttpRequest.Builder request(String target) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(target)).timeout(Duration.ofMinutes(5));
        if (authorization != null) {
            builder.header("Authorization", authorization);
        }
        return builder;
    }

    /// A server that is busy or a connection that broke is asked again.
    private HttpResponse<InputStream> send(HttpRequest request) {
        for (int attempt = 1; ; attempt++) {
            try {
                HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
                int status = response.statusCode();
                if (attempt == TRIES || status != 429 && status != 502 && status != 503 && status != 504) {
                    return response;
                }
                close(response.body());
                Thread.sleep(Duration.ofSeconds(attempt));
            } catch (java.net.ConnectException e) {
                throw new CliError("Nothing answers at " + address + ".", e);
            } catch (IOException e) {
                if (attempt == TRIES) {
                    throw new CliError(
                            "The connection to " + address + " broke: "
                                    + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()) + ".",
                            e);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CliError("Interrupted.", e);
            }
        }
    }

    private JsonNode json(String call, HttpResponse<InputStream> response) {
        if (response.statusCode() / 100 != 2) {
            throw refused(call, response);
        }
        try (InputStream in = response.body()) {
            JsonNode answer = Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            if (!answer.isObject()) {
                throw noMlflow();
            }
            return answer;
        } catch (atelier.kernel.Problem e) {
            throw noMlflow();
        } catch (IOException e) {
            throw new CliError("The connection to " + address + " broke: " + e.getMessage() + ".", e);
        }
    }

    private CliError noMlflow() {
        return new CliError("What answers at " + address + " is no MLflow tracking server.");
    }

    private CliError refused(String call, HttpResponse<InputStream> response) {
        int status = response.statusCode();
        String said = "";
        try (InputStream in = response.body()) {
            String body = new String(in.readNBytes(16 * 1024), StandardCharsets.UTF_8);
            said = body.startsWith("{") ? Json.parse(body).path("message").asString("") : "";
        } catch (IOException | atelier.kernel.Problem _) {
            // The status says enough.
        }
        if (status == 401 || status == 403) {
            return new CliError(address + " does not let us in (" + status + "): set MLFLOW_TRACKING_USERNAME and"
                    + " MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN.");
        }
        if (status == 404 && said.isEmpty()) {
            return noMlflow();
        }
        return new CliError(address + " answers " + call + " with " + status + (said.isEmpty() ? "." : ": " + said));
    }

    private static void close(InputStream in) {
        try (in) {
            in.readNBytes(64 * 1024);
        } catch (IOException _) {
            // Not needed any more.
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
