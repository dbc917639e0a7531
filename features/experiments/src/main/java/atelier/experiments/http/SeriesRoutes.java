package atelier.experiments.http;

import static atelier.mlflow.MlflowJson.list;
import static atelier.mlflow.MlflowJson.number;
import static atelier.mlflow.MlflowJson.text;

import atelier.experiments.MetricSeries;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import atelier.mlflow.MlflowJson;
import atelier.web.Exchange;
import atelier.web.Response;
import atelier.web.Routes;
import atelier.web.dialects.ArmProblems;
import atelier.workspace.Arm;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `GET {ws}/atelier/mlflow/metrics/series?run=…&run=…&key=loss&x=step&from=0&to=1000&buckets=500`: a metric of
/// some runs, thinned for a chart so that extremes stay ([MetricSeries]).
public final class SeriesRoutes {
    private static final List<String> NAMES = List.of("run", "key", "x", "from", "to", "buckets", "api-version");
    private static final Map<String, MetricSeries.Axis> AXES = Stream.of(MetricSeries.Axis.values())
            .collect(Collectors.toMap(MetricSeries.Axis::word, Function.identity()));
    private static final int BUCKETS = 500;
    private final MetricSeries series;
    private final Workspaces workspaces;

    public SeriesRoutes(MetricSeries series, Workspaces workspaces) {
        this.series = series;
        this.workspaces = workspaces;
    }

    public Routes routes() {
        return new Routes(ArmProblems.INSTANCE).get(Arm.WORKSPACE + "/atelier/mlflow/metrics/series", this::series);
    }

    private Response series(Exchange exchange) {
        Workspace workspace = workspaces.of(exchange);
        exchange.queries().keySet().stream()
                .filter(name -> !NAMES.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw invalid(name, "There is no parameter '" + name + "'." + Nearest.hint(name, NAMES));
                });
        String key = exchange.query("key", "");
        if (key.isEmpty()) {
            throw invalid("key", "Name the metric: key=loss.");
        }
        String word = exchange.query("x", "step");
        MetricSeries.Axis axis = AXES.get(word);
        if (axis == null) {
            throw invalid(
                    "x", "'x' is step, time or relative, not '" + word + "'." + Nearest.hint(word, AXES.keySet()));
        }
        Long buckets = whole(exchange, "buckets");
        List<MetricSeries.Series> found = series.of(
                workspace,
                new MetricSeries.Wish(
                        exchange.queries().getOrDefault("run", List.of()),
                        key,
                        axis,
                        whole(exchange, "from"),
                        whole(exchange, "to"),
                        buckets == null ? BUCKETS : Math.clamp(buckets, 0, Integer.MAX_VALUE)));
        return MlflowJson.stream(json -> {
            text(json, "key", key);
            text(json, "x", axis.word());
            list(json, "series", found, (j, one) -> {
                text(j, "runId", one.runId());
                if (one.start() >= 0) {
                    number(j, "start", one.start());
                }
                number(j, "count", one.count());
                j.writeBooleanProperty("exact", one.exact());
                number(j, "nan", one.nan());
                number(j, "positiveInfinities", one.positiveInfinities());
                number(j, "negativeInfinities", one.negativeInfinities());
                list(j, "points", one.points(), (g, point) -> {
                    MlflowJson.value(g, "value", point.value());
                    number(g, "timestamp", point.timestamp());
                    number(g, "step", point.step());
                });
            });
        });
    }

    private static @Nullable Long whole(Exchange exchange, String name) {
        String text = exchange.query(name);
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw invalid(name, "'" + name + "' is a whole number, not '" + text + "'.");
        }
    }

    private static Problem.Invalid invalid(String field, String sentence) {
        return new Problem.Invalid("InvalidArgument", sentence, field);
    }
}
