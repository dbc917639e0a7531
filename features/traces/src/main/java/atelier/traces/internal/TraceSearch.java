package atelier.traces.internal;

import atelier.kernel.Json;
import atelier.mlflow.Conditions;
import atelier.mlflow.Filter;
import atelier.mlflow.Filter.Comparator;
import atelier.mlflow.Filter.Comparison;
import atelier.mlflow.OrderBy;
import atelier.mlflow.Vocabulary;
import atelier.store.Database;
import atelier.traces.Trace;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Finds traces by MLflow's filters: `status = 'OK' AND tags.env = 'prod' AND span.type = 'LLM'`. All conditions on
/// spans must hold of one and the same span.
public final class TraceSearch {
    private final Database database;

    public TraceSearch(Database database) {
        this.database = database;
    }

    /// Where to look.
    ///
    /// @param experiments numbers; nothing is found in none
    public record Scope(String workspace, List<Long> experiments) {
        public Scope {
            experiments = List.copyOf(experiments);
        }
    }

    /// Rows of one page and one more, if there is one more.
    public List<SqlTraces.Row> search(
            Handle handle, Scope scope, @Nullable String filter, List<String> orderBy, int max, int offset) {
        List<TraceTerms.Term> terms = TraceTerms.of(Filter.parseWide(filter));
        List<TraceTerms.Order> orders = TraceTerms.orders(OrderBy.parse(orderBy));
        if (scope.experiments().isEmpty()) {
            return List.of();
        }
        Conditions sql = new Conditions(database.kind()).add("SELECT " + SqlTraces.COLUMNS + " FROM trace t");
        List<String> sorting = new ArrayList<>();
        for (TraceTerms.Order order : orders) {
            sorting.add(order(sql, order, sorting.size()));
        }
        where(handle, sql, scope, terms);
        sql.add(" ORDER BY ");
        sorting.forEach(expression -> sql.add(expression + ", "));
        sql.add("t.start_time DESC, t.trace_id LIMIT ? OFFSET ?", max + 1, offset);
        return handle.select(sql.sql(), sql.arguments())
                .map((row, _) -> SqlTraces.read(row))
                .list();
    }

    /// How many traces fit all of `filters`.
    public long count(Handle handle, Scope scope, List<String> filters) {
        List<TraceTerms.Term> terms = new ArrayList<>();
        filters.forEach(filter -> terms.addAll(TraceTerms.of(Filter.parseWide(filter))));
        Conditions sql = new Conditions(database.kind()).add("SELECT COUNT(*) FROM trace t");
        where(handle, sql, scope, terms);
        return handle.select(sql.sql(), sql.arguments()).mapTo(Long.class).one();
    }

    private void where(Handle handle, Conditions sql, Scope scope, List<TraceTerms.Term> terms) {
        sql.add(" WHERE t.workspace = ? AND ", scope.workspace()).in("t.experiment", scope.experiments());
        List<TraceTerms.Term> ofSpans = new ArrayList<>();
        for (TraceTerms.Term term : terms) {
            if (term.entity() == TraceTerms.Entity.SPAN) {
                ofSpans.add(term);
            } else {
                sql.add(" AND ");
                term(handle, sql, scope, term);
            }
        }
        if (!ofSpans.isEmpty()) {
            sql.add(
                    " AND EXISTS (SELECT 1 FROM trace_span x WHERE x.workspace = t.workspace AND x.trace_id = t.trace_id");
            for (TraceTerms.Term term : ofSpans) {
                sql.add(" AND ");
                span(handle, sql, scope, term);
            }
            sql.add(")");
        }
    }

    private void term(Handle handle, Conditions sql, Scope scope, TraceTerms.Term term) {
        Comparison said = term.said();
        switch (term.entity()) {
            case ATTRIBUTE -> {
                if (said.comparator() == Comparator.RLIKE) {
                    matching(
                            sql,
                            "t.trace_id",
                            matches(
                                    handle,
                                    scope,
                                    "trace t",
                                    "t.trace_id, " + term.key(),
                                    new Object[0],
                                    pattern(said)));
                } else {
                    sql.compare(term.key(), comparable(said));
                }
            }
            case TAG -> keyed(handle, sql, scope, "trace_tag", term);
            case METADATA -> keyed(handle, sql, scope, "trace_metadata", term);
            case RUN -> run(handle, sql, scope, term);
            case PROMPT ->
                sql.add(
                        "EXISTS (SELECT 1 FROM trace_prompt x WHERE x.workspace = t.workspace"
                                + " AND x.trace_id = t.trace_id AND x.prompt = ?)",
                        text(said));
            case FEEDBACK, EXPECTATION, ISSUE -> assessment(handle, sql, scope, term);
            case SPAN -> throw new IllegalStateException("Spans are compared together.");
        }
    }

    private void keyed(Handle handle, Conditions sql, Scope scope, String table, TraceTerms.Term term) {
        String from = table + " x WHERE x.workspace = t.workspace AND x.trace_id = t.trace_id AND x.key = ?";
        switch (term.said().comparator()) {
            case IS_NULL -> sql.add("NOT EXISTS (SELECT 1 FROM " + from + ")", term.key());
            case IS_NOT_NULL -> sql.add("EXISTS (SELECT 1 FROM " + from + ")", term.key());
            case RLIKE ->
                matching(
                        sql,
                        "t.trace_id",
                        matches(
                                handle,
                                scope,
                                "trace t JOIN " + table
                                        + " x ON x.workspace = t.workspace AND x.trace_id = t.trace_id AND x.key = ?",
                                "t.trace_id, x.value",
                                new Object[] {term.key()},
                                pattern(term.said())));
            default -> {
                sql.add("EXISTS (SELECT 1 FROM " + from + " AND ", term.key());
                sql.compare("x.value", comparable(term.said())).add(")");
            }
        }
    }

    /// A trace belongs to the run it was made in, and to those it was linked to.
    private void run(Handle handle, Conditions sql, Scope scope, TraceTerms.Term term) {
        sql.add("(");
        keyed(
                handle,
                sql,
                scope,
                "trace_metadata",
                new TraceTerms.Term(TraceTerms.Entity.METADATA, Trace.RUN, term.said()));
        if (term.said().comparator() == Comparator.EQ || term.said().comparator() == Comparator.IN) {
            sql.add(" OR EXISTS (SELECT 1 FROM trace_run x WHERE x.workspace = t.workspace"
                    + " AND x.trace_id = t.trace_id AND ");
            sql.compare("x.run_id", comparable(term.said())).add(")");
        }
        sql.add(")");
    }

    private void assessment(Handle handle, Conditions sql, Scope scope, TraceTerms.Term term) {
        Comparison said = term.said();
        String kind = term.entity().name().toLowerCase(java.util.Locale.ROOT);
        String from = "trace_assessment x WHERE x.workspace = t.workspace AND x.trace_id = t.trace_id"
                + " AND x.kind = '" + kind + "' AND x.name = ?";
        if (term.entity() == TraceTerms.Entity.ISSUE) {
            sql.add("EXISTS (SELECT 1 FROM " + from + ")", text(said));
            return;
        }
        from += " AND x.valid = 1";
        switch (said.comparator()) {
            case IS_NULL -> sql.add("NOT EXISTS (SELECT 1 FROM " + from + ")", term.key());
            case IS_NOT_NULL -> sql.add("EXISTS (SELECT 1 FROM " + from + ")", term.key());
            case RLIKE ->
                matching(
                        sql,
                        "t.trace_id",
                        matches(
                                handle,
                                scope,
                                "trace t JOIN trace_assessment x ON x.workspace = t.workspace AND x.trace_id = t.trace_id"
                                        + " AND x.kind = '" + kind + "' AND x.valid = 1 AND x.name = ?",
                                "t.trace_id, x.shown",
                                new Object[] {term.key()},
                                pattern(said)));
            case GT, GE, LT, LE -> {
                sql.add("EXISTS (SELECT 1 FROM " + from + " AND x.is_number = 1 AND ", term.key());
                sql.compare("x.number", comparable(said)).add(")");
            }
            default -> {
                sql.add("EXISTS (SELECT 1 FROM " + from + " AND ", term.key());
                sql.compare("x.shown", comparable(said)).add(")");
            }
        }
    }

    private void span(Handle handle, Conditions sql, Scope scope, TraceTerms.Term term) {
        Conditions column = new Conditions(database.kind());
        if (term.key().startsWith("attributes.")) {
            attribute(column, term.key().substring("attributes.".length()));
        } else {
            column.add("x." + term.key());
        }
        if (term.said().comparator() == Comparator.RLIKE) {
            matching(
                    sql,
                    "x.span_id",
                    matches(
                            handle,
                            scope,
                            "trace t JOIN trace_span x ON x.workspace = t.workspace AND x.trace_id = t.trace_id",
                            "x.span_id, " + column.sql(),
                            column.arguments(),
                            pattern(term.said())));
            return;
        }
        sql.add("", column.arguments());
        sql.compare(column.sql(), comparable(term.said()));
    }

    /// An attribute as text: it is kept as JSON text inside of the span's JSON.
    private void attribute(Conditions column, String key) {
        if (database.kind() == Database.Kind.SQLITE) {
            // A quote cannot be written in a path; no attribute is found by such a name.
            String path = "$.attributes.\"" + key.replace("\"", "") + "\"";
            String dumped = "json_extract(x.content, ?)";
            column.add(
                    "CASE WHEN json_type(" + dumped + ") = 'text' THEN json_extract(" + dumped + ", '$') ELSE " + dumped
                            + " END",
                    path,
                    path,
                    path);
        } else {
            column.add("(CAST(CAST(x.content AS jsonb) -> 'attributes' ->> ? AS jsonb) #>> '{}')", key);
        }
    }

    /// The first column of those rows whose second fits the expression.
    private List<String> matches(
            Handle handle, Scope scope, String from, String columns, Object[] arguments, Pattern pattern) {
        Conditions sql = new Conditions(database.kind());
        // Arguments stand in the order of the text: those of columns first, then those of a join.
        sql.add("SELECT " + columns + " FROM " + from, arguments)
                .add(" WHERE t.workspace = ? AND ", scope.workspace())
                .in("t.experiment", scope.experiments());
        List<String> found = new ArrayList<>();
        handle.select(sql.sql(), sql.arguments())
                .map((row, _) -> {
                    String value = row.getString(2);
                    return value != null && pattern.matcher(value).find() ? row.getString(1) : "";
                })
                .useStream(ids -> ids.filter(id -> !id.isEmpty()).distinct().forEach(found::add));
        return found;
    }

    /// `column` is one of `ids`, of which there may be any number.
    private void matching(Conditions sql, String column, List<String> ids) {
        sql.add(
                column
                        + (database.kind() == Database.Kind.SQLITE
                                ? " IN (SELECT value FROM json_each(?))"
                                : " IN (SELECT jsonb_array_elements_text(CAST(? AS jsonb)))"),
                Json.write(ids));
    }

    private static Pattern pattern(Comparison said) {
        try {
            return Pattern.compile(text(said));
        } catch (com.google.re2j.PatternSyntaxException e) {
            throw atelier.mlflow.MlflowRequest.invalid("Invalid regular expression '" + text(said) + "': "
                    + e.getDescription() + " (at character " + said.at() + ")");
        }
    }

    private static String text(Comparison said) {
        return said.value() instanceof Filter.Value.Text text
                ? text.text()
                : said.value().shown();
    }

    private static Vocabulary.Term comparable(Comparison said) {
        return new Vocabulary.Term(
                Vocabulary.Entity.ATTRIBUTE, said.name().key(), said.comparator(), said.value(), said.at());
    }

    /// Joins what an order needs and returns its expression; what is missing comes last in both directions.
    private static String order(Conditions sql, TraceTerms.Order order, int n) {
        String alias = "o" + n;
        String column = order.column();
        if (order.table() != null) {
            sql.add(
                    " LEFT JOIN " + order.table() + " " + alias + " ON " + alias + ".workspace = t.workspace AND "
                            + alias + ".trace_id = t.trace_id AND " + alias + ".key = ?",
                    column);
            column = alias + ".value";
        }
        String sorted = order.numeric() ? column : sql.ordinal(column);
        return "CASE WHEN " + column + " IS NULL THEN 1 ELSE 0 END, " + sorted + (order.ascending() ? " ASC" : " DESC");
    }
}
