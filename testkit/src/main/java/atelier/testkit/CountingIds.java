package atelier.testkit;

import atelier.kernel.Ids;
import java.util.concurrent.atomic.AtomicLong;

/// Ids that count: `00000000-0000-0000-0000-000000000001`, …
public final class CountingIds implements Ids {
    private final AtomicLong last = new AtomicLong();

    @Override
    public String guid() {
        return "00000000-0000-0000-0000-" + String.format("%012x", last.incrementAndGet());
    }

    @Override
    public String secret(int bytes) {
        return String.format("%0" + 2 * bytes + "x", last.incrementAndGet());
    }
}
