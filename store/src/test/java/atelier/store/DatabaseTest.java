package atelier.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    @TempDir
    Path folder;

    private Database database;

    @BeforeEach
    void open() {
        database = Database.sqlite(folder.resolve("t.db"));
        database.migrate(List.of(new Migrations("sample")));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aFailedTransactionLeavesNothing() {
        assertThatThrownBy(() -> database.useTransaction(handle -> {
                    insert(handle, "a");
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");
        assertThat(count()).isZero();
    }

    @Test
    void anInnerTransactionJoinsTheOuterOne() {
        assertThatThrownBy(() -> database.useTransaction(outer -> {
                    insert(outer, "a");
                    database.useTransaction(inner -> insert(inner, "b"));
                    assertThat(count()).isEqualTo(2);
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");
        assertThat(count()).isZero();
    }

    @Test
    void migratingTwiceChangesNothing() {
        database.useTransaction(handle -> insert(handle, "a"));
        database.migrate(List.of(new Migrations("sample")));
        assertThat(count()).isOne();
    }

    @Test
    void theSameCodeMigratesOnceAndOtherCodeAgain() {
        try (Database fresh = Database.sqlite(folder.resolve("stamp.db"))) {
            fresh.migrate(List.of(), "code-1");
            fresh.migrate(List.of(new Migrations("sample")), "code-1");
            assertThatThrownBy(() -> fresh.useTransaction(handle -> insert(handle, "a")))
                    .hasMessageContaining("no such table");
            fresh.migrate(List.of(new Migrations("sample")), "code-2");
            fresh.useTransaction(handle -> insert(handle, "a"));
        }
    }

    private int count() {
        return database.read(handle -> handle.createQuery("SELECT count(*) FROM sample")
                .mapTo(Integer.class)
                .one());
    }

    private static void insert(Handle handle, String name) {
        handle.execute("INSERT INTO sample (name, step, value) VALUES (?, 1, 0.5)", name);
    }
}
