package atelier.experiments;

import java.util.Map;

/// MLflow's `RunStatus`.
public enum RunStatus {
    RUNNING,
    SCHEDULED,
    FINISHED,
    FAILED,
    KILLED;

    /// By MLflow's name or number.
    public static final Map<String, RunStatus> BY_NAME = Map.of(
            "RUNNING",
            RUNNING,
            "1",
            RUNNING,
            "SCHEDULED",
            SCHEDULED,
            "2",
            SCHEDULED,
            "FINISHED",
            FINISHED,
            "3",
            FINISHED,
            "FAILED",
            FAILED,
            "4",
            FAILED,
            "KILLED",
            KILLED,
            "5",
            KILLED);
}
