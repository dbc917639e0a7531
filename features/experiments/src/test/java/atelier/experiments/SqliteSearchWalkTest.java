package atelier.experiments;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteSearchWalkTest extends SearchWalkContract {
    @TempDir
    Path folder;

    @Override
    Database open() {
        return TestDatabase.sqlite(folder, "experiments");
    }
}
