package atelier.cli.jobs;

import atelier.cli.assets.Assets;
import atelier.cli.assets.Common;
import atelier.cli.assets.ComponentAssets;
import atelier.cli.assets.EnvironmentAssets;
import atelier.cli.http.Api;
import atelier.cli.yaml.Fields;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import atelier.kernel.Names;
import java.util.List;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Job YAML (`commandJob`, `pipelineJob`) to REST, as azure-ai-ml sends it: code, environments, components and local
/// inputs are registered first, then the job is put under its name.
public final class JobFiles {
    static final String COMMON = "$schema name id description tags properties type display_name experiment_name compute"
            + " identity services status creation_context log_files inputs outputs";
    private static final Fields COMMAND = Fields.of(
                    "a command job",
                    COMMON + " command code environment environment_variables resources distribution queue_settings"
                            + " limits parameters parent_job_name")
            .required("command", "environment");

    private final Assets assets;
    private final Ports ports;
    private final EnvironmentAssets environments;
    private final ComponentAssets components;
    private final RandomGenerator random;

    public JobFiles(Assets assets, RandomGenerator random) {
        this.assets = assets;
        this.random = random;
        ports = new Ports(assets);
        environments = new EnvironmentAssets(assets);
        components = new ComponentAssets(assets, this::steps);
    }

    /// Components, pipelines among them.
    public ComponentAssets components() {
        return components;
    }

    private ObjectNode steps(YamlFile file) {
        return new PipelineFiles(assets, ports, components).steps(file);
    }

    /// Submits the job that the file describes; the job as the server then has it.
    public JsonNode submit(YamlFile file) {
        ObjectNode properties = properties(file);
        String name = file.text("name", "");
        if (name.isEmpty()) {
            name = JobNames.next(random);
        }
        boolean named = properties.has("displayName");
        if (!named && !properties.path("jobType").asString("").equals("Pipeline")) {
            properties.put("displayName", name);
        }
        return assets.api().put(assets.api().workspace() + "/jobs/" + Names.job(name), Api.resource(properties));
    }

    /// The REST properties of the job, after everything it names is registered.
    public ObjectNode properties(YamlFile file) {
        String type = Fields.oneOf(
                file,
                "/type",
                file.text("type", guess(file)),
                List.of("command", "pipeline", "sweep", "spark", "automl"));
        OtherJobs others = new OtherJobs(assets, ports, components, environments);
        return switch (type) {
            case "pipeline" -> new PipelineFiles(assets, ports, components).properties(file);
            case "sweep" -> others.sweep(file);
            case "spark" -> others.spark(file);
            case "automl" -> others.automl(file);
            default -> command(file);
        };
    }

    /// Azure ML's own default is a command job; a file with `jobs` and no `command` can only mean a pipeline.
    private static String guess(YamlFile file) {
        return file.root().has("jobs") && !file.root().has("command") ? "pipeline" : "command";
    }

    private ObjectNode command(YamlFile file) {
        COMMAND.check(file, "");
        ObjectNode properties = Json.object();
        properties.put("jobType", "Command");
        describe(file, properties);
        properties.put("command", file.text("command", ""));
        if (file.root().has("code")) {
            properties.put("codeId", components.code(file, "/code"));
        }
        properties.put("environmentId", environments.reference(file, "/environment"));
        compute(file, properties);
        properties.set("inputs", ports.inputs(file));
        properties.set("outputs", ports.outputs(file));
        JsonNode variables = file.root().path("environment_variables");
        properties.set("environmentVariables", variables.isObject() ? Common.texts(variables) : Json.object());
        Resources.put(file, properties);
        return properties;
    }

    /// What every kind of job has: names, tags, experiment.
    static void describe(YamlFile file, ObjectNode properties) {
        Common.describe(file, properties);
        properties.put("displayName", file.text("display_name", file.text("name", "")));
        if (properties.path("displayName").asString("").isEmpty()) {
            properties.remove("displayName");
        }
        properties.put("experimentName", file.text("experiment_name", experiment(file)));
        properties.putObject("services");
        properties.put("isArchived", false);
    }

    /// Without a name of its own the experiment is that of the folder, as in Azure ML.
    private static String experiment(YamlFile file) {
        var folder = file.path().toAbsolutePath().normalize().getParent();
        var name = folder == null ? null : folder.getFileName();
        return name == null ? "Default" : name.toString();
    }

    private void compute(YamlFile file, ObjectNode properties) {
        String compute = file.text("compute", "");
        if (!compute.isEmpty() && !compute.endsWith("serverless")) {
            properties.put("computeId", assets.compute(compute));
        }
    }
}
