package atelier.traces.internal;

import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.mlflow.PythonJson;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Tokens and costs of a whole trace from what its spans say. A span that sums up its children is counted instead of
/// them, so nothing counts twice.
public final class Usage {
    /// Attribute: `{"input_tokens": …, "output_tokens": …, "total_tokens": …}`.
    public static final String TOKENS = "mlflow.chat.tokenUsage";
    /// Attribute: `{"input_cost": …, "output_cost": …, "total_cost": …}` in US dollars.
    public static final String LLM_COST = "mlflow.llm.cost";

    private static final List<String> TOKEN_KEYS = List.of("input_tokens", "output_tokens", "total_tokens");
    private static final List<String> CACHE_KEYS =
            List.of("cache_read_input_tokens", "cache_creation_input_tokens", "cache_creation_input_tokens_above_1hr");
    private static final List<String> COST_KEYS = List.of("input_cost", "output_cost", "total_cost");

    private Usage() {}

    /// The object an attribute holds, as JSON or as JSON text; a missing node when it holds none.
    static JsonNode object(JsonNode attribute) {
        if (attribute.isObject()) {
            return attribute;
        }
        if (attribute.isString()) {
            try {
                JsonNode parsed = Json.parse(attribute.stringValue());
                // What a span of traces.json holds is JSON text, whose text may be JSON once more.
                return parsed.isString() ? object(parsed) : parsed.isObject() ? parsed : Json.object();
            } catch (Problem.Invalid _) {
                return Json.object();
            }
        }
        return Json.object();
    }

    /// Sum of the tokens; null when no span says any.
    public static @Nullable String tokens(List<JsonNode> spans) {
        ObjectNode sum = sum(spans, TOKENS, TOKEN_KEYS, CACHE_KEYS, true);
        return sum == null ? null : PythonJson.write(sum);
    }

    /// Sum of the costs; null when no span says any.
    public static @Nullable String cost(List<JsonNode> spans) {
        ObjectNode sum = sum(spans, LLM_COST, COST_KEYS, List.of(), false);
        return sum == null ? null : PythonJson.write(sum);
    }

    private static @Nullable ObjectNode sum(
            List<JsonNode> spans, String attribute, List<String> always, List<String> sometimes, boolean whole) {
        Set<String> ids = new HashSet<>();
        spans.forEach(span -> ids.add(span.path("span_id").asString("")));
        Map<String, List<JsonNode>> children = new HashMap<>();
        Deque<JsonNode> open = new ArrayDeque<>();
        for (JsonNode span : spans) {
            String parent = span.path("parent_span_id").asString("");
            if (ids.contains(parent)) {
                children.computeIfAbsent(parent, _ -> new ArrayList<>()).add(span);
            } else {
                open.add(span);
            }
        }
        Map<String, Double> totals = new HashMap<>();
        boolean any = false;
        while (!open.isEmpty()) {
            JsonNode span = open.pop();
            JsonNode said = object(span.path("attributes").path(attribute));
            if (said.isEmpty()) {
                // A span is never its own ancestor here: whoever is in a circle has a parent and is not reached.
                open.addAll(children.getOrDefault(span.path("span_id").asString(""), List.of()));
                continue;
            }
            any = true;
            for (String key : always) {
                totals.merge(key, amount(said, key), Double::sum);
            }
            for (String key : sometimes) {
                if (said.path(key).isNumber()) {
                    totals.merge(key, amount(said, key), Double::sum);
                }
            }
        }
        if (!any) {
            return null;
        }
        ObjectNode sum = Json.object();
        for (List<String> keys : List.of(always, sometimes)) {
            for (String key : keys) {
                Double total = totals.get(key);
                if (total != null && whole) {
                    sum.put(key, total.longValue());
                } else if (total != null) {
                    sum.put(key, total);
                }
            }
        }
        return sum;
    }

    private static double amount(JsonNode said, String key) {
        double amount = said.path(key).asDouble(0);
        return Double.isFinite(amount) ? amount : 0;
    }
}
