package atelier.datasets;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of a table's rows, in the file's order.
///
/// @param rows values in the order of `columns`: numbers, booleans, text (timestamps as ISO 8601) or null
/// @param total number of rows of the whole table
public record Preview(List<String> columns, List<List<@Nullable Object>> rows, long total) {
    public Preview {
        columns = List.copyOf(columns);
        rows = Collections.unmodifiableList(rows);
    }
}
