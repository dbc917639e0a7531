package atelier.datasets.internal;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Formats of tables, told by a file's name.
enum TableFormat {
    CSV(List.of(".csv", ".tsv", ".tab", ".txt")),
    PARQUET(List.of(".parquet", ".pq")),
    JSON_LINES(List.of(".jsonl", ".ndjson", ".json"));

    private final List<String> endings;

    TableFormat(List<String> endings) {
        this.endings = endings;
    }

    static Optional<TableFormat> of(String name) {
        String lower = lower(name);
        for (TableFormat format : values()) {
            if (format.endings.stream().anyMatch(lower::endsWith)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /// The ending under which a copy is read, `.csv.gz` as `.csv.gz`.
    String ending(String name) {
        return endings.getFirst() + (name.toLowerCase(Locale.ROOT).endsWith(".gz") ? ".gz" : "");
    }

    private static String lower(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".gz") ? lower.substring(0, lower.length() - 3) : lower;
    }
}
