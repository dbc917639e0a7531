package atelier.assets;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One page of a list of versions or names.
///
/// @param oldestFirst order of creation; names always come with the latest made first
/// @param tags every one of these must be there; an empty value stands for any
/// @param properties the same for the user's `properties`
/// @param marker `next` of the page before, null for the first
/// @param max how many at most
public record AssetQuery(
        ListView view,
        boolean oldestFirst,
        Map<String, String> tags,
        Map<String, String> properties,
        @Nullable String stage,
        @Nullable String marker,
        int max) {
    public AssetQuery {
        tags = Map.copyOf(tags);
        properties = Map.copyOf(properties);
    }

    /// A page of `max`, newest first, without conditions.
    public static AssetQuery page(ListView view, @Nullable String marker, int max) {
        return new AssetQuery(view, false, Map.of(), Map.of(), null, marker, max);
    }
}
