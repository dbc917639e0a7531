package atelier.schedules.internal;

import atelier.store.Database;
import atelier.testkit.TestDatabase;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresSchedulesTest extends SchedulesContract {
    @Override
    Database database() {
        return TestDatabase.postgresql("workspace", "schedules");
    }
}
