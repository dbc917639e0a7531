package atelier.traces;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A problem that traces show; an assessment of kind [Assessment.Kind#ISSUE] whose name is its id ties a trace to it.
///
/// @param id `iss-` and 32 hexadecimal digits
/// @param status `pending`, `rejected` or `resolved`
/// @param severity `not_an_issue`, `low`, `medium` or `high`
/// @param sourceRunId the run that found it
/// @param createdAt, updatedAt epoch milliseconds
public record Issue(
        String id,
        long experiment,
        String name,
        String description,
        String status,
        @Nullable String severity,
        List<String> rootCauses,
        List<String> categories,
        @Nullable String sourceRunId,
        @Nullable String createdBy,
        long createdAt,
        long updatedAt) {
    public Issue {
        rootCauses = List.copyOf(rootCauses);
        categories = List.copyOf(categories);
    }

    /// What an update changes; null leaves as it is.
    public record Change(
            @Nullable String name,
            @Nullable String description,
            @Nullable String status,
            @Nullable String severity) {}
}
