package atelier.compute;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteComputesTest extends ComputesContract {
    @TempDir
    Path folder;

    @Override
    Database open() {
        return TestDatabase.sqlite(folder, "compute");
    }
}
