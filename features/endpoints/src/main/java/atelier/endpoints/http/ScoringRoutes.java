package atelier.endpoints.http;

import atelier.endpoints.Scoring;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// `/endpoints/{workspace}/{endpoint}/score` and what else a scoring server answers (`swagger.json`, `invocations`,
/// `v2/…`). The routes are open: the endpoint's key is checked here.
///
/// Statuses are those of Azure's managed online endpoints: 401 wrong key, 404 no deployment, 408 too slow, 424 the
/// model's own server answered with an error (its status is in `ms-azureml-model-error-statuscode`, its body is passed
/// on), 429 too many at once, 502 it broke off, 503 nothing is ready.
public final class ScoringRoutes implements AutoCloseable {
    private static final String ENDPOINT = "/endpoints/{workspace}/{endpoint}";
    private static final Set<String> SERVED =
            Set.of("", "score", "swagger.json", "invocations", "ping", "health", "version", "v2");
    private static final int TRIES = 3;
    private static final int TIMEOUT = 408;
    private static final int FAILED_DEPENDENCY = 424;
    private static final int TOO_MANY = 429;
    private static final int BAD_GATEWAY = 502;
    private static final int NOT_READY = 503;
    /// Larger bodies are not mirrored. Azure ML's own limit of a request is 10 MB.
    private static final int MIRRORED = 10 * 1024 * 1024;

    /// Copies under way at once, in the whole server: a slow deployment must not fill the memory.
    private static final int COPIES = 32;

    private final Scoring scoring;
    private final Forwarder forwarder = new Forwarder();
    private final Semaphore copies = new Semaphore(COPIES);

    public ScoringRoutes(Scoring scoring) {
        this.scoring = scoring;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE)
                .open("*", ENDPOINT, this::answer)
                .open("*", ENDPOINT + "/{path...}", this::answer);
    }

    @Override
    public void close() {
        forwarder.close();
    }

    private Response answer(Exchange exchange) throws IOException {
        long started = System.nanoTime();
        Scoring.Way way = scoring.way(
                exchange.path("workspace"),
                exchange.path("endpoint"),
                bearer(exchange),
                exchange.callerIfKnown(),
                exchange.header("azureml-model-deployment"));
        String path = path(exchange);
        Response response;
        try {
            response = forward(exchange, way, path, started);
        } catch (IOException | Problem e) {
            scoring.answered(way, since(started), e instanceof Problem.NotFound ? 404 : 400);
            throw e;
        }
        return response.header("azureml-model-deployment", way.deployment());
    }

    private static @Nullable String bearer(Exchange exchange) {
        String authorization = exchange.header("Authorization");
        return authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)
                ? authorization.substring(7).strip()
                : null;
    }

    /// The part below the endpoint as it was sent, with its query.
    private static String path(Exchange exchange) {
        String[] parts = exchange.rawPath().split("/", 5);
        String path = parts.length > 4 ? parts[4] : "";
        String first = path.contains("/") ? path.substring(0, path.indexOf('/')) : path;
        if (!SERVED.contains(first)) {
            throw new Problem.NotFound(
                    "NotFound", "An endpoint answers /score and /swagger.json; not '/" + first + "'.");
        }
        String query = exchange.rawQuery();
        return "/" + path + (query == null ? "" : "?" + query);
    }

    private Response forward(Exchange exchange, Scoring.Way way, String path, long started) throws IOException {
        Optional<Scoring.Way> copy = way.mirrored();
        Forwarder.Body body = Forwarder.Body.of(exchange, copy.isPresent() ? MIRRORED : Forwarder.HELD);
        copy.ifPresent(mirrored -> mirror(exchange, mirrored, body, path));
        String why = "";
        for (int i = 0; i < TRIES; i++) {
            Scoring.Place place = scoring.place(way);
            if (place == null) {
                return said(
                                way,
                                started,
                                NOT_READY,
                                "NotReady",
                                "Deployment '" + way.deployment()
                                        + "' has no process that is ready. It may still be starting; its log says more.")
                        .header("Retry-After", "2");
            }
            Forwarder.Outcome outcome =
                    forwarder.send(Forwarder.request(exchange, body, place.port(), path, place.timeout()));
            switch (outcome) {
                case Forwarder.Outcome.Answered(HttpResponse<InputStream> response) -> {
                    return passedOn(way, started, response);
                }
                case Forwarder.Outcome.TimedOut _ -> {
                    return said(
                            way,
                            started,
                            TIMEOUT,
                            "RequestTimeout",
                            "The model did not answer within " + place.timeout().toMillis()
                                    + " ms, the deployment's requestTimeout.");
                }
                case Forwarder.Outcome.Broken(String reason) -> {
                    return said(
                            way,
                            started,
                            BAD_GATEWAY,
                            "ModelServerBroke",
                            "The scoring process ended or broke off while it worked on this request (" + reason + ").");
                }
                case Forwarder.Outcome.Gone _ -> why = "it does not listen any more";
            }
            if (!body.held()) {
                break;
            }
        }
        return said(way, started, BAD_GATEWAY, "ModelServerGone", "The scoring process is gone: " + why + ".");
    }

    /// Sends the copy beside the request; what becomes of it, nobody waits for. A body that is too large to be held is
    /// not mirrored, nor is anything while too many copies are under way.
    private void mirror(Exchange exchange, Scoring.Way way, Forwarder.Body body, String path) {
        if (!body.held() || !copies.tryAcquire()) {
            return;
        }
        Optional<Scoring.Place> place = scoring.mirrorPlace(way);
        if (place.isEmpty()) {
            copies.release();
            scoring.answered(way, Duration.ZERO, NOT_READY);
            return;
        }
        HttpRequest request = Forwarder.request(
                exchange, body, place.get().port(), path, place.get().timeout());
        Thread.ofVirtual().name("mirrored-request").start(() -> {
            long started = System.nanoTime();
            try {
                scoring.answered(way, since(started), copied(forwarder.send(request)));
            } finally {
                copies.release();
            }
        });
    }

    /// Reads the copy's answer to its end, so that its connection is used again; the status that a caller had got.
    private static int copied(Forwarder.Outcome outcome) {
        return switch (outcome) {
            case Forwarder.Outcome.Answered(HttpResponse<InputStream> answer) -> {
                try (InputStream in = answer.body()) {
                    in.transferTo(OutputStream.nullOutputStream());
                    yield status(answer.statusCode());
                } catch (IOException e) {
                    yield BAD_GATEWAY;
                }
            }
            case Forwarder.Outcome.TimedOut _ -> TIMEOUT;
            case Forwarder.Outcome.Gone _, Forwarder.Outcome.Broken _ -> BAD_GATEWAY;
        };
    }

    private static int status(int modelStatus) {
        return modelStatus < 300 || modelStatus == TOO_MANY ? modelStatus : FAILED_DEPENDENCY;
    }

    private Response said(Scoring.Way way, long started, int status, String code, String message) {
        scoring.answered(way, since(started), status);
        return Response.json(
                status,
                Json.object().set("error", Json.object().put("code", code).put("message", message)));
    }

    private Response passedOn(Scoring.Way way, long started, HttpResponse<InputStream> answer) {
        int modelStatus = answer.statusCode();
        int status = status(modelStatus);
        String contentType = answer.headers().firstValue("content-type").orElse("application/octet-stream");
        long length = answer.headers().firstValueAsLong("content-length").orElse(-1);
        InputStream in = answer.body();
        Response response = Response.stream(status, contentType, length, out -> {
            try (in) {
                copy(in, out);
            } finally {
                scoring.answered(way, since(started), status);
            }
        });
        for (Map.Entry<String, List<String>> header : answer.headers().map().entrySet()) {
            if (header.getKey().startsWith("x-") || header.getKey().equals("allow")) {
                response = response.header(header.getKey(), header.getValue().getFirst());
            }
        }
        // A model's answer shares its origin with the studio: opened in a browser it must not act as the studio.
        response = response.header("Content-Security-Policy", "sandbox");
        if (status == FAILED_DEPENDENCY) {
            response = response.header("ms-azureml-model-error-statuscode", Integer.toString(modelStatus))
                    .header("ms-azureml-model-error-reason", modelStatus < 500 ? "bad_request" : "model_error");
        }
        return response;
    }

    /// Passes on each piece as it comes, for models that answer little by little.
    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        int read;
        while ((read = in.read(buffer)) >= 0) {
            out.write(buffer, 0, read);
            if (in.available() == 0) {
                out.flush();
            }
        }
    }

    private static Duration since(long started) {
        return Duration.ofNanos(System.nanoTime() - started);
    }
}
