package atelier.experiments.internal;

import atelier.experiments.Run;
import atelier.experiments.Tracking;
import atelier.experiments.ViewType;
import atelier.mlflow.Conditions;
import atelier.mlflow.Vocabulary;
import atelier.mlflow.Vocabulary.Attribute;
import atelier.mlflow.Vocabulary.Entity;
import atelier.store.Database;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

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

    private final Database database;

    public SqlRunSearch(Database database) {
        this.database = database;
    }

    /// One search.
    public record Query(
            List<Long> experiments,
            List<Vocabulary.Term> terms,
            List<Vocabulary.Order> orders,
            ViewType view,
            int max,
            int offset) {
        public Query {
            experiments = List.copyOf(experiments);
            terms = List.copyOf(terms);
            orders = List.copyOf(orders);
        }
    }

    /// At most `max + 1` runs: the one too many says that there are more.
    public List<Run.Head> search(Handle handle, String workspace, Query query) {
        if (query.experiments().isEmpty()) {
            return List.of();
        }
        Conditions sql = new Conditions(database.kind());
        sql.add("SELECT " + SqlRuns.COLUMNS + " FROM run r");
        List<String> orderBy = new ArrayList<>();
        for (Vocabulary.Order order : query.orders()) {
            orderBy.add(order(sql, order, orderBy.size()));
        }
        sql.add(" WHERE r.workspace = ? AND ", workspace);
        sql.in("r.experiment", query.experiments());
        sql.add(" AND " + query.view().condition("r.lifecycle"));
        for (Vocabulary.Term term : query.terms()) {
            term(sql, term);
        }
        if (query.orders().stream().noneMatch(order -> order.key().equals(START.column()))) {
            orderBy.add("r.start_time DESC");
        }
        orderBy.add("r.run_id");
        sql.add(" ORDER BY " + String.join(", ", orderBy) + " LIMIT ? OFFSET ?", query.max() + 1, query.offset());
        return handle.select(sql.sql(), sql.arguments())
                .map((row, _) -> SqlRuns.head(row))
                .list();
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

    private static void term(Conditions sql, Vocabulary.Term term) {
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

    /// Joins what an order needs and returns its expression: present numbers, then NaN, then missing, in both
    /// directions.
    private static String order(Conditions sql, Vocabulary.Order order, int n) {
        String alias = "o" + n;
        return switch (order.entity()) {
            case METRIC -> {
                join(sql, "latest_metric", alias, order.key());
                yield "CASE WHEN " + alias + ".run IS NULL THEN 2 WHEN " + alias + ".nan = 1 THEN 1 ELSE 0 END, "
                        + alias + ".value" + order.direction();
            }
            case PARAMETER, TAG -> {
                join(sql, order.entity() == Entity.TAG ? "run_tag" : "run_param", alias, order.key());
                yield "CASE WHEN " + alias + ".run IS NULL THEN 1 ELSE 0 END, " + sql.ordinal(alias + ".value")
                        + order.direction();
            }
            default -> {
                String column = order.numeric() ? order.key() : sql.ordinal(order.key());
                String nulls =
                        order.key().equals("r.end_time") ? "CASE WHEN r.end_time IS NULL THEN 1 ELSE 0 END, " : "";
                yield nulls + column + order.direction();
            }
        };
    }

    private static void join(Conditions sql, String table, String alias, String key) {
        sql.add(" LEFT JOIN " + table + " " + alias + " ON " + alias + ".run = r.id AND " + alias + ".key = ?", key);
    }
}
