package atelier.storage;

import atelier.kernel.Caller;
import atelier.kernel.Ids;
import atelier.store.ContentFiles;
import atelier.store.Database;
import atelier.web.Exchange;
import atelier.web.WebServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The storage account alone, for tries with real clients: folder, port, and a PKCS#12 keystore and its password for
/// TLS.
/// It prints the connection string and ends with its standard input.
final class StorageServer {
    private StorageServer() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        Files.createDirectories(folder);
        try (Database database = Database.sqlite(folder.resolve("storage.db"))) {
            database.migrate(List.of(StorageFeature.MIGRATIONS));
            Ids ids = Ids.random();
            StorageFeature storage = StorageFeature.create(
                    database, new ContentFiles(folder.resolve("content"), ids), InstantSource.system(), ids);
            storage.sweep(Instant.now());
            WebServer.Tls tls = args.length > 2 ? new WebServer.Tls(Path.of(args[2]), args[3]) : null;
            var listener = new WebServer.Listener("127.0.0.1", Integer.parseInt(args[1]), tls);
            String base = (tls == null ? "http" : "https") + "://localhost:" + args[1];
            try (var _ = WebServer.start(
                    List.of(listener), storage.routes().getFirst().list(), StorageServer::bearer)) {
                System.out.println(storage.keys().connectionString(base));
                System.in.transferTo(java.io.OutputStream.nullOutputStream());
            }
        }
    }

    private static @Nullable Caller bearer(Exchange exchange) {
        return "Bearer try-out".equals(exchange.header("Authorization"))
                ? new Caller("tester", "11111111-1111-1111-1111-111111111111", Caller.Kind.USER)
                : null;
    }
}
