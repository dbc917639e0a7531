package atelier.experiments.internal;

/// Names for runs that were given none: `adjective-noun-number`, at most 20 characters.
public final class RunNames {
    private static final String[] ADJECTIVES = {
        "able", "amber", "bold", "brave", "brisk", "calm", "clear", "clever", "cosy", "crisp", "deft", "eager", "early",
        "fair", "fine", "fresh", "gentle", "glad", "golden", "grand", "green", "happy", "honest", "keen", "kind",
        "lively", "lucid", "mellow", "merry", "mild", "modest", "neat", "noble", "patient", "plucky", "proud", "quick",
        "quiet", "rapid", "ready", "serene", "sharp", "silver", "smart", "steady", "sunny", "swift", "tidy", "vivid",
        "warm", "wise", "witty"
    };
    private static final String[] NOUNS = {
        "acorn", "alder", "anchor", "badger", "beacon", "birch", "brook", "canyon", "cedar", "cloud", "comet", "coral",
        "crane", "delta", "ember", "falcon", "fern", "fjord", "garnet", "geyser", "harbor", "hazel", "heron", "island",
        "kestrel", "lagoon", "lark", "linden", "lotus", "maple", "marten", "meadow", "otter", "pebble", "plover",
        "quartz", "raven", "reef", "river", "robin", "spruce", "summit", "tern", "thistle", "tundra", "valley",
        "willow", "wren"
    };

    private RunNames() {}

    /// The name that belongs to an id; the id's own randomness decides.
    public static String of(String id) {
        int hash = id.hashCode() * 0x9E3779B9;
        int adjective = Math.floorMod(hash, ADJECTIVES.length);
        int noun = Math.floorMod(hash >>> 8, NOUNS.length);
        int number = Math.floorMod(hash >>> 16, 1000);
        return ADJECTIVES[adjective] + "-" + NOUNS[noun] + "-" + number;
    }
}
