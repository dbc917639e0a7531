package atelier.datasets.internal;

import atelier.datasets.Profile;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The profile of table `t`: one aggregate query for each 20 columns, then one for each column's histogram or most
/// frequent values.
final class ProfileQuery {
    private static final int COLUMNS_AT_ONCE = 20;
    private static final int FIELDS = 9;
    private static final int BINS = 20;
    private static final int TOP = 10;
    private static final int SHOWN = 200;
    private final Connection connection;

    ProfileQuery(Connection connection) {
        this.connection = connection;
    }

    long rows() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM t")) {
            row.next();
            return row.getLong(1);
        }
    }

    List<Profile.Column> columns(long rows) throws SQLException {
        List<ColumnType> types = ColumnType.of(connection);
        List<Profile.Column> columns = new ArrayList<>();
        for (int from = 0; from < types.size(); from += COLUMNS_AT_ONCE) {
            columns.addAll(some(types.subList(from, Math.min(types.size(), from + COLUMNS_AT_ONCE)), rows));
        }
        return columns;
    }

    private List<Profile.Column> some(List<ColumnType> types, long rows) throws SQLException {
        boolean exact = rows <= Profile.EXACT_ROWS;
        StringBuilder sql = new StringBuilder("SELECT ");
        for (ColumnType type : types) {
            sql.append(sql.length() > 7 ? ", " : "").append(aggregates(type, exact));
        }
        List<Profile.Column> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql.append(" FROM t").toString())) {
            row.next();
            for (int i = 0; i < types.size(); i++) {
                columns.add(column(types.get(i), rows, row, i * FIELDS));
            }
        }
        return columns;
    }

    private static String aggregates(ColumnType type, boolean exact) {
        String distinct = exact ? "count(DISTINCT %s)" : "approx_count_distinct(%s)";
        switch (type.kind()) {
            case INTEGER, NUMBER -> {
                String value = type.number();
                String real = "CAST(" + value + " AS DOUBLE)";
                String quantile = exact ? "quantile_cont" : "approx_quantile";
                return "count(" + value + "), " + distinct.formatted(value) + ", min(" + value + "), max(" + value
                        + "), avg(" + real + "), stddev_samp(" + real + "), " + quantile + "(" + real + ", 0.25), "
                        + quantile + "(" + real + ", 0.5), " + quantile + "(" + real + ", 0.75)";
            }
            case TIMESTAMP -> {
                String value = type.quoted();
                return "count(" + value + "), " + distinct.formatted(value) + ", CAST(min(" + value
                        + ") AS VARCHAR), CAST(max(" + value + ") AS VARCHAR), NULL, NULL, NULL, NULL, NULL";
            }
            case BOOLEAN -> {
                String value = type.quoted();
                return "count(" + value + "), " + distinct.formatted(value)
                        + ", NULL, NULL, NULL, NULL, NULL, NULL, NULL";
            }
            case STRING -> {
                String value = type.text();
                return "count(" + value + "), " + distinct.formatted(value) + ", left(min(" + value + "), " + SHOWN
                        + "), left(max(" + value + "), " + SHOWN + "), NULL, NULL, NULL, NULL, NULL";
            }
        }
        throw new IllegalStateException();
    }

    private Profile.Column column(ColumnType type, long rows, ResultSet row, int at) throws SQLException {
        boolean numeric = type.kind() == ColumnType.Kind.INTEGER || type.kind() == ColumnType.Kind.NUMBER;
        long present = row.getLong(at + 1);
        Object min = plain(row.getObject(at + 3));
        Object max = plain(row.getObject(at + 4));
        return new Profile.Column(
                type.name(),
                type.kind().word(),
                rows - present,
                row.getLong(at + 2),
                min,
                max,
                real(row, at + 5),
                real(row, at + 6),
                real(row, at + 7),
                real(row, at + 8),
                real(row, at + 9),
                numeric ? histogram(type, min, max) : null,
                numeric ? null : top(type));
    }

    /// Twenty bins of equal width; whole numbers that span fewer than that get a bin each.
    private List<Profile.Bin> histogram(ColumnType type, @Nullable Object min, @Nullable Object max)
            throws SQLException {
        if (!(min instanceof Number low) || !(max instanceof Number high)) {
            return List.of();
        }
        double from = low.doubleValue();
        double span = high.doubleValue() - from;
        boolean each = type.kind() == ColumnType.Kind.INTEGER && span < BINS;
        int bins = each ? (int) span + 1 : span == 0 ? 1 : BINS;
        double width = each || span == 0 ? 1 : span / bins;
        if (!Double.isFinite(width)) {
            return List.of();
        }
        long[] counts = new long[bins];
        String bin = "least(" + (bins - 1) + ", CAST(floor((CAST(" + type.number() + " AS DOUBLE) - (" + from + ")) / "
                + width + ") AS BIGINT))";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + bin + " AS bin, count(*) FROM t WHERE "
                        + type.number() + " IS NOT NULL GROUP BY bin")) {
            while (row.next()) {
                counts[Math.clamp(row.getLong(1), 0, bins - 1)] += row.getLong(2);
            }
        }
        List<Profile.Bin> histogram = new ArrayList<>();
        for (int i = 0; i < bins; i++) {
            double end = i == bins - 1 && !each && span > 0 ? high.doubleValue() : from + (i + 1) * width;
            histogram.add(new Profile.Bin(from + i * width, end, counts[i]));
        }
        return histogram;
    }

    private List<Profile.Frequent> top(ColumnType type) throws SQLException {
        List<Profile.Frequent> top = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT left(" + type.text() + ", " + SHOWN
                        + ") AS value, count(*) AS n FROM t WHERE " + type.quoted()
                        + " IS NOT NULL GROUP BY value ORDER BY n DESC, value LIMIT " + TOP)) {
            while (row.next()) {
                top.add(new Profile.Frequent(row.getString(1), row.getLong(2)));
            }
        }
        return top;
    }

    private static @Nullable Double real(ResultSet row, int at) throws SQLException {
        double value = row.getDouble(at);
        return row.wasNull() || !Double.isFinite(value) ? null : value;
    }

    /// Numbers as JSON numbers; what is beyond a long stays exact as text would not be a number to readers.
    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case BigInteger big -> big;
            case BigDecimal decimal -> decimal.doubleValue();
            case Float number -> number.doubleValue();
            case Number number -> number;
            default -> value.toString();
        };
    }
}
