package atelier.mlflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A search filter of MLflow: comparisons joined by AND, e.g. ``metrics.auc > 0.8 AND tags.`model type` = 'tree'``.
/// There is no OR, NOT, parenthesis or BETWEEN. Complaints say at which character (from 1) they look.
///
/// Source: mlflow/utils/search_utils.py, as far as clients can see it.
public final class Filter {
    private final String text;
    private final boolean wide;
    private int at;

    private Filter(String text, boolean wide) {
        this.text = text;
        this.wide = wide;
    }

    /// What stands left of a comparator.
    ///
    /// @param entity as written, in lower case; null for a bare attribute
    /// @param key the key, quotes taken off
    public record Name(@Nullable String entity, String key) {}

    /// @param name left side
    /// @param at where it starts, from 1
    public record Comparison(Name name, Comparator comparator, Value value, int at) {}

    /// What stands right of a comparator.
    public sealed interface Value {
        /// A quoted string.
        record Text(String text) implements Value {}

        /// A number.
        record Number(double number, String written) implements Value {}

        /// Quoted strings in parentheses.
        record Words(List<String> words) implements Value {
            public Words {
                words = List.copyOf(words);
            }
        }

        /// A word without quotes, which no key takes.
        record Bare(String written) implements Value {}

        /// As MLflow shows it in complaints.
        default String shown() {
            return switch (this) {
                case Text t -> "'" + t.text() + "'";
                case Number n -> n.written();
                case Words w ->
                    "("
                            + String.join(
                                    ", ",
                                    w.words().stream().map(x -> "'" + x + "'").toList()) + ")";
                case Bare b -> b.written();
            };
        }
    }

    /// The comparators of the grammar.
    public enum Comparator {
        EQ("="),
        NE("!="),
        GT(">"),
        GE(">="),
        LT("<"),
        LE("<="),
        LIKE("LIKE"),
        ILIKE("ILIKE"),
        IN("IN"),
        NOT_IN("NOT IN"),
        /// The value of these two is the word NULL.
        IS_NULL("IS NULL"),
        IS_NOT_NULL("IS NOT NULL"),
        /// Known in searches for traces only.
        RLIKE("RLIKE");

        private final String sign;

        Comparator(String sign) {
            this.sign = sign;
        }

        public String sign() {
            return sign;
        }
    }

    /// Parses; an empty or missing filter has no comparisons.
    public static List<Comparison> parse(@Nullable String text) {
        return text == null || text.isBlank() ? List.of() : new Filter(text, false).comparisons();
    }

    /// As [#parse], with what only searches for traces know: RLIKE and quotes in the middle of a key
    /// (``span.attributes.`a b` ``).
    public static List<Comparison> parseWide(@Nullable String text) {
        return text == null || text.isBlank() ? List.of() : new Filter(text, true).comparisons();
    }

    private List<Comparison> comparisons() {
        List<Comparison> comparisons = new ArrayList<>();
        while (true) {
            comparisons.add(comparison());
            skipSpace();
            if (at == text.length()) {
                return comparisons;
            }
            if (text.charAt(at) == ';') {
                throw MlflowRequest.invalid(
                        "Search filter contained multiple expression '" + text + "'. Provide AND-ed expression list.");
            }
            int start = at;
            String word = word();
            if (!word.equalsIgnoreCase("AND")) {
                throw clause(word.isEmpty() ? text.substring(start) : word, start);
            }
            skipSpace();
            if (at == text.length()) {
                return comparisons;
            }
        }
    }

    private Comparison comparison() {
        skipSpace();
        int start = at;
        char first = text.charAt(at);
        if (first == '\'' || Character.isDigit(first)) {
            throw MlflowRequest.invalid(
                    "Invalid comparison clause. Expected 'Identifier' found '" + upToSpace(start) + "'" + place(start));
        }
        if (first == '(') {
            throw clause(text.substring(start), start);
        }
        Name name = name();
        if (name.entity() == null && name.key().equalsIgnoreCase("NOT")) {
            throw clause(name.key(), start);
        }
        skipSpace();
        Comparator comparator = comparator(start);
        if (comparator == Comparator.IS_NULL || comparator == Comparator.IS_NOT_NULL) {
            return new Comparison(name, comparator, new Value.Bare("NULL"), start + 1);
        }
        skipSpace();
        if (at == text.length()) {
            throw clause(text.substring(start), start);
        }
        return new Comparison(name, comparator, value(), start + 1);
    }

    /// Reads `entity.key`, `key`, either part quoted by backticks or double quotes.
    private Name name() {
        String first = part(true);
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            String key = part(false);
            if (wide && key.endsWith(".")) {
                key += part(false);
            }
            return new Name(first.toLowerCase(Locale.ROOT), key);
        }
        return new Name(null, first);
    }

    private String part(boolean endsAtDot) {
        if (at < text.length() && (text.charAt(at) == '`' || text.charAt(at) == '"')) {
            char quote = text.charAt(at);
            int end = text.indexOf(quote, at + 1);
            if (end < 0) {
                throw clause(text.substring(at), at);
            }
            String part = text.substring(at + 1, end);
            at = end + 1;
            return part;
        }
        int start = at;
        while (at < text.length() && !isEnd(text.charAt(at)) && !(endsAtDot && text.charAt(at) == '.')) {
            if (wide && at > start && text.charAt(at - 1) == '.' && "`\"".indexOf(text.charAt(at)) >= 0) {
                break;
            }
            at++;
        }
        if (at == start) {
            throw clause(text.substring(start), start);
        }
        return text.substring(start, at);
    }

    private Comparator comparator(int clauseStart) {
        int start = at;
        while (at < text.length() && "=!<>".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String sign = text.substring(start, at);
        if (sign.isEmpty()) {
            sign = word().toUpperCase(Locale.ROOT);
            if (sign.equals("NOT")) {
                skipSpace();
                sign = "NOT " + word().toUpperCase(Locale.ROOT);
            } else if (sign.equals("IS")) {
                sign = isNull();
            }
        }
        for (Comparator comparator : Comparator.values()) {
            if (comparator.sign().equals(sign) && (wide || comparator.compareTo(Comparator.RLIKE) < 0)) {
                return comparator;
            }
        }
        if (sign.isEmpty() || Character.isLetter(sign.charAt(0))) {
            throw clause(text.substring(clauseStart, Math.min(text.length(), at)), clauseStart);
        }
        throw MlflowRequest.invalid(
                "Invalid comparator '" + sign + "' not one of '{'<=', '!=', '>', '<', '=', '>='}" + place(start));
    }

    private String isNull() {
        skipSpace();
        String word = word().toUpperCase(Locale.ROOT);
        if (!word.equals("NOT")) {
            return "IS " + word;
        }
        skipSpace();
        return "IS NOT " + word().toUpperCase(Locale.ROOT);
    }

    private Value value() {
        char first = text.charAt(at);
        if (first == '\'' || first == '"') {
            return new Value.Text(quoted());
        }
        if (first == '(') {
            return words();
        }
        int start = at;
        while (at < text.length() && !Character.isWhitespace(text.charAt(at)) && ";(),".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String written = text.substring(start, at);
        if (written.isEmpty()) {
            throw clause(text.substring(start), start);
        }
        try {
            if ("+-.0123456789".indexOf(first) >= 0 && "dDfF".indexOf(written.charAt(written.length() - 1)) < 0) {
                return new Value.Number(Double.parseDouble(written), written);
            }
        } catch (NumberFormatException e) {
            // A word that begins like a number is a word.
        }
        return new Value.Bare(written);
    }

    private Value words() {
        int start = at;
        at++;
        List<String> words = new ArrayList<>();
        while (true) {
            skipSpace();
            if (at < text.length() && text.charAt(at) == ')' && words.isEmpty()) {
                throw MlflowRequest.invalid("While parsing a list in the query, expected a non-empty list of string"
                        + " values, but got empty list" + place(start));
            }
            if (at == text.length() || text.charAt(at) != '\'' && text.charAt(at) != '"') {
                throw MlflowRequest.invalid("While parsing a list in the query, expected string value, punctuation, or"
                        + " whitespace, but got different type in list: " + text.substring(start) + place(start));
            }
            words.add(quoted());
            skipSpace();
            if (at < text.length() && text.charAt(at) == ',') {
                at++;
            } else if (at < text.length() && text.charAt(at) == ')') {
                at++;
                return new Value.Words(words);
            }
        }
    }

    private String quoted() {
        char quote = text.charAt(at);
        int end = text.indexOf(quote, at + 1);
        if (end < 0) {
            throw clause(text.substring(at), at);
        }
        // Two quotes in a row stand for one, as in SQL.
        StringBuilder value = new StringBuilder(text.substring(at + 1, end));
        at = end + 1;
        while (at < text.length() && text.charAt(at) == quote) {
            end = text.indexOf(quote, at + 1);
            if (end < 0) {
                throw clause(text.substring(at), at);
            }
            value.append(quote).append(text, at + 1, end);
            at = end + 1;
        }
        return value.toString();
    }

    private String word() {
        int start = at;
        while (at < text.length() && Character.isLetter(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private static boolean isEnd(char c) {
        return Character.isWhitespace(c) || "=!<>(),;'".indexOf(c) >= 0;
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private String upToSpace(int start) {
        int end = start;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        return text.substring(start, end);
    }

    private static RuntimeException clause(String what, int start) {
        return MlflowRequest.invalid("Invalid clause(s) in filter string: '" + what.strip() + "'" + place(start));
    }

    private static String place(int start) {
        return " (at character " + (start + 1) + ")";
    }

    /// Reads one name at the start of `text`, as order-by clauses have it; the rest follows it.
    static NameAndRest leadingName(String text) {
        Filter filter = new Filter(text.strip(), false);
        Name name = filter.name();
        return new NameAndRest(name, filter.text.substring(filter.at).strip());
    }

    record NameAndRest(Name name, String rest) {}
}
