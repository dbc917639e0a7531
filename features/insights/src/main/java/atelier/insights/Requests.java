package atelier.insights;

import atelier.workspace.Workspace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Requests that endpoints answered: recorded without delaying the answer, kept in batches (at most one second is
/// lost by a
/// power cut), summed up on demand.
public interface Requests {
    /// @param latency from the first byte in to the last byte out
    /// @param status HTTP status that was answered
    record Request(String workspaceId, String endpoint, String deployment, Instant at, Duration latency, int status) {}

    void record(Request request);

    Summary summary(Workspace workspace, String endpoint, Duration window);

    /// Latencies in milliseconds.
    record Summary(long requests, long errors, double p50, double p95, double p99, List<Point> series) {
        public Summary {
            series = List.copyOf(series);
        }
    }

    record Point(Instant time, long requests, long errors, double p50, double p95) {}
}
