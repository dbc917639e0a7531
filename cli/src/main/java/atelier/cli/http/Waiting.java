package atelier.cli.http;

import java.time.Duration;

/// How the command line waits between two questions; tests do not wait.
public interface Waiting {
    void pause(Duration time);

    /// Elapsed time since some fixed moment, in nanoseconds.
    long nanos();

    /// Now, in milliseconds of the epoch.
    long epochMillis();

    static Waiting real() {
        return new Waiting() {
            @Override
            public void pause(Duration time) {
                try {
                    Thread.sleep(time);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("interrupted", e);
                }
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public long epochMillis() {
                return System.currentTimeMillis();
            }
        };
    }
}
