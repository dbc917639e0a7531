package atelier.cli.output;

import atelier.kernel.Json;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Prints resources as a table, JSON or YAML (`-o`).
public final class Printer {
    /// The forms of `-o`.
    public enum Format {
        table,
        json,
        yaml
    }

    /// One column of a table: its head and where in the resource its value is (JSON pointer).
    public record Column(String head, String pointer) {}

    private final PrintStream out;
    private final Format format;

    public Printer(PrintStream out, Format format) {
        this.out = out;
        this.format = format;
    }

    /// A list of resources; in a table only the columns are shown.
    public void list(List<JsonNode> resources, List<Column> columns) {
        switch (format) {
            case json -> out.println(Json.pretty(resources));
            case yaml -> out.print(Json.toYaml(resources));
            case table -> table(resources, columns);
        }
    }

    /// One resource whole; as a table, its columns one a line.
    public void one(JsonNode resource, List<Column> columns) {
        switch (format) {
            case json -> out.println(Json.pretty(resource));
            case yaml -> out.print(Json.toYaml(resource));
            case table ->
                columns.forEach(column -> out.printf("%-14s %s%n", column.head(), text(resource.at(column.pointer()))));
        }
    }

    private void table(List<JsonNode> resources, List<Column> columns) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(columns.stream().map(Column::head).toList());
        for (JsonNode resource : resources) {
            rows.add(columns.stream()
                    .map(column -> text(resource.at(column.pointer())))
                    .toList());
        }
        int[] widths = new int[columns.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i));
                if (i < widths.length - 1) {
                    line.append(" ".repeat(widths[i] - row.get(i).length() + 2));
                }
            }
            out.println(line);
        }
        if (resources.isEmpty()) {
            out.println("(none)");
        }
    }

    private static String text(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        String text = value.isString() ? value.asString() : Json.write(value);
        return text.replace('\n', ' ');
    }
}
