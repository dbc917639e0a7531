package atelier.testkit;

import atelier.store.Database;
import atelier.store.Migrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Fresh databases for contract suites. PostgreSQL is one real server per test JVM (from a jar, no Docker) with a new
/// database
/// for each call; the server ends with the JVM.
public final class TestDatabase {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static @Nullable EmbeddedPostgres server;

    private TestDatabase() {}

    /// An SQLite file in `folder` (use `@TempDir`).
    public static Database sqlite(Path folder, String... features) {
        return migrated(Database.sqlite(folder.resolve("test-" + COUNT.incrementAndGet() + ".db")), features);
    }

    /// A new PostgreSQL database.
    public static Database postgresql(String... features) {
        String name = "test" + COUNT.incrementAndGet();
        try {
            EmbeddedPostgres running = server();
            try (var connection = running.getPostgresDatabase().getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + name);
            }
            return migrated(Database.postgresql(running.getJdbcUrl("postgres", name)), features);
        } catch (IOException | java.sql.SQLException e) {
            throw new IllegalStateException("The embedded PostgreSQL did not start", e);
        }
    }

    private static synchronized EmbeddedPostgres server() throws IOException {
        EmbeddedPostgres running = server;
        if (running == null) {
            running = EmbeddedPostgres.builder().start();
            server = running;
        }
        return running;
    }

    private static Database migrated(Database database, String... features) {
        database.migrate(List.of(features).stream().map(Migrations::new).toList());
        return database;
    }
}
