package atelier.endpoints.internal;

import java.time.Duration;

/// How long to wait before a process that ended is started again: doubled with each failure, up to a limit; from the
/// start again once it has run for a while.
///
/// @param first after the first failure
/// @param most the limit
/// @param poll how often a starting process is asked whether it is ready
/// @param start longest time from start to ready
public record Backoff(Duration first, Duration most, Duration poll, Duration start) {
    public static final Backoff NORMAL =
            new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofMillis(20), Duration.ofMinutes(10));

    Duration after(int failures) {
        Duration wait = first.multipliedBy(1L << Math.min(failures, 16));
        return wait.compareTo(most) > 0 ? most : wait;
    }
}
