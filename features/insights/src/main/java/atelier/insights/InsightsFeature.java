package atelier.insights;

import atelier.insights.internal.SqlRequestStore;
import atelier.store.Database;
import atelier.web.Routes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// The insights feature, wired. Close [#log] when the server stops: it writes what waits.
///
/// @param requests the verbs for other features
/// @param log the same, with flush, retention and close
/// @param routes none of its own yet: endpoints show their requests themselves
public record InsightsFeature(Requests requests, RequestLog log, List<Routes> routes) {
    /// How long requests are remembered when nothing else is said.
    public static final Duration KEEP = Duration.ofDays(30);

    public static InsightsFeature create(Database database, InstantSource clock, Ticks ticks, Duration keep) {
        RequestLog log = new RequestLog(new SqlRequestStore(database, clock.instant()), clock, keep);
        ticks.everySecond(log::tick);
        return new InsightsFeature(log, log, List.of());
    }
}
