package atelier.datasets.internal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A column of table `t`: its name, DuckDB's type and what that is in plain words.
record ColumnType(String name, String duck, Kind kind) {
    enum Kind {
        INTEGER,
        NUMBER,
        BOOLEAN,
        STRING,
        TIMESTAMP;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static List<ColumnType> of(Connection connection) throws SQLException {
        List<ColumnType> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM t LIMIT 0")) {
            ResultSetMetaData table = row.getMetaData();
            for (int i = 1; i <= table.getColumnCount(); i++) {
                String type = table.getColumnTypeName(i);
                columns.add(new ColumnType(table.getColumnName(i), type, kind(type)));
            }
        }
        return columns;
    }

    private static Kind kind(String type) {
        if (type.endsWith("]")) {
            return Kind.STRING;
        }
        return switch (type.replaceAll("\\(.*", "")) {
            case "TINYINT",
                    "SMALLINT",
                    "INTEGER",
                    "BIGINT",
                    "HUGEINT",
                    "UTINYINT",
                    "USMALLINT",
                    "UINTEGER",
                    "UBIGINT",
                    "UHUGEINT" -> Kind.INTEGER;
            case "FLOAT", "DOUBLE", "DECIMAL" -> Kind.NUMBER;
            case "BOOLEAN" -> Kind.BOOLEAN;
            case "DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE" ->
                Kind.TIMESTAMP;
            default -> Kind.STRING;
        };
    }

    String quoted() {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    String text() {
        return duck.equals("VARCHAR") ? quoted() : "CAST(" + quoted() + " AS VARCHAR)";
    }

    /// The column as numbers, with not-a-number and infinities as missing.
    String number() {
        return duck.equals("FLOAT") || duck.equals("DOUBLE")
                ? "CASE WHEN isfinite(" + quoted() + ") THEN " + quoted() + " END"
                : quoted();
    }
}
