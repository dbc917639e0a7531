package atelier.cli.imports;

import atelier.cli.CliError;
import atelier.cli.http.Api;
import atelier.cli.http.ApiError;
import atelier.kernel.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What an import sends to this server: batches to its import address, files through MLflow's artifact proxy.
final class Sender {
    private final Api api;
    private final String base;

    Sender(Api api) {
        this.api = api;
        this.base = api.workspace() + "/atelier/mlflow/import/";
    }

    JsonNode post(String what, ObjectNode body) {
        return api.post(base + what, body);
    }

    /// `new`, `present`, `files-missing`, `differs` or `foreign`, of each.
    List<String> states(String kind, Map<String, String> fingerprints) {
        ObjectNode body = Json.object();
        var asked = body.putArray("asked");
        fingerprints.forEach(
                (id, print) -> asked.addObject().put("kind", kind).put("id", id).put("fingerprint", print));
        return words(post("known", body));
    }

    static List<String> words(JsonNode answer) {
        List<String> states = new ArrayList<>();
        answer.path("states").forEach(state -> states.add(state.asString()));
        return states;
    }

    void filesCame(String kind, List<String> ids) {
        if (!ids.isEmpty()) {
            ObjectNode body = Json.object().put("kind", kind);
            var list = body.putArray("ids");
            ids.forEach(list::add);
            post("files", body);
        }
    }

    void upload(String proxyPath, Path file) {
        try {
            put(proxyPath, BodyPublishers.ofFile(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void upload(String proxyPath, InputStream bytes) {
        put(proxyPath, BodyPublishers.ofInputStream(() -> bytes));
    }

    private void put(String proxyPath, BodyPublisher body) {
        String path = Stream.of(proxyPath.split("/"))
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
        HttpResponse<String> answer = api.upload(
                api.url() + "/mlflow/v2.0" + api.workspace() + "/api/2.0/mlflow-artifacts/artifacts/" + path,
                "PUT",
                body,
                Map.of("Authorization", "Bearer " + api.token()));
        if (answer.statusCode() / 100 != 2) {
            ApiError error = Api.failure(answer.statusCode(), answer.body());
            throw answer.statusCode() / 100 == 4 ? error : new CliError(error.sentence(), error);
        }
    }
}
