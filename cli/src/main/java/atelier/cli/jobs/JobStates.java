package atelier.cli.jobs;

import java.util.Set;

/// Azure ML's job statuses: which of them are final.
public final class JobStates {
    private static final Set<String> FINAL = Set.of("Completed", "Failed", "Canceled", "NotResponding");

    private JobStates() {}

    public static boolean isFinal(String status) {
        return FINAL.contains(status);
    }

    public static boolean isGood(String status) {
        return status.equals("Completed");
    }
}
