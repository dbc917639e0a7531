package atelier.pipelines.internal;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresStepStoreTest extends StepStoreContract {
    @Override
    Database open() {
        return TestDatabase.postgresql("pipelines");
    }
}
