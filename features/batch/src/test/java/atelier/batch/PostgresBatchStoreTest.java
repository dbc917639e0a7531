package atelier.batch;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresBatchStoreTest extends BatchStoreContract {
    @Override
    Database database() {
        return TestDatabase.postgresql("batch");
    }
}
