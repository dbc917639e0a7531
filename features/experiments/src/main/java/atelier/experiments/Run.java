package atelier.experiments;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A run with what was logged to it.
///
/// @param metrics the latest point of each key
public record Run(
        Head head,
        List<Metric> metrics,
        List<Entry> params,
        List<Entry> tags,
        List<DatasetInput> datasets,
        List<ModelLink> modelsIn,
        List<ModelLink> modelsOut) {
    public Run {
        metrics = List.copyOf(metrics);
        params = List.copyOf(params);
        tags = List.copyOf(tags);
        datasets = List.copyOf(datasets);
        modelsIn = List.copyOf(modelsIn);
        modelsOut = List.copyOf(modelsOut);
    }

    /// A run's own row.
    ///
    /// @param number the run's number in the tables; no client sees it
    /// @param runId 32 hexadecimal digits, or the name of its job
    /// @param experiment number of its experiment
    /// @param startTime, endTime epoch milliseconds as the client said them
    /// @param lifecycle `active` or `deleted`
    /// @param job made for a job, which alone sets its status
    public record Head(
            long number,
            String runId,
            long experiment,
            String name,
            String userId,
            RunStatus status,
            long startTime,
            @Nullable Long endTime,
            String artifactUri,
            String lifecycle,
            boolean job) {}

    /// What a search found.
    ///
    /// @param next token of the next page; null at the end
    public record Found(List<Run> runs, @Nullable String next) {
        public Found {
            runs = List.copyOf(runs);
        }
    }
}
