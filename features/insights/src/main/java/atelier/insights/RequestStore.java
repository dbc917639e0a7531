package atelier.insights;

import java.time.Instant;
import java.util.List;

/// The port of recorded requests.
public interface RequestStore {
    /// Adds all or none.
    void add(List<Requests.Request> requests);

    /// Feeds the rows of one endpoint from `since` on, in order of time.
    void read(String workspaceId, String endpoint, Instant since, Reader reader);

    /// How many rows older than `before` went.
    int deleteBefore(Instant before);

    /// One row, without objects: a busy hour is millions of them.
    @FunctionalInterface
    interface Reader {
        void row(long atMillis, long latencyMicros, int status);
    }
}
