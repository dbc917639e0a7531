package atelier.mlflow;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// One `order_by` clause: ``metrics.`a b` DESC``.
///
/// @param name as in a [Filter]
public record OrderBy(Filter.Name name, boolean ascending) {
    /// Parses all clauses of a search; one key may not occur twice.
    public static List<OrderBy> parse(List<String> clauses) {
        List<OrderBy> orders = new ArrayList<>();
        Set<Filter.Name> seen = new HashSet<>();
        for (String clause : clauses) {
            OrderBy order = parse(clause);
            if (!seen.add(order.name())) {
                throw MlflowRequest.invalid("`order_by` contains duplicate fields: ["
                        + String.join(
                                ", ", clauses.stream().map(c -> "'" + c + "'").toList()) + "]");
            }
            orders.add(order);
        }
        return orders;
    }

    private static OrderBy parse(String clause) {
        if (clause.isBlank()) {
            throw MlflowRequest.invalid("Invalid order_by clause '" + clause + "'. Could not be parsed.");
        }
        Filter.NameAndRest parsed = Filter.leadingName(clause);
        return switch (parsed.rest().toUpperCase(Locale.ROOT)) {
            case "", "ASC" -> new OrderBy(parsed.name(), true);
            case "DESC" -> new OrderBy(parsed.name(), false);
            default ->
                throw MlflowRequest.invalid(
                        parsed.name().entity() == null
                                ? "Invalid order_by clause '" + clause + "'. Could not be parsed."
                                : "Invalid ordering key in order_by clause '" + clause + "'.");
        };
    }
}
