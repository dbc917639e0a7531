package atelier.sweeps.internal;

import java.util.Arrays;
import org.hipparchus.exception.MathIllegalArgumentException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.jspecify.annotations.Nullable;

/// A Gaussian process with a Matérn 5/2 kernel of one length a dimension and noise, its parameters those of the
/// greatest
/// marginal likelihood on a grid (Rasmussen and Williams, "Gaussian Processes for Machine Learning", algorithm 2.1).
/// Values are standardized: mean 0, variance 1.
final class GaussianProcess {
    private static final double[] LENGTHS = {0.1, 0.2, 0.4, 0.8, 1.6, 3.2};
    private static final double[] NOISES = {1e-6, 1e-3, 1e-2, 1e-1};
    private final double[][] points;
    private final double mean;
    private final double scale;
    private final Fit fit;

    /// @param value of the likelihood
    private record Fit(double[] lengths, double noise, double value, RealMatrix lower, double[] weights) {}

    private GaussianProcess(double[][] points, double mean, double scale, Fit fit) {
        this.points = points;
        this.mean = mean;
        this.scale = scale;
        this.fit = fit;
    }

    /// @param points at least one, all of the same length
    static GaussianProcess fit(double[][] points, double[] values) {
        double mean = Arrays.stream(values).average().orElse(0);
        double variance = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElse(0);
        double scale = variance > 0 ? Math.sqrt(variance) : 1;
        double[] y = Arrays.stream(values).map(value -> (value - mean) / scale).toArray();
        int dimensions = points[0].length;
        @Nullable Fit best = null;
        for (double length : LENGTHS) {
            for (double noise : NOISES) {
                double[] lengths = new double[dimensions];
                Arrays.fill(lengths, length);
                best = better(best, points, y, lengths, noise);
            }
        }
        // Then one dimension after the other: what does not matter gets a great length.
        for (int d = 0; d < dimensions && dimensions > 1; d++) {
            for (double length : LENGTHS) {
                Fit present = java.util.Objects.requireNonNull(best);
                double[] lengths = present.lengths().clone();
                if (lengths[d] != length) {
                    lengths[d] = length;
                    best = better(present, points, y, lengths, present.noise());
                }
            }
        }
        if (best == null) {
            throw new IllegalArgumentException("No kernel fits these points");
        }
        return new GaussianProcess(points, mean, scale, best);
    }

    private static @Nullable Fit better(
            @Nullable Fit best, double[][] points, double[] y, double[] lengths, double noise) {
        Fit fit = fit(points, y, lengths, noise);
        return fit != null && (best == null || fit.value() > best.value()) ? fit : best;
    }

    private static @Nullable Fit fit(double[][] points, double[] y, double[] lengths, double noise) {
        int n = points.length;
        double[][] kernel = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                kernel[i][j] = kernel(points[i], points[j], lengths);
                kernel[j][i] = kernel[i][j];
            }
            kernel[i][i] += noise + 1e-8;
        }
        try {
            CholeskyDecomposition cholesky =
                    new CholeskyDecomposition(new Array2DRowRealMatrix(kernel, false), 1e-9, 0);
            double[] weights =
                    cholesky.getSolver().solve(new ArrayRealVector(y, false)).toArray();
            RealMatrix lower = cholesky.getL();
            double value = -n / 2.0 * Math.log(2 * Math.PI);
            for (int i = 0; i < n; i++) {
                value -= 0.5 * y[i] * weights[i] + Math.log(lower.getEntry(i, i));
            }
            return Double.isFinite(value) ? new Fit(lengths, noise, value, lower, weights) : null;
        } catch (MathIllegalArgumentException e) {
            // Not positive definite in floating point; another length or more noise is.
            return null;
        }
    }

    private static double kernel(double[] a, double[] b, double[] lengths) {
        double square = 0;
        for (int d = 0; d < a.length; d++) {
            double difference = (a[d] - b[d]) / lengths[d];
            square += difference * difference;
        }
        double r = Math.sqrt(5 * square);
        return (1 + r + r * r / 3) * Math.exp(-r);
    }

    /// @param deviation of the function itself, without noise
    record Prediction(double mean, double deviation) {}

    Prediction at(double[] point) {
        int n = points.length;
        double[] k = new double[n];
        double expected = 0;
        for (int i = 0; i < n; i++) {
            k[i] = kernel(point, points[i], fit.lengths());
            expected += k[i] * fit.weights()[i];
        }
        RealVector v = new ArrayRealVector(k, false);
        double explained = 0;
        for (int i = 0; i < n; i++) {
            double sum = v.getEntry(i);
            for (int j = 0; j < i; j++) {
                sum -= fit.lower().getEntry(i, j) * k[j];
            }
            k[i] = sum / fit.lower().getEntry(i, i);
            explained += k[i] * k[i];
        }
        return new Prediction(mean + scale * expected, scale * Math.sqrt(Math.max(0, 1 - explained)));
    }
}
