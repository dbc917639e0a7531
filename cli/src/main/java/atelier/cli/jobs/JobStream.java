package atelier.cli.jobs;

import atelier.cli.CliError;
import atelier.cli.http.Api;
import atelier.cli.http.Waiting;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Follows a job: prints what its log gets, as it gets it, until the job is over.
public final class JobStream {
    /// Which log tells most, in this order.
    private static final List<String> PREFERRED =
            List.of("user_logs/std_log.txt", "logs/azureml/executionlogs.txt", "azureml-logs/20_image_build_log.txt");

    private static final Duration FIRST = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofMillis(500);
    private final Api api;
    private final Waiting waiting;

    public JobStream(Api api, Waiting waiting) {
        this.api = api;
        this.waiting = waiting;
    }

    /// Prints the log to `out` until the job is in a final state; the job as it then is.
    public JsonNode follow(String name, PrintStream out) {
        String job = api.workspace() + "/jobs/" + name;
        String logs = api.workspace() + "/atelier/jobs/" + name + "/logs";
        String shown = "";
        long offset = 0;
        Duration pause = FIRST;
        while (true) {
            // The state is asked for first: what the log has after a final state is all there will be.
            JsonNode now = api.get(job);
            boolean over =
                    JobStates.isFinal(now.path("properties").path("status").asString(""));
            Optional<String> log = best(logs);
            if (log.isPresent() && !log.get().equals(shown)) {
                shown = log.get();
                offset = 0;
            }
            boolean more = false;
            if (!shown.isEmpty()) {
                Piece piece = read(logs, shown, offset);
                out.print(piece.text());
                out.flush();
                more = piece.next() > offset;
                offset = piece.next();
            }
            if (over && !more) {
                return now;
            }
            pause = more ? FIRST : longer(pause);
            if (!over) {
                waiting.pause(pause);
            }
        }
    }

    private static Duration longer(Duration pause) {
        Duration next = pause.multipliedBy(2);
        return next.compareTo(LONGEST) > 0 ? LONGEST : next;
    }

    /// Waits without printing the log; the job as it is at its end.
    public JsonNode await(String name) {
        String job = api.workspace() + "/jobs/" + name;
        Duration pause = FIRST;
        while (true) {
            JsonNode now = api.get(job);
            if (JobStates.isFinal(now.path("properties").path("status").asString(""))) {
                return now;
            }
            waiting.pause(pause);
            pause = longer(pause);
        }
    }

    private Optional<String> best(String logs) {
        JsonNode list = api.find(logs).map(found -> found.path("value")).orElse(null);
        if (list == null) {
            return Optional.empty();
        }
        List<String> names =
                list.valueStream().map(log -> log.path("name").asString("")).toList();
        return PREFERRED.stream().filter(names::contains).findFirst();
    }

    private record Piece(String text, long next) {}

    private Piece read(String logs, String log, long offset) {
        HttpResponse<String> response =
                api.raw("GET", logs + "/" + log + "?offset=" + offset, null, Map.of("Accept", "text/plain"));
        if (response.statusCode() / 100 != 2) {
            return new Piece("", offset);
        }
        long next = response.headers()
                .firstValueAsLong("x-atelier-next-offset")
                .orElseThrow(() -> new CliError("The server did not say where the log goes on."));
        return new Piece(response.body(), next);
    }
}
