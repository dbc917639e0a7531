package atelier.sweeps;

import atelier.experiments.Runs;
import atelier.jobs.Jobs;
import atelier.jobs.Jobs.Job;
import atelier.kernel.Json;
import atelier.workspace.Workspace;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The trials of a sweep.
public final class Trials {
    /// Where a job keeps its hyperparameters, as Azure ML does: JSON as text, in its properties and in its tags.
    public static final String PARAMETERS = "hyperparameters";

    private Trials() {}

    /// A command job with hyperparameters.
    ///
    /// @param number from 0
    /// @param points of the primary metric, in the order they were logged
    public record Trial(int number, Job job, ObjectNode parameters, List<Double> points) {
        public Trial {
            points = List.copyOf(points);
        }
    }

    /// `<sweep>_<n>`, from 0: the same whenever it is asked for, so that a trial becomes one job, also after a crash.
    public static String name(String sweep, int number) {
        return sweep + "_" + number;
    }

    /// All trials as they are now, by number.
    public static List<Trial> of(Jobs jobs, Runs runs, Workspace workspace, Job sweep, Objective objective) {
        List<Job> children = jobs.children(workspace, sweep.name());
        return of(
                sweep.name(),
                children,
                runs.metricValues(workspace, children.stream().map(Job::name).toList(), objective.primaryMetric()));
    }

    /// The trials among the children of a sweep, by number.
    ///
    /// @param points of the primary metric by job
    public static List<Trial> of(String sweep, List<Job> children, Map<String, List<Double>> points) {
        String prefix = sweep + "_";
        return children.stream()
                .filter(child -> child.name().startsWith(prefix)
                        && child.name().substring(prefix.length()).matches("\\d{1,9}")
                        && child.properties().path("properties").has(PARAMETERS))
                .map(child -> new Trial(
                        Integer.parseInt(child.name().substring(prefix.length())),
                        child,
                        parameters(child),
                        points.getOrDefault(child.name(), List.of())))
                .sorted(Comparator.comparingInt(Trial::number))
                .toList();
    }

    private static ObjectNode parameters(Job child) {
        JsonNode parsed = Json.parse(
                child.properties().path("properties").path(PARAMETERS).asString("{}"));
        return parsed instanceof ObjectNode object ? object : Json.object();
    }

    /// The one whose model is worth keeping: of the completed trials, else of those that were stopped. Null when none
    /// of
    /// them logged the metric. Of equal ones the first.
    public static @Nullable Trial best(List<Trial> trials, Objective objective) {
        Trial completed = best(trials, objective, "Completed");
        return completed != null ? completed : best(trials, objective, "Canceled");
    }

    private static @Nullable Trial best(List<Trial> trials, Objective objective, String status) {
        Trial best = null;
        for (Trial trial : trials) {
            double value = objective.best(trial.points());
            if (trial.job().status().equals(status)
                    && !Double.isNaN(value)
                    && (best == null || objective.better(value, objective.best(best.points())))) {
                best = trial;
            }
        }
        return best;
    }
}
