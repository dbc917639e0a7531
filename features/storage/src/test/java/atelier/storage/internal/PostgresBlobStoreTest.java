package atelier.storage.internal;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresBlobStoreTest extends BlobStoreContract {
    @Override
    Database database() {
        return TestDatabase.postgresql("storage");
    }
}
