package atelier.cli.imports;

import atelier.cli.CliError;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The database of an MLflow, opened for reading: SQLite or PostgreSQL.
final class SqlStore implements AutoCloseable {
    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    /// What MLflow 2.22 and newer have and older ones have not.
    private static final Map<String, List<String>> NEEDED = Map.of(
            "experiments", List.of("experiment_id", "name", "lifecycle_stage", "creation_time", "last_update_time"),
            "runs", List.of("run_uuid", "name", "status", "deleted_time", "artifact_uri", "lifecycle_stage"),
            "metrics", List.of("run_uuid", "key", "value", "timestamp", "step", "is_nan"),
            "latest_metrics", List.of("run_uuid", "key", "value", "is_nan"),
            "params", List.of("run_uuid", "key", "value"),
            "inputs", List.of("input_uuid", "source_id", "destination_id"),
            "datasets", List.of("dataset_uuid", "name", "digest"),
            "registered_models", List.of("name", "creation_time"),
            "registered_model_aliases", List.of("alias", "version", "name"),
            "model_versions", List.of("name", "version", "source", "run_id", "storage_location", "run_link"));

    private final Connection connection;
    private final boolean sqlite;
    private final String name;
    private final Map<String, Set<String>> columns = new java.util.HashMap<>();

    private SqlStore(Connection connection, boolean sqlite, String name) {
        this.connection = connection;
        this.sqlite = sqlite;
        this.name = name;
    }

    String name() {
        return name;
    }

    boolean sqlite() {
        return sqlite;
    }

    /// @param address `sqlite:///…` as SQLAlchemy has it, or a path
    static SqlStore sqlite(String address, Function<String, Path> resolve) {
        String path = address.replaceFirst("^sqlite(\\+\\w+)?:", "");
        path = path.startsWith("////") ? path.substring(3) : path.replaceFirst("^///", "");
        Path file = resolve.apply(path);
        if (!Files.isRegularFile(file)) {
            throw new CliError("There is no file " + file + ".");
        }
        try (var in = Files.newInputStream(file)) {
            if (!java.util.Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
                throw new CliError(file + " is not an SQLite database.");
            }
        } catch (IOException e) {
            throw new CliError(file + " cannot be read: " + e.getMessage(), e);
        }
        try {
            org.sqlite.SQLiteConfig config = new org.sqlite.SQLiteConfig();
            config.setReadOnly(true);
            config.setBusyTimeout(60_000);
            Connection connection = org.sqlite.JDBC.createConnection("jdbc:sqlite:" + file, config.toProperties());
            return new SqlStore(connection, true, "sqlite:///" + file).checked();
        } catch (SQLException e) {
            throw unreadable("sqlite:///" + file, e);
        }
    }

    /// @param address `postgresql://user:password@host:port/database`, with or without a driver of SQLAlchemy's
    static SqlStore postgresql(String address) {
        URI uri;
        try {
            uri = URI.create(address.replaceFirst("^postgres(ql)?(\\+\\w+)?:", "postgresql:"));
        } catch (IllegalArgumentException e) {
            throw new CliError(
                    "The address of the PostgreSQL database is not understood; it is"
                            + " postgresql://user:password@host:5432/database, with %40 for @ in a password.",
                    e);
        }
        String host = uri.getHost();
        String path = uri.getPath();
        if (host == null || path == null || path.length() < 2) {
            throw new CliError("The address of the PostgreSQL database needs a host and a database:"
                    + " postgresql://user:password@host:5432/database, with %40 for @ in a password.");
        }
        String place = host + (uri.getPort() < 0 ? "" : ":" + uri.getPort()) + path;
        Properties properties = new Properties();
        String[] user = (uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo()).split(":", 2);
        if (!user[0].isEmpty()) {
            properties.setProperty("user", URLDecoder.decode(user[0].replace("+", "%2B"), StandardCharsets.UTF_8));
        }
        if (user.length > 1) {
            properties.setProperty("password", URLDecoder.decode(user[1].replace("+", "%2B"), StandardCharsets.UTF_8));
        }
        properties.setProperty("connectTimeout", "15");
        properties.setProperty("ApplicationName", "atelier import");
        String query = uri.getRawQuery();
        String name = "postgresql://" + place;
        try {
            Connection connection = DriverManager.getConnection(
                    "jdbc:postgresql://" + place + (query == null ? "" : "?" + query), properties);
            // One view of the whole store, whoever writes to it meanwhile.
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            return new SqlStore(connection, false, name).checked();
        } catch (SQLException e) {
            throw unreadable(name, e);
        }
    }

    static CliError unreadable(String name, SQLException e) {
        return new CliError(
                name + " cannot be read: " + String.valueOf(e.getMessage()).replaceAll("\\s+", " "), e);
    }

    private SqlStore checked() throws SQLException {
        try (ResultSet found =
                connection.getMetaData().getColumns(null, sqlite ? null : connection.getSchema(), "%", "%")) {
            while (found.next()) {
                columns.computeIfAbsent(found.getString("TABLE_NAME").toLowerCase(Locale.ROOT), _ -> new HashSet<>())
                        .add(found.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
            }
        } catch (SQLException e) {
            close();
            throw e;
        }
        if (!has("alembic_version") || !has("runs") || !has("experiments")) {
            close();
            throw new CliError(name + " is not the database of an MLflow: it has no tables of one.");
        }
        String revision = list("SELECT version_num FROM alembic_version", row -> row.text(1)).stream()
                .findFirst()
                .orElse("unknown");
        for (Map.Entry<String, List<String>> table : NEEDED.entrySet()) {
            for (String column : table.getValue()) {
                if (!has(table.getKey(), column)) {
                    close();
                    throw new CliError("The schema of " + name + " (revision " + revision
                            + ") is older than that of MLflow 2.22: " + table.getKey() + "." + column
                            + " is missing. Bring it up to date first: mlflow db upgrade " + name);
                }
            }
        }
        return this;
    }

    boolean has(String table) {
        return columns.containsKey(table);
    }

    boolean has(String table, String column) {
        return columns.getOrDefault(table, Set.of()).contains(column);
    }

    /// One row, by the number of the column.
    static final class Row {
        private final ResultSet row;

        Row(ResultSet row) {
            this.row = row;
        }

        @Nullable
        String textOrNull(int column) throws SQLException {
            return row.getString(column);
        }

        String text(int column) throws SQLException {
            String text = row.getString(column);
            return text == null ? "" : text;
        }

        /// @throws Unreadable when it is no number
        @Nullable
        Long wholeOrNull(int column) throws SQLException {
            Object value = row.getObject(column);
            if (value == null) {
                return null;
            }
            if (value instanceof Double real && real == Math.rint(real)) {
                return real.longValue();
            }
            if (value instanceof Number number && !(value instanceof Double)) {
                return number.longValue();
            }
            throw new Unreadable(row.getMetaData().getColumnLabel(column) + " is '" + value + "', no whole number");
        }

        long whole(int column, long absent) throws SQLException {
            Long value = wholeOrNull(column);
            return value == null ? absent : value;
        }

        /// A value and its flag of being no number.
        double value(int column, int nan) throws SQLException {
            Object flag = row.getObject(nan);
            if (Boolean.TRUE.equals(flag) || flag instanceof Number number && number.intValue() == 1) {
                return Double.NaN;
            }
            Object value = row.getObject(column);
            if (value instanceof Number number) {
                return number.doubleValue();
            }
            throw new Unreadable(row.getMetaData().getColumnLabel(column) + " is '" + value + "', no number");
        }
    }

    /// A row that holds what no MLflow writes.
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unreadable(String message) {
            super(message);
        }
    }

    /// Makes something of a row.
    @FunctionalInterface
    interface Reading<T> {
        T of(Row row) throws SQLException;
    }

    /// Hears of a row.
    @FunctionalInterface
    interface Hearing {
        void of(Row row) throws SQLException;
    }

    <T> List<T> list(String sql, Reading<T> reading, Object... arguments) {
        List<T> all = new ArrayList<>();
        each(sql, row -> all.add(reading.of(row)), arguments);
        return all;
    }

    void each(String sql, Hearing hearing, Object... arguments) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            if (!sqlite) {
                statement.setFetchSize(10_000);
            }
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                Row row = new Row(rows);
                while (rows.next()) {
                    hearing.of(row);
                }
            }
        } catch (SQLException e) {
            throw unreadable(name, e);
        }
    }

    /// `(?, ?, ?)` for these.
    static String in(int many) {
        return "(" + "?, ".repeat(many - 1) + "?)";
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException _) {
            // It was only read from.
        }
    }
}
