package atelier.app;

import atelier.assets.AssetsFeature;
import atelier.gateway.Certificates;
import atelier.gateway.CloudRoutes;
import atelier.gateway.StudioFiles;
import atelier.identity.IdentityFeature;
import atelier.kernel.Ids;
import atelier.store.ContentFiles;
import atelier.store.Database;
import atelier.store.Migrations;
import atelier.web.Route;
import atelier.web.Routes;
import atelier.web.WebServer;
import atelier.workspace.Workspace;
import atelier.workspace.WorkspaceFeature;
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
    private static final String SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";
    private static final List<String> FEATURES = List.of("workspace", "assets");
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final WebServer server;

    private Platform(Configuration configuration, DataFolder folder) throws IOException {
        Clock clock = Clock.systemUTC();
        Ids ids = Ids.random();
        IdentityFeature identity = IdentityFeature.create(folder.path("secrets"), clock, ids);
        Database database = opened(open(configuration, folder));
        migrate(database);
        ContentFiles _ = new ContentFiles(folder.path("content"), ids);

        WorkspaceFeature workspaces = WorkspaceFeature.create(database, clock, ids, VERSION);
        Workspace main = workspaces.workspaces().ensure(SUBSCRIPTION, "atelier", "main", "local");
        AssetsFeature _ = AssetsFeature.create(database, workspaces.workspaces(), clock);

        List<Routes> routes = new ArrayList<>();
        routes.add(CloudRoutes.routes());
        routes.add(new StudioFiles(configuration.studio()).routes());
        routes.addAll(identity.routes());
        routes.addAll(workspaces.routes());

        String password = identity.secret().get("keystore.password");
        Path keystore = Certificates.ensure(folder.path("tls"), password, clock, systemBundle());
        server = opened(listen(configuration, keystore, password, routes, identity));
        folder.announce(url(), httpUrl(), VERSION, clock.instant());
        LOG.info("Atelier {} answers at {} and {}, workspace {}", VERSION, url(), httpUrl(), main.name());
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
        for (AutoCloseable part : opened.reversed()) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("{} did not close cleanly", part, e);
            }
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        opened.add(part);
        return part;
    }

    private static Database open(Configuration configuration, DataFolder folder) {
        String url = configuration.database();
        return url == null ? Database.sqlite(folder.path("atelier.db")) : Database.postgresql(url);
    }

    private static void migrate(Database database) throws IOException {
        List<Migrations> features = FEATURES.stream().map(Migrations::new).toList();
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
