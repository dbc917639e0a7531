package atelier.assets;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A name with its versions: Azure ML's container.
///
/// @param latest the newest version that is not archived, or the newest of all; empty for a name without versions
/// @param next the version that follows: one more than the greatest whole number ever given
/// @param archived no version is active
/// @param words description, tags and properties of the name itself, where they were given
public record AssetName(
        String name,
        Optional<Asset> latest,
        String next,
        boolean archived,
        Words words,
        String createdBy,
        Instant createdAt,
        Instant modifiedAt) {

    /// What people write about a name; null where those of the newest version are shown.
    public record Words(
            @Nullable String description,
            @Nullable ObjectNode tags,
            @Nullable ObjectNode properties) {
        public static final Words NONE = new Words(null, null, null);
    }
}
