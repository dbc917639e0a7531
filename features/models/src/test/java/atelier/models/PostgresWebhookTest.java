package atelier.models;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresWebhookTest extends WebhookContract {
    @Override
    Database open() {
        return TestDatabase.postgresql("experiments", "models");
    }
}
