package atelier.imports;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresImportTest extends ImportContract {
    @Override
    Database open() {
        return TestDatabase.postgresql("experiments", "models", "imports");
    }
}
