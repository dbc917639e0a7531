package atelier.cli.imports;

import atelier.kernel.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What an import did, by kind of thing.
final class Tally {
    /// What became of a thing.
    enum Fate {
        TAKEN,
        PRESENT,
        /// Another one of this id or name is here; it stays.
        CONFLICT,
        /// It cannot be taken.
        REFUSED,
        /// Not meant to come.
        LEFT
    }

    private static final int MOST_REASONS = 1000;
    private final Map<String, long[]> counts = new LinkedHashMap<>();
    private final List<ObjectNode> reasons = new ArrayList<>();
    private long unnamed;

    Tally(List<String> kinds) {
        kinds.forEach(kind -> counts.put(kind, new long[Fate.values().length]));
    }

    void add(String kind, Fate fate, long many) {
        counts.computeIfAbsent(kind, _ -> new long[Fate.values().length])[fate.ordinal()] += many;
    }

    void add(String kind, Fate fate, String what, String reason) {
        add(kind, fate, 1);
        if (reasons.size() < MOST_REASONS) {
            reasons.add(Json.object().put("kind", kind).put("what", what).put("reason", reason));
        } else {
            unnamed++;
        }
    }

    long of(String kind, Fate fate) {
        long[] found = counts.get(kind);
        return found == null ? 0 : found[fate.ordinal()];
    }

    long all(Fate fate) {
        return counts.values().stream().mapToLong(c -> c[fate.ordinal()]).sum();
    }

    List<ObjectNode> reasons() {
        return List.copyOf(reasons);
    }

    /// How many reasons were too many to keep.
    long unnamed() {
        return unnamed;
    }

    /// `[{"kind": "runs", "taken": 3, "present": 0, "conflicts": 0, "refused": 0, "left": 0}, …]`
    ArrayNode rows() {
        ArrayNode rows = Json.array();
        counts.forEach((kind, c) -> rows.addObject()
                .put("kind", kind)
                .put("taken", c[Fate.TAKEN.ordinal()])
                .put("present", c[Fate.PRESENT.ordinal()])
                .put("conflicts", c[Fate.CONFLICT.ordinal()])
                .put("refused", c[Fate.REFUSED.ordinal()])
                .put("left", c[Fate.LEFT.ordinal()]));
        return rows;
    }
}
