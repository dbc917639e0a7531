package atelier.batch.internal;

import atelier.assets.Asset;
import atelier.assets.Assets;
import atelier.batch.BatchSettings;
import atelier.datasets.DataUris;
import atelier.datasets.Location;
import atelier.environments.Environments;
import atelier.kernel.Caller;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.models.Models;
import atelier.models.Models.ModelVersion;
import atelier.pipelines.Component;
import atelier.pipelines.PipelineSteps;
import atelier.storage.BlobPath;
import atelier.storage.Blobs;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The components that deployments run. A model's is made here: an anonymous parallel component with one input `data`
/// and one output `score`.
public final class ModelComponents {
    private static final int LARGEST_CONDA_FILE = 1 << 20;
    private static final String ANONYMOUS_COMPONENT = "azureml_anonymous";
    private static final String ANONYMOUS_ENVIRONMENT = "CliV2AnonymousEnvironment";
    private final Assets assets;
    private final Models models;
    private final Environments environments;
    private final DataUris uris;
    private final Blobs blobs;

    public ModelComponents(Assets assets, Models models, Environments environments, DataUris uris, Blobs blobs) {
        this.assets = assets;
        this.models = models;
        this.environments = environments;
        this.uris = uris;
        this.blobs = blobs;
    }

    /// The component of a deployment.
    public Component get(Workspace workspace, String reference) {
        Asset asset = assets.resolve(workspace, "components", reference);
        return Component.of(asset.name(), asset.version(), asset.properties().path("componentSpec"));
    }

    /// The pipeline component that a deployment names, as an ARM id.
    ///
    /// @param configuration REST `deploymentConfiguration`
    public String pipeline(Workspace workspace, JsonNode configuration) {
        String reference = configuration.path("componentId").path("assetId").asString("");
        String field = "properties.deploymentConfiguration.componentId";
        if (reference.isEmpty()) {
            throw new Problem.Invalid("A pipeline deployment needs 'componentId.assetId'.", field);
        }
        Asset asset = assets.resolve(workspace, "components", reference);
        Component component =
                Component.of(asset.name(), asset.version(), asset.properties().path("componentSpec"));
        if (!component.type().equals("pipeline")) {
            throw new Problem.Invalid(
                    "Component '" + asset.name() + "' is a " + component.type()
                            + " component; a batch deployment takes a pipeline component.",
                    field);
        }
        return armId(workspace, "components", asset.name(), asset.version());
    }

    /// The model that a deployment scores with.
    public ModelVersion modelOf(Workspace workspace, JsonNode properties) {
        return models.resolve(workspace, required(properties.path("model")));
    }

    /// Makes the component of a model, as an ARM id; the same one for the same deployment.
    public String model(
            Workspace workspace, String deployment, JsonNode properties, BatchSettings settings, Caller caller) {
        ModelVersion model = modelOf(workspace, properties);
        boolean mlflow = model.type().equalsIgnoreCase("mlflow_model");
        JsonNode configuration = properties.path("codeConfiguration");
        String code = text(configuration.path("codeId"));
        String script = text(configuration.path("scoringScript"));
        if ((code == null) != (script == null)) {
            throw new Problem.Invalid(
                    "'codeConfiguration' needs both 'codeId' and 'scoringScript'.", "properties.codeConfiguration");
        }
        if (code == null && !mlflow) {
            throw new Problem.Invalid(
                    "Model '" + model.name() + ":" + model.version() + "' is of type " + model.type()
                            + ", which needs a scoring script; only MLflow models are scored without code.",
                    "properties.codeConfiguration");
        }
        ObjectNode task = Json.object()
                .put("type", code == null ? "model" : "run_function")
                .put("model", armId(workspace, "models", model.name(), model.version()))
                .put("output_folder", "${{outputs.score}}");
        if (code != null) {
            uris.resolve(
                    workspace,
                    assets.resolve(workspace, "codes", code)
                            .properties()
                            .path("codeUri")
                            .asString(""));
            task.put("code", code).put("entry_script", script);
        }
        if (settings.appendRow()) {
            task.put("append_row_to", "${{outputs.score}}/" + settings.outputFile());
        }
        task.put("environment", environment(workspace, properties, model, mlflow, caller));
        ObjectNode spec = spec(deployment, task, settings);
        spec.set(
                "environment_variables",
                properties.path("environmentVariables") instanceof ObjectNode given ? given : Json.object());
        String version = PipelineSteps.sha256(Json.write(spec)).substring(0, 32);
        ObjectNode asset = Json.object().put("isAnonymous", true);
        asset.set("componentSpec", spec);
        assets.put(workspace, "components", ANONYMOUS_COMPONENT, version, asset, caller);
        return armId(workspace, "components", ANONYMOUS_COMPONENT, version);
    }

    private static ObjectNode spec(String deployment, ObjectNode task, BatchSettings settings) {
        ObjectNode spec = Json.object()
                .put("type", "parallel")
                .put("name", ANONYMOUS_COMPONENT)
                .put("display_name", deployment)
                .put("is_deterministic", false)
                .put("input_data", "${{inputs.data}}")
                .put("mini_batch_size", Integer.toString(settings.miniBatchSize()))
                .put("max_concurrency_per_instance", settings.concurrency())
                .put("error_threshold", settings.errorThreshold())
                .put("logging_level", settings.loggingLevel());
        spec.putObject("inputs").putObject("data").put("type", "uri_folder");
        spec.putObject("outputs").putObject("score").put("type", "uri_folder");
        spec.putObject("retry_settings")
                .put("max_retries", settings.maxRetries())
                .put("timeout", Math.max(1, settings.timeout().toSeconds()));
        spec.putObject("resources").put("instance_count", settings.instances());
        spec.set("task", task);
        return spec;
    }

    private String environment(
            Workspace workspace, JsonNode properties, ModelVersion model, boolean mlflow, Caller caller) {
        String given = text(properties.path("environmentId"));
        if (given != null) {
            environments.resolve(workspace, given);
            return given;
        }
        if (!mlflow) {
            throw new Problem.Invalid(
                    "A scoring script needs an environment; only MLflow models bring their own.",
                    "properties.environmentId");
        }
        String conda = condaFile(model);
        environments.fromConda(conda);
        String version = PipelineSteps.sha256(conda).substring(0, 32);
        assets.put(
                workspace,
                "environments",
                ANONYMOUS_ENVIRONMENT,
                version,
                Json.object().put("condaFile", conda).put("isAnonymous", true),
                caller);
        return armId(workspace, "environments", ANONYMOUS_ENVIRONMENT, version);
    }

    private String condaFile(ModelVersion model) {
        Location file = model.location().child("conda.yaml");
        BlobPath path = new BlobPath(file.container(), file.path());
        if (blobs.find(path).isEmpty()) {
            throw new Problem.Invalid(
                    "Model '" + model.name() + ":" + model.version()
                            + "' has no conda.yaml; name an environment for the deployment.",
                    "properties.environmentId");
        }
        try (InputStream in = blobs.open(path)) {
            return new String(in.readNBytes(LARGEST_CONDA_FILE), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String required(JsonNode model) {
        String text = text(model.isObject() ? model.path("assetId") : model);
        if (text == null) {
            throw new Problem.Invalid(
                    "A batch deployment needs 'model', the id of a model version, or a 'deploymentConfiguration' with"
                            + " a pipeline component.",
                    "properties.model");
        }
        return text;
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() && !node.stringValue().isEmpty() ? node.stringValue() : null;
    }

    private static String armId(Workspace workspace, String kind, String name, String version) {
        return workspace.armId() + "/" + kind + "/" + name + "/versions/" + version;
    }
}
