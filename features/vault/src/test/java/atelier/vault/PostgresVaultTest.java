package atelier.vault;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresVaultTest extends VaultContract {
    @Override
    Database open() {
        return TestDatabase.postgresql("vault");
    }
}
