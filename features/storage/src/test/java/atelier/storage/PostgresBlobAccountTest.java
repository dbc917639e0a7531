package atelier.storage;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresBlobAccountTest extends BlobAccountContract {
    @Override
    Database database() {
        return TestDatabase.postgresql("storage");
    }
}
