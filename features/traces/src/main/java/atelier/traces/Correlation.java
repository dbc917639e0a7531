package atelier.traces;

/// How far two filters go together: normalized pointwise mutual information (Bouma 2009), from -1 (never) over 0
/// (by chance) to 1 (always).
///
/// @param first, second traces that fit one filter
/// @param both traces that fit both
/// @param total all traces looked at
public record Correlation(long first, long second, long both, long total) {
    private static final double JEFFREYS = 0.5;

    /// NaN when a filter fits no trace.
    public double npmi() {
        if (total <= 0 || first == 0 || second == 0) {
            return Double.NaN;
        }
        return both == 0 ? -1 : npmi(0);
    }

    /// As [#npmi], with half a trace added to each of the four cases: steadier when there are few.
    public double smoothed() {
        return total <= 0 || first == 0 || second == 0 ? Double.NaN : npmi(JEFFREYS);
    }

    private double npmi(double more) {
        double n11 = both + more;
        double n10 = first - both + more;
        double n01 = second - both + more;
        double n = total + 4 * more;
        if (n11 >= n) {
            return 1;
        }
        double mutual = Math.log(n11) + Math.log(n) - Math.log(n11 + n10) - Math.log(n11 + n01);
        return Math.clamp(mutual / -(Math.log(n11) - Math.log(n)), -1, 1);
    }
}
