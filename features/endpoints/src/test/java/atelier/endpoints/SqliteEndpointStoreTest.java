package atelier.endpoints;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteEndpointStoreTest extends EndpointStoreContract {
    @TempDir
    Path folder;

    @Override
    Database database() {
        return TestDatabase.sqlite(folder, "endpoints");
    }
}
