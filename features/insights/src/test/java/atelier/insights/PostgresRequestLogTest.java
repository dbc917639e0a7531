package atelier.insights;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresRequestLogTest extends RequestLogContract {
    @Override
    Database database() {
        return TestDatabase.postgresql("insights");
    }
}
