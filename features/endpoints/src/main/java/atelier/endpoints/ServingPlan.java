package atelier.endpoints;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything decided about a deployment's processes: two plans with one `generation` are the same processes.
///
/// @param generation hash over model, environment, code, variables and the scoring server itself
/// @param command argument vector without the status file
/// @param variables environment variables
/// @param folder working directory
/// @param timeoutMillis longest time of one request
/// @param liveness, readiness Azure's defaults when null, as in plans of before there were probes
public record ServingPlan(
        String generation,
        List<String> command,
        Map<String, String> variables,
        String folder,
        long timeoutMillis,
        @Nullable Probe liveness,
        @Nullable Probe readiness) {
    public ServingPlan {
        command = List.copyOf(command);
        variables = Map.copyOf(variables);
    }

    /// When a process is ended and started again.
    public Probe live() {
        return liveness == null ? Probe.DEFAULT : liveness;
    }

    /// When a process gets no requests.
    public Probe ready() {
        return readiness == null ? Probe.DEFAULT : readiness;
    }
}
