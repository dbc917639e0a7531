package atelier.traces.internal;

import atelier.mlflow.Filter;
import atelier.mlflow.Filter.Comparator;
import atelier.mlflow.Filter.Comparison;
import atelier.mlflow.Filter.Value;
import atelier.mlflow.MlflowRequest;
import atelier.mlflow.OrderBy;
import atelier.traces.Trace;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which names a search for traces knows, and how each may be compared (SearchTraceUtils in
/// mlflow/utils/search_utils.py, as far as clients can see it).
final class TraceTerms {
    private static final Set<Comparator> NUMBERS =
            EnumSet.of(Comparator.EQ, Comparator.NE, Comparator.GT, Comparator.GE, Comparator.LT, Comparator.LE);
    private static final Set<Comparator> TEXTS =
            EnumSet.of(Comparator.EQ, Comparator.NE, Comparator.LIKE, Comparator.ILIKE, Comparator.RLIKE);
    private static final Set<Comparator> PATTERNS = EnumSet.of(Comparator.LIKE, Comparator.ILIKE);
    private static final Set<Comparator> SAME = EnumSet.of(Comparator.EQ);
    private static final Set<Comparator> PRESENCE = EnumSet.of(Comparator.IS_NULL, Comparator.IS_NOT_NULL);
    private static final Set<Comparator> LISTS = EnumSet.of(Comparator.IN, Comparator.NOT_IN);
    private static final Set<Comparator> SIZES = EnumSet.of(Comparator.GT, Comparator.GE, Comparator.LT, Comparator.LE);
    private static final Map<String, String> NUMERIC = Map.of(
            "timestamp", "t.start_time",
            "timestamp_ms", "t.start_time",
            "execution_time", "t.duration",
            "execution_time_ms", "t.duration",
            "end_time", "(t.start_time + COALESCE(t.duration, 0))",
            "end_time_ms", "(t.start_time + COALESCE(t.duration, 0))");
    private static final Map<String, String> TEXTUAL = Map.of(
            "request_id", "t.trace_id",
            "trace_id", "t.trace_id",
            "status", "t.state",
            "state", "t.state",
            "client_request_id", "t.client_request_id");
    private static final Set<String> ELSEWHERE = Set.of("name", "run_id", "prompt", "text");
    private static final Set<String> OF_SPANS = Set.of("name", "type", "status", "content");

    private TraceTerms() {}

    /// Families of names.
    enum Entity {
        ATTRIBUTE,
        TAG,
        METADATA,
        RUN,
        PROMPT,
        SPAN,
        FEEDBACK,
        EXPECTATION,
        ISSUE
    }

    /// @param key SQL expression of an attribute; else the key
    record Term(Entity entity, String key, Comparison said) {}

    /// @param table where `column` is a key; null when it is an expression of the trace itself
    record Order(@Nullable String table, String column, boolean numeric, boolean ascending) {}

    static List<Term> of(List<Comparison> comparisons) {
        return comparisons.stream().map(TraceTerms::term).toList();
    }

    private static Term term(Comparison said) {
        Entity entity = entity(said.name(), place(said));
        String key = said.name().key();
        return switch (entity) {
            case ATTRIBUTE -> attribute(said);
            case TAG, METADATA -> {
                check(said, TEXTS, PRESENCE);
                yield new Term(entity, key, said);
            }
            case SPAN -> span(said);
            case FEEDBACK, EXPECTATION -> {
                opinion(said, entity.name().toLowerCase(Locale.ROOT));
                yield new Term(entity, key, said);
            }
            case ISSUE -> {
                if (!key.equals("id")) {
                    throw unknown("issue", key, Set.of("id"), said);
                }
                check(said, SAME, Set.of());
                yield new Term(entity, key, said);
            }
            case RUN, PROMPT -> throw new IllegalStateException("No prefix of a name: " + entity);
        };
    }

    private static Term attribute(Comparison said) {
        String key = said.name().key().toLowerCase(Locale.ROOT);
        String number = NUMERIC.get(key);
        if (number != null) {
            if (!(said.value() instanceof Value.Number)) {
                throw MlflowRequest.invalid("Expected numeric value type for numeric attribute: " + key + ". Found "
                        + said.value().shown() + place(said));
            }
            check(said, NUMBERS, Set.of());
            return new Term(Entity.ATTRIBUTE, number, said);
        }
        String text = TEXTUAL.get(key);
        if (text != null || key.equals("name") || key.equals("run_id")) {
            list(said);
            if (!LISTS.contains(said.comparator())) {
                check(said, TEXTS, text == null ? PRESENCE : Set.of());
            }
            return text != null
                    ? new Term(Entity.ATTRIBUTE, text, said)
                    : key.equals("name")
                            ? new Term(Entity.TAG, Trace.NAME, said)
                            : new Term(Entity.RUN, Trace.RUN, said);
        }
        if (key.equals("prompt")) {
            check(said, SAME, Set.of());
            if (said.value() instanceof Value.Text prompt
                    && prompt.text().chars().filter(c -> c == '/').count() != 1) {
                throw MlflowRequest.invalid("Invalid prompts filter value '" + prompt.text()
                        + "'. Expected format: prompt = \"name/version\"" + place(said));
            }
            return new Term(Entity.PROMPT, key, said);
        }
        if (key.equals("text")) {
            check(said, PATTERNS, Set.of());
            return new Term(Entity.SPAN, "content", said);
        }
        Set<String> known = new TreeSet<>(NUMERIC.keySet());
        known.addAll(TEXTUAL.keySet());
        known.addAll(ELSEWHERE);
        throw unknown("attribute", said.name().key(), known, said);
    }

    private static Term span(Comparison said) {
        String key = said.name().key();
        if (key.startsWith("attributes.") && key.length() > "attributes.".length() || OF_SPANS.contains(key)) {
            list(said);
            if (key.equals("content")) {
                check(said, PATTERNS, Set.of());
            } else if (!LISTS.contains(said.comparator())) {
                check(said, TEXTS, Set.of());
            }
            return new Term(Entity.SPAN, key, said);
        }
        Set<String> known = new TreeSet<>(OF_SPANS);
        known.add("attributes.<name>");
        throw unknown("span attribute", key, known, said);
    }

    private static void opinion(Comparison said, String family) {
        if (SIZES.contains(said.comparator())) {
            if (!(said.value() instanceof Value.Number)) {
                throw MlflowRequest.invalid("Expected a numeric value for " + family + " when using comparator '"
                        + said.comparator().sign() + "'. Got value "
                        + said.value().shown() + place(said));
            }
            return;
        }
        check(said, TEXTS, PRESENCE);
    }

    /// A list goes with IN and NOT IN, and with nothing else.
    private static void list(Comparison said) {
        if (said.value() instanceof Value.Words != LISTS.contains(said.comparator())) {
            throw MlflowRequest.invalid("A list in parentheses goes with IN or NOT IN." + place(said));
        }
    }

    private static void check(Comparison said, Set<Comparator> allowed, Set<Comparator> alone) {
        if (alone.contains(said.comparator())) {
            return;
        }
        if (!allowed.contains(said.comparator())) {
            throw MlflowRequest.invalid("Invalid comparator '"
                    + said.comparator().sign() + "' not one of '{"
                    + String.join(
                            ", ",
                            allowed.stream().map(c -> "'" + c.sign() + "'").toList())
                    + "}'" + place(said));
        }
        if (!allowed.equals(NUMBERS) && !(said.value() instanceof Value.Text)) {
            throw MlflowRequest.invalid("Expected a quoted string value for "
                    + said.name().key() + " (e.g. 'my-value'). Got value "
                    + said.value().shown() + place(said));
        }
    }

    private static Entity entity(Filter.Name name, String place) {
        String written = name.entity();
        if (written == null) {
            return Entity.ATTRIBUTE;
        }
        return switch (written) {
            case "attribute", "attributes", "attr", "trace" -> Entity.ATTRIBUTE;
            case "tag", "tags" -> Entity.TAG;
            case "metadata", "request_metadata" -> Entity.METADATA;
            case "span" -> Entity.SPAN;
            case "feedback" -> Entity.FEEDBACK;
            case "expectation" -> Entity.EXPECTATION;
            case "issue" -> Entity.ISSUE;
            default ->
                throw MlflowRequest.invalid("Invalid entity type '" + written + "'. Valid values are ['attribute',"
                        + " 'expectation', 'feedback', 'issue', 'metadata', 'span', 'tag', 'trace']" + place);
        };
    }

    private static RuntimeException unknown(String family, String key, Set<String> known, Comparison said) {
        return MlflowRequest.invalid("Invalid " + family + " key '" + key + "' specified. Valid keys are '{"
                + String.join(
                        ", ",
                        new TreeSet<>(known).stream().map(k -> "'" + k + "'").toList())
                + "}'" + place(said));
    }

    private static String place(Comparison said) {
        return " (at character " + said.at() + ")";
    }

    static List<Order> orders(List<OrderBy> clauses) {
        List<Order> orders = new ArrayList<>();
        for (OrderBy clause : clauses) {
            String key = clause.name().key();
            orders.add(
                    switch (entity(clause.name(), "")) {
                        case ATTRIBUTE -> ofTrace(key.toLowerCase(Locale.ROOT), clause.ascending());
                        case TAG -> new Order("trace_tag", key, false, clause.ascending());
                        case METADATA -> new Order("trace_metadata", key, false, clause.ascending());
                        default ->
                            throw MlflowRequest.invalid("Invalid identifier type '"
                                    + clause.name().entity() + "': traces are ordered by their attributes, tags and"
                                    + " metadata.");
                    });
        }
        return orders;
    }

    private static Order ofTrace(String key, boolean ascending) {
        if (key.equals("name")) {
            return new Order("trace_tag", Trace.NAME, false, ascending);
        }
        if (key.equals("run_id")) {
            return new Order("trace_metadata", Trace.RUN, false, ascending);
        }
        if (key.equals("experiment_id")) {
            return new Order(null, "t.experiment", true, ascending);
        }
        String number = NUMERIC.get(key);
        String text = TEXTUAL.get(key);
        if (number != null) {
            return new Order(null, number, true, ascending);
        }
        if (text != null) {
            return new Order(null, text, false, ascending);
        }
        Set<String> known = new TreeSet<>(NUMERIC.keySet());
        known.addAll(TEXTUAL.keySet());
        known.addAll(Set.of("name", "run_id", "experiment_id"));
        throw MlflowRequest.invalid(
                "Invalid attribute key '" + key + "' specified. Valid keys are '" + String.join(", ", known) + "'");
    }
}
