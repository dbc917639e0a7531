package atelier.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A slice of a longer list; `next` is the opaque marker to ask for the following slice, null at the end.
public record Page<T>(List<T> items, @Nullable String next) {
    public Page {
        items = List.copyOf(items);
    }

    public static <T> Page<T> last(List<T> items) {
        return new Page<>(items, null);
    }
}
