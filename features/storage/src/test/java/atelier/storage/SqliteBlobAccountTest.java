package atelier.storage;

import atelier.store.Database;
import atelier.testkit.TestDatabase;

class SqliteBlobAccountTest extends BlobAccountContract {
    @Override
    Database database() {
        return TestDatabase.sqlite(folder, "storage");
    }
}
