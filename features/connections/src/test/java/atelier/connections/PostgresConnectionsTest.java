package atelier.connections;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresConnectionsTest extends ConnectionsContract {
    @Override
    Database open() {
        return TestDatabase.postgresql("vault", "connections");
    }
}
