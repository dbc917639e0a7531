package atelier.assets;

import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import atelier.web.Exchange;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The query of Azure ML's lists (specification machinelearningservices/…/mfe.json): `$top`, `$skip`, `$orderBy`,
/// `listViewType`, `tags` and `$tags`, `properties`, `stage`. `$top` is the size of a page here; the next one is at
/// `nextLink`.
public final class ListParameters {
    private static final int PAGE = 200;
    private static final List<String> ORDERS = List.of("createdtime desc", "createdtime asc");

    private ListParameters() {}

    /// @throws Problem.Invalid naming the parameter
    public static AssetQuery of(Exchange exchange) {
        String tags = exchange.query("tags");
        String stage = exchange.query("stage");
        return new AssetQuery(
                ListView.parse(exchange.query("listViewType")),
                oldestFirst(exchange.query("$orderBy", "")),
                pairs(tags == null ? exchange.query("$tags", "") : tags),
                pairs(exchange.query("properties", "")),
                stage == null || stage.isEmpty() ? null : stage,
                marker(exchange),
                Math.clamp(exchange.query("$top", PAGE), 1, PAGE));
    }

    private static @Nullable String marker(Exchange exchange) {
        String marker = exchange.query("$skip");
        return marker == null || marker.isEmpty() ? null : marker;
    }

    private static boolean oldestFirst(String order) {
        String[] words = order.strip().toLowerCase(Locale.ROOT).split("\\s+");
        if (words[0].isEmpty()) {
            return false;
        }
        boolean known = words[0].equals("createdtime") || words[0].equals("createdat");
        String direction = words.length == 1 ? "asc" : words[1];
        if (!known || words.length > 2 || !direction.equals("asc") && !direction.equals("desc")) {
            throw new Problem.Invalid(
                    "InvalidOrderBy",
                    "'$orderBy' is " + String.join(" or ", ORDERS) + ", not '" + order + "'."
                            + Nearest.hint(order, ORDERS),
                    "$orderBy");
        }
        return direction.equals("asc");
    }

    /// `tag1,tag2=value2`: an empty value stands for any.
    static Map<String, String> pairs(String text) {
        Map<String, String> pairs = new TreeMap<>();
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            String key = (equals < 0 ? pair : pair.substring(0, equals)).strip();
            if (!key.isEmpty()) {
                pairs.put(key, equals < 0 ? "" : pair.substring(equals + 1).strip());
            }
        }
        return pairs;
    }
}
