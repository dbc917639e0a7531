package atelier.cli.imports;

import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Files that the source hands out itself.
interface Remote {
    Remote NONE = new Remote() {
        @Override
        public boolean serves(String artifactUri) {
            return false;
        }

        @Override
        public List<String> list(Owner owner) {
            return List.of();
        }

        @Override
        public InputStream open(Owner owner, String path) {
            throw new IllegalStateException(path);
        }
    };

    /// @param runId, modelId one of them
    record Owner(@Nullable String runId, @Nullable String modelId, String artifactUri) {}

    boolean serves(String artifactUri);

    /// Paths of all files of a run or logged model.
    List<String> list(Owner owner);

    InputStream open(Owner owner, String path);
}
