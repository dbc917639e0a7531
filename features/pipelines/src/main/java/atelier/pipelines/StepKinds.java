package atelier.pipelines;

import atelier.jobs.Jobs;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// The types of steps that this server runs.
public final class StepKinds {
    private final Map<String, StepKind> kinds = new ConcurrentHashMap<>();

    /// Makes a type of step known; before [atelier.jobs.JobsFeature#recover()].
    public void register(StepKind kind) {
        kinds.put(kind.type(), kind);
    }

    /// @throws Problem.Unsupported `StepTypeNotSupported` with a sentence that names what exists
    public StepKind of(Node node, Component component) {
        return of(node.name(), node.type().isEmpty() ? component.type() : node.type());
    }

    /// The kind of a type that a step names.
    StepKind of(String step, String type) {
        StepKind kind = kinds.get(type.toLowerCase(Locale.ROOT));
        if (kind == null) {
            TreeSet<String> known = new TreeSet<>(kinds.keySet());
            throw new Problem.Unsupported(
                    "StepTypeNotSupported",
                    "Step '" + step + "' is of type '" + type + "'; this server runs steps of type "
                            + String.join(", ", known) + "." + Nearest.hint(type, known) + Jobs.instead(type));
        }
        return kind;
    }
}
