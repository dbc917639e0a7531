package atelier.workspace;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresWorkspacesTest extends WorkspacesContract {
    @Override
    Database open() {
        return TestDatabase.postgresql("workspace");
    }
}
