package atelier.experiments.internal;

import atelier.experiments.Run;
import atelier.experiments.ViewType;
import atelier.experiments.internal.SearchOrder.Column;
import atelier.experiments.internal.SearchOrder.Key;
import atelier.mlflow.Conditions;
import atelier.mlflow.Filter.Comparator;
import atelier.mlflow.KeysetToken.Kind;
import atelier.mlflow.Vocabulary.Entity;
import atelier.mlflow.Vocabulary.Term;
import atelier.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The runs of one experiment and one lifecycle in the order of a search, from a position on, until there are enough.
///
/// Few runs, or a filter that few runs pass: those are read and sorted. Otherwise the index of the first key is walked,
/// stage after stage; where many runs share a value, they are walked by the next key.
final class RunWalk {
    /// Keys whose values are walked one by one; beyond that the database sorts.
    private static final int GROUPS = 64;

    private final Database.Kind kind;
    private final SqlRunSearch.Limits limits;
    private final Handle handle;
    private final String workspace;
    private final SqlRunSearch.Query query;
    private final SearchOrder order;
    private final @Nullable List<@Nullable Object> position;
    private final List<Row> found = new ArrayList<>();
    private long experiment;
    private ViewType view = ViewType.ACTIVE_ONLY;
    private int wanted;

    /// @param position values of all columns
    record Row(Run.Head head, List<@Nullable Object> position) {}

    private enum Driver {
        RUN,
        KEY,
        FILTER
    }

    RunWalk(
            Database.Kind kind,
            SqlRunSearch.Limits limits,
            Handle handle,
            String workspace,
            SqlRunSearch.Query query,
            SearchOrder order,
            @Nullable List<@Nullable Object> position) {
        this.kind = kind;
        this.limits = limits;
        this.handle = handle;
        this.workspace = workspace;
        this.query = query;
        this.order = order;
        this.position = position;
    }

    /// At most `max + 1` runs of one experiment.
    ///
    /// @param view one lifecycle
    List<Row> part(long experimentId, ViewType view) {
        found.clear();
        experiment = experimentId;
        this.view = view;
        wanted = query.max() + 1;
        long runs = count(sql -> mine(sql.add(" FROM run r WHERE ")), limits.few());
        if (runs <= limits.few()) {
            return runs == 0 ? List.of() : all();
        }
        Term best = null;
        long least = limits.few() + 1L;
        for (Term term : query.terms()) {
            if (term.key().equals("r.run_id")
                    && (term.comparator() == Comparator.EQ || term.comparator() == Comparator.IN)) {
                return all();
            }
            if (countable(term)) {
                long hits = count(
                        sql -> {
                            sql.add(" FROM " + table(term.entity()) + " f WHERE ");
                            hits(sql, term);
                        },
                        limits.few());
                if (hits == 0) {
                    return List.of();
                }
                if (hits < least) {
                    best = term;
                    least = hits;
                }
            }
        }
        if (best != null) {
            select(Driver.FILTER, 0, -1, _ -> {}, position != null, best);
        } else {
            walk(0, _ -> {}, position != null);
        }
        return List.copyOf(found);
    }

    private List<Row> all() {
        select(Driver.RUN, 0, -1, _ -> {}, position != null, null);
        return List.copyOf(found);
    }

    /// Runs of several experiments at once, read and sorted.
    List<Row> together(ViewType view) {
        experiment = -1;
        this.view = view;
        wanted = query.max() + 1;
        return all();
    }

    private static boolean countable(Term term) {
        return switch (term.entity()) {
            case METRIC -> term.comparator() != Comparator.NE;
            case PARAMETER, TAG -> term.comparator() == Comparator.EQ;
            default -> false;
        };
    }

    private static String table(Entity entity) {
        return switch (entity) {
            case METRIC -> "latest_metric";
            case PARAMETER -> "run_param";
            case TAG -> "run_tag";
            default -> throw new IllegalStateException("No table of " + entity);
        };
    }

    /// The condition on `f` that it is what the term asks for.
    private void hits(Conditions sql, Term term) {
        sql.add("f.experiment = ? AND f.key = ? AND ", experiment, term.key());
        if (term.entity() == Entity.METRIC) {
            sql.add("f.nan = 0 AND ");
        } else if (term.value() instanceof atelier.mlflow.Filter.Value.Text text) {
            sql.add(sql.ordinal(SearchOrder.start("f.value")) + " = ? AND ", SearchOrder.prefix(text.text()));
        }
        sql.compare("f.value", term);
    }

    private long count(Consumer<Conditions> from, int max) {
        Conditions sql = new Conditions(kind).add("SELECT COUNT(*) FROM (SELECT 1");
        from.accept(sql);
        sql.add(" LIMIT ?) c", max + 1);
        return handle.select(sql.sql(), sql.arguments()).mapTo(Long.class).one();
    }

    /// Adds the runs of a level and those below it.
    ///
    /// @param level key whose index is walked; the keys before it are equal for all
    /// @param fixed conditions that make them equal
    /// @param at whether they are equal to those of the position too, so that it counts
    private void walk(int level, Consumer<Conditions> fixed, boolean at) {
        Key key = order.keys().get(level);
        if (key.joined()) {
            if (!at || stage(key) == 0) {
                values(level, fixed, at);
            }
            boolean asked = query.terms().stream()
                    .anyMatch(t -> t.entity() == key.order().entity()
                            && t.key().equals(key.order().key()));
            boolean nan = !asked
                    || query.terms().stream()
                            .allMatch(t -> t.entity() != Entity.METRIC
                                    || !t.key().equals(key.order().key())
                                    || t.comparator() == Comparator.NE);
            if (key.metric() && nan && more() && (!at || stage(key) <= 1)) {
                select(
                        Driver.KEY,
                        level + 1,
                        -1,
                        sql -> {
                            fixed.accept(sql);
                            sql.add(" AND " + key.alias() + ".nan = 1");
                        },
                        at && stage(key) == 1,
                        null,
                        key);
            }
            if (!asked && more()) {
                walk(
                        level + 1,
                        sql -> {
                            fixed.accept(sql);
                            sql.add(" AND " + key.alias() + ".run IS NULL");
                        },
                        at && stage(key) == key.missing());
            }
        } else if (key.nullable()) {
            if (!at || stage(key) == 0) {
                select(Driver.RUN, level, key.first(), with(fixed, "r.end_time IS NOT NULL"), at, null);
            }
            if (more()) {
                walk(level + 1, with(fixed, "r.end_time IS NULL"), at && stage(key) == 1);
            }
        } else {
            select(Driver.RUN, level, -1, fixed, at, null);
        }
    }

    private static Consumer<Conditions> with(Consumer<Conditions> fixed, String condition) {
        return sql -> {
            fixed.accept(sql);
            sql.add(" AND " + condition);
        };
    }

    private boolean more() {
        return found.size() < wanted;
    }

    private long stage(Key key) {
        Object stage = position == null ? null : position.get(key.first());
        return stage instanceof Long number ? number : 0;
    }

    /// The runs that have a value for the key, NaN apart.
    private void values(int level, Consumer<Conditions> fixed, boolean at) {
        Key key = order.keys().get(level);
        Column column = order.columns().get(key.value());
        String value = column.prefixed() ? SearchOrder.start(column.sql()) : column.sql();
        Object from = at && position != null ? position.get(key.value()) : null;
        if (from instanceof String text) {
            from = SearchOrder.prefix(text);
        }
        Object start = from;
        boolean reached = true;
        for (int group = 0; group < GROUPS && more(); group++) {
            Object next = next(key, column, value, from, reached);
            if (next == null) {
                return;
            }
            boolean big = !(next instanceof String prefix && !SearchOrder.whole(prefix))
                    && count(
                                    sql -> {
                                        sql.add(" FROM " + key.table() + " " + key.alias() + " WHERE ");
                                        driver(sql, key);
                                        sql.add(" AND " + shown(sql, column, value) + " = ?", next);
                                    },
                                    limits.many())
                            > limits.many();
            boolean same = next.equals(start);
            if (!big) {
                Object bound = next;
                select(
                        Driver.KEY,
                        level,
                        key.first(),
                        sql -> {
                            fixed.accept(sql);
                            sql.add(
                                    " AND " + shown(sql, column, value) + (column.ascending() ? " >= ?" : " <= ?"),
                                    bound);
                        },
                        at && same,
                        null);
                return;
            }
            walk(
                    level + 1,
                    sql -> {
                        fixed.accept(sql);
                        sql.add(" AND " + shown(sql, column, key.alias() + ".value") + " = ?", next);
                        if (key.metric()) {
                            sql.add(" AND " + key.alias() + ".nan = 0");
                        }
                    },
                    at && same);
            from = next;
            reached = false;
        }
        if (more() && from != null) {
            Object rest = from;
            select(
                    Driver.KEY,
                    level,
                    key.first(),
                    sql -> {
                        fixed.accept(sql);
                        sql.add(" AND " + shown(sql, column, value) + (column.ascending() ? " > ?" : " < ?"), rest);
                    },
                    false,
                    null);
        }
    }

    private static String shown(Conditions sql, Column column, String expression) {
        return column.kind() == Kind.TEXT ? sql.ordinal(expression) : expression;
    }

    /// The first value of a key from one on.
    private @Nullable Object next(Key key, Column column, String value, @Nullable Object from, boolean reached) {
        Conditions sql = new Conditions(kind);
        sql.add("SELECT " + value + " FROM " + key.table() + " " + key.alias() + " WHERE ");
        driver(sql, key);
        if (from != null) {
            String sign = (column.ascending() ? " >" : " <") + (reached ? "= ?" : " ?");
            sql.add(" AND " + shown(sql, column, value) + sign, from);
        }
        sql.add(" ORDER BY " + shown(sql, column, value) + column.direction() + " LIMIT 1");
        return handle.select(sql.sql(), sql.arguments())
                .map((row, _) -> column.kind() == Kind.DOUBLE ? (Object) row.getDouble(1) : row.getString(1))
                .findOne()
                .orElse(null);
    }

    /// The condition that a row of the key's table is one of its index, in stage 0, with what the filter asks of it.
    private void driver(Conditions sql, Key key) {
        sql.add(
                key.alias() + ".experiment = ? AND " + key.alias() + ".key = ?",
                experiment,
                key.order().key());
        if (key.metric()) {
            sql.add(" AND " + key.alias() + ".nan = 0");
            for (Term term : query.terms()) {
                if (term.entity() == Entity.METRIC
                        && term.key().equals(key.order().key())
                        && term.comparator() != Comparator.NE) {
                    sql.add(" AND ").compare(key.alias() + ".value", term);
                }
            }
        }
    }

    private void select(
            Driver driver, int level, int constant, Consumer<Conditions> fixed, boolean at, @Nullable Term few) {
        select(driver, level, constant, fixed, at, few, order.keys().get(level));
    }

    /// Adds the runs of one query.
    ///
    /// @param level the keys before it are equal for all
    /// @param constant column that is equal for all, or -1
    /// @param few term that few pass, for `FILTER`
    /// @param walked key whose table is walked, for `KEY`
    private void select(
            Driver driver,
            int level,
            int constant,
            Consumer<Conditions> fixed,
            boolean at,
            @Nullable Term few,
            Key walked) {
        Conditions sql = new Conditions(kind).add("SELECT " + SqlRuns.COLUMNS);
        order.columns().forEach(column -> sql.add(", " + column.sql()));
        switch (driver) {
            case RUN -> sql.add(" FROM run r");
            // CROSS JOIN: SQLite keeps the order of the tables.
            case KEY -> sql.add(" FROM " + walked.table() + " " + walked.alias() + " CROSS JOIN run r");
            case FILTER -> sql.add(" FROM " + table(few == null ? Entity.TAG : few.entity()) + " f CROSS JOIN run r");
        }
        for (Key key : order.keys()) {
            if (key.joined() && !(driver == Driver.KEY && key.equals(walked))) {
                sql.add(
                        " LEFT JOIN " + key.table() + " " + key.alias() + " ON " + key.alias() + ".run = r.id AND "
                                + key.alias() + ".key = ?",
                        key.order().key());
            }
        }
        sql.add(" WHERE ");
        if (driver == Driver.KEY) {
            sql.add("r.id = " + walked.alias() + ".run AND ");
            if (constant >= 0) {
                driver(sql, walked);
            } else {
                sql.add(
                        walked.alias() + ".experiment = ? AND " + walked.alias() + ".key = ?",
                        experiment,
                        walked.order().key());
            }
            sql.add(" AND ");
        } else if (driver == Driver.FILTER && few != null) {
            sql.add("r.id = f.run AND ");
            hits(sql, few);
            sql.add(" AND ");
        }
        mine(sql);
        fixed.accept(sql);
        if (at && position != null) {
            Key key = order.keys().get(level);
            if (driver == Driver.RUN && !key.joined() && (!key.nullable() || constant >= 0)) {
                order.bound(sql, key.value(), position.get(key.value()));
            }
            // As a CASE, SQLite does not take it for two searches of an index whose hits would have to be sorted.
            sql.add(kind == Database.Kind.SQLITE ? " AND CASE WHEN " : " AND (");
            order.after(sql, position, order.keys().get(level).first());
            sql.add(kind == Database.Kind.SQLITE ? " THEN 1 ELSE 0 END = 1" : ")");
        }
        query.terms().forEach(term -> SqlRunSearch.term(sql, term));
        sql.add(order.orderBy(sql, order.keys().get(level).first(), constant) + " LIMIT ?", wanted - found.size());
        found.addAll(handle.select(sql.sql(), sql.arguments())
                .map((row, _) -> row(row))
                .list());
    }

    /// The condition that a run is of this part.
    private void mine(Conditions sql) {
        sql.add("r.workspace = ? AND ", workspace);
        if (experiment < 0) {
            sql.in("r.experiment", query.experiments());
        } else {
            sql.add("r.experiment = ?", experiment);
        }
        sql.add(" AND " + view.condition("r.lifecycle"));
    }

    private Row row(ResultSet row) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>();
        int at = 12;
        for (Column column : order.columns()) {
            Object value = switch (column.kind()) {
                case LONG -> row.getLong(at);
                case DOUBLE -> row.getDouble(at);
                case TEXT -> row.getString(at);
            };
            values.add(row.wasNull() ? null : value);
            at++;
        }
        return new Row(SqlRuns.head(row), values);
    }
}
