package atelier.endpoints.http;

import atelier.web.Exchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;

/// Hands requests to scoring processes on loopback over pooled connections, bodies as streams both ways.
final class Forwarder implements AutoCloseable {
    /// Bodies up to this size are held, so that they can be sent again when a process has just gone.
    static final int HELD = 256 * 1024;

    /// Meant for this hop only, set anew by the client, or none of the model's business.
    private static final Set<String> NOT_FORWARDED = Set.of(
            "authorization",
            "cookie",
            "host",
            "connection",
            "keep-alive",
            "content-length",
            "expect",
            "upgrade",
            "te",
            "trailer",
            "transfer-encoding",
            "proxy-authorization",
            "proxy-connection",
            "http2-settings",
            "azureml-model-deployment");

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    /// What became of a request.
    sealed interface Outcome {
        /// The process answered; the body is still to be read.
        record Answered(HttpResponse<InputStream> response) implements Outcome {}

        /// Nothing listens there any more; the body was not sent.
        record Gone() implements Outcome {}

        record TimedOut() implements Outcome {}

        /// The connection broke before there was an answer.
        record Broken(String why) implements Outcome {}
    }

    /// A request's body, to be sent once, or again when it is held.
    static final class Body {
        private final BodyPublisher publisher;
        private final boolean held;

        private Body(BodyPublisher publisher, boolean held) {
            this.publisher = publisher;
            this.held = held;
        }

        /// @param most bytes up to which it is held
        static Body of(Exchange exchange, int most) throws IOException {
            long length = exchange.contentLength();
            if (length == 0
                    || exchange.method().equals("GET")
                    || exchange.method().equals("HEAD")) {
                return new Body(BodyPublishers.noBody(), true);
            }
            if (length > most) {
                return new Body(
                        BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(exchange::body), length), false);
            }
            if (length > 0) {
                return new Body(BodyPublishers.ofByteArray(exchange.bytes(most)), true);
            }
            // One stream for all of it: a second one would miss what the first has read ahead.
            InputStream in = exchange.body();
            byte[] first = in.readNBytes(most);
            return first.length < most
                    ? new Body(BodyPublishers.ofByteArray(first), true)
                    : new Body(
                            BodyPublishers.ofInputStream(
                                    () -> new java.io.SequenceInputStream(new ByteArrayInputStream(first), in)),
                            false);
        }

        boolean held() {
            return held;
        }
    }

    /// The request as a scoring process gets it.
    static HttpRequest request(Exchange exchange, Body body, int port, String pathAndQuery, Duration timeout) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + pathAndQuery))
                .timeout(timeout)
                .method(exchange.method(), body.publisher);
        for (Map.Entry<String, String> header : exchange.headers()) {
            if (!NOT_FORWARDED.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                request.header(header.getKey(), header.getValue());
            }
        }
        return request.build();
    }

    Outcome send(HttpRequest request) {
        try {
            return new Outcome.Answered(client.send(request, HttpResponse.BodyHandlers.ofInputStream()));
        } catch (ConnectException e) {
            return new Outcome.Gone();
        } catch (HttpTimeoutException e) {
            return new Outcome.TimedOut();
        } catch (IOException e) {
            return new Outcome.Broken(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.Broken("interrupted");
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
