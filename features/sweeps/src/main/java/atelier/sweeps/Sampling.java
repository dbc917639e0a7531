package atelier.sweeps;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// In which order the search space is tried.
public sealed interface Sampling {
    /// Every combination of choices, once.
    record Grid() implements Sampling {}

    /// @param seed the same seed gives the same trials; null: the sweep's name decides
    /// @param sobol a sequence that fills the space evenly, instead of independent draws
    /// @param base of logarithmic distributions: Euler's number unless `logbase` says otherwise
    record Random(@Nullable Long seed, boolean sobol, double base) implements Sampling {}

    /// Where a model of the metric, fitted to the trials so far, expects the greatest improvement.
    record Bayesian() implements Sampling {}

    /// `"random"`, or a dictionary with `samplingAlgorithmType` (REST) or `type` (YAML); random when nothing is said.
    static Sampling of(JsonNode given) {
        if (given.isMissingNode()) {
            return new Random(null, false, Math.E);
        }
        JsonNode type = given.isObject() ? Fields.get(given, "samplingAlgorithmType") : given;
        if (type.isMissingNode()) {
            type = given.path("type");
        }
        return switch (Fields.word(type, List.of("grid", "random", "bayesian"), "samplingAlgorithm")) {
            case "grid" -> new Grid();
            case "bayesian" -> new Bayesian();
            default -> random(given);
        };
    }

    private static Random random(JsonNode given) {
        JsonNode seed = Fields.get(given, "seed");
        JsonNode rule = Fields.get(given, "rule");
        boolean sobol = !rule.isMissingNode()
                && Fields.word(rule, List.of("random", "sobol"), "samplingAlgorithm.rule")
                        .equals("sobol");
        return new Random(
                seed.isMissingNode()
                        ? null
                        : (long) Fields.whole(seed, 0, Integer.MIN_VALUE, Integer.MAX_VALUE, "samplingAlgorithm.seed"),
                sobol,
                base(Fields.get(given, "logbase")));
    }

    private static double base(JsonNode given) {
        if (given.isMissingNode() || given.asString("").equals("e")) {
            return Math.E;
        }
        double base = Fields.number(given, Math.E, "samplingAlgorithm.logbase");
        if (base <= 0 || base == 1) {
            throw Fields.invalid(
                    "samplingAlgorithm.logbase",
                    "It must be \"e\" or a number greater than 0 other than 1, not " + base + ".");
        }
        return base;
    }

    /// The base of logarithmic distributions.
    default double logbase() {
        return this instanceof Random random ? random.base() : Math.E;
    }

    /// Where two samplings with the same seed begin alike.
    ///
    /// @param sweep name of the sweep job
    default long seed(String sweep) {
        Long given = this instanceof Random random ? random.seed() : null;
        if (given != null) {
            return given;
        }
        long seed = 1125899906842597L;
        for (int i = 0; i < sweep.length(); i++) {
            seed = 31 * seed + sweep.charAt(i);
        }
        return seed;
    }

    default String label() {
        return switch (this) {
            case Grid() -> "GRID";
            case Random random -> random.sobol() ? "RANDOM (sobol)" : "RANDOM";
            case Bayesian() -> "BAYESIAN";
        };
    }
}
