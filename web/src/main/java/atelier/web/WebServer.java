package atelier.web;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.jspecify.annotations.Nullable;

/// Listeners in front of a [Router], one virtual thread a request. Addresses are passed on raw; [Paths] decodes them
/// once.
public final class WebServer implements AutoCloseable {
    private static final int HEADER_BYTES = 32 * 1024;
    private final Server server;
    private final List<ServerConnector> connectors;

    /// One listener; port 0 lets the system choose. A keystore makes it TLS.
    public record Listener(String host, int port, @Nullable Tls tls) {}

    /// PKCS#12 file and its password.
    public record Tls(Path keystore, String password) {}

    private WebServer(Server server, List<ServerConnector> connectors) {
        this.server = server;
        this.connectors = List.copyOf(connectors);
    }

    /// Binds every listener before answering on any.
    ///
    /// @throws java.io.IOException when a port cannot be bound; the message names it
    public static WebServer start(List<Listener> listeners, List<Route> routes, Authenticator authenticator)
            throws java.io.IOException {
        Server server = new Server(new VirtualThreadPool());
        server.setStopTimeout(2_000);
        List<ServerConnector> connectors = new ArrayList<>();
        for (Listener listener : listeners) {
            ServerConnector connector = connector(server, listener);
            connectors.add(connector);
            server.addConnector(connector);
        }
        server.setErrorHandler(new RawErrors());
        server.setHandler(new Dispatcher(new Router(routes), authenticator));
        try {
            server.start();
        } catch (Exception e) {
            stop(server);
            throw new java.io.IOException(e.getMessage(), e);
        }
        return new WebServer(server, connectors);
    }

    /// The port of the n-th listener.
    public int port(int listener) {
        return connectors.get(listener).getLocalPort();
    }

    @Override
    public void close() {
        stop(server);
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            org.slf4j.LoggerFactory.getLogger(WebServer.class).warn("The web server did not stop cleanly", e);
        }
    }

    private static ServerConnector connector(Server server, Listener listener) {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setUriCompliance(UriCompliance.UNSAFE);
        configuration.setHttpCompliance(HttpCompliance.RFC7230);
        configuration.setRequestHeaderSize(HEADER_BYTES);
        configuration.setResponseHeaderSize(HEADER_BYTES);
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(true);
        Tls tls = listener.tls();
        ServerConnector connector;
        if (tls == null) {
            connector = new ServerConnector(server, new HttpConnectionFactory(configuration));
        } else {
            SecureRequestCustomizer customizer = new SecureRequestCustomizer();
            customizer.setSniHostCheck(false);
            configuration.addCustomizer(customizer);
            SslContextFactory.Server ssl = new SslContextFactory.Server();
            ssl.setKeyStorePath(tls.keystore().toString());
            ssl.setKeyStorePassword(tls.password());
            ssl.setKeyStoreType("PKCS12");
            connector = new ServerConnector(
                    server, new SslConnectionFactory(ssl, "http/1.1"), new HttpConnectionFactory(configuration));
        }
        connector.setHost(listener.host());
        connector.setPort(listener.port());
        connector.setIdleTimeout(120_000);
        return connector;
    }
}
