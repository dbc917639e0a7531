package atelier.environments.internal;

import atelier.assets.Asset;
import atelier.assets.AssetReference;
import atelier.assets.Assets;
import atelier.environments.Environments.Definition;
import atelier.kernel.Problem;
import atelier.workspace.Workspace;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// From a reference to what it asks for.
public final class Definitions {
    /// Environments among the assets.
    public static final String KIND = "environments";

    private static final Pattern REGISTRY =
            Pattern.compile("azureml://registries/([^/]+)/environments/([^/]+)/(?:versions|labels)/([^/]+)/?");

    private final Assets assets;
    private final Curated curated;
    private final Map<String, List<String>> notes = new ConcurrentHashMap<>();

    public Definitions(Assets assets, Curated curated) {
        this.assets = assets;
        this.curated = curated;
    }

    Definition resolve(Workspace workspace, String reference) {
        Matcher registry = REGISTRY.matcher(reference);
        if (registry.matches()) {
            boolean azureml = registry.group(1).equalsIgnoreCase("azureml");
            Optional<Curated.Entry> brought = azureml ? curated.byRegistryName(registry.group(2)) : Optional.empty();
            if (brought.isPresent()) {
                return of(brought.get());
            }
            Workspace scope = Workspace.ofRegistry(registry.group(1), "", "", "", Instant.EPOCH);
            if (azureml && !ownExists(scope, AssetReference.parse(KIND, reference))) {
                throw unknown(reference, registry.group(2));
            }
            Asset shared = assets.resolve(workspace, KIND, reference);
            return of(shared.name() + ":" + shared.version(), shared.properties());
        }
        AssetReference named = AssetReference.parse(KIND, reference);
        Optional<Curated.Entry> entry = curated.byName(named.name());
        if (entry.isPresent() && !ownExists(workspace, named)) {
            return of(entry.get());
        }
        Asset asset = assets.resolve(workspace, KIND, reference);
        return of(asset.name() + ":" + asset.version(), asset.properties());
    }

    /// Whether somebody made an environment under a curated name.
    private boolean ownExists(Workspace workspace, AssetReference named) {
        return (named.isLatest()
                        ? assets.latest(workspace, KIND, named.name())
                        : assets.find(workspace, KIND, named.name(), named.version()))
                .isPresent();
    }

    /// Refuses a conda file that could not be built whatever the index has.
    ///
    /// @throws Problem.Invalid naming the fault
    public static void check(String condaYaml) {
        CondaFile conda = CondaFile.parse(condaYaml);
        Requirements.clean(conda.requirements());
    }

    Definition fromConda(String label, String yaml) {
        CondaFile conda = CondaFile.parse(yaml);
        return noted(Requirements.definition(label, conda.python(), conda.requirements()), conda.notes());
    }

    /// Sentences about what a definition could not keep of its source; for the log of its build.
    List<String> notes(Definition definition) {
        return notes.getOrDefault(definition.hash(), List.of());
    }

    private Definition of(Curated.Entry entry) {
        return Requirements.definition(entry.name() + ":" + entry.version(), entry.python(), entry.requirements());
    }

    private Definition of(String label, JsonNode properties) {
        String conda = properties.path("condaFile").asString("");
        if (!conda.isBlank()) {
            return fromConda(label, conda);
        }
        String image = properties.path("image").asString("");
        Optional<Curated.Entry> entry = curated.byImage(image);
        if (entry.isPresent()) {
            Curated.Entry known = entry.get();
            return Requirements.definition(label, known.python(), known.requirements());
        }
        if (properties.path("build").isObject()) {
            throw new Problem.Unsupported(
                    "BuildContextUnsupported",
                    "Environment '" + label + "' is built from a Dockerfile, which needs a container engine. Give it a"
                            + " conda file instead: Atelier installs the packages without an image.");
        }
        return noted(
                Requirements.definition(label, Images.python(image), List.of()),
                image.isEmpty()
                        ? List.of()
                        : List.of("image " + image + " is not run as a container: a Python interpreter without"
                                + " packages takes its place"));
    }

    private Definition noted(Definition definition, List<String> sentences) {
        if (!sentences.isEmpty()) {
            notes.put(definition.hash(), List.copyOf(sentences));
        }
        return definition;
    }

    private Problem unknown(String reference, String name) {
        String known = String.join(
                ", ",
                curated.entries().stream().map(Curated.Entry::registryName).toList());
        return new Problem.NotFound(
                "ResourceNotFound",
                "There is no environment '" + name + "' in the registry azureml (" + reference + "). Those known here: "
                        + known + ".");
    }
}
