package atelier.identity;

import atelier.kernel.Ids;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;

/// One-time codes that open the studio in a browser, like Jupyter's: good once, for ten minutes, in this run of the
/// server.
public final class StudioLinks {
    private static final Duration LIFE = Duration.ofMinutes(10);
    private final ConcurrentHashMap<String, Instant> codes = new ConcurrentHashMap<>();
    private final InstantSource clock;
    private final Ids ids;

    public StudioLinks(InstantSource clock, Ids ids) {
        this.clock = clock;
        this.ids = ids;
    }

    public String newCode() {
        Instant now = clock.instant();
        codes.values().removeIf(end -> !now.isBefore(end));
        String code = ids.secret(24);
        codes.put(code, now.plus(LIFE));
        return code;
    }

    /// Uses a code up; false when it is unknown, used or too old.
    public boolean redeem(String code) {
        Instant end = codes.remove(code);
        return end != null && clock.instant().isBefore(end);
    }
}
