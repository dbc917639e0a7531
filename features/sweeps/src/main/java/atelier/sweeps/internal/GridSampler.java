package atelier.sweeps.internal;

import atelier.sweeps.Distribution.Group;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Every combination in turn; the last parameter changes fastest.
final class GridSampler implements Sampler {
    private final Group space;

    GridSampler(Group space) {
        this.space = space;
    }

    @Override
    public @Nullable ObjectNode next(int n, List<Tried> tried) {
        return n < space.size() ? space.number(n) : null;
    }
}
