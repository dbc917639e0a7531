package atelier.jobs.internal;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresJobStoreTest extends JobStoreContract {
    @Override
    Database open() {
        return TestDatabase.postgresql("jobs");
    }
}
