package atelier.environments.internal;

import atelier.assets.Asset;
import atelier.assets.AssetReference;
import atelier.assets.Assets;
import atelier.environments.BuildContexts;
import atelier.environments.Environments.Definition;
import atelier.kernel.Problem;
import atelier.workspace.Workspace;
import java.time.Instant;
import java.util.ArrayList;
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
    private final BuildContexts contexts;
    private final Map<String, List<String>> notes = new ConcurrentHashMap<>();

    /// @param contexts files of build contexts
    public Definitions(Assets assets, Curated curated, BuildContexts contexts) {
        this.contexts = contexts;
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
            return of(workspace, shared.name() + ":" + shared.version(), shared.properties());
        }
        AssetReference named = AssetReference.parse(KIND, reference);
        Optional<Curated.Entry> entry = curated.byName(named.name());
        if (entry.isPresent() && !ownExists(workspace, named)) {
            return of(entry.get());
        }
        Asset asset = assets.resolve(workspace, KIND, reference);
        return of(workspace, asset.name() + ":" + asset.version(), asset.properties());
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

    private Definition of(Workspace workspace, String label, JsonNode properties) {
        String conda = properties.path("condaFile").asString("");
        if (!conda.isBlank()) {
            return fromConda(label, conda);
        }
        JsonNode build = properties.path("build");
        if (build.isObject() && !build.path("contextUri").asString("").isEmpty()) {
            return built(workspace, label, build);
        }
        String image = properties.path("image").asString("");
        Base base = base(label, image);
        return noted(Requirements.definition(label, base.python(), base.requirements()), base.notes());
    }

    /// What an image brings.
    private record Base(String python, List<String> requirements, List<String> notes) {}

    private Base base(String label, String image) {
        Optional<Curated.Image> known = curated.byImage(image);
        if (known.isPresent() && !known.get().unsupported().isEmpty()) {
            throw new Problem.Unsupported(
                    "ImageUnsupported",
                    "Environment '" + label + "' runs in the image " + image
                            + ", which cannot be had without a container" + " engine: "
                            + known.get().unsupported());
        }
        if (known.isPresent() && !known.get().requirements().isEmpty()) {
            String python = known.get().python();
            return new Base(
                    python.isEmpty() ? Images.python(image) : python,
                    known.get().requirements(),
                    List.of());
        }
        return new Base(
                Images.python(image),
                List.of(),
                image.isEmpty()
                        ? List.of()
                        : List.of("image " + image + " is not run as a container: a Python interpreter without"
                                + " packages takes its place"));
    }

    /// A build context: what its Dockerfile installs, on top of what its image brings.
    private Definition built(Workspace workspace, String label, JsonNode build) {
        String context = build.path("contextUri").asString("");
        String path = build.path("dockerfilePath").asString("");
        String name = path.isEmpty() ? "Dockerfile" : path.replaceFirst("^\\./", "");
        String text = contexts.text(workspace, context, name)
                .orElseThrow(() -> new Problem.Invalid(
                        "InvalidDockerfile",
                        "The build context of environment '" + label + "' has no file '" + name + "'.",
                        "build.dockerfilePath"));
        Dockerfile file = Dockerfile.parse(label, text, relative -> contexts.text(workspace, context, relative));
        Base base = base(label, file.image());
        List<String> requirements = new ArrayList<>(base.requirements());
        // What the file names again is meant in its version.
        requirements.removeIf(line -> file.requirements().stream()
                .anyMatch(other -> Requirements.project(other).equals(Requirements.project(line))));
        requirements.addAll(file.requirements());
        List<String> notes = new ArrayList<>(base.notes());
        notes.addAll(file.notes());
        String python = file.python().isEmpty() ? base.python() : file.python();
        return noted(Requirements.definition(label, python, requirements), notes);
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
