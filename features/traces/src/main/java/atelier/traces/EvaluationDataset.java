package atelier.traces;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A set of records that models and prompts are judged by.
///
/// @param id `d-` and 32 hexadecimal digits
/// @param schema JSON: which fields the records have, and of which type; null before the first record
/// @param records how many there are
/// @param digest changes with the records
/// @param createdAt, updatedAt epoch milliseconds
public record EvaluationDataset(
        String id,
        String name,
        Map<String, String> tags,
        @Nullable String schema,
        long records,
        String digest,
        long createdAt,
        long updatedAt,
        @Nullable String createdBy,
        @Nullable String updatedBy,
        List<Long> experiments) {
    public EvaluationDataset {
        tags = new TreeMap<>(tags);
        experiments = List.copyOf(experiments);
    }

    /// One record. All texts are JSON; null where nothing is said.
    ///
    /// @param id `edr-` and 32 hexadecimal digits
    public record Entry(
            String id,
            String inputs,
            @Nullable String outputs,
            @Nullable String expectations,
            @Nullable String tags,
            @Nullable String source,
            long createdAt,
            long updatedAt,
            @Nullable String createdBy,
            @Nullable String updatedBy) {}
}
