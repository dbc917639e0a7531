package atelier.experiments.internal;

import atelier.mlflow.Conditions;
import atelier.mlflow.KeysetToken;
import atelier.mlflow.KeysetToken.Kind;
import atelier.mlflow.Vocabulary.Entity;
import atelier.mlflow.Vocabulary.Order;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a search for runs is ordered by, down to the run id: a total order. Each key is one or two columns; where a run
/// may lack the key, the first says its stage (numbers, then NaN, then missing, in both directions).
final class SearchOrder {
    static final String START = "r.start_time";
    private static final String END = "r.end_time";
    private static final String NAME = "r.name";
    /// Characters of a text that its index holds.
    private static final int INDEXED = 200;

    /// @param sql expression
    /// @param stage says in which stage of its key a run is
    record Column(String sql, Kind kind, boolean ascending, boolean stage, boolean prefixed) {
        String direction() {
            return ascending ? " ASC" : " DESC";
        }
    }

    /// @param table what is joined for it, or empty
    /// @param alias of the table
    /// @param first its first column
    /// @param value its last column
    record Key(Order order, String table, String alias, int first, int value) {
        boolean joined() {
            return !table.isEmpty();
        }

        boolean metric() {
            return order.entity() == Entity.METRIC;
        }

        /// Whether runs without an end come after the others.
        boolean nullable() {
            return !joined() && first < value;
        }

        /// The stage of runs that lack it.
        long missing() {
            return metric() ? 2 : 1;
        }
    }

    private final List<Key> keys = new ArrayList<>();
    private final List<Column> columns = new ArrayList<>();

    SearchOrder(List<Order> orders) {
        orders.forEach(this::add);
        if (orders.stream().noneMatch(order -> order.key().equals(START))) {
            add(new Order(Entity.ATTRIBUTE, START, true, false));
        }
        add(new Order(Entity.ATTRIBUTE, "r.run_id", false, true));
    }

    private void add(Order order) {
        int first = columns.size();
        String alias = "o" + keys.size();
        switch (order.entity()) {
            case METRIC -> {
                stage("CASE WHEN " + alias + ".run IS NULL THEN 2 WHEN " + alias + ".nan = 1 THEN 1 ELSE 0 END");
                columns.add(new Column(alias + ".value", Kind.DOUBLE, order.ascending(), false, false));
                keys.add(new Key(order, "latest_metric", alias, first, first + 1));
            }
            case PARAMETER, TAG -> {
                stage("CASE WHEN " + alias + ".run IS NULL THEN 1 ELSE 0 END");
                columns.add(new Column(alias + ".value", Kind.TEXT, order.ascending(), false, true));
                keys.add(new Key(
                        order, order.entity() == Entity.TAG ? "run_tag" : "run_param", alias, first, first + 1));
            }
            default -> {
                boolean nullable = order.key().equals(END);
                if (nullable) {
                    stage("CASE WHEN r.end_time IS NULL THEN 1 ELSE 0 END");
                }
                columns.add(new Column(
                        order.key(),
                        order.numeric() ? Kind.LONG : Kind.TEXT,
                        order.ascending(),
                        false,
                        order.key().equals(NAME)));
                keys.add(new Key(order, "", "", first, columns.size() - 1));
            }
        }
    }

    private void stage(String sql) {
        columns.add(new Column(sql, Kind.LONG, true, true, false));
    }

    List<Key> keys() {
        return keys;
    }

    List<Column> columns() {
        return columns;
    }

    List<Kind> kinds() {
        return columns.stream().map(Column::kind).toList();
    }

    /// ` ORDER BY` the columns from one on; the column `constant` is left out, so that an index can give the order.
    String orderBy(Conditions sql, int from, int constant) {
        List<String> parts = new ArrayList<>();
        for (int i = from; i < columns.size(); i++) {
            Column column = columns.get(i);
            if (i == constant) {
                continue;
            }
            if (column.prefixed()) {
                parts.add(sql.ordinal(start(column.sql())) + column.direction());
            }
            parts.add(shown(sql, column) + column.direction());
        }
        return " ORDER BY " + String.join(", ", parts);
    }

    private static String shown(Conditions sql, Column column) {
        return column.kind() == Kind.TEXT ? sql.ordinal(column.sql()) : column.sql();
    }

    /// The condition, without AND, that a run comes after a position, of which the columns before `from` are equal.
    void after(Conditions sql, List<@Nullable Object> position, int from) {
        int last = columns.size() - 1;
        int open = 0;
        for (int i = from; i <= last; i++) {
            Column column = columns.get(i);
            Object value = position.get(i);
            if (value == null) {
                // Missing here and in all that are of the same stage.
                continue;
            }
            String text = shown(sql, column);
            String sign = column.ascending() ? " > ?" : " < ?";
            if (i == last) {
                sql.add(text + sign, value);
            } else {
                sql.add("(" + text + sign + " OR (" + text + " = ? AND ", value, value);
                open++;
            }
        }
        sql.add("))".repeat(open));
    }

    /// ` AND` a bound that an index can seek: not before the value of a position.
    void bound(Conditions sql, int column, @Nullable Object value) {
        Column c = columns.get(column);
        if (value == null) {
            return;
        }
        String sign = c.ascending() ? " >= ?" : " <= ?";
        if (c.prefixed()) {
            sql.add(" AND " + sql.ordinal(start(c.sql())) + sign, prefix((String) value));
        } else {
            sql.add(" AND " + shown(sql, c) + sign, value);
        }
    }

    /// The expression that indexes on text are made of.
    static String start(String column) {
        return "SUBSTR(" + column + ", 1, " + INDEXED + ")";
    }

    /// What [#start(String)] of a column that holds this text is.
    static String prefix(String text) {
        return text.codePointCount(0, text.length()) <= INDEXED
                ? text
                : text.substring(0, text.offsetByCodePoints(0, INDEXED));
    }

    static boolean whole(String prefix) {
        return prefix.codePointCount(0, prefix.length()) < INDEXED;
    }

    /// Throws unless a position that a client sent is one that a run can have.
    void check(List<@Nullable Object> position) {
        for (Key key : keys) {
            boolean missing = false;
            if (key.first() < key.value()) {
                Object stage = position.get(key.first());
                if (!(stage instanceof Long number) || number < 0 || number > key.missing()) {
                    throw KeysetToken.malformed();
                }
                missing = number == key.missing();
            }
            if ((position.get(key.value()) == null) != missing) {
                throw KeysetToken.malformed();
            }
        }
    }

    /// Compares two positions.
    int compare(List<@Nullable Object> a, List<@Nullable Object> b) {
        for (int i = 0; i < columns.size(); i++) {
            Object x = a.get(i);
            Object y = b.get(i);
            if (x == null || y == null) {
                continue;
            }
            int order = switch (columns.get(i).kind()) {
                case LONG -> Long.compare((Long) x, (Long) y);
                case DOUBLE -> Double.compare((Double) x, (Double) y);
                case TEXT -> codePoints((String) x, (String) y);
            };
            if (order != 0) {
                return columns.get(i).ascending() ? order : -order;
            }
        }
        return 0;
    }

    private static int codePoints(String x, String y) {
        int end = Math.min(x.length(), y.length());
        for (int i = 0; i < end; i++) {
            char a = x.charAt(i);
            char b = y.charAt(i);
            if (a != b) {
                // Surrogates stand for the characters beyond all others.
                boolean surrogates = Character.isSurrogate(a) != Character.isSurrogate(b);
                return surrogates ? (Character.isSurrogate(a) ? 1 : -1) : Character.compare(a, b);
            }
        }
        return Integer.compare(x.length(), y.length());
    }
}
