package atelier.datasets.internal;

import atelier.datasets.Preview;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Pages of table `t`.
final class PreviewQuery {
    /// Longest text shown of one value.
    private static final int LONGEST = 1000;

    private final Connection connection;

    PreviewQuery(Connection connection) {
        this.connection = connection;
    }

    Preview page(long offset, int limit) throws SQLException {
        List<ColumnType> columns = ColumnType.of(connection);
        String selected = columns.stream().map(PreviewQuery::shown).collect(Collectors.joining(", "));
        List<List<@Nullable Object>> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            // LIMIT and OFFSET keep the order of insertion, which is the file's.
            try (ResultSet row =
                    statement.executeQuery("SELECT " + selected + " FROM t LIMIT " + limit + " OFFSET " + offset)) {
                while (row.next()) {
                    List<@Nullable Object> values = new ArrayList<>(columns.size());
                    for (int i = 1; i <= columns.size(); i++) {
                        values.add(value(row.getObject(i)));
                    }
                    rows.add(Collections.unmodifiableList(values));
                }
            }
        }
        return new Preview(columns.stream().map(ColumnType::name).toList(), rows, new ProfileQuery(connection).rows());
    }

    private static String shown(ColumnType column) {
        return switch (column.kind()) {
            case INTEGER, NUMBER, BOOLEAN -> column.quoted();
            case TIMESTAMP -> column.text();
            case STRING -> "left(" + column.text() + ", " + LONGEST + ")";
        };
    }

    /// JSON has no word for these.
    private static @Nullable Object value(@Nullable Object value) {
        return value instanceof Double number && !Double.isFinite(number)
                        || value instanceof Float small && !Float.isFinite(small)
                ? value.toString()
                : value;
    }
}
