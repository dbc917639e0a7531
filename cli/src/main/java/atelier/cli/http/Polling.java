package atelier.cli.http;

import atelier.cli.CliError;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Waits for the end of a long-running operation. The server is on this machine, so it is asked more often than the
/// `Retry-After` of the cloud would have it.
final class Polling {
    private static final Duration FIRST = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofMillis(500);

    private Polling() {}

    static void untilSucceeded(Api api, String status, Waiting waiting) {
        Duration pause = FIRST;
        while (true) {
            JsonNode answer = api.get(status);
            switch (answer.path("status").asString("")) {
                case "Succeeded" -> {
                    return;
                }
                case "Failed", "Canceled" -> {
                    String message = answer.path("error").path("message").asString("The operation failed.");
                    throw new CliError(message);
                }
                default -> pause = next(waiting, pause);
            }
        }
    }

    static void untilGone(Api api, String location, Waiting waiting) {
        Duration pause = FIRST;
        while (true) {
            HttpResponse<String> response = api.raw("GET", location, null, Map.of());
            if (response.statusCode() == 202) {
                pause = next(waiting, pause);
                continue;
            }
            if (response.statusCode() / 100 == 2 || response.statusCode() == 404) {
                return;
            }
            throw Api.failure(response.statusCode(), response.body());
        }
    }

    private static Duration next(Waiting waiting, Duration pause) {
        waiting.pause(pause);
        Duration longer = pause.multipliedBy(2);
        return longer.compareTo(LONGEST) > 0 ? LONGEST : longer;
    }
}
