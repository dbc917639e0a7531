package atelier.datasets.internal;

import atelier.kernel.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/// Reads files into table `t`. DuckDB's reader is lenient: it skips lines that do not fit what it guessed. Here no line
/// is skipped silently; a file whose lines do not agree is refused.
final class TableReader {
    /// What counts as missing, as pandas' `read_csv` does.
    private static final String MISSING = List.of(
                    "", "#N/A", "#NA", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "-nan", "-NaN", "null")
            .stream()
            .map(word -> "'" + word + "'")
            .collect(Collectors.joining(",", "[", "]"));

    private static final int HEAD = 64 * 1024;
    private final Connection connection;
    private final String label;

    TableReader(Connection connection, String label) {
        this.connection = connection;
        this.label = label;
    }

    /// Refuses what is not text: a NUL byte in the first 64 KB (UTF-16 with its mark is text).
    static void requireText(Path file, String label) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(HEAD);
        }
        if (isUtf16(head)) {
            return;
        }
        for (byte b : head) {
            if (b == 0) {
                throw new Problem.Invalid(
                        "NotATable",
                        "'" + label + "' is not a table: it is binary, and its name does not say Parquet.",
                        null);
            }
        }
    }

    private static boolean isUtf16(byte[] head) {
        return head.length >= 2
                && ((head[0] == (byte) 0xff && head[1] == (byte) 0xfe)
                        || (head[0] == (byte) 0xfe && head[1] == (byte) 0xff));
    }

    void create(TableFormat format, List<Path> files) throws SQLException, IOException {
        String list = files.stream()
                .map(file -> "'" + file.toString().replace("'", "''") + "'")
                .collect(Collectors.joining(",", "[", "]"));
        switch (format) {
            case PARQUET -> create("read_parquet(" + list + ", union_by_name=true)");
            case JSON_LINES -> create("read_json(" + list + ", format='auto', union_by_name=true)");
            case CSV -> createFromCsv(list, files);
        }
    }

    private void createFromCsv(String list, List<Path> files) throws SQLException, IOException {
        String encoding = "";
        try (InputStream in = Files.newInputStream(files.getFirst())) {
            if (isUtf16(in.readNBytes(2))) {
                encoding = ", encoding='utf-16'";
            }
        }
        String some = "read_csv(" + list + ", skip=0, union_by_name=true, nullstr=" + MISSING + encoding;
        try {
            create(some + ")");
        } catch (SQLException e) {
            String message = String.valueOf(e.getMessage());
            if (message.contains("not utf-8 encoded") || message.contains("Invalid unicode")) {
                create(some + ", encoding='latin-1', sample_size=-1)");
            } else if (message.contains("Conversion Error") || message.contains("Error when converting")) {
                // The types guessed from the first rows do not hold for later ones: guess from all of them.
                create(some + ", sample_size=-1)");
            } else {
                throw e;
            }
        }
        requireAgreement();
    }

    /// When the lines have different numbers of fields, the reader falls back to one column that is the whole line.
    private void requireAgreement() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM t LIMIT 0")) {
            var columns = row.getMetaData();
            if (columns.getColumnCount() == 1 && columns.getColumnName(1).matches("(?s).*[,;\t|].*")) {
                throw new Problem.Invalid(
                        "NotATable",
                        "'" + label + "' is not a table: its lines do not have the same number of fields.",
                        null);
            }
        }
    }

    private void create(String source) throws SQLException {
        // A statement that failed is closed by the driver: each try has its own.
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE OR REPLACE TABLE t AS SELECT * FROM " + source);
        }
    }
}
