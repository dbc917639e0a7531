package atelier.models;

import atelier.experiments.ExperimentsFeature;
import atelier.experiments.MemoryBlobs;
import atelier.experiments.OneWorkspace;
import atelier.kernel.Ids;
import atelier.store.Database;
import atelier.testkit.TestServer;
import atelier.web.Route;
import atelier.web.WebServer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// A server of its own for trying MLflow's clients by hand: `main <port> <database file>`; ends with its process.
public final class ClientServer {
    private ClientServer() {}

    public static void main(String[] arguments) throws Exception {
        Database database = Database.sqlite(Path.of(arguments[1]));
        database.migrate(List.of(ExperimentsFeature.MIGRATIONS, ModelsFeature.MIGRATIONS));
        MemoryBlobs blobs = new MemoryBlobs();
        OneWorkspace workspaces = new OneWorkspace();
        InstantSource clock = InstantSource.system();
        ExperimentsFeature experiments = ExperimentsFeature.create(database, blobs, workspaces, clock, Ids.random());
        ModelsFeature models = ModelsFeature.create(
                database,
                blobs,
                experiments.runs(),
                new FakeDataUris(),
                workspaces,
                MemoryVault.hooks(),
                clock,
                Ids.random());
        List<Route> routes = new ArrayList<>();
        experiments.routes().forEach(some -> routes.addAll(some.list()));
        models.routes().forEach(some -> routes.addAll(some.list()));
        WebServer.Listener listener = new WebServer.Listener("127.0.0.1", Integer.parseInt(arguments[0]), null);
        WebServer.start(List.of(listener), routes, _ -> TestServer.USER);
        Thread.currentThread().join();
    }
}
