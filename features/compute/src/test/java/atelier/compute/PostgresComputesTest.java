package atelier.compute;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresComputesTest extends ComputesContract {
    @Override
    Database open() {
        return TestDatabase.postgresql("compute");
    }
}
