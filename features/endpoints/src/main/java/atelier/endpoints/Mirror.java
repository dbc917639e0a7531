package atelier.endpoints;

import atelier.kernel.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `properties.mirrorTraffic`: a share of the live requests that one deployment gets a copy of. Callers see nothing of
/// its answers. Azure ML's rules hold: one deployment, half of the requests at most, and none that has live traffic.
///
/// @param percent 1 to 50
public record Mirror(String deployment, int percent) {
    private static final String FIELD = "properties.mirrorTraffic";
    private static final int MOST = 50;

    /// The fractional part of the square root of two: spread as evenly as [Traffic]'s, and independent of it.
    private static final double ROOT = 0.414_213_562_373_095_1;

    public Mirror {
        if (percent < 1 || percent > MOST) {
            throw new Problem.Invalid(
                    "The mirrored traffic of '" + deployment + "' is " + percent + "; it must be from 0 to " + MOST
                            + " percent.",
                    FIELD);
        }
    }

    /// Reads `{"green": 10}`; empty when nothing is mirrored.
    ///
    /// @throws Problem.Invalid when more than one deployment is named, or one that has live traffic
    static Optional<Mirror> parse(JsonNode node, Traffic live) {
        if (!(node instanceof ObjectNode shares)) {
            return Optional.empty();
        }
        for (Map.Entry<String, JsonNode> share : shares.properties()) {
            if (!share.getValue().isIntegralNumber()) {
                throw new Problem.Invalid(
                        "The mirrored traffic of '" + share.getKey() + "' must be a whole number of percent.", FIELD);
            }
        }
        List<Mirror> mirrors = shares.properties().stream()
                .filter(share -> share.getValue().asInt() != 0)
                .map(share -> new Mirror(share.getKey(), share.getValue().asInt()))
                .toList();
        if (mirrors.size() > 1) {
            throw new Problem.Invalid(
                    "Requests are mirrored to one deployment only, not to "
                            + String.join(
                                    " and ",
                                    mirrors.stream().map(Mirror::deployment).toList())
                            + ".",
                    FIELD);
        }
        mirrors.forEach(mirror -> mirror.requireIdle(live));
        return mirrors.stream().findFirst();
    }

    private void requireIdle(Traffic live) {
        if (live.of(deployment) > 0) {
            throw new Problem.Invalid(
                    "Deployment '" + deployment + "' gets " + live.of(deployment)
                            + " percent of the live traffic; requests are mirrored to a deployment without any.",
                    FIELD);
        }
    }

    /// Whether the `n`-th request is mirrored.
    boolean takes(long n) {
        double place = n * ROOT;
        return (place - Math.floor(place)) * 100 < percent;
    }
}
