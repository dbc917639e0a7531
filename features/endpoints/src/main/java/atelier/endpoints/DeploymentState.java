package atelier.endpoints;

/// Where a deployment is on its way; each knows Azure's `provisioningState`.
public sealed interface DeploymentState {
    /// First roll-out under way.
    record Creating(String operation) implements DeploymentState {
        @Override
        public String word() {
            return "Creating";
        }
    }

    /// A later roll-out under way; what served before goes on serving until the new one is ready.
    record Updating(String operation) implements DeploymentState {
        @Override
        public String word() {
            return "Updating";
        }
    }

    record Deleting(String operation) implements DeploymentState {
        @Override
        public String word() {
            return "Deleting";
        }
    }

    record Succeeded() implements DeploymentState {
        @Override
        public String word() {
            return "Succeeded";
        }
    }

    /// The last roll-out failed; what served before it still serves.
    record Failed(String code, String message) implements DeploymentState {
        @Override
        public String word() {
            return "Failed";
        }
    }

    String word();

    /// Whether nothing is under way.
    default boolean settled() {
        return switch (this) {
            case Succeeded _, Failed _ -> true;
            case Creating _, Updating _, Deleting _ -> false;
        };
    }
}
