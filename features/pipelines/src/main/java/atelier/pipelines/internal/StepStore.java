package atelier.pipelines.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What steps were made of, and what came out: the memory of reuse.
public interface StepStore {
    /// Keeps a step that is about to run; again, when it is about to run again after a crash.
    void starting(StepRun run);

    /// Keeps that the job completed, and its outputs.
    ///
    /// @param outputs by name `{"uri","identity"}`
    void completed(String workspaceId, String job, ObjectNode outputs);

    /// Completed runs of the same key, newest first.
    List<StepRun> withKey(String workspaceId, String key);

    /// The newest completed run of a step of that name and component.
    Optional<StepRun> latest(String workspaceId, String node, String component);

    Optional<StepRun> find(String workspaceId, String job);

    /// @param key hash over `parts`
    /// @param parts what decides the result: `code`, `command`, `environment`, `input data`, … with a
    ///     fingerprint each
    /// @param outputs empty until completed
    record StepRun(
            String workspaceId,
            String job,
            String key,
            String node,
            String component,
            Map<String, String> parts,
            ObjectNode outputs,
            boolean completed) {}
}
