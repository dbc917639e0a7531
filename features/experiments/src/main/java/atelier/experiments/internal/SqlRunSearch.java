package atelier.experiments.internal;

import atelier.experiments.Run;
import atelier.experiments.Tracking;
import atelier.experiments.ViewType;
import atelier.mlflow.Conditions;
import atelier.mlflow.KeysetToken;
import atelier.mlflow.Vocabulary;
import atelier.mlflow.Vocabulary.Attribute;
import atelier.mlflow.Vocabulary.Entity;
import atelier.store.Database;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Searches runs: each filter clause is an EXISTS on a clustered table, so that the planner stops at the first hit and
/// never multiplies rows.
public final class SqlRunSearch {
    private static final Attribute NAME = Attribute.text("r.name");
    private static final Attribute START = Attribute.number("r.start_time");
    /// What a search for runs may name.
    public static final Vocabulary VOCABULARY = new Vocabulary(
            EnumSet.allOf(Entity.class),
            Map.ofEntries(
                    Map.entry("run_id", Attribute.id("r.run_id")),
                    Map.entry("run_name", NAME),
                    Map.entry("run name", NAME),
                    Map.entry("Run name", NAME),
                    Map.entry("Run Name", NAME),
                    Map.entry("user_id", Attribute.text("r.user_id")),
                    Map.entry("status", Attribute.text("r.status")),
                    Map.entry("artifact_uri", Attribute.text("r.artifact_uri")),
                    Map.entry("start_time", START),
                    Map.entry("created", START),
                    Map.entry("Created", START),
                    Map.entry("end_time", Attribute.number("r.end_time"))),
            Map.of());

    /// More experiments than these are sorted together instead of walked one by one.
    private static final int WALKED = 20;

    private final Database database;
    private final Limits limits;

    public SqlRunSearch(Database database) {
        this(database, new Limits(1000, 2000));
    }

    public SqlRunSearch(Database database, Limits limits) {
        this.database = database;
        this.limits = limits;
    }

    /// When an index is walked.
    ///
    /// @param few so many runs are read and sorted instead
    /// @param many where more runs than this share a value, they are walked by the next key instead of sorted
    public record Limits(int few, int many) {}

    /// One search.
    ///
    /// @param token of a page of the same search; null or empty starts
    public record Query(
            List<Long> experiments,
            List<Vocabulary.Term> terms,
            List<Vocabulary.Order> orders,
            ViewType view,
            int max,
            @Nullable String token) {
        public Query {
            experiments = List.copyOf(experiments);
            terms = List.copyOf(terms);
            orders = List.copyOf(orders);
        }
    }

    /// @param next token of the next page; null at the end
    public record Heads(List<Run.Head> heads, @Nullable String next) {
        public Heads {
            heads = List.copyOf(heads);
        }
    }

    /// At most `max` runs. A page costs about its own length in experiments of any size, unless nearly no run passes
    /// filters of which each alone is passed by many.
    public Heads search(Handle handle, String workspace, Query query) {
        SearchOrder order = new SearchOrder(query.orders());
        List<Long> experiments =
                query.experiments().stream().distinct().sorted().toList();
        String words = "runs " + workspace + experiments + query.terms() + query.orders() + query.view();
        List<@Nullable Object> position = null;
        String token = query.token();
        if (token != null && !token.isEmpty()) {
            position = KeysetToken.read(token, words, order.kinds());
            order.check(position);
        }
        RunWalk walk = new RunWalk(database.kind(), limits, handle, workspace, query, order, position);
        List<RunWalk.Row> rows = new ArrayList<>();
        List<ViewType> views = query.view() == ViewType.ALL
                ? List.of(ViewType.ACTIVE_ONLY, ViewType.DELETED_ONLY)
                : List.of(query.view());
        if (experiments.size() > WALKED) {
            rows.addAll(walk.together(query.view()));
        } else {
            for (long experiment : experiments) {
                views.forEach(view -> rows.addAll(walk.part(experiment, view)));
            }
            if (experiments.size() * views.size() > 1) {
                rows.sort((a, b) -> order.compare(a.position(), b.position()));
            }
        }
        List<Run.Head> heads =
                rows.stream().limit(query.max()).map(RunWalk.Row::head).toList();
        boolean more = rows.size() > query.max() && !heads.isEmpty();
        return new Heads(
                heads, more ? KeysetToken.of(words, rows.get(heads.size() - 1).position()) : null);
    }

    /// At most 1,000 different datasets of active runs.
    public List<Tracking.DatasetSummary> datasets(Handle handle, String workspace, List<Long> experiments) {
        Conditions sql = new Conditions(database.kind())
                .add(
                        "SELECT DISTINCT r.experiment, d.name, d.digest, d.context FROM run r JOIN run_dataset d"
                                + " ON d.run = r.id WHERE r.workspace = ? AND r.lifecycle = 'active' AND ",
                        workspace)
                .in("r.experiment", experiments)
                .add(" ORDER BY 1, 2, 3, 4 LIMIT 1000");
        return handle.select(sql.sql(), sql.arguments())
                .map((row, _) -> new Tracking.DatasetSummary(
                        row.getLong(1), row.getString(2), row.getString(3), row.getString(4)))
                .list();
    }

    /// Adds ` AND` what a clause of the filter asks of a run.
    static void term(Conditions sql, Vocabulary.Term term) {
        switch (term.entity()) {
            case METRIC -> sql.existsMetric("latest_metric x WHERE x.run = r.id", term);
            case PARAMETER -> sql.exists("run_param x WHERE x.run = r.id", term);
            case TAG -> sql.exists("run_tag x WHERE x.run = r.id", term);
            case ATTRIBUTE -> {
                sql.add(" AND ");
                sql.compare(term.key(), term);
            }
            case DATASET -> {
                sql.add(" AND EXISTS (SELECT 1 FROM run_dataset x WHERE x.run = r.id AND ");
                sql.compare("x." + term.key(), term).add(")");
            }
        }
    }
}
