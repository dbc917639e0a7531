package atelier.insights;

import atelier.workspace.Workspace;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// [Requests] with a buffer in front of the store: recording costs a list insert, a batch is written each second.
/// Sums are always up to date, because asking for one writes the buffer first.
public final class RequestLog implements Requests, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
    /// More than this waits only when the database does not answer; what comes then is dropped and counted.
    static final int MOST_WAITING = 200_000;

    private static final Duration CLEAN_EVERY = Duration.ofHours(1);
    private final RequestStore store;
    private final InstantSource clock;
    private final Duration keep;
    private final ReentrantLock writing = new ReentrantLock();
    private final Object guard = new Object();
    private List<Request> waiting = new ArrayList<>();
    private long dropped;
    private Instant nextCleaning;

    /// @param keep how long requests are remembered
    RequestLog(RequestStore store, InstantSource clock, Duration keep) {
        this.store = store;
        this.clock = clock;
        this.keep = keep;
        this.nextCleaning = clock.instant();
    }

    @Override
    public void record(Request request) {
        synchronized (guard) {
            if (waiting.size() >= MOST_WAITING) {
                dropped++;
            } else {
                waiting.add(request);
            }
        }
    }

    @Override
    public Summary summary(Workspace workspace, String endpoint, Duration window) {
        flush();
        Summing sum = new Summing(clock.instant(), window);
        store.read(workspace.id(), endpoint, sum.since(), sum);
        return sum.summary();
    }

    /// Writes what waits. When the database fails, it goes on waiting and the caller learns.
    public void flush() {
        writing.lock();
        try {
            List<Request> batch;
            synchronized (guard) {
                batch = waiting;
                waiting = new ArrayList<>();
            }
            if (batch.isEmpty()) {
                return;
            }
            try {
                store.add(batch);
            } catch (RuntimeException e) {
                synchronized (guard) {
                    batch.addAll(waiting);
                    waiting = batch;
                }
                throw e;
            }
        } finally {
            writing.unlock();
        }
    }

    /// Forgets requests older than `age`; how many.
    public int forget(Duration age) {
        return store.deleteBefore(clock.instant().minus(age));
    }

    /// Called each second: writes, and once an hour forgets what is too old.
    void tick() {
        try {
            flush();
            if (!clock.instant().isBefore(nextCleaning)) {
                nextCleaning = clock.instant().plus(CLEAN_EVERY);
                forget(keep);
            }
            tellDropped();
        } catch (RuntimeException e) {
            LOG.warn("Requests of endpoints could not be written; they are kept in memory and tried again", e);
        }
    }

    private void tellDropped() {
        long lost;
        synchronized (guard) {
            lost = dropped;
            dropped = 0;
        }
        if (lost > 0) {
            LOG.warn("{} requests of endpoints were not recorded, because the database did not answer", lost);
        }
    }

    @Override
    public void close() {
        flush();
    }
}
