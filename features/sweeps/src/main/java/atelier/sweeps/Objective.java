package atelier.sweeps;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// What a sweep looks for: the greatest or the smallest value of a metric that every trial logs.
///
/// @param primaryMetric key of the MLflow metric
public record Objective(String primaryMetric, boolean maximize) {
    static Objective of(JsonNode given) {
        String metric = Fields.text(given, "primaryMetric");
        if (metric.isBlank()) {
            throw Fields.invalid(
                    "objective.primaryMetric", "A sweep needs the name of the metric that its trials log with MLflow.");
        }
        String goal = Fields.word(Fields.get(given, "goal"), List.of("minimize", "maximize"), "objective.goal");
        return new Objective(metric, goal.equals("maximize"));
    }

    public String goal() {
        return maximize ? "maximize" : "minimize";
    }

    /// The value turned so that greater is better; NaN is worse than any number.
    double worth(double value) {
        return Double.isNaN(value) ? Double.NEGATIVE_INFINITY : maximize ? value : -value;
    }

    /// Whether `value` is better than `other`.
    public boolean better(double value, double other) {
        return worth(value) > worth(other);
    }

    /// The best of the values that a trial logged; NaN when there is none.
    public double best(List<Double> values) {
        double best = Double.NaN;
        for (double value : values) {
            if (better(value, best)) {
                best = value;
            }
        }
        return best;
    }
}
