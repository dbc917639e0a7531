package atelier.mlflow;

import atelier.mlflow.Filter.Comparator;
import atelier.mlflow.Filter.Comparison;
import atelier.mlflow.Filter.Name;
import atelier.mlflow.Filter.Value;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Which names one kind of search knows. Turns what was written into a [Term], or complains as MLflow does.
///
/// @param entities what may stand before the dot
/// @param attributes columns by the names clients use
/// @param orderOnly attributes that order-by alone knows, or knows by another column
public record Vocabulary(Set<Entity> entities, Map<String, Attribute> attributes, Map<String, Attribute> orderOnly) {
    private static final Set<Comparator> ORDERED =
            EnumSet.of(Comparator.EQ, Comparator.NE, Comparator.GT, Comparator.GE, Comparator.LT, Comparator.LE);
    private static final Set<Comparator> TEXTUAL =
            EnumSet.of(Comparator.EQ, Comparator.NE, Comparator.LIKE, Comparator.ILIKE);
    private static final Set<Comparator> LISTS = EnumSet.of(Comparator.IN, Comparator.NOT_IN);

    public Vocabulary {
        entities = Set.copyOf(entities);
        attributes = Map.copyOf(attributes);
        orderOnly = Map.copyOf(orderOnly);
    }

    /// Families of names.
    public enum Entity {
        METRIC("metric", List.of("metric", "metrics")),
        PARAMETER("parameter", List.of("parameter", "parameters", "param", "params")),
        TAG("tag", List.of("tag", "tags")),
        ATTRIBUTE("attribute", List.of("attribute", "attributes", "attr", "run")),
        DATASET("dataset", List.of("dataset", "datasets"));

        private final String said;
        private final List<String> words;

        Entity(String said, List<String> words) {
            this.said = said;
            this.words = words;
        }
    }

    /// @param column SQL expression
    /// @param numeric compared as a number
    /// @param lists knows IN and NOT IN
    public record Attribute(String column, boolean numeric, boolean lists) {
        public static Attribute text(String column) {
            return new Attribute(column, false, false);
        }

        public static Attribute number(String column) {
            return new Attribute(column, true, false);
        }

        public static Attribute id(String column) {
            return new Attribute(column, false, true);
        }
    }

    /// A comparison whose name is known and whose value fits.
    ///
    /// @param key the key of a metric, parameter or tag; the SQL column of an attribute or dataset field
    public record Term(Entity entity, String key, Comparator comparator, Value value, int at) {}

    /// A known name to order by.
    ///
    /// @param key as in [Term]
    /// @param numeric ordered as a number
    public record Order(Entity entity, String key, boolean numeric, boolean ascending) {
        public String direction() {
            return ascending ? " ASC" : " DESC";
        }
    }

    private static final Map<String, Attribute> DATASET_FIELDS =
            Map.of("name", Attribute.id("name"), "digest", Attribute.id("digest"), "context", Attribute.id("context"));

    /// The terms of a filter.
    public List<Term> terms(List<Comparison> comparisons) {
        List<Term> terms = new ArrayList<>();
        for (Comparison comparison : comparisons) {
            terms.add(term(comparison));
        }
        return terms;
    }

    private Term term(Comparison c) {
        Entity entity = entity(c.name(), " (at character " + c.at() + ")");
        String key = c.name().key();
        if (c.comparator() == Comparator.IS_NULL || c.comparator() == Comparator.IS_NOT_NULL) {
            if (entity != Entity.TAG && entity != Entity.PARAMETER) {
                throw MlflowRequest.invalid("IS NULL and IS NOT NULL go with tags and parameters only, not with "
                        + entity.said + " '" + key + "'" + place(c));
            }
            return new Term(entity, key, c.comparator(), c.value(), c.at());
        }
        switch (entity) {
            case METRIC -> {
                if (!(c.value() instanceof Value.Number)) {
                    throw MlflowRequest.invalid("Expected numeric value type for metric. Found "
                            + c.value().shown() + place(c));
                }
                check(c, ORDERED, "'{'<=', '!=', '>', '<', '=', '>='}");
            }
            case PARAMETER, TAG -> {
                text(c, entity.said);
                check(c, TEXTUAL, "'{'ILIKE', '=', '!=', 'LIKE'}'");
            }
            case ATTRIBUTE -> key = column(c, attributes, "attribute");
            case DATASET -> key = column(c, DATASET_FIELDS, "dataset");
        }
        return new Term(entity, key, c.comparator(), c.value(), c.at());
    }

    private String column(Comparison c, Map<String, Attribute> known, String family) {
        Attribute attribute = known.get(c.name().key());
        if (attribute == null) {
            throw unknownKey(c.name().key(), known, family, place(c));
        }
        if (attribute.numeric()) {
            if (!(c.value() instanceof Value.Number)) {
                throw MlflowRequest.invalid("Expected numeric value type for numeric attribute: "
                        + c.name().key() + ". Found " + c.value().shown() + place(c));
            }
            check(c, ORDERED, "'{'<=', '!=', '>', '<', '=', '>='}");
        } else if (c.value() instanceof Value.Words || LISTS.contains(c.comparator())) {
            if (!attribute.lists()) {
                throw MlflowRequest.invalid(
                        "Only the 'run_id' attribute supports comparison with a list of quoted string values."
                                + place(c));
            }
            if (!(c.value() instanceof Value.Words) || !LISTS.contains(c.comparator())) {
                throw MlflowRequest.invalid("A list in parentheses goes with IN or NOT IN." + place(c));
            }
        } else {
            text(c, family);
            check(c, TEXTUAL, "'{'ILIKE', '=', '!=', 'LIKE'}'");
        }
        return attribute.column();
    }

    private static void text(Comparison c, String family) {
        switch (c.value()) {
            case Value.Text _ -> {}
            case Value.Bare bare ->
                throw MlflowRequest.invalid(
                        "Parameter value is either not quoted or unidentified quote types used for string value "
                                + bare.written() + ". Use either single or double quotes." + place(c));
            default ->
                throw MlflowRequest.invalid("Expected a quoted string value for " + family
                        + " (e.g. 'my-value'). Got value " + c.value().shown() + place(c));
        }
    }

    private static void check(Comparison c, Set<Comparator> allowed, String shown) {
        if (!allowed.contains(c.comparator())) {
            throw MlflowRequest.invalid(
                    "Invalid comparator '" + c.comparator().sign() + "' not one of " + shown + place(c));
        }
    }

    private static String place(Comparison c) {
        return " (at character " + c.at() + ")";
    }

    private static RuntimeException unknownKey(String key, Map<String, Attribute> known, String family, String place) {
        return MlflowRequest.invalid("Invalid " + family + " key '" + key + "' specified. Valid keys are '{"
                + String.join(
                        ", ",
                        new TreeSet<>(known.keySet())
                                .stream().map(k -> "'" + k + "'").toList())
                + "}'" + place);
    }

    private Entity entity(Name name, String place) {
        String written = name.entity();
        if (written == null) {
            return Entity.ATTRIBUTE;
        }
        for (Entity entity : Entity.values()) {
            if (entity.words.contains(written) && entities.contains(entity)) {
                return entity;
            }
        }
        List<String> valid = new ArrayList<>();
        for (Entity entity : Entity.values()) {
            if (entities.contains(entity)) {
                valid.add("'" + entity.said + "'");
            }
        }
        throw MlflowRequest.invalid(
                "Invalid entity type '" + written + "'. Valid values are [" + String.join(", ", valid) + "]" + place);
    }

    /// The known names of order-by clauses.
    public List<Order> orders(List<OrderBy> clauses) {
        List<Order> orders = new ArrayList<>();
        for (OrderBy clause : clauses) {
            Entity entity = entity(clause.name(), "");
            String key = clause.name().key();
            if (entity == Entity.DATASET) {
                throw MlflowRequest.invalid("Invalid identifier type 'dataset'");
            }
            boolean numeric = entity == Entity.METRIC;
            if (entity == Entity.ATTRIBUTE) {
                Attribute attribute = orderOnly.getOrDefault(key, attributes.get(key));
                if (attribute == null) {
                    throw unknownKey(key, attributes, "attribute", "");
                }
                key = attribute.column();
                numeric = attribute.numeric();
            }
            orders.add(new Order(entity, key, numeric, clause.ascending()));
        }
        return orders;
    }
}
