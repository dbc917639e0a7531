package atelier.sweeps.internal;

import atelier.sweeps.Sampling;
import atelier.sweeps.Sweep;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Chooses the hyperparameters of the next trial. It keeps nothing: what it needs it is told, so that a restarted
/// server goes on as if it had never been away.
interface Sampler {
    /// @param n number of the trial, from 0
    /// @param tried the trials 0 … n-1
    /// @return null when every combination was tried
    @Nullable
    ObjectNode next(int n, List<Tried> tried);

    /// @param value best value of the metric so far, turned so that greater is better; NaN for none
    /// @param failed it ended without being completed or stopped early
    record Tried(ObjectNode parameters, double value, boolean ended, boolean failed) {}

    static Sampler of(Sweep sweep, long seed) {
        return switch (sweep.sampling()) {
            case Sampling.Grid() -> new GridSampler(sweep.space().parameters());
            case Sampling.Random random -> new RandomSampler(sweep.space().parameters(), seed, random.sobol());
            case Sampling.Bayesian() -> new BayesianSampler(sweep.space().parameters(), seed);
        };
    }
}
