package atelier.sweeps;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Which running trials are not worth going on with ("Hyperparameter tuning a model (v2)", early termination).
///
/// Each time a trial logs the primary metric is one interval. A policy looks at a trial at every multiple of
/// `interval` from `delay` on, and compares it with all trials that have come as far.
public sealed interface EarlyTermination {
    int interval();

    int delay();

    /// What the policy says about a trial at an interval it has reached: a sentence when it is to be stopped.
    ///
    /// @param at the number of points to look at
    /// @param all trials with at least so many points, the trial among them
    @Nullable
    String verdict(Objective objective, int at, Curve trial, List<Curve> all);

    /// What a trial has logged so far.
    record Curve(String trial, List<Double> points, boolean running) {
        public Curve {
            points = List.copyOf(points);
        }

        /// The best of the first `count` points, turned so that greater is better.
        double best(Objective objective, int count) {
            return objective.worth(objective.best(points.subList(0, count)));
        }

        /// The mean of the first `count` points that are numbers, turned so that greater is better.
        double average(Objective objective, int count) {
            return points.subList(0, count).stream()
                    .filter(value -> !Double.isNaN(value))
                    .mapToDouble(objective::worth)
                    .average()
                    .orElse(Double.NEGATIVE_INFINITY);
        }
    }

    /// The running trials to stop, each with the reason.
    default Map<String, String> stops(Objective objective, List<Curve> trials) {
        Map<String, String> stops = new LinkedHashMap<>();
        for (Curve trial : trials) {
            int at = trial.points().size() / interval() * interval();
            if (!trial.running() || at == 0 || at < delay()) {
                continue;
            }
            List<Curve> all =
                    trials.stream().filter(other -> other.points().size() >= at).toList();
            String verdict = verdict(objective, at, trial, all);
            if (verdict != null) {
                stops.put(trial.trial(), "Stopped early at interval " + at + ": " + verdict);
            }
        }
        return stops;
    }

    /// Worse than the best trial by more than the slack: 0.8 to maximize with a factor of 0.2 ends what is
    /// below 0.8 / (1 + 0.2); to minimize, what is above 0.8 * (1 + 0.2). Of values below zero the factor is
    /// taken the other way, so that the bound is always the worse side of the best.
    record Bandit(double slackFactor, double slackAmount, int interval, int delay) implements EarlyTermination {
        @Override
        public @Nullable String verdict(Objective objective, int at, Curve trial, List<Curve> all) {
            double best = all.stream()
                    .mapToDouble(other -> other.best(objective, at))
                    .max()
                    .orElse(Double.NEGATIVE_INFINITY);
            double bound = slackAmount > 0
                    ? best - slackAmount
                    : best >= 0 ? best / (1 + slackFactor) : best * (1 + slackFactor);
            double own = trial.best(objective, at);
            return own < bound
                    ? "its best " + objective.primaryMetric() + " " + shown(objective, own)
                            + " is outside the slack of the" + " best trial, " + shown(objective, best) + " (bound "
                            + shown(objective, bound) + ")."
                    : null;
        }
    }

    /// Best value so far worse than the median of the trials' running averages.
    record MedianStopping(int interval, int delay) implements EarlyTermination {
        @Override
        public @Nullable String verdict(Objective objective, int at, Curve trial, List<Curve> all) {
            double[] averages = all.stream()
                    .mapToDouble(other -> other.average(objective, at))
                    .sorted()
                    .toArray();
            int middle = averages.length / 2;
            double median = averages.length % 2 == 1 ? averages[middle] : (averages[middle - 1] + averages[middle]) / 2;
            double own = trial.best(objective, at);
            return own < median
                    ? "its best " + objective.primaryMetric() + " " + shown(objective, own)
                            + " is worse than the median of the running averages, " + shown(objective, median) + "."
                    : null;
        }
    }

    /// Among the lowest `percentage` percent at that interval, of all trials or of those that still run.
    record TruncationSelection(int percentage, int interval, int delay, boolean excludeFinished)
            implements EarlyTermination {
        @Override
        public @Nullable String verdict(Objective objective, int at, Curve trial, List<Curve> all) {
            List<Curve> compared = new ArrayList<>(all);
            compared.removeIf(other -> excludeFinished && !other.running());
            int cut = compared.size() * percentage / 100;
            double own = objective.worth(trial.points().get(at - 1));
            long worse = compared.stream()
                    .filter(other -> objective.worth(other.points().get(at - 1)) < own)
                    .count();
            long equalBefore = compared.stream()
                    .takeWhile(other -> !other.trial().equals(trial.trial()))
                    .filter(other -> objective.worth(other.points().get(at - 1)) == own)
                    .count();
            // Of equal ones the later started goes first.
            long equalAll = compared.stream()
                    .filter(other -> objective.worth(other.points().get(at - 1)) == own)
                    .count();
            long rank = worse + (equalAll - 1 - equalBefore);
            return rank < cut
                    ? "its " + objective.primaryMetric() + " " + shown(objective, own) + " is among the lowest " + cut
                            + " of " + compared.size() + " trials."
                    : null;
        }
    }

    private static String shown(Objective objective, double worth) {
        return Values.python(worth == Double.NEGATIVE_INFINITY ? Double.NaN : objective.maximize() ? worth : -worth);
    }

    /// Null for no policy. The SDK sends 0 for an interval that was not said; it means 1.
    static @Nullable EarlyTermination of(JsonNode given) {
        if (given.isMissingNode()) {
            return null;
        }
        JsonNode type = Fields.get(given, "policyType");
        String name = Fields.word(
                type.isMissingNode() ? given.path("type") : type,
                List.of("bandit", "median_stopping", "truncation_selection"),
                "earlyTermination.policyType");
        int interval = Math.max(1, whole(given, "evaluationInterval", 0, 0, Integer.MAX_VALUE));
        int delay = whole(given, "delayEvaluation", 0, 0, Integer.MAX_VALUE);
        return switch (name) {
            case "bandit" -> bandit(given, interval, delay);
            case "median_stopping" -> new MedianStopping(interval, delay);
            default ->
                new TruncationSelection(
                        whole(given, "truncationPercentage", 0, 1, 99),
                        interval,
                        delay,
                        Fields.get(given, "excludeFinishedJobs").asBoolean(false));
        };
    }

    private static Bandit bandit(JsonNode given, int interval, int delay) {
        double factor = slack(given, "slackFactor");
        double amount = slack(given, "slackAmount");
        if (factor > 0 && amount > 0) {
            throw Fields.invalid(
                    "earlyTermination.slackAmount", "A bandit policy has a slack_factor or a slack_amount, not both.");
        }
        return new Bandit(factor, amount, interval, delay);
    }

    private static double slack(JsonNode given, String name) {
        double slack = Fields.number(Fields.get(given, name), 0, "earlyTermination." + name);
        if (slack < 0) {
            throw Fields.invalid("earlyTermination." + name, "It must not be negative.");
        }
        return slack;
    }

    private static int whole(JsonNode given, String name, int otherwise, int least, int most) {
        JsonNode value = Fields.get(given, name);
        String where = "earlyTermination." + name;
        if (value.isMissingNode() && least > otherwise) {
            throw Fields.invalid(where, "It is missing; it is a whole number from " + least + " to " + most + ".");
        }
        return Fields.whole(value, otherwise, least, most, where);
    }
}
