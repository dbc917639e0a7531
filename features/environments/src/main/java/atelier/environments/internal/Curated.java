package atelier.environments.internal;

import atelier.kernel.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The environments that Azure ML brings along, with the packages that stand for them here; `curated.yaml`.
public final class Curated {
    private final List<Entry> entries;

    /// @param name in workspaces, `AzureML-…`
    /// @param registryName in `azureml://registries/azureml/environments/…`
    /// @param image what names it in a job or environment that has an image only
    public record Entry(
            String name,
            String registryName,
            String version,
            String description,
            String image,
            String python,
            List<String> requirements) {
        public Entry {
            requirements = List.copyOf(requirements);
        }

        /// As the properties of an environment asset.
        public ObjectNode properties() {
            ObjectNode properties = Json.object()
                    .put("description", description)
                    .put("image", image)
                    .put("environmentType", "Curated")
                    .put("osType", "Linux");
            properties.set("tags", Json.object());
            return properties;
        }
    }

    private Curated(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    public static Curated load() {
        try (InputStream in = Curated.class.getResourceAsStream("/atelier/environments/curated.yaml")) {
            if (in == null) {
                throw new IllegalStateException("curated.yaml is missing from the build");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Curated parse(String yaml) {
        JsonNode root = Json.yaml(yaml);
        List<Entry> entries = new ArrayList<>();
        for (JsonNode entry : root.path("environments")) {
            JsonNode packages =
                    root.path("packages").path(entry.path("packages").asString());
            List<String> requirements = new ArrayList<>();
            packages.path("requirements").forEach(line -> requirements.add(line.asString()));
            entries.add(new Entry(
                    entry.path("name").asString(),
                    entry.path("registryName").asString(),
                    entry.path("version").asString(),
                    entry.path("description").asString(),
                    entry.path("image").asString(),
                    packages.path("python").asString(),
                    requirements));
        }
        return new Curated(entries);
    }

    public List<Entry> entries() {
        return entries;
    }

    Optional<Entry> byName(String name) {
        return entries.stream()
                .filter(entry -> entry.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /// The registry knows them with and without `AzureML-`.
    Optional<Entry> byRegistryName(String name) {
        return entries.stream()
                .filter(entry -> entry.registryName().equalsIgnoreCase(name)
                        || entry.name().equalsIgnoreCase(name)
                        || entry.name().equalsIgnoreCase("AzureML-" + name))
                .findFirst();
    }

    /// By image with any tag or digest.
    Optional<Entry> byImage(String image) {
        String bare = Images.withoutTag(image);
        return entries.stream()
                .filter(entry -> entry.image().equalsIgnoreCase(bare))
                .findFirst();
    }
}
