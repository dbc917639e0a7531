package atelier.insights;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Sums rows in order of time into a [Requests.Summary]: percentiles by nearest rank over the raw latencies, in total
/// and for each of at most 61 equal steps of the window.
final class Summing implements RequestStore.Reader {
    private static final int STEPS = 60;
    private static final int FIRST_ERROR = 400;
    private final long width;
    private final long first;
    private final long last;
    private final List<Requests.Point> points = new ArrayList<>();
    private final Latencies all = new Latencies();
    private final Latencies step = new Latencies();
    private long current;

    Summing(Instant now, Duration window) {
        long millis = Math.max(1000, window.toMillis());
        this.width = Math.max(1000, Math.ceilDiv(Math.ceilDiv(millis, STEPS), 1000) * 1000);
        this.first = Math.floorDiv(now.toEpochMilli() - millis, width);
        this.last = Math.floorDiv(now.toEpochMilli(), width);
        this.current = first;
    }

    /// From when rows are wanted.
    Instant since() {
        return Instant.ofEpochMilli(first * width);
    }

    @Override
    public void row(long atMillis, long latencyMicros, int status) {
        long at = Math.min(last, Math.floorDiv(atMillis, width));
        while (current < at) {
            close();
        }
        all.add(latencyMicros, status);
        step.add(latencyMicros, status);
    }

    Requests.Summary summary() {
        while (current <= last) {
            close();
        }
        return new Requests.Summary(
                all.count, all.errors, all.percentile(0.50), all.percentile(0.95), all.percentile(0.99), points);
    }

    private void close() {
        points.add(new Requests.Point(
                Instant.ofEpochMilli(current * width),
                step.count,
                step.errors,
                step.percentile(0.50),
                step.percentile(0.95)));
        step.clear();
        current++;
    }

    private static final class Latencies {
        private int[] micros = new int[256];
        private int count;
        private long errors;
        private boolean sorted;

        void add(long latency, int status) {
            if (count == micros.length) {
                micros = Arrays.copyOf(micros, count * 2);
            }
            micros[count++] = (int) Math.min(Integer.MAX_VALUE, latency);
            sorted = false;
            if (status >= FIRST_ERROR) {
                errors++;
            }
        }

        /// Milliseconds; 0 when there is nothing.
        double percentile(double part) {
            if (count == 0) {
                return 0;
            }
            if (!sorted) {
                Arrays.sort(micros, 0, count);
                sorted = true;
            }
            return micros[(int) Math.ceil(part * count) - 1] / 1000.0;
        }

        void clear() {
            count = 0;
            errors = 0;
        }
    }
}
