package atelier.assets;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresAssetsTest extends AssetsContract {
    @Override
    Database open() {
        return TestDatabase.postgresql("workspace", "assets");
    }
}
