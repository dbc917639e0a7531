package atelier.sweeps.internal;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.kernel.Json;
import atelier.sweeps.Distribution.Group;
import atelier.sweeps.SearchSpace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class SamplerTest {
    private static Group space(String json) {
        return SearchSpace.of(Json.parse(json), Math.E).parameters();
    }

    /// Tries `count` times; each trial has ended before the next is chosen, but for the last `running`.
    private static List<Sampler.Tried> run(
            Sampler sampler, int count, int running, ToDoubleFunction<ObjectNode> worth) {
        List<ObjectNode> chosen = new ArrayList<>();
        List<Sampler.Tried> tried = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            tried.clear();
            for (int i = 0; i < chosen.size(); i++) {
                boolean ended = i < n - running;
                // As a restarted server reads them.
                ObjectNode parameters = (ObjectNode) Json.parse(chosen.get(i).toString());
                tried.add(new Sampler.Tried(
                        parameters, ended ? worth.applyAsDouble(parameters) : Double.NaN, ended, false));
            }
            ObjectNode next = sampler.next(n, tried);
            if (next == null) {
                break;
            }
            chosen.add(next);
        }
        return chosen.stream()
                .map(parameters -> new Sampler.Tried(parameters, worth.applyAsDouble(parameters), true, false))
                .toList();
    }

    private static double best(List<Sampler.Tried> tried) {
        return tried.stream().mapToDouble(Sampler.Tried::value).max().orElseThrow();
    }

    @Test
    void aGridEndsWithItsLastCombination() {
        Sampler grid = new GridSampler(space("{\"a\": [\"choice\", [[1, 2]]], \"b\": [\"choice\", [[\"x\", \"y\"]]]}"));
        assertThat(run(grid, 100, 0, _ -> 0))
                .extracting(trial -> trial.parameters().toString())
                .containsExactly(
                        "{\"a\":1,\"b\":\"x\"}",
                        "{\"a\":1,\"b\":\"y\"}",
                        "{\"a\":2,\"b\":\"x\"}",
                        "{\"a\":2,\"b\":\"y\"}");
    }

    @Test
    void randomSamplingOfASmallSpaceTriesEachCombinationOnce() {
        Group space = space("{\"a\": [\"randint\", [7]], \"b\": [\"choice\", [[\"x\", \"y\"]]]}");
        for (boolean sobol : new boolean[] {false, true}) {
            assertThat(run(new RandomSampler(space, 3, sobol), 100, 0, _ -> 0))
                    .extracting(trial -> trial.parameters().toString())
                    .hasSize(14)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void drawsFillTheSpace() {
        Group space = space("{\"x\": [\"uniform\", [0, 1]], \"y\": [\"uniform\", [0, 1]]}");
        for (boolean sobol : new boolean[] {false, true}) {
            List<Sampler.Tried> tried = run(new RandomSampler(space, 11, sobol), 256, 0, _ -> 0);
            double mean = tried.stream()
                    .mapToDouble(trial -> trial.parameters().path("x").asDouble())
                    .average()
                    .orElseThrow();
            assertThat(mean).isBetween(0.45, 0.55);
            Set<Integer> cells = new HashSet<>();
            tried.forEach(trial -> cells.add((int) (trial.parameters().path("x").asDouble() * 16) * 16
                    + (int) (trial.parameters().path("y").asDouble() * 16)));
            // 256 independent draws reach 162 of 256 cells on average; the sequence, turned, nearly all.
            assertThat(cells.size()).isGreaterThan(sobol ? 185 : 140);
        }
    }

    @Test
    void drawsDoNotFollowFromEachOther() {
        Group space = space("{\"x\": [\"uniform\", [0, 1]], \"y\": [\"uniform\", [0, 1]]}");
        List<Sampler.Tried> tried = run(new RandomSampler(space, 1, false), 400, 0, _ -> 0);
        double[][] points = tried.stream()
                .map(trial -> new double[] {
                    trial.parameters().path("x").asDouble(),
                    trial.parameters().path("y").asDouble()
                })
                .toArray(double[][]::new);
        for (int lag = 0; lag < 3; lag++) {
            double covariance = 0;
            for (int i = lag; i < points.length; i++) {
                covariance += (points[i][0] - 0.5) * (points[i - lag][1] - 0.5);
            }
            // Of independent numbers the correlation is 0 with a deviation of 0.05.
            assertThat(covariance / (points.length - lag) * 12).isBetween(-0.2, 0.2);
        }
    }

    @Test
    void theSameSeedDrawsTheSameAndAnotherDoesNot() {
        Group space = space("{\"x\": [\"normal\", [0, 1]]}");
        for (boolean sobol : new boolean[] {false, true}) {
            ObjectNode one = new RandomSampler(space, 5, sobol).next(3, List.of());
            assertThat(new RandomSampler(space, 5, sobol).next(3, List.of())).isEqualTo(one);
            assertThat(new RandomSampler(space, 6, sobol).next(3, List.of())).isNotEqualTo(one);
        }
    }

    @Test
    void bayesianSamplingBeatsRandomSamplingOnBranin() {
        Group space = space("{\"x\": [\"uniform\", [-5, 10]], \"y\": [\"uniform\", [0, 15]]}");
        double bayes = 0;
        double random = 0;
        for (int seed = 1; seed <= 3; seed++) {
            bayes += -best(run(new BayesianSampler(space, seed), 35, 1, SamplerTest::branin));
            random += -best(run(new RandomSampler(space, seed, false), 35, 0, SamplerTest::branin));
        }
        // The least value is 0.397887.
        assertThat(bayes / 3).isLessThan(0.45).isLessThan(random / 3);
    }

    private static double branin(ObjectNode at) {
        double x = at.path("x").asDouble();
        double y = at.path("y").asDouble();
        double a = y - 5.1 / (4 * Math.PI * Math.PI) * x * x + 5 / Math.PI * x - 6;
        return -(a * a + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10);
    }

    @Test
    void bayesianSamplingHandlesChoicesAlternativesAndTrialsThatRun() {
        Group space = space("""
                {"kind": ["choice", [["a", "b", "c"]]], "lr": ["loguniform", [-10, 0]],
                 "o": ["choice", [[{"name": "p", "m": ["uniform", [0, 1]]}, {"name": "q"}]]]}""");
        ToDoubleFunction<ObjectNode> worth = at -> -Math.pow(
                                Math.log(at.path("lr").asDouble()) + 3, 2)
                        / 10
                + (at.path("kind").asString().equals("b") ? 1 : 0)
                + (at.at("/o/name").asString().equals("p") ? at.at("/o/m").asDouble() : 0);
        List<Sampler.Tried> tried = run(new BayesianSampler(space, 9), 40, 4, worth);
        assertThat(best(tried)).isGreaterThan(1.85);
        assertThat(tried).extracting(trial -> trial.parameters().toString()).doesNotHaveDuplicates();
    }

    @Test
    void bayesianSamplingOfASmallSpaceEnds() {
        Group space = space("{\"a\": [\"choice\", [[1, 2, 3]]], \"b\": [\"choice\", [[\"x\", \"y\"]]]}");
        assertThat(run(new BayesianSampler(space, 1), 50, 0, at -> at.path("a").asDouble()))
                .hasSize(6);
    }

    @Test
    void aProcessGoesThroughItsPoints() {
        double[][] points = {{0}, {0.25}, {0.5}, {0.75}, {1}};
        double[] values = {0, 1, 0, -1, 0};
        GaussianProcess process = GaussianProcess.fit(points, values);
        for (int i = 0; i < points.length; i++) {
            assertThat(process.at(points[i]).mean()).isBetween(values[i] - 0.05, values[i] + 0.05);
        }
        assertThat(process.at(new double[] {0.125}).mean()).isBetween(0.3, 0.9);
        assertThat(process.at(new double[] {0.125}).deviation())
                .isGreaterThan(process.at(new double[] {0.25}).deviation());
    }
}
