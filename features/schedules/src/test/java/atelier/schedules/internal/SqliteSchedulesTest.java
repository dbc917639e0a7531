package atelier.schedules.internal;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteSchedulesTest extends SchedulesContract {
    @TempDir
    Path folder;

    @Override
    Database database() {
        return TestDatabase.sqlite(folder, "workspace", "schedules");
    }
}
