package atelier.experiments.internal;

import org.jdbi.v3.core.Handle;

/// Numbers that are given out once, also after what they named is gone.
final class Counters {
    private Counters() {}

    /// The next number from 1 on, within the caller's transaction.
    static long next(Handle handle, String workspace, String name) {
        return handle.select(
                        "INSERT INTO experiments_counter (workspace, name, value) VALUES (?, ?, 1)"
                                + " ON CONFLICT (workspace, name) DO UPDATE SET value = experiments_counter.value + 1"
                                + " RETURNING value",
                        workspace,
                        name)
                .mapTo(Long.class)
                .one();
    }
}
