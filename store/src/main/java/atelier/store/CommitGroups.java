package atelier.store;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Callers that come while a commit is being flushed to disk share the next one.
///
/// The first caller leads: it takes the writer connection, runs the work of all who wait by then, each within a
/// savepoint, commits once and answers them all; then whoever waits first leads the next group. Nobody waits for a
/// group to fill: a lone caller pays for its own commit and nothing else. A work that throws is rolled back alone
/// and its caller alone gets what was thrown. A commit that fails fails everybody in it, as none of it was kept.
///
/// Work runs on the thread of the leader, and again when a neighbour ended the common transaction (a full disk
/// makes SQLite do so), so it must not depend on its thread nor do anything that a second run would do twice
/// outside the database.
final class CommitGroups {
    private static final Logger LOG = LoggerFactory.getLogger(CommitGroups.class);
    /// So long a transaction stays short for readers of the write-ahead log and for those who wait.
    private static final int MOST = 256;

    private static final String SAVEPOINT = "member";
    private final Jdbi jdbi;
    private final ScopedValue<Handle> current;
    private final ArrayDeque<Member<?>> waiting = new ArrayDeque<>();
    private final AtomicLong commits = new AtomicLong();
    private boolean led;

    CommitGroups(Jdbi jdbi, ScopedValue<Handle> current) {
        this.jdbi = jdbi;
        this.current = current;
    }

    /// Runs `work`, and returns when what it wrote is committed.
    <T extends @Nullable Object> T run(Function<Handle, T> work) {
        Member<T> mine = new Member<>(work);
        if (!begins(mine)) {
            mine.await();
        }
        if (!mine.answered) {
            lead();
        }
        return mine.result();
    }

    /// How many have come and are neither answered nor being served.
    synchronized int waiting() {
        return waiting.size();
    }

    /// How many transactions were committed.
    long commits() {
        return commits.get();
    }

    private synchronized boolean begins(Member<?> mine) {
        waiting.add(mine);
        boolean first = !led;
        led = true;
        return first;
    }

    private synchronized List<Member<?>> take() {
        List<Member<?>> group = new ArrayList<>();
        while (group.size() < MOST && !waiting.isEmpty()) {
            group.add(waiting.remove());
        }
        return group;
    }

    private synchronized void handOver() {
        Member<?> next = waiting.peek();
        led = next != null;
        if (next != null) {
            next.turn.countDown();
        }
    }

    private void lead() {
        List<Member<?>> group = List.of();
        try {
            // Others gather while this one waits for the connection.
            try (Handle handle = jdbi.open()) {
                group = take();
                serve(handle, group);
            } catch (RuntimeException | Error e) {
                // Without a connection nobody who waits gets any further.
                group = group.isEmpty() ? take() : group;
                group.stream().filter(member -> !member.answered).forEach(member -> member.fail(e));
            }
            group.stream().filter(member -> !member.answered).forEach(this::again);
        } finally {
            handOver();
            group.forEach(member -> member.turn.countDown());
        }
    }

    private void serve(Handle handle, List<Member<?>> group) {
        if (group.size() == 1) {
            alone(handle, group.getFirst());
        } else {
            together(handle, group);
        }
    }

    private void alone(Handle handle, Member<?> member) {
        try {
            handle.useTransaction(h -> ScopedValue.where(current, h).run(() -> member.run(h)));
            commits.incrementAndGet();
            member.answered = true;
        } catch (RuntimeException | Error e) {
            member.fail(e);
        }
    }

    /// What a neighbour's end of the common transaction undid.
    private void again(Member<?> member) {
        if (member.failure != null) {
            member.answered = true;
            return;
        }
        try (Handle handle = jdbi.open()) {
            alone(handle, member);
        } catch (RuntimeException | Error e) {
            member.fail(e);
        }
    }

    /// Leaves them without an answer when one of them ended the common transaction: nothing was kept.
    private void together(Handle handle, List<Member<?>> group) {
        handle.begin();
        for (Member<?> member : group) {
            if (!within(handle, member)) {
                abandon(handle);
                return;
            }
        }
        try {
            handle.commit();
        } catch (RuntimeException | Error e) {
            abandon(handle);
            throw e;
        }
        commits.incrementAndGet();
        group.forEach(member -> member.answered = true);
    }

    /// Rolls back; where there is no transaction any more, the driver does not know it until it is told.
    private static void abandon(Handle handle) {
        quietly(handle::rollback);
        try {
            handle.getConnection().setAutoCommit(true);
        } catch (SQLException e) {
            LOG.debug("the transaction of a group was over already", e);
        }
    }

    private boolean within(Handle handle, Member<?> member) {
        handle.savepoint(SAVEPOINT);
        try {
            ScopedValue.where(current, handle).run(() -> member.run(handle));
        } catch (RuntimeException | Error e) {
            member.failure = e;
            return quietly(() -> handle.rollbackToSavepoint(SAVEPOINT));
        }
        return quietly(() -> handle.releaseSavepoint(SAVEPOINT));
    }

    private static boolean quietly(Runnable action) {
        try {
            action.run();
            return true;
        } catch (RuntimeException e) {
            LOG.debug("a group's transaction is over", e);
            return false;
        }
    }

    /// One caller. Its thread reads the fields after `turn` is down; before, only the leader touches them.
    private static final class Member<T extends @Nullable Object> {
        private final Function<Handle, T> work;
        private final CountDownLatch turn = new CountDownLatch(1);
        private @Nullable T value;
        private @Nullable Throwable failure;
        private boolean answered;

        Member(Function<Handle, T> work) {
            this.work = work;
        }

        void run(Handle handle) {
            value = work.apply(handle);
        }

        void fail(Throwable e) {
            failure = e;
            answered = true;
        }

        /// Until it is answered or its turn to lead has come. An interrupt does not call back what is being
        /// committed.
        void await() {
            boolean interrupted = false;
            while (true) {
                try {
                    turn.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @SuppressWarnings("NullAway") // null is there only where T allows it
        T result() {
            if (failure instanceof RuntimeException e) {
                throw e;
            }
            if (failure instanceof Error e) {
                throw e;
            }
            return value;
        }
    }
}
