package atelier.testkit;

import atelier.kernel.Caller;
import atelier.web.Authenticator;
import atelier.web.Routes;
import atelier.web.WebServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A real HTTP server on a port of the system's choice. The caller is `user` unless the request has no
/// `Authorization`
/// header
/// and [#anonymousAllowed] was called.
public final class TestServer implements AutoCloseable {
    public static final Caller USER = new Caller("tester", "11111111-1111-1111-1111-111111111111", Caller.Kind.USER);
    private final WebServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private TestServer(WebServer server) {
        this.server = server;
    }

    /// Serves the routes; every request is made by [#USER].
    public static TestServer of(Routes... routes) {
        return start(USER, routes);
    }

    /// Serves the routes; requests have no caller.
    public static TestServer anonymous(Routes... routes) {
        return start(null, routes);
    }

    /// Serves the routes behind a real authenticator.
    public static TestServer authenticated(Authenticator authenticator, Routes... routes) {
        return listen(authenticator, routes);
    }

    private static TestServer start(@Nullable Caller caller, Routes... routes) {
        return listen(_ -> caller, routes);
    }

    private static TestServer listen(Authenticator authenticator, Routes... routes) {
        var all = new ArrayList<atelier.web.Route>();
        for (Routes some : routes) {
            all.addAll(some.list());
        }
        try {
            return new TestServer(
                    WebServer.start(List.of(new WebServer.Listener("127.0.0.1", 0, null)), all, authenticator));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port(0) + path);
    }

    public HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).GET());
    }

    public HttpResponse<String> delete(String path) {
        return send(HttpRequest.newBuilder(uri(path)).DELETE());
    }

    /// Sends `json` with the method.
    public HttpResponse<String> send(String method, String path, String json, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .method(method, BodyPublishers.ofString(json))
                .header("Content-Type", "application/json");
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
