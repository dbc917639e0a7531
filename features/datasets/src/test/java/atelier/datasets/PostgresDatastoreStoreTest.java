package atelier.datasets;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresDatastoreStoreTest extends DatastoreStoreContract {
    @Override
    Database database() {
        return TestDatabase.postgresql("datasets");
    }
}
