package atelier.connections;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteConnectionsTest extends ConnectionsContract {
    @TempDir
    Path folder;

    @Override
    Database open() {
        return TestDatabase.sqlite(folder, "vault", "connections");
    }
}
