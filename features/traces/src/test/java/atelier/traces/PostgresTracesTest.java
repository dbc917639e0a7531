package atelier.traces;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresTracesTest extends TracesContract {
    @Override
    Database open() {
        return TestDatabase.postgresql("experiments", "traces");
    }
}
