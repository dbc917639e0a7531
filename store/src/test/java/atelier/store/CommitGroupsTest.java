package atelier.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CommitGroupsTest {
    @TempDir
    Path folder;

    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch holding = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private Database database;

    @BeforeEach
    void open() {
        database = Database.sqlite(folder.resolve("t.db"));
        database.migrate(List.of(new Migrations("sample")));
    }

    @AfterEach
    void close() {
        release.countDown();
        clients.close();
        database.close();
    }

    @Test
    void whoComesWhileOneCommitsSharesTheNextCommit() throws Exception {
        Future<?> first = holdTheWriter();
        List<Future<?>> others = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            others.add(insertion("n" + i));
        }
        awaitWaiting(20);
        release.countDown();
        first.get();
        for (Future<?> other : others) {
            other.get();
        }
        assertThat(database.groups().commits()).isEqualTo(2);
        assertThat(names()).hasSize(21);
    }

    @Test
    void aLoneCallerCommitsAtOnce() {
        database.useGroup(handle -> insert(handle, "a"));
        assertThat(names()).containsExactly("a");
        assertThat(database.groups().commits()).isOne();
    }

    @Test
    void theFailureOfOneUndoesOnlyItsOwn() throws Exception {
        Future<?> first = holdTheWriter();
        Future<?> before = insertion("before");
        awaitWaiting(1);
        Future<?> bad = clients.submit(() -> database.useGroup(handle -> {
            insert(handle, "half");
            throw new IllegalStateException("bad");
        }));
        awaitWaiting(2);
        Future<?> refused = insertion("before");
        awaitWaiting(3);
        Future<?> after = insertion("after");
        awaitWaiting(4);
        release.countDown();
        first.get();
        before.get();
        after.get();
        assertThatThrownBy(bad::get).isInstanceOf(ExecutionException.class).hasRootCauseMessage("bad");
        assertThatThrownBy(refused::get).hasStackTraceContaining("UNIQUE constraint failed");
        assertThat(names()).containsExactly("after", "before", "first");
        assertThat(database.groups().commits()).isEqualTo(2);
    }

    @Test
    void nobodyIsAnsweredBeforeTheCommit() throws Exception {
        Future<?> first = holdTheWriter();
        Future<?> early = insertion("early");
        awaitWaiting(1);
        CountDownLatch last = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Future<?> late = clients.submit(() -> database.useGroup(handle -> {
            insert(handle, "late");
            last.countDown();
            await(go);
        }));
        awaitWaiting(2);
        release.countDown();
        first.get();
        last.await();
        assertThat(early.isDone()).isFalse();
        assertThat(names()).containsExactly("first");
        go.countDown();
        early.get();
        late.get();
        assertThat(names()).containsExactly("early", "first", "late");
    }

    @Test
    void whenOneEndsTheCommonTransactionTheOthersAreRunAlone() throws Exception {
        Future<?> first = holdTheWriter();
        Future<?> before = insertion("before");
        awaitWaiting(1);
        // What SQLite does by itself when the disk is full.
        Future<?> ending = clients.submit(() -> database.useGroup(handle -> {
            handle.execute("ROLLBACK");
            throw new IllegalStateException("full");
        }));
        awaitWaiting(2);
        Future<?> after = insertion("after");
        awaitWaiting(3);
        release.countDown();
        first.get();
        before.get();
        after.get();
        assertThatThrownBy(ending::get).hasRootCauseMessage("full");
        assertThat(names()).containsExactly("after", "before", "first");
        database.useTransaction(handle -> insert(handle, "later"));
        assertThatThrownBy(() -> database.useTransaction(handle -> {
                    insert(handle, "undone");
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");
        assertThat(names()).containsExactly("after", "before", "first", "later");
    }

    @Test
    void aGroupWithinATransactionIsPartOfIt() {
        assertThatThrownBy(() -> database.useTransaction(_ -> {
                    database.useGroup(handle -> insert(handle, "a"));
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");
        assertThat(names()).isEmpty();
    }

    @Test
    void aTransactionWithinAGroupIsPartOfIt() {
        assertThatThrownBy(() -> database.useGroup(_ -> {
                    database.useTransaction(handle -> insert(handle, "a"));
                    assertThat(names()).containsExactly("a");
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");
        assertThat(names()).isEmpty();
    }

    @Test
    void fiftyCallersAtOnceKeepEverything() throws Exception {
        List<Future<?>> all = new ArrayList<>();
        for (int client = 0; client < 50; client++) {
            int mine = client;
            all.add(clients.submit(() -> {
                for (int i = 0; i < 20; i++) {
                    int n = i;
                    database.useGroup(handle -> insert(handle, mine + "-" + n));
                }
            }));
        }
        for (Future<?> one : all) {
            one.get();
        }
        assertThat(names()).hasSize(1000);
        assertThat(database.groups().commits()).isBetween(20L, 1000L);
    }

    @Test
    void aResultThatIsNotReadToItsEndHoldsNoOldSnapshot() {
        database.useTransaction(handle -> {
            insert(handle, "a");
            insert(handle, "b");
        });
        assertThat(firstName()).isEqualTo("a");
        database.useTransaction(handle -> handle.execute("DELETE FROM sample WHERE name = 'a'"));
        assertThat(firstName()).isEqualTo("b");
        assertThat(names()).containsExactly("b");
    }

    @Test
    void theSameStatementRunsWithinItsOwnResult() {
        database.useTransaction(handle -> {
            insert(handle, "a");
            insert(handle, "b");
        });
        List<String> pairs = database.read(handle -> handle.select("SELECT name FROM sample ORDER BY name")
                .map((row, _) -> row.getString(1)
                        + handle.select("SELECT name FROM sample ORDER BY name")
                                .mapTo(String.class)
                                .list())
                .list());
        assertThat(pairs).containsExactly("a[a, b]", "b[a, b]");
    }

    private String firstName() {
        return database.read(handle -> handle.select("SELECT name FROM sample ORDER BY name")
                .mapTo(String.class)
                .findFirst()
                .orElseThrow());
    }

    /// The next group gathers until `release`.
    private Future<?> holdTheWriter() throws InterruptedException {
        Future<?> first = clients.submit(() -> database.useGroup(handle -> {
            insert(handle, "first");
            holding.countDown();
            await(release);
        }));
        holding.await();
        return first;
    }

    private void awaitWaiting(int count) {
        while (database.groups().waiting() < count) {
            Thread.onSpinWait();
        }
    }

    private Future<?> insertion(String name) {
        return clients.submit(() -> database.useGroup(handle -> insert(handle, name)));
    }

    private List<String> names() {
        return database.read(handle -> handle.select("SELECT name FROM sample ORDER BY name")
                .mapTo(String.class)
                .list());
    }

    private static void insert(Handle handle, String name) {
        handle.execute("INSERT INTO sample (name, step, value) VALUES (?, 1, 0.5)", name);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
