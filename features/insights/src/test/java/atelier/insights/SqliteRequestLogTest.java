package atelier.insights;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteRequestLogTest extends RequestLogContract {
    @TempDir
    Path folder;

    @Override
    Database database() {
        return TestDatabase.sqlite(folder, "insights");
    }
}
