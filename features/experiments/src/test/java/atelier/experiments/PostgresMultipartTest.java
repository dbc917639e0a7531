package atelier.experiments;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresMultipartTest extends MultipartContract {
    @Override
    Database open() {
        return TestDatabase.postgresql("storage", "experiments");
    }
}
