package atelier.cli.endpoints;

import atelier.cli.assets.Assets;
import atelier.cli.assets.Common;
import atelier.cli.assets.ComponentAssets;
import atelier.cli.assets.Datastores;
import atelier.cli.assets.EnvironmentAssets;
import atelier.cli.assets.ModelAssets;
import atelier.cli.jobs.JobFiles;
import atelier.cli.yaml.Fields;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Batch endpoints, deployments and invocations to REST (`batchEndpoint`, `modelBatchDeployment`,
/// `pipelineComponentBatchDeployment`).
public final class BatchFiles {
    private static final Map<String, String> TYPES = Map.of(
            "uri_folder",
            "UriFolder",
            "uri_file",
            "UriFile",
            "mltable",
            "MLTable",
            "string",
            "Literal",
            "integer",
            "Literal",
            "number",
            "Literal",
            "boolean",
            "Literal");
    private final Assets assets;

    public BatchFiles(Assets assets) {
        this.assets = assets;
    }

    public static ObjectNode endpoint(YamlFile file, String location) {
        ObjectNode body = Json.object();
        body.put("location", file.text("location", location));
        body.set("tags", file.root().path("tags").isObject() ? file.root().path("tags") : Json.object());
        ObjectNode properties = body.putObject("properties");
        String auth = Fields.oneOf(
                file, "/auth_mode", file.text("auth_mode", "aad_token"), List.of("aad_token", "key", "aml_token"));
        properties.put("authMode", auth.equals("aad_token") ? "AADToken" : auth.equals("key") ? "Key" : "AMLToken");
        if (file.root().has("description")) {
            properties.put("description", file.text("description", ""));
        }
        properties.set(
                "properties",
                file.root().path("properties").isObject() ? file.root().path("properties") : Json.object());
        String standard = file.root().at("/defaults/deployment_name").asString("");
        if (!standard.isEmpty()) {
            properties.putObject("defaults").put("deployment_name", standard);
        }
        return body;
    }

    public ObjectNode deployment(YamlFile file, String location) {
        ObjectNode body = Json.object();
        body.put("location", location);
        body.set("tags", file.root().path("tags").isObject() ? file.root().path("tags") : Json.object());
        ObjectNode properties = body.putObject("properties");
        if (file.root().has("description")) {
            properties.put("description", file.text("description", ""));
        }
        String type = file.text(
                "type", file.root().has("component") || file.root().has("job_definition") ? "pipeline" : "model");
        Fields.oneOf(file, "/type", type, List.of("model", "pipeline"));
        if (type.equals("pipeline")) {
            pipeline(file, properties);
        } else {
            model(file, properties);
        }
        return body;
    }

    private void model(YamlFile file, ObjectNode properties) {
        if (!file.root().has("model")) {
            throw file.error("", "a batch deployment needs 'model'.");
        }
        String model =
                new ModelAssets(assets).reference(file, "/model", file.text("endpoint_name", "batch") + "-model");
        properties.putObject("model").put("referenceType", "Id").put("assetId", model);
        if (file.root().has("environment")) {
            properties.put("environmentId", new EnvironmentAssets(assets).reference(file, "/environment"));
        }
        JsonNode code = file.root().path("code_configuration");
        if (code.isObject()) {
            ObjectNode made = properties.putObject("codeConfiguration");
            if (code.has("code")) {
                made.put("codeId", new ComponentAssets(assets).code(file, "/code_configuration/code"));
            }
            made.set("scoringScript", code.path("scoring_script"));
        }
        String compute = file.text("compute", "");
        if (!compute.isEmpty()) {
            properties.put("compute", assets.compute(compute));
        }
        // These may stand in `settings` or, as in older files, beside it.
        text(file, "output_file_name", properties, "outputFileName", "predictions.csv");
        String action = setting(file, "output_action").asString("append_row");
        Fields.oneOf(file, "/settings/output_action", action, List.of("append_row", "summary_only"));
        properties.put("outputAction", action.equals("append_row") ? "AppendRow" : "SummaryOnly");
        number(file, "error_threshold", properties, "errorThreshold", -1);
        number(file, "mini_batch_size", properties, "miniBatchSize", 10);
        number(file, "max_concurrency_per_instance", properties, "maxConcurrencyPerInstance", 1);
        text(file, "logging_level", properties, "loggingLevel", "info");
        String level = properties.path("loggingLevel").asString("").toLowerCase(Locale.ROOT);
        Fields.oneOf(file, "/settings/logging_level", level, List.of("info", "warning", "debug"));
        properties.put("loggingLevel", level.substring(0, 1).toUpperCase(Locale.ROOT) + level.substring(1));
        JsonNode retry = setting(file, "retry_settings");
        properties
                .putObject("retrySettings")
                .put("maxRetries", retry.path("max_retries").asInt(3))
                .put("timeout", "PT" + retry.path("timeout").asInt(30) + "S");
        JsonNode variables = setting(file, "environment_variables");
        properties.set("environmentVariables", variables.isObject() ? Common.texts(variables) : Json.object());
        JsonNode resources = file.root().path("resources");
        ObjectNode made = properties.putObject("resources");
        JsonNode count =
                resources.has("instance_count") ? resources.path("instance_count") : setting(file, "instance_count");
        made.put("instanceCount", count.asInt(1));
        if (resources.has("instance_type")) {
            made.set("instanceType", resources.path("instance_type"));
        }
        made.putObject("properties");
        properties.set(
                "properties",
                file.root().path("properties").isObject() ? file.root().path("properties") : Json.object());
    }

    private void pipeline(YamlFile file, ObjectNode properties) {
        ObjectNode configuration =
                properties.putObject("deploymentConfiguration").put("deploymentConfigurationType", "PipelineComponent");
        ComponentAssets components = new JobFiles(assets, RandomGenerator.getDefault()).components();
        if (file.root().has("job_definition")) {
            String job = file.text("job_definition", "");
            String name = job.startsWith("azureml:") ? job.substring("azureml:".length()) : job;
            configuration.put(
                    "jobDefinitionId",
                    name.startsWith("/") ? name : assets.api().workspace() + "/jobs/" + name);
        } else {
            configuration
                    .putObject("componentId")
                    .put("referenceType", "Id")
                    .put("assetId", components.reference(file, "/component"));
        }
        ObjectNode settings = configuration.putObject("settings");
        file.root()
                .path("settings")
                .properties()
                .forEach(each -> settings.put(each.getKey(), YamlFile.scalar(each.getValue())));
    }

    private static JsonNode setting(YamlFile file, String name) {
        JsonNode inside = file.root().path("settings").path(name);
        return inside.isMissingNode() || inside.isNull() ? file.root().path(name) : inside;
    }

    private static void text(YamlFile file, String name, ObjectNode into, String to, String absent) {
        into.put(to, setting(file, name).asString(absent));
    }

    private static void number(YamlFile file, String name, ObjectNode into, String to, int absent) {
        JsonNode given = setting(file, name);
        if (!given.isMissingNode() && !given.isNull() && !given.isIntegralNumber()) {
            throw file.error(
                    "/settings/" + name, "'" + name + "' needs a whole number, not " + Json.write(given) + ".");
        }
        into.put(to, given.isIntegralNumber() ? given.asInt() : absent);
    }

    /// The properties of an invocation: one `input`, or the `inputs` and `outputs` of a file. A single input is known
    /// by its type, as azure-ai-ml names it.
    public ObjectNode job(YamlFile file, @Nullable String input, @Nullable String type) {
        ObjectNode properties = Json.object();
        if (input != null) {
            String kind = type == null ? guess(file, input) : type;
            Fields.oneOf(file, "", kind, List.of("uri_file", "uri_folder"));
            ObjectNode data = Json.object();
            data.put("uri", uri(file, "", input)).put("jobInputType", TYPES.get(kind));
            properties.putObject("inputData").set(kind.equals("uri_file") ? "UriFile" : "UriFolder", data);
        }
        for (var each : file.root().path("inputs").properties()) {
            ObjectNode inputs = properties.withObjectProperty("inputData");
            inputs.set(each.getKey(), input(file, each.getKey(), each.getValue()));
        }
        for (var each : file.root().path("outputs").properties()) {
            ObjectNode output = properties.withObjectProperty("outputData").putObject(each.getKey());
            output.put(
                    "jobOutputType",
                    TYPES.getOrDefault(each.getValue().path("type").asString("uri_folder"), "UriFolder"));
            output.put("uri", each.getValue().path("path").asString(""));
        }
        return properties;
    }

    private ObjectNode input(YamlFile file, String name, JsonNode value) {
        ObjectNode made = Json.object();
        if (!value.isObject()) {
            return made.put("jobInputType", "Literal").put("value", YamlFile.scalar(value));
        }
        String type = value.path("type").asString("uri_folder");
        String kind = TYPES.getOrDefault(
                Fields.oneOf(
                        file,
                        "/inputs/" + name + "/type",
                        type,
                        TYPES.keySet().stream().sorted().toList()),
                "UriFolder");
        if (kind.equals("Literal")) {
            JsonNode literal = value.has("default") ? value.path("default") : value.path("value");
            return made.put("jobInputType", "Literal").put("value", YamlFile.scalar(literal));
        }
        return made.put("jobInputType", kind)
                .put(
                        "uri",
                        uri(
                                file,
                                "/inputs/" + name + "/path",
                                value.path("path").asString("")));
    }

    private static String guess(YamlFile file, String input) {
        return !Assets.isRemote(input) && Files.isRegularFile(file.local(input)) ? "uri_file" : "uri_folder";
    }

    private String uri(YamlFile file, String pointer, String text) {
        if (Assets.isRemote(text)) {
            return assets.reference("data", text, file, pointer);
        }
        Path local = file.local(text);
        if (!Files.exists(local)) {
            throw file.error(pointer, "there is no file or folder " + local + ".");
        }
        return Assets.datastoreUri(
                Datastores.DEFAULT, assets.uploads().toDatastore(local, Datastores.DEFAULT, "input", "1"));
    }
}
