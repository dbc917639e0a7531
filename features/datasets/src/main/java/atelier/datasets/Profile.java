package atelier.datasets;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a table is like, column by column.
///
/// @param rows number of rows
/// @param approximate whether `distinct` and the quantiles are estimates (tables beyond
///     [#EXACT_ROWS] rows; HyperLogLog and t-digest)
/// @param computedInMs milliseconds that reading and counting took
/// @param file what was read: the file's name, or `n files` of a folder
/// @param bytes size of what was read
public record Profile(
        long rows, List<Column> columns, boolean approximate, long computedInMs, String file, long bytes) {
    /// Up to this many rows everything is exact.
    public static final long EXACT_ROWS = 500_000;

    public Profile {
        columns = List.copyOf(columns);
    }

    /// @param type `integer`, `number`, `boolean`, `string` or `timestamp`
    /// @param nulls missing values; not-a-number counts as missing
    /// @param min, max numbers, or text for strings and timestamps (ISO 8601)
    /// @param std standard deviation of the sample (n - 1)
    /// @param histogram for numbers, else null
    /// @param top for all others: the most frequent values, else null
    public record Column(
            String name,
            String type,
            long nulls,
            long distinct,
            @Nullable Object min,
            @Nullable Object max,
            @Nullable Double mean,
            @Nullable Double std,
            @Nullable Double q25,
            @Nullable Double q50,
            @Nullable Double q75,
            @Nullable List<Bin> histogram,
            @Nullable List<Frequent> top) {
        public Column {
            histogram = histogram == null ? null : List.copyOf(histogram);
            top = top == null ? null : List.copyOf(top);
        }
    }

    /// Values from `from` to below `to` (the last bin includes `to`).
    public record Bin(double from, double to, long count) {}

    /// @param value at most 200 characters of it
    public record Frequent(String value, long count) {}
}
