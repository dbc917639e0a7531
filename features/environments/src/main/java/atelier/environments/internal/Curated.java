package atelier.environments.internal;

import atelier.kernel.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The environments that Azure ML brings along, with the packages that stand for them here, and what is known of
/// images; `curated.yaml`.
public final class Curated {
    private final List<Entry> entries;
    private final List<Image> images;

    /// @param name in workspaces, `AzureML-…`
    /// @param registryName in `azureml://registries/azureml/environments/…`
    /// @param versions those that are known, the newest first
    /// @param image what names it in a job or environment that has an image only
    public record Entry(
            String name,
            String registryName,
            List<String> versions,
            String description,
            String image,
            String python,
            List<String> requirements) {
        public Entry {
            versions = List.copyOf(versions);
            requirements = List.copyOf(requirements);
        }

        /// The newest version.
        public String version() {
            return versions.getFirst();
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

    /// What is known of an image beside its name.
    ///
    /// @param prefix of the image's name without tag
    /// @param unsupported why a job cannot have it; empty when it can
    record Image(String prefix, String python, List<String> requirements, String unsupported) {
        Image {
            requirements = List.copyOf(requirements);
        }
    }

    private Curated(List<Entry> entries, List<Image> images) {
        this.entries = List.copyOf(entries);
        this.images = List.copyOf(images);
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
            JsonNode packages = packages(root, entry);
            entries.add(new Entry(
                    entry.path("name").asString(),
                    entry.path("registryName").asString(),
                    texts(entry.path("versions")),
                    entry.path("description").asString(),
                    entry.path("image").asString(),
                    packages.path("python").asString(""),
                    texts(packages.path("requirements"))));
        }
        List<Image> images = new ArrayList<>();
        for (JsonNode image : root.path("images")) {
            JsonNode packages = packages(root, image);
            images.add(new Image(
                    image.path("image").asString(),
                    packages.path("python").asString(""),
                    texts(packages.path("requirements")),
                    image.path("unsupported").asString("")));
        }
        return new Curated(entries, images);
    }

    private static JsonNode packages(JsonNode root, JsonNode entry) {
        String name = entry.path("packages").asString("");
        JsonNode packages = root.path("packages").path(name);
        if (!name.isEmpty() && !packages.isObject()) {
            throw new IllegalStateException("curated.yaml has no packages '" + name + "'");
        }
        return packages;
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asString()));
        return texts;
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

    /// By image with any tag or digest: a curated environment's, or the entry with the longest name that the image's
    /// begins with.
    Optional<Image> byImage(String image) {
        String bare = Images.withoutTag(image);
        return entries.stream()
                .filter(entry -> entry.image().equalsIgnoreCase(bare))
                .findFirst()
                .map(entry -> new Image(entry.image(), entry.python(), entry.requirements(), ""))
                .or(() -> images.stream()
                        .filter(known -> bare.toLowerCase(Locale.ROOT)
                                .startsWith(known.prefix().toLowerCase(Locale.ROOT)))
                        .max(Comparator.comparingInt(known -> known.prefix().length())));
    }
}
