package atelier.experiments;

/// One point of a metric.
///
/// @param value may be NaN; infinities are kept as the greatest finite doubles, as MLflow does
/// @param timestamp epoch milliseconds, not negative
/// @param step any whole number
public record Metric(String key, double value, long timestamp, long step) {
    public Metric {
        if (value == Double.POSITIVE_INFINITY) {
            value = Double.MAX_VALUE;
        } else if (value == Double.NEGATIVE_INFINITY) {
            value = -Double.MAX_VALUE;
        } else if (value == 0) {
            value = 0.0;
        }
    }

    /// What the `value` column holds: 0 for a NaN, so that comparisons and keys work on both databases.
    public double stored() {
        return Double.isNaN(value) ? 0 : value;
    }

    /// What the `nan` column holds.
    public int nan() {
        return Double.isNaN(value) ? 1 : 0;
    }

    public static double value(double stored, int nan) {
        return nan == 1 ? Double.NaN : stored;
    }
}
