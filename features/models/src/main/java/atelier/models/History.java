package atelier.models;

import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.models.internal.SqlHistory;
import atelier.models.internal.SqlHistory.Logged;
import atelier.workspace.Workspace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What happened to models, and what was in production when.
public final class History {
    /// Aliases that mean production unless the caller says otherwise.
    public static final List<String> ALIASES = List.of("champion", "production");

    private static final Comparator<String> VERSIONS =
            Comparator.<String>comparingLong(Version::number).thenComparing(Comparator.naturalOrder());
    private final SqlHistory store;

    History(SqlHistory store) {
        this.store = store;
    }

    /// A version in production.
    ///
    /// @param because what put it there: changes of stage, alias or deployment, oldest first
    public record InProduction(String name, String version, List<Registry.Event> because) {
        public InProduction {
            because = List.copyOf(because);
        }
    }

    /// A page of what happened to a model, newest first; also when the model is gone.
    ///
    /// @param version null for all
    /// @param kind `stage`, `alias`, `deployment`, `created`, `deleted`, `renamed`; null for all
    /// @param marker where the last page ended
    public Page<Registry.Event> of(
            Workspace workspace,
            String name,
            @Nullable String version,
            @Nullable String kind,
            @Nullable String marker,
            int max) {
        List<Logged> found = store.page(workspace.id(), name, version, kind, place(marker), max);
        List<Registry.Event> events =
                found.stream().limit(max).map(Logged::event).toList();
        return found.size() > max
                ? new Page<>(events, Long.toString(found.get(max - 1).seq()))
                : Page.last(events);
    }

    private static long place(@Nullable String marker) {
        if (marker == null) {
            return Long.MAX_VALUE;
        }
        if (!marker.matches("\\d{1,18}")) {
            throw new Problem.Invalid("InvalidSkipToken", "'" + marker + "' is not a marker of this list.", "$skip");
        }
        return Long.parseLong(marker);
    }

    /// By name, then by version.
    ///
    /// @param name null for all models
    public List<InProduction> production(Workspace workspace, Instant at, List<String> aliases, @Nullable String name) {
        Map<String, Map<String, List<Registry.Event>>> reasons = new TreeMap<>();
        for (Registry.Event event : store.production(workspace.id(), at.toEpochMilli(), aliases, name)) {
            reasons.computeIfAbsent(event.name(), _ -> new TreeMap<>(VERSIONS))
                    .computeIfAbsent(event.version(), _ -> new ArrayList<>())
                    .add(event);
        }
        List<InProduction> all = new ArrayList<>();
        reasons.forEach((model, versions) ->
                versions.forEach((version, because) -> all.add(new InProduction(model, version, because))));
        return all;
    }
}
