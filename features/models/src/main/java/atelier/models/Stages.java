package atelier.models;

import atelier.mlflow.MlflowRequest;
import java.util.List;

/// MLflow's stages.
final class Stages {
    static final String NONE = "None";
    private static final List<String> ALL = List.of(NONE, "Staging", "Production", "Archived");
    private static final List<String> ACTIVE = List.of("Staging", "Production");

    private Stages() {}

    /// The stage in MLflow's writing, whatever the case.
    static String canonical(String stage) {
        return ALL.stream()
                .filter(known -> known.equalsIgnoreCase(stage))
                .findFirst()
                .orElseThrow(() -> MlflowRequest.invalid("Invalid Model Version stage: " + stage
                        + ". Value must be one of None, Staging, Production, Archived."));
    }

    /// Only versions in Staging or Production make room for another.
    static void checkArchivable(String stage) {
        if (!ACTIVE.contains(stage)) {
            throw MlflowRequest.invalid("Model version transition cannot archive existing model versions because '"
                    + stage + "' is not an Active stage. Valid stages are ['Staging', 'Production']");
        }
    }
}
