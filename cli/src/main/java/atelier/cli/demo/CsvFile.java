package atelier.cli.demo;

import atelier.cli.CliError;
import atelier.kernel.Nearest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// A CSV with a header line, looked at before anything is started: every mistake that a person can make with a file is
/// said here, in one sentence.
///
/// @param columns names from the header line
/// @param rows lines below it
/// @param last the last row, by column
/// @param values different values of the target, as many as were met up to 21
public record CsvFile(Path path, List<String> columns, long rows, List<String> last, TreeSet<String> values) {
    private static final int FEWEST_ROWS = 50;
    private static final int MOST_VALUES = 20;

    public CsvFile {
        columns = List.copyOf(columns);
        last = List.copyOf(last);
    }

    /// Reads the file once from end to end.
    ///
    /// @throws CliError when it will not do for a model of `target`
    public static CsvFile check(Path path, String target) {
        if (!Files.exists(path)) {
            throw new CliError("There is no file " + path + ".");
        }
        if (Files.isDirectory(path)) {
            throw new CliError(path + " is a folder; --data needs a CSV file.");
        }
        try (BufferedReader reader = Files.newBufferedReader(path)) {
            return read(path, target, new Records(reader));
        } catch (CharacterCodingException e) {
            throw new CliError(path + " is not a CSV: it is not text in UTF-8.", e);
        } catch (IOException e) {
            throw new CliError(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static CsvFile read(Path path, String target, Records records) throws IOException {
        List<String> columns = records.next();
        if (columns == null) {
            throw new CliError(path + " is empty; a CSV with a header line and one row per patient is needed.");
        }
        if (columns.getFirst().startsWith("\uFEFF")) {
            columns.set(0, columns.getFirst().substring(1));
        }
        if (columns.stream().anyMatch(name -> name.indexOf('\0') >= 0) || columns.size() < 2) {
            throw new CliError(path + " is not a CSV: its first line does not name columns separated by commas.");
        }
        int at = columns.indexOf(target);
        if (at < 0) {
            throw new CliError("'" + target + "' is not a column of " + path + "." + Nearest.hint(target, columns)
                    + " The columns are: " + String.join(", ", columns) + ".");
        }
        long rows = 0;
        List<String> last = List.of();
        TreeSet<String> values = new TreeSet<>();
        for (List<String> row = records.next(); row != null; row = records.next()) {
            if (row.size() == 1 && row.getFirst().isBlank()) {
                continue;
            }
            if (row.size() != columns.size()) {
                throw new CliError(path + " is not a CSV: line " + records.line() + " has " + row.size()
                        + " values, the header line " + columns.size() + ".");
            }
            rows++;
            last = row;
            if (values.size() <= MOST_VALUES && !row.get(at).isBlank()) {
                values.add(row.get(at));
            }
        }
        checkRows(path, target, rows, values);
        return new CsvFile(path, columns, rows, last, values);
    }

    private static void checkRows(Path path, String target, long rows, TreeSet<String> values) {
        if (rows == 0) {
            throw new CliError(path + " has a header line but no rows; it is empty.");
        }
        if (rows < FEWEST_ROWS) {
            throw new CliError(
                    path + " has " + rows + " rows; a model needs at least " + FEWEST_ROWS + " to learn from.");
        }
        if (values.size() < 2) {
            throw new CliError("The column '" + target + "' has only one value; there is nothing to predict.");
        }
        if (values.size() > MOST_VALUES) {
            throw new CliError("The column '" + target + "' has more than " + MOST_VALUES
                    + " different values; the demo predicts classes, such as yes and no.");
        }
    }

    /// RFC 4180 records: quoted fields may hold commas, quotes and line ends.
    private static final class Records {
        private final BufferedReader reader;
        private int line;

        Records(BufferedReader reader) {
            this.reader = reader;
        }

        int line() {
            return line;
        }

        /// The next record, or null at the end.
        @org.jspecify.annotations.Nullable
        List<String> next() throws IOException {
            String text = reader.readLine();
            if (text == null) {
                return null;
            }
            line++;
            List<String> fields = new ArrayList<>();
            StringBuilder field = new StringBuilder();
            boolean quoted = false;
            int i = 0;
            while (true) {
                if (i == text.length()) {
                    String more = quoted ? reader.readLine() : null;
                    if (more == null) {
                        break;
                    }
                    line++;
                    field.append('\n');
                    text = more;
                    i = 0;
                    continue;
                }
                char c = text.charAt(i++);
                if (quoted && c == '"' && i < text.length() && text.charAt(i) == '"') {
                    field.append('"');
                    i++;
                } else if (c == '"') {
                    quoted = !quoted;
                } else if (c == ',' && !quoted) {
                    fields.add(field.toString());
                    field.setLength(0);
                } else {
                    field.append(c);
                }
            }
            fields.add(field.toString());
            return fields;
        }
    }
}
