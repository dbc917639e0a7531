package atelier.endpoints;

import java.util.List;
import java.util.Map;

/// Everything decided about a deployment's processes: two plans with one `generation` are the same processes.
///
/// @param generation hash over model, environment, code, variables and the scoring server itself
/// @param command argument vector without the status file
/// @param variables environment variables
/// @param folder working directory
/// @param timeoutMillis longest time of one request
public record ServingPlan(
        String generation, List<String> command, Map<String, String> variables, String folder, long timeoutMillis) {
    public ServingPlan {
        command = List.copyOf(command);
        variables = Map.copyOf(variables);
    }
}
