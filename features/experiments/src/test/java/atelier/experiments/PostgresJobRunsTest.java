package atelier.experiments;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresJobRunsTest extends JobRunsContract {
    @Override
    Database open() {
        return TestDatabase.postgresql("experiments");
    }
}
