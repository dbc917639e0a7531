package atelier.assets;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteAssetsTest extends AssetsContract {
    @TempDir
    Path folder;

    @Override
    Database open() {
        return TestDatabase.sqlite(folder, "workspace", "assets");
    }
}
