package atelier.pipelines.internal;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteStepStoreTest extends StepStoreContract {
    @TempDir
    Path folder;

    @Override
    Database open() {
        return TestDatabase.sqlite(folder, "pipelines");
    }
}
