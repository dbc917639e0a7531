package atelier.sweeps.internal;

import atelier.sweeps.Distribution.Group;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.hipparchus.random.SobolSequenceGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Independent draws, or a Sobol sequence turned by the seed (Cranley-Patterson). In a space that can be counted no
/// combination comes twice, so a small space ends a sweep before its limit does.
final class RandomSampler implements Sampler {
    private static final int DRAWS = 200;
    private final Group space;
    private final long seed;
    private final boolean sobol;

    RandomSampler(Group space, long seed, boolean sobol) {
        this.space = space;
        this.seed = seed;
        this.sobol = sobol;
    }

    @Override
    public @Nullable ObjectNode next(int n, List<Tried> tried) {
        if (space.size() == Long.MAX_VALUE) {
            return draw(n, 0);
        }
        Set<String> known = new HashSet<>();
        tried.forEach(trial -> known.add(trial.parameters().toString()));
        for (int attempt = 0; attempt < DRAWS; attempt++) {
            ObjectNode drawn = draw(n, attempt);
            if (!known.contains(drawn.toString())) {
                return drawn;
            }
        }
        return rest(n, known);
    }

    /// One of the combinations that are left, when so few are that draws miss them.
    private @Nullable ObjectNode rest(int n, Set<String> known) {
        long start = random(n, DRAWS).nextLong(space.size());
        for (long i = 0; i < Math.min(space.size(), known.size() + 1L); i++) {
            ObjectNode candidate = space.number((start + i) % space.size());
            if (!known.contains(candidate.toString())) {
                return candidate;
            }
        }
        return null;
    }

    /// The n-th draw.
    private ObjectNode draw(int n, int attempt) {
        return space.at(sobol ? sequence(n + attempt) : random(n, attempt)::nextDouble);
    }

    private DoubleSupplier sequence(int index) {
        int dimensions = Math.max(1, space.coordinates());
        double[] point = new SobolSequenceGenerator(dimensions).skipTo(index);
        SplittableRandom turn = Seeds.random(seed);
        int[] next = {0};
        return () -> {
            double turned = point[next[0]++] + turn.nextDouble();
            return turned >= 1 ? turned - 1 : turned;
        };
    }

    private SplittableRandom random(int n, int attempt) {
        return Seeds.random(seed, n, attempt);
    }
}
