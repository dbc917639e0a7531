package atelier.endpoints;

import atelier.kernel.Problem;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How requests without a named deployment are shared out, in percent.
///
/// @param weights deployment to percent, 0 to 100; the sum is 100, or 0 when nothing is to be served
public record Traffic(SortedMap<String, Integer> weights) {
    /// The fractional part of the golden ratio: multiples of it are spread evenly over [0, 1), so that the split is
    /// close to what was asked after few requests already.
    private static final double GOLDEN = 0.618_033_988_749_894_9;

    public static final Traffic NONE = new Traffic(new TreeMap<>());

    public Traffic {
        weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
        int sum = 0;
        for (Map.Entry<String, Integer> weight : weights.entrySet()) {
            if (weight.getValue() < 0 || weight.getValue() > 100) {
                throw new Problem.Invalid(
                        "The traffic of '" + weight.getKey() + "' is " + weight.getValue()
                                + "; it must be from 0 to 100 percent.",
                        "properties.traffic");
            }
            sum += weight.getValue();
        }
        if (sum != 0 && sum != 100) {
            throw new Problem.Invalid(
                    "The traffic of all deployments adds up to " + sum + " percent; it must be 100, or 0 for none.",
                    "properties.traffic");
        }
    }

    /// Reads `{"blue": 90, "green": 10}`; null and missing are none.
    public static Traffic parse(JsonNode node) {
        TreeMap<String, Integer> weights = new TreeMap<>();
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> entry : object.properties()) {
                if (!entry.getValue().isIntegralNumber()) {
                    throw new Problem.Invalid(
                            "The traffic of '" + entry.getKey() + "' must be a whole number of percent.",
                            "properties.traffic");
                }
                weights.put(entry.getKey(), entry.getValue().asInt());
            }
        }
        return new Traffic(weights);
    }

    /// The deployment that answers the `n`-th request; empty when there is no traffic.
    public Optional<String> choose(long n) {
        double place = n * GOLDEN;
        double percent = (place - Math.floor(place)) * 100;
        int until = 0;
        for (Map.Entry<String, Integer> weight : weights.entrySet()) {
            until += weight.getValue();
            if (percent < until) {
                return Optional.of(weight.getKey());
            }
        }
        return Optional.empty();
    }

    public int of(String deployment) {
        return weights.getOrDefault(deployment, 0);
    }

    /// Without a deployment that goes.
    public Traffic without(String deployment) {
        TreeMap<String, Integer> rest = new TreeMap<>(weights);
        rest.remove(deployment);
        return new Traffic(rest);
    }
}
