package atelier.cli.endpoints;

import atelier.cli.CliError;
import atelier.cli.http.Api;
import atelier.kernel.Json;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Asks an endpoint for predictions with its key, as any client would.
public final class Scoring {
    private final Api api;

    public Scoring(Api api) {
        this.api = api;
    }

    /// What the model answered, and how long it took.
    public record Answer(String text, double milliseconds) {}

    public JsonNode keys(String endpoint) {
        return api.post(api.workspace() + "/onlineEndpoints/" + endpoint + "/listKeys", Json.object());
    }

    /// Sends `body` to the endpoint, or to one of its deployments when `deployment` is not empty.
    public Answer score(JsonNode endpoint, String deployment, String body) {
        String name = endpoint.path("name").asString("");
        String uri = endpoint.path("properties").path("scoringUri").asString("");
        if (uri.isEmpty()) {
            throw new CliError("The endpoint '" + name + "' has no scoring URI yet.");
        }
        Map<String, String> headers = new HashMap<>();
        headers.put("Authorization", "Bearer " + keys(name).path("primaryKey").asString(""));
        if (!deployment.isEmpty()) {
            headers.put("azureml-model-deployment", deployment);
        }
        long start = System.nanoTime();
        HttpResponse<String> response = api.raw("POST", uri, body, headers);
        double milliseconds = (System.nanoTime() - start) / 1e6;
        if (response.statusCode() / 100 != 2) {
            throw Api.failure(response.statusCode(), response.body());
        }
        return new Answer(response.body(), milliseconds);
    }
}
