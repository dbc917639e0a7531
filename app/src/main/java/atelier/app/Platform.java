package atelier.app;

import atelier.gateway.Certificates;
import atelier.gateway.CloudRoutes;
import atelier.gateway.StudioFiles;
import atelier.identity.IdentityFeature;
import atelier.kernel.Ids;
import atelier.store.Database;
import atelier.store.Migrations;
import atelier.web.Route;
import atelier.web.Routes;
import atelier.web.WebServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The composition root: opens what is kept, wires the features by their constructors, and listens.
public final class Platform implements AutoCloseable {
    /// The product's version.
    public static final String VERSION = "0.1.0";

    private static final Logger LOG = LoggerFactory.getLogger(Platform.class);
    private final Opened opened = new Opened();
    private final WebServer server;

    private Platform(Configuration configuration, DataFolder folder) throws IOException {
        Clock clock = Clock.systemUTC();
        Ids ids = Ids.random();
        IdentityFeature identity = IdentityFeature.create(folder.path("secrets"), clock, ids);
        Database database = opened.add(open(configuration, folder));
        migrate(database);
        ServerAddress address = new ServerAddress(folder);
        Features features =
                opened.add(new Features(folder, database, identity, address, configuration.webhookHosts(), clock, ids));

        List<Routes> routes = new ArrayList<>(features.routes());
        routes.add(CloudRoutes.routes());
        routes.add(new StudioFiles(configuration.studio()).routes());
        String password = identity.secret().get("keystore.password");
        Path keystore = Certificates.ensure(folder.path("tls"), password, clock, systemBundle());
        server = opened.add(listen(configuration, keystore, password, RouteList.with(routes), identity));
        address.set(url());
        features.resume();
        folder.announce(url(), httpUrl(), VERSION, clock.instant());
        LOG.info(
                "Atelier {} answers at {} and {}, workspace {}",
                VERSION,
                url(),
                httpUrl(),
                features.main().name());
    }

    /// Starts the server; when this returns it answers.
    ///
    /// @throws StartFailure with a sentence for the user
    public static Platform start(Configuration configuration, DataFolder folder) {
        try {
            return new Platform(configuration, folder);
        } catch (IOException e) {
            throw new StartFailure(String.valueOf(e.getMessage()), e);
        }
    }

    public String url() {
        return "https://localhost:" + server.port(0);
    }

    public String httpUrl() {
        return "http://localhost:" + server.port(1);
    }

    @Override
    public void close() {
        opened.close();
    }

    private static Database open(Configuration configuration, DataFolder folder) {
        String url = configuration.database();
        return url == null ? Database.sqlite(folder.path("atelier.db")) : Database.postgresql(url);
    }

    private static void migrate(Database database) throws IOException {
        List<Migrations> features =
                Features.SCHEMAS.stream().map(Migrations::new).toList();
        String stamp = ClassPathStamp.read();
        if (stamp == null) {
            database.migrate(features);
        } else {
            database.migrate(features, stamp);
        }
    }

    private static WebServer listen(
            Configuration configuration,
            Path keystore,
            String password,
            Collection<Routes> routes,
            IdentityFeature identity) {
        List<Route> all = routes.stream().flatMap(some -> some.list().stream()).toList();
        List<WebServer.Listener> listeners = List.of(
                new WebServer.Listener("127.0.0.1", configuration.port(), new WebServer.Tls(keystore, password)),
                new WebServer.Listener("127.0.0.1", configuration.httpPort(), null));
        try {
            return WebServer.start(listeners, all, identity.callers());
        } catch (IOException e) {
            throw new StartFailure(
                    "Port " + configuration.port() + " or " + configuration.httpPort() + " cannot be used ("
                            + e.getMessage() + "). Choose others with --port and --http-port.",
                    e);
        }
    }

    private static @org.jspecify.annotations.Nullable Path systemBundle() {
        String named = System.getenv("SSL_CERT_FILE");
        return named == null ? null : Path.of(named);
    }
}
