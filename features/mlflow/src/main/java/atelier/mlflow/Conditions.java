package atelier.mlflow;

import atelier.mlflow.Filter.Comparator;
import atelier.mlflow.Filter.Value;
import atelier.mlflow.Vocabulary.Term;
import atelier.store.Database;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/// Builds SQL text with its positional arguments side by side. Everything a client wrote goes into an argument.
/// The one place where SQLite and PostgreSQL differ here is the case-sensitive LIKE.
public final class Conditions {
    private final Database.Kind kind;
    private final StringBuilder sql = new StringBuilder();
    private final List<Object> arguments = new ArrayList<>();

    public Conditions(Database.Kind kind) {
        this.kind = kind;
    }

    public Conditions add(String text, Object... values) {
        sql.append(text);
        arguments.addAll(List.of(values));
        return this;
    }

    /// `column IN (?, …)`; nothing matches an empty list.
    public Conditions in(String column, Collection<?> values) {
        if (values.isEmpty()) {
            return add("1 = 0");
        }
        sql.append(column).append(" IN (");
        sql.append("?, ".repeat(values.size() - 1)).append("?)");
        arguments.addAll(values);
        return this;
    }

    /// `column` against the term's value.
    public Conditions compare(String column, Term term) {
        return switch (term.value()) {
            case Value.Number number -> add(column + " " + term.comparator().sign() + " ?", number.number());
            case Value.Words words -> {
                add(term.comparator() == Comparator.NOT_IN ? "NOT (" : "(");
                in(column, words.words());
                yield add(")");
            }
            case Value.Text text -> text(column, term.comparator(), text.text());
            case Value.Bare bare -> throw new IllegalStateException("Not checked: " + bare);
        };
    }

    /// ` AND EXISTS (SELECT 1 FROM <from> AND x.key = ? AND x.value …)`: the thing has a value for this key and it
    /// fits. `!=` therefore matches only things that have the key; IS NULL those that have not.
    ///
    /// @param from table with alias `x` and the condition that ties it, e.g. `run_tag x WHERE x.run = r.id`
    public Conditions exists(String from, Term term) {
        if (term.comparator() == Comparator.IS_NULL || term.comparator() == Comparator.IS_NOT_NULL) {
            String not = term.comparator() == Comparator.IS_NULL ? "NOT " : "";
            return add(" AND " + not + "EXISTS (SELECT 1 FROM " + from + " AND x.key = ?)", term.key());
        }
        add(" AND EXISTS (SELECT 1 FROM " + from + " AND x.key = ? AND ", term.key());
        compare("x.value", term);
        return add(")");
    }

    /// As [#exists], for metrics: a NaN fits `!=` only.
    public Conditions existsMetric(String from, Term term) {
        add(" AND EXISTS (SELECT 1 FROM " + from + " AND x.key = ? AND ", term.key());
        if (term.comparator() == Comparator.NE) {
            add("(x.nan = 1 OR ");
            compare("x.value", term);
            return add("))");
        }
        add("x.nan = 0 AND ");
        compare("x.value", term);
        return add(")");
    }

    private Conditions text(String column, Comparator comparator, String value) {
        return switch (comparator) {
            case LIKE ->
                kind == Database.Kind.SQLITE
                        ? add(column + " GLOB ?", glob(value))
                        : add(column + " LIKE ? ESCAPE ''", value);
            case ILIKE -> add("LOWER(" + column + ") LIKE ? ESCAPE " + noEscape(), value.toLowerCase(Locale.ROOT));
            default -> add(column + " " + comparator.sign() + " ?", value);
        };
    }

    /// SQLite has no escape unless one is named and refuses the empty one; NUL cannot occur in a pattern.
    private String noEscape() {
        return kind == Database.Kind.SQLITE ? "char(1)" : "''";
    }

    private static String glob(String like) {
        StringBuilder glob = new StringBuilder();
        for (char c : like.toCharArray()) {
            switch (c) {
                case '%' -> glob.append('*');
                case '_' -> glob.append('?');
                case '*', '?', '[' -> glob.append('[').append(c).append(']');
                default -> glob.append(c);
            }
        }
        return glob.toString();
    }

    /// Text is ordered by code point on both databases.
    public String ordinal(String column) {
        return kind == Database.Kind.SQLITE ? column : column + " COLLATE \"C\"";
    }

    public String sql() {
        return sql.toString();
    }

    public Object[] arguments() {
        return arguments.toArray();
    }
}
