package atelier.sweeps.internal;

import atelier.sweeps.Distribution.Group;
import atelier.sweeps.internal.GaussianProcess.Prediction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Expected improvement under a Gaussian process (Jones, Schonlau and Welch 1998), over random candidates and
/// neighbours of the best trials. Trials that still run count with the value that is expected of them (kriging
/// believer, Ginsbourger et al. 2010), so that many at once do not try the same; failed ones with the worst.
///
/// The first trials are a Sobol sequence. Discrete parameters are no special case: candidates are real combinations,
/// and the process sees these.
final class BayesianSampler implements Sampler {
    /// A fit costs the cube of this.
    private static final int MOST_OBSERVATIONS = 150;

    private static final int CANDIDATES = 600;
    private static final int NEIGHBOURS = 60;
    private static final int PARENTS = 5;
    private static final double[] STEPS = {0.2, 0.05, 0.01};
    private final Group space;
    private final long seed;
    private final RandomSampler first;

    BayesianSampler(Group space, long seed) {
        this.space = space;
        this.seed = seed;
        this.first = new RandomSampler(space, seed, true);
    }

    @Override
    public @Nullable ObjectNode next(int n, List<Tried> tried) {
        List<Tried> known = tried.stream()
                .filter(trial -> trial.ended() && Double.isFinite(trial.value()))
                .toList();
        if (known.size() < Math.max(4, 2 * space.coordinates())) {
            return first.next(n, tried);
        }
        Set<String> used = new HashSet<>();
        tried.forEach(trial -> used.add(trial.parameters().toString()));
        List<ObjectNode> candidates = candidates(n, known);
        candidates.removeIf(candidate -> used.contains(candidate.toString()));
        if (candidates.isEmpty()) {
            return first.next(n, tried);
        }
        List<Tried> observed = observed(known, tried);
        double best = known.stream().mapToDouble(Tried::value).max().orElseThrow();
        GaussianProcess process = process(observed);
        List<Tried> running = tried.stream().filter(trial -> !trial.ended()).toList();
        if (!running.isEmpty()) {
            List<Tried> believed = new ArrayList<>(observed);
            for (Tried trial : running) {
                double expected = process.at(place(trial.parameters())).mean();
                believed.add(new Tried(trial.parameters(), expected, true, false));
            }
            process = process(believed);
        }
        GaussianProcess fitted = process;
        return candidates.stream()
                .max(Comparator.comparingDouble(candidate -> improvement(fitted.at(place(candidate)), best)))
                .orElseThrow();
    }

    /// What the process is fitted to: the best ones and the newest, failed ones at the worst value.
    private static List<Tried> observed(List<Tried> known, List<Tried> tried) {
        double worst = known.stream().mapToDouble(Tried::value).min().orElseThrow();
        List<Tried> all = new ArrayList<>(known);
        tried.stream()
                .filter(trial -> trial.failed() && !Double.isFinite(trial.value()))
                .forEach(trial -> all.add(new Tried(trial.parameters(), worst, true, true)));
        if (all.size() <= MOST_OBSERVATIONS) {
            return all;
        }
        List<Tried> sorted = all.stream()
                .sorted(Comparator.comparingDouble(Tried::value).reversed())
                .toList();
        Set<Tried> kept = new HashSet<>(sorted.subList(0, MOST_OBSERVATIONS / 3));
        for (Tried trial : all.reversed()) {
            if (kept.size() < MOST_OBSERVATIONS) {
                kept.add(trial);
            }
        }
        return all.stream().filter(kept::contains).toList();
    }

    private GaussianProcess process(List<Tried> observed) {
        return GaussianProcess.fit(
                observed.stream().map(trial -> place(trial.parameters())).toArray(double[][]::new),
                observed.stream().mapToDouble(Tried::value).toArray());
    }

    private double[] place(ObjectNode parameters) {
        List<Double> place = new ArrayList<>();
        space.encode(parameters, place);
        return place.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /// Random combinations, and the best trials with a few of their coordinates moved.
    private List<ObjectNode> candidates(int n, List<Tried> known) {
        SplittableRandom random = Seeds.random(seed, n);
        int coordinates = space.coordinates();
        List<ObjectNode> candidates = new ArrayList<>();
        for (int i = 0; i < CANDIDATES; i++) {
            candidates.add(space.at(random::nextDouble));
        }
        List<Tried> parents = known.stream()
                .sorted(Comparator.comparingDouble(Tried::value).reversed())
                .limit(PARENTS)
                .toList();
        for (Tried parent : parents) {
            for (int i = 0; i < NEIGHBOURS; i++) {
                double step = STEPS[i % STEPS.length];
                candidates.add(new Neighbour(random, step, coordinates).of(space, parent.parameters()));
            }
        }
        return candidates;
    }

    private static double improvement(Prediction prediction, double best) {
        double gain = prediction.mean() - best;
        if (prediction.deviation() < 1e-12) {
            return Math.max(0, gain);
        }
        NormalDistribution normal = new NormalDistribution();
        double z = gain / prediction.deviation();
        return gain * normal.cumulativeProbability(z) + prediction.deviation() * normal.density(z);
    }
}
