package atelier.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that stands still until it is told to tick.
public final class SettableClock implements InstantSource {
    private volatile Instant now;

    public SettableClock(Instant now) {
        this.now = now;
    }

    public SettableClock() {
        this(Instant.parse("2026-01-02T03:04:05Z"));
    }

    @Override
    public Instant instant() {
        return now;
    }

    public void tick(Duration duration) {
        now = now.plus(duration);
    }
}
