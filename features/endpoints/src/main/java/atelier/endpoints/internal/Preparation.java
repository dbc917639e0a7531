package atelier.endpoints.internal;

import atelier.assets.Assets;
import atelier.datasets.DataUris;
import atelier.datasets.Location;
import atelier.endpoints.DeploymentSpec;
import atelier.endpoints.Probe;
import atelier.endpoints.ServingPlan;
import atelier.environments.Environments;
import atelier.kernel.Problem;
import atelier.models.Models;
import atelier.storage.BlobPath;
import atelier.storage.Blobs;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// From what is wanted to processes that can start: the model's files, the code's files, an interpreter.
///
/// `AZUREML_MODEL_DIR` is the folder that contains the model, the model's own folder or file name inside it, as Azure
/// ML's scoring scripts expect.
public final class Preparation {
    private static final int LARGEST_CONDA_FILE = 1 << 20;
    private final Path root;
    private final ServingCode serving;
    private final Sources from;

    /// Where a deployment's parts come from.
    public record Sources(Models models, Environments environments, Assets assets, DataUris uris, Blobs blobs) {}

    /// @param root folder of all deployments
    public Preparation(Path root, ServingCode serving, Sources from) {
        this.root = root;
        this.serving = serving;
        this.from = from;
    }

    /// Folder of all deployments.
    public Path root() {
        return root;
    }

    /// What is to be served, found but not fetched.
    record Parts(
            DeploymentSpec spec,
            Models.ModelVersion model,
            Environments.Definition environment,
            Optional<Location> code,
            String generation) {}

    /// Finds model, environment and code, so that what is missing is said before anything is accepted.
    Parts find(Workspace workspace, DeploymentSpec spec) {
        Models.ModelVersion model = from.models().resolve(workspace, spec.model());
        String codeId = spec.code();
        boolean mlflow = model.type().equalsIgnoreCase("mlflow_model");
        if (codeId == null && !mlflow) {
            throw new Problem.Invalid(
                    "Model '" + model.name() + ":" + model.version() + "' is of type " + model.type()
                            + ", which needs a scoring script; only MLflow models are served without code.",
                    "properties.codeConfiguration");
        }
        Optional<Location> code = codeId == null ? Optional.empty() : Optional.of(code(workspace, codeId));
        String environmentId = spec.environment();
        if (environmentId == null && !mlflow) {
            throw new Problem.Invalid(
                    "A scoring script needs an environment; only MLflow models bring their own.",
                    "properties.environmentId");
        }
        Environments.Definition environment = environmentId == null
                ? from.environments().fromConda(condaFile(model))
                : from.environments().resolve(workspace, environmentId);
        return new Parts(spec, model, environment, code, generation(spec, model, environment, code));
    }

    /// Fetches the files and builds the environment; nothing is fetched twice for one generation.
    ///
    /// @param progress told of environment and files
    /// @param initializer told of files alone, in more words
    ServingPlan prepare(DeploymentKey key, Parts parts, Consumer<String> progress, Consumer<String> initializer)
            throws IOException {
        Environments.Interpreter interpreter = from.environments().materialize(parts.environment(), progress);
        Path folder = key.folder(root).resolve(parts.generation());
        String model = "model " + parts.model().name() + ":" + parts.model().version();
        if (Files.notExists(folder.resolve("model"))) {
            progress.accept("Fetching the files of " + model);
            initializer.accept(
                    "Fetching the files of " + model + " from " + parts.model().location());
            parts.code().ifPresent(code -> initializer.accept("Fetching the code from " + code));
            try {
                initializer.accept(fetch(parts, folder) + " files are there");
            } catch (IOException | Problem e) {
                initializer.accept("The files could not be fetched: " + e.getMessage());
                throw e;
            }
        } else {
            initializer.accept("The files of " + model + " are there from before");
        }
        return plan(parts, folder, interpreter);
    }

    /// The number of files.
    private int fetch(Parts parts, Path folder) throws IOException {
        Files.createDirectories(folder);
        int files = 0;
        Path half = folder.resolve("half");
        Trees.delete(half);
        if (parts.code().isPresent()) {
            Location code = parts.code().get();
            files = from.blobs().download(code.container(), code.path(), half);
            if (files == 0) {
                throw new Problem.NotFound("CodeNotFound", "The code snapshot has no files.");
            }
            Trees.delete(folder.resolve("code"));
            Files.move(half, folder.resolve("code"), StandardCopyOption.ATOMIC_MOVE);
        }
        Location model = parts.model().location();
        boolean file = !model.path().isEmpty()
                && from.blobs()
                        .find(new BlobPath(model.container(), model.path()))
                        .isPresent();
        Path target = file ? half : half.resolve(leaf(model));
        Files.createDirectories(target);
        int own = from.blobs().download(model.container(), model.path(), target);
        if (own == 0) {
            throw new Problem.NotFound(
                    "ModelFilesNotFound",
                    "Model '" + parts.model().name() + ":" + parts.model().version() + "' has no files at '"
                            + model.container() + "/" + model.path() + "'.");
        }
        // Last, so that a crash before leaves a folder without a model, which is fetched again.
        Files.move(half, folder.resolve("model"), StandardCopyOption.ATOMIC_MOVE);
        return files + own;
    }

    private ServingPlan plan(Parts parts, Path folder, Environments.Interpreter interpreter) {
        DeploymentSpec spec = parts.spec();
        Path models = folder.resolve("model");
        List<String> command = new ArrayList<>(
                List.of(interpreter.python().toString(), "-u", serving.main().toString()));
        Path workingDirectory = folder;
        Map<String, String> variables = new TreeMap<>();
        String script = spec.script();
        if (script == null) {
            command.addAll(List.of(
                    "--mlflow-model",
                    models.resolve(leaf(parts.model().location())).toString()));
        } else {
            workingDirectory = folder.resolve("code");
            Path entry = workingDirectory.resolve(script);
            if (Files.notExists(entry)) {
                throw new Problem.Invalid(
                        "The code snapshot has no file '" + script + "'.",
                        "properties.codeConfiguration.scoringScript");
            }
            command.addAll(List.of("--entry-script", entry.toString()));
            variables.put("AML_APP_ROOT", workingDirectory.toString());
            variables.put("AZUREML_ENTRY_SCRIPT", script);
        }
        command.addAll(List.of(
                "--model-dir", models.toString(),
                "--name", parts.model().name(),
                "--version", parts.model().version(),
                "--concurrency", Integer.toString(spec.concurrency()),
                "--queue-wait-ms", Long.toString(spec.queueWait().toMillis())));
        variables.put("AZUREML_MODEL_DIR", models.toString());
        variables.put("SCORING_TIMEOUT_MS", Long.toString(spec.timeout().toMillis()));
        variables.put("VIRTUAL_ENV", interpreter.home().toString());
        variables.put("PATH", interpreter.home().resolve("bin") + ":/usr/local/bin:/usr/bin:/bin");
        variables.putAll(spec.variables());
        return new ServingPlan(
                parts.generation(),
                command,
                variables,
                workingDirectory.toString(),
                spec.timeout().toMillis(),
                spec.liveness(),
                spec.readiness());
    }

    private String generation(
            DeploymentSpec spec,
            Models.ModelVersion model,
            Environments.Definition environment,
            Optional<Location> code) {
        MessageDigest digest = ServingCode.sha256();
        List<String> facts = new ArrayList<>(List.of(
                serving.hash(),
                model.name(),
                model.version(),
                model.location().toString(),
                environment.hash(),
                code.map(Location::toString).orElse(""),
                String.valueOf(spec.script()),
                new TreeMap<>(spec.variables()).toString(),
                spec.timeout().toString(),
                Integer.toString(spec.concurrency()),
                spec.queueWait().toString()));
        if (!spec.liveness().equals(Probe.DEFAULT) || !spec.readiness().equals(Probe.DEFAULT)) {
            facts.add(spec.liveness() + " " + spec.readiness());
        }
        for (String fact : facts) {
            digest.update(fact.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 10);
    }

    private Location code(Workspace workspace, String codeId) {
        String uri = from.assets()
                .resolve(workspace, "codes", codeId)
                .properties()
                .path("codeUri")
                .asString("");
        return from.uris().resolve(workspace, uri);
    }

    private String condaFile(Models.ModelVersion model) {
        Location file = model.location().child("conda.yaml");
        BlobPath path = new BlobPath(file.container(), file.path());
        if (from.blobs().find(path).isEmpty()) {
            throw new Problem.Invalid(
                    "Model '" + model.name() + ":" + model.version()
                            + "' has no conda.yaml; name an environment for the deployment.",
                    "properties.environmentId");
        }
        try (InputStream in = from.blobs().open(path)) {
            return new String(in.readNBytes(LARGEST_CONDA_FILE), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String leaf(Location location) {
        String path = location.path();
        return path.isEmpty() ? "model" : path.substring(path.lastIndexOf('/') + 1);
    }
}
