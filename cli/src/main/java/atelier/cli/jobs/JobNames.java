package atelier.cli.jobs;

import java.util.List;
import java.util.random.RandomGenerator;

/// Names for jobs that were given none: `quiet_harbor_k3f9x0a2b1`, easy to tell apart and to say aloud.
final class JobNames {
    private static final List<String> HOW = List.of(
            "amber", "brave", "calm", "clear", "eager", "early", "gentle", "golden", "keen", "lively", "lucid",
            "mellow", "nimble", "patient", "plain", "quiet", "rapid", "silver", "steady", "sunny", "tidy", "vivid",
            "warm", "wise");
    private static final List<String> WHAT = List.of(
            "anchor", "birch", "bridge", "brook", "cedar", "cloud", "comet", "field", "garden", "harbor", "island",
            "lake", "lamp", "maple", "meadow", "orchard", "pebble", "river", "sail", "spring", "stone", "summit",
            "valley", "window");
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

    private JobNames() {}

    static String next(RandomGenerator random) {
        StringBuilder name = new StringBuilder(HOW.get(random.nextInt(HOW.size())))
                .append('_')
                .append(WHAT.get(random.nextInt(WHAT.size())))
                .append('_');
        for (int i = 0; i < 10; i++) {
            name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return name.toString();
    }
}
