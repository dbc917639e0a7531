package atelier.web;

import atelier.kernel.Problem;
import atelier.web.dialects.ArmProblems;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.UUID;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/// Jetty's handler: route, authenticate, handle, render. The only place that turns an unexpected exception into a
/// 500.
final class Dispatcher extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final int DRAIN_BYTES = 1024 * 1024;
    private final Router router;
    private final Authenticator authenticator;

    Dispatcher(Router router, Authenticator authenticator) {
        this.router = router;
        this.authenticator = authenticator;
    }

    @Override
    public boolean handle(Request request, org.eclipse.jetty.server.Response out, Callback callback) {
        JettyExchange exchange = new JettyExchange(request, UUID.randomUUID().toString());
        Response response = answer(exchange);
        try {
            send(exchange, response, out, callback);
        } catch (EofException e) {
            callback.failed(e);
        } catch (IOException | RuntimeException e) {
            if (!(e instanceof IOException)) {
                LOG.error(
                        "request {} {} {} broke while it was answered",
                        exchange.requestId(),
                        exchange.method(),
                        exchange.rawPath(),
                        e);
            }
            callback.failed(e);
        }
        return true;
    }

    private Response answer(JettyExchange exchange) {
        ProblemRenderer dialect = ArmProblems.INSTANCE;
        try {
            Router.Match match = router.find(exchange.method(), exchange.rawPath());
            if (match == null) {
                return unmatched(exchange);
            }
            Route route = match.route();
            dialect = route.dialect();
            exchange.matched(match.parameters());
            identify(exchange, route);
            return route.handler().handle(exchange);
        } catch (Problem problem) {
            return dialect.render(problem, exchange);
        } catch (JacksonException e) {
            // A field that was read as what it is not, and that no rule of the feature caught before.
            LOG.warn("request {} {} was refused late", exchange.requestId(), exchange.method(), e);
            return dialect.render(
                    new Problem.Invalid(
                            "InvalidArgument", "A value in the body is not of the kind that its field takes.", null),
                    exchange);
        } catch (EofException e) {
            return Response.status(400);
        } catch (IOException e) {
            return failed(exchange, dialect, e, isDiskFull(e));
        } catch (RuntimeException | Error e) {
            return failed(exchange, dialect, e, false);
        }
    }

    /// 404 in the dialect that is spoken around the address, or 405 with `Allow` in the dialect of an address that
    /// knows other methods.
    private Response unmatched(JettyExchange exchange) {
        SortedMap<String, Route> known = router.at(exchange.rawPath());
        if (known.isEmpty()) {
            Problem nothing = new Problem.NotFound("NotFound", "There is nothing at this address.");
            ProblemRenderer around = router.dialectAround(exchange.rawPath());
            return (around == null ? ArmProblems.INSTANCE : around).render(nothing, exchange);
        }
        Set<String> methods = new TreeSet<>(known.keySet());
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        String allowed = String.join(", ", methods);
        String method = exchange.method().length() <= 20 ? exchange.method() : "This method";
        Problem problem = new Problem.Unsupported(
                "MethodNotAllowed", method + " is not possible at this address; it knows " + allowed + ".");
        return known.values()
                .iterator()
                .next()
                .dialect()
                .render(problem, exchange)
                .header("Allow", allowed);
    }

    private void identify(JettyExchange exchange, Route route) {
        try {
            exchange.identified(authenticator.authenticate(exchange));
        } catch (Problem.Unauthenticated e) {
            // An open route checks the credential itself: what is no token here may be its own key.
            if (!route.open()) {
                throw e;
            }
        }
        if (!route.open()) {
            exchange.caller();
        }
    }

    private static boolean isDiskFull(IOException e) {
        String message = e.getMessage();
        return message != null && message.contains("No space left");
    }

    private static Response failed(JettyExchange exchange, ProblemRenderer dialect, Throwable e, boolean diskFull) {
        if (diskFull) {
            return dialect.render(
                    new Problem.Unavailable(
                            "InsufficientStorage",
                            "The disk of the data folder is full; nothing of this request was kept. Free some space and try"
                                    + " again.",
                            e),
                    exchange);
        }
        LOG.error("request {} {} {} failed", exchange.requestId(), exchange.method(), exchange.rawPath(), e);
        return Response.json(
                500,
                Map.of(
                        "error",
                        Map.of(
                                "code",
                                "InternalServerError",
                                "message",
                                "Atelier failed on this request. The server's log says more under request id "
                                        + exchange.requestId() + "."),
                        "error_code",
                        "INTERNAL_ERROR",
                        "message",
                        "Atelier failed on this request, see request id " + exchange.requestId() + "."));
    }

    /// Reads what the handler left of a small body, so that the connection can be used again: Jetty closes one
    /// with an unread body, and a client that has sent its next request on it by then sees it break off. A large
    /// rest, or one that the client holds back (`Expect: 100-continue`), is not waited for.
    private static boolean drained(JettyExchange exchange) throws IOException {
        if (exchange.contentLength() == 0 || exchange.header("Expect") != null) {
            return exchange.contentLength() <= 0;
        }
        if (exchange.contentLength() < 0 && exchange.header("Transfer-Encoding") == null) {
            return true;
        }
        InputStream rest = exchange.body();
        return rest.readNBytes(DRAIN_BYTES).length < DRAIN_BYTES;
    }

    private static void send(
            JettyExchange exchange, Response response, org.eclipse.jetty.server.Response out, Callback callback)
            throws IOException {
        out.setStatus(response.status());
        out.getHeaders().put("x-ms-request-id", exchange.requestId());
        out.getHeaders().put("X-Content-Type-Options", "nosniff");
        @Nullable String clientRequestId = exchange.header("x-ms-client-request-id");
        if (clientRequestId != null) {
            out.getHeaders().put("x-ms-client-request-id", clientRequestId);
        }
        for (Map.Entry<String, String> header : response.headers()) {
            if (header.getKey().equalsIgnoreCase("Set-Cookie")) {
                out.getHeaders().add(header.getKey(), header.getValue());
            } else {
                out.getHeaders().put(new HttpField(header.getKey(), header.getValue()));
            }
        }
        if (response.writer() == null && !drained(exchange)) {
            out.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        boolean bodyAllowed = response.status() != 204 && response.status() != 304 && response.status() >= 200;
        if (response.length() >= 0 && bodyAllowed) {
            out.getHeaders().put(HttpHeader.CONTENT_LENGTH, response.length());
        }
        byte[] bytes = response.bytes();
        if (exchange.method().equals("HEAD") || !bodyAllowed) {
            out.write(true, ByteBuffer.allocate(0), callback);
        } else if (bytes != null) {
            out.write(true, ByteBuffer.wrap(bytes), callback);
        } else {
            BodyWriter writer = response.writer();
            OutputStream stream = Content.Sink.asOutputStream(out);
            if (writer != null) {
                writer.writeTo(stream);
            }
            stream.close();
            callback.succeeded();
        }
    }
}
