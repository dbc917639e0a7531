package atelier.experiments;

import java.util.Map;

/// Which lifecycle stages a search shows. MLflow: `ViewType`.
public enum ViewType {
    ACTIVE_ONLY,
    DELETED_ONLY,
    ALL;

    /// By MLflow's name or number.
    public static final Map<String, ViewType> BY_NAME = Map.of(
            "ACTIVE_ONLY",
            ACTIVE_ONLY,
            "1",
            ACTIVE_ONLY,
            "DELETED_ONLY",
            DELETED_ONLY,
            "2",
            DELETED_ONLY,
            "ALL",
            ALL,
            "3",
            ALL);

    /// SQL condition on a `lifecycle` column.
    public String condition(String column) {
        return switch (this) {
            case ACTIVE_ONLY -> column + " = 'active'";
            case DELETED_ONLY -> column + " = 'deleted'";
            case ALL -> "1 = 1";
        };
    }
}
