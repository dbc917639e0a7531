package atelier.endpoints;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresEndpointStoreTest extends EndpointStoreContract {
    @Override
    Database database() {
        return TestDatabase.postgresql("endpoints");
    }
}
