package atelier.cli.output;

import atelier.kernel.Json;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;

/// Prints things in the forms of `az` (`-o`).
public final class Printer {
    /// One column of a table: its head and where in the thing its value is (JSON pointer).
    public record Column(String head, String pointer) {}

    private static final DefaultPrettyPrinter PRETTY = new DefaultPrettyPrinter(
                    Separators.createDefaultInstance().withObjectNameValueSpacing(Separators.Spacing.AFTER))
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n"));

    private final PrintStream out;
    private final Form form;

    public Printer(PrintStream out, Form form) {
        this.out = out;
        this.form = form;
    }

    /// One thing or an array of them. A table has the `columns`, or without any the scalar fields.
    public void print(JsonNode value, List<Column> columns) {
        switch (form) {
            case json, jsonc -> out.println(json(value));
            case yaml, yamlc -> out.print(Json.toYaml(value));
            case tsv -> tsv(value);
            case table -> table(value, columns);
            case none -> {
                // Nothing, as asked.
            }
        }
    }

    /// JSON as `az` prints it: two spaces a level, `"name": value`.
    public static String json(JsonNode value) {
        return Json.MAPPER.writer().with(PRETTY).writeValueAsString(value);
    }

    /// A line for each element, its values with tabs between; inner mappings are empty, inner lists their length.
    private void tsv(JsonNode value) {
        if (value.isArray()) {
            value.forEach(each -> out.println(row(each)));
        } else {
            out.println(row(value));
        }
    }

    private static String row(JsonNode value) {
        if (!value.isContainer()) {
            return text(value);
        }
        List<String> cells = new ArrayList<>();
        value.forEach(
                each -> cells.add(each.isArray() ? Integer.toString(each.size()) : each.isObject() ? "" : text(each)));
        return String.join("\t", cells);
    }

    private void table(JsonNode value, List<Column> columns) {
        if (value.isArray()) {
            List<JsonNode> rows = value.valueStream().toList();
            boolean plain = rows.stream().noneMatch(JsonNode::isObject);
            rows(rows, !columns.isEmpty() ? columns : plain ? List.of(new Column("Result", "")) : scalars(rows));
        } else if (value.isObject() && !columns.isEmpty()) {
            columns.forEach(column -> out.printf("%-14s %s%n", column.head(), text(value.at(column.pointer()))));
        } else {
            rows(List.of(value), value.isObject() ? scalars(List.of(value)) : List.of(new Column("Result", "")));
        }
    }

    /// The fields whose values fit a cell, with a capital letter as `az` has them.
    private static List<Column> scalars(List<JsonNode> rows) {
        Set<String> names = new LinkedHashSet<>();
        for (JsonNode row : rows) {
            row.properties().forEach(field -> {
                if (!field.getValue().isContainer()) {
                    names.add(field.getKey());
                }
            });
        }
        return names.stream()
                .map(name -> new Column(
                        name.isEmpty() ? "" : Character.toUpperCase(name.charAt(0)) + name.substring(1),
                        "/" + name.replace("~", "~0").replace("/", "~1")))
                .toList();
    }

    private void rows(List<JsonNode> things, List<Column> columns) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(columns.stream().map(Column::head).toList());
        for (JsonNode thing : things) {
            rows.add(columns.stream()
                    .map(column -> text(column.pointer().isEmpty() ? thing : thing.at(column.pointer())))
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
        if (things.isEmpty()) {
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
