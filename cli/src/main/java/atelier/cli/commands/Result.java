package atelier.cli.commands;

import atelier.cli.Session;
import atelier.cli.output.Form;
import atelier.cli.output.Printer;
import atelier.cli.output.Query;
import atelier.kernel.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a verb ends with: something to print, or only an exit code.
record Result(@Nullable JsonNode value, List<Printer.Column> columns, int status) {
    private static final Result NOTHING = new Result(null, List.of(), 0);

    static Result nothing() {
        return NOTHING;
    }

    static Result exit(int status) {
        return new Result(null, List.of(), status);
    }

    /// One thing; as a table its `columns` are shown.
    static Result of(JsonNode value, List<Printer.Column> columns) {
        return new Result(value, columns, 0);
    }

    static Result list(List<? extends JsonNode> values, List<Printer.Column> columns) {
        return new Result(Json.array().addAll(values), columns, 0);
    }

    int print(Session session, Form form, @Nullable String query) {
        if (value != null) {
            Printer printer = new Printer(session.out(), form);
            if (query == null) {
                printer.print(value, columns);
            } else {
                printer.print(Query.of(query).on(value), List.of());
            }
        }
        return status;
    }
}
