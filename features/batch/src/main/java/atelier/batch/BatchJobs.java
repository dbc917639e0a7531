package atelier.batch;

import atelier.batch.internal.ModelComponents;
import atelier.jobs.Jobs;
import atelier.jobs.Jobs.Job;
import atelier.kernel.Caller;
import atelier.kernel.Ids;
import atelier.kernel.Json;
import atelier.kernel.Nearest;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.pipelines.Component;
import atelier.workspace.Workspace;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Invocations: each becomes a pipeline job. A model's has one step, `batchscoring`, whose output `score` the SDK looks
/// for; a pipeline component's has the component's steps.
public final class BatchJobs {
    /// The step that the SDK expects below a model's job.
    public static final String STEP = "batchscoring";

    private static final String ENDPOINT_TAG = "azureml.endpointname";
    private static final String DEPLOYMENT_TAG = "azureml.deploymentname";
    private static final int PAGE = 100;
    private final BatchEndpoints endpoints;
    private final BatchDeployments deployments;
    private final ModelComponents components;
    private final Jobs jobs;
    private final Ids ids;

    BatchJobs(BatchEndpoints endpoints, BatchDeployments deployments, ModelComponents components, Jobs jobs, Ids ids) {
        this.endpoints = endpoints;
        this.deployments = deployments;
        this.components = components;
        this.jobs = jobs;
        this.ids = ids;
    }

    /// Starts a job.
    ///
    /// @param deployment name of the deployment, or null for the endpoint's default
    /// @param given REST `properties` of the invocation (BatchJob of 2020-09-01-dataplanepreview)
    /// @param request the client's id of this request: sent again, it starts nothing again; or null
    public Job invoke(
            Workspace workspace,
            String endpoint,
            @Nullable String deployment,
            ObjectNode given,
            @Nullable String request,
            Caller caller) {
        BatchEndpoint owner = endpoints.get(workspace, endpoint);
        BatchDeployment chosen = chosen(workspace, owner, deployment);
        String name = name(workspace, owner, given, request);
        if (request != null) {
            Optional<Job> earlier = jobs.find(workspace, name);
            if (earlier.isPresent()) {
                return earlier.get();
            }
        }
        ObjectNode job = chosen.pipeline()
                ? pipeline(workspace, chosen, given)
                : model(chosen, BatchSettings.parse(overlaid(chosen, given)), given);
        job.put("jobType", "Pipeline").put("displayName", text(given, "displayName", name));
        job.put(
                "experimentName",
                text(given, "experimentName", text(given.path("properties"), "experimentName", owner.name())));
        ObjectNode tags = job.putObject("tags");
        given.path("tags").properties().forEach(tag -> tags.set(tag.getKey(), tag.getValue()));
        tags.put("azureml.batchrun", "true")
                .put("azureml.jobtype", chosen.pipeline() ? "azureml.pipelinejob" : "azureml.batchjob")
                .put(ENDPOINT_TAG, owner.name())
                .put(DEPLOYMENT_TAG, chosen.name());
        ObjectNode more = job.putObject("properties");
        given.path("properties").properties().forEach(entry -> more.set(entry.getKey(), entry.getValue()));
        more.put(ENDPOINT_TAG, owner.name()).put(DEPLOYMENT_TAG, chosen.name());
        return jobs.submit(workspace, name, job, null, caller);
    }

    /// Jobs of an endpoint since it was made, newest first.
    ///
    /// @param deployment only this one's; null for all
    public Page<Job> list(Workspace workspace, String endpoint, @Nullable String deployment, @Nullable String marker) {
        BatchEndpoint owner = endpoints.get(workspace, endpoint);
        Jobs.Filter filter = new Jobs.Filter(null, null, ENDPOINT_TAG + "=" + owner.name(), null);
        Page<Job> page = jobs.list(workspace, filter, marker, PAGE);
        List<Job> wanted = new ArrayList<>();
        boolean older = false;
        for (Job job : page.items()) {
            if (job.createdAt().isBefore(owner.createdAt())) {
                older = true;
            } else if (deployment == null || tag(job, DEPLOYMENT_TAG).equalsIgnoreCase(deployment)) {
                wanted.add(job);
            }
        }
        return new Page<>(wanted, older ? null : page.next());
    }

    /// @throws Problem.NotFound when it is no job of this endpoint
    public Job get(Workspace workspace, String endpoint, String name) {
        BatchEndpoint owner = endpoints.get(workspace, endpoint);
        return jobs.find(workspace, name)
                .filter(job -> tag(job, ENDPOINT_TAG).equalsIgnoreCase(owner.name()))
                .orElseThrow(() -> new Problem.NotFound(
                        "There is no job '" + name + "' of batch endpoint '" + owner.name() + "'."));
    }

    private static String tag(Job job, String name) {
        return job.properties().path("tags").path(name).asString("");
    }

    private BatchDeployment chosen(Workspace workspace, BatchEndpoint owner, @Nullable String deployment) {
        String name = deployment == null || deployment.isEmpty() ? owner.defaultDeployment() : deployment;
        if (name == null) {
            List<String> known = deployments.list(workspace, owner.name()).stream()
                    .map(BatchDeployment::name)
                    .toList();
            throw new Problem.Invalid(
                    "Batch endpoint '" + owner.name() + "' has no default deployment; "
                            + (known.isEmpty()
                                    ? "make a deployment first."
                                    : "name one with the header azureml-model-deployment, or set"
                                            + " defaults.deployment_name. It has: " + String.join(", ", known) + "."),
                    "azureml-model-deployment");
        }
        return deployments.get(workspace, owner.name(), name);
    }

    private String name(Workspace workspace, BatchEndpoint owner, ObjectNode given, @Nullable String request) {
        String wanted = given.path("name").asString("");
        if (!wanted.isEmpty()) {
            return wanted;
        }
        String key = workspace.id() + "/" + BatchName.key(owner.name()) + "/" + owner.createdAt() + "/" + request;
        return "batchjob-"
                + (request == null ? ids.guid() : UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)));
    }

    /// The deployment's properties with those that an invocation may change.
    private static ObjectNode overlaid(BatchDeployment deployment, ObjectNode given) {
        ObjectNode properties = deployment.body().path("properties").deepCopy().asObject();
        for (String field : List.of(
                "miniBatchSize",
                "errorThreshold",
                "maxConcurrencyPerInstance",
                "retrySettings",
                "loggingLevel",
                "outputFileName")) {
            if (given.hasNonNull(field)) {
                properties.set(field, given.get(field));
            }
        }
        int instances = given.path("compute").path("instanceCount").asInt(0);
        if (instances > 0) {
            properties.putObject("resources").put("instanceCount", instances);
        }
        return properties;
    }

    private ObjectNode model(BatchDeployment deployment, BatchSettings settings, ObjectNode given) {
        ObjectNode job = Json.object();
        job.putObject("inputs").set("data", input(given));
        job.putObject("outputs");
        JsonNode properties = deployment.body().path("properties");
        ObjectNode how = job.putObject("settings").put("force_rerun", true);
        String compute =
                text(given.path("compute"), "target", properties.path("compute").asString(""));
        ObjectNode step = job.putObject("jobs").putObject(STEP);
        step.put("type", "parallel").put("componentId", deployment.component());
        if (!compute.isEmpty()) {
            how.put("default_compute", compute);
            step.put("computeId", compute);
        }
        step.putObject("inputs")
                .putObject("data")
                .put("job_input_type", "literal")
                .put("value", "${{parent.inputs.data}}");
        ObjectNode score = step.putObject("outputs").putObject("score").put("job_output_type", "uri_folder");
        String place = output(given);
        if (place != null) {
            score.put("uri", place);
        }
        step.put("mini_batch_size", Integer.toString(settings.miniBatchSize()))
                .put("max_concurrency_per_instance", settings.concurrency())
                .put("error_threshold", settings.errorThreshold())
                .put("logging_level", settings.loggingLevel());
        step.putObject("retry_settings")
                .put("max_retries", settings.maxRetries())
                .put("timeout", Math.max(1, settings.timeout().toSeconds()));
        step.putObject("resources").put("instance_count", settings.instances());
        if (settings.appendRow()) {
            step.putObject("task").put("append_row_to", "${{outputs.score}}/" + settings.outputFile());
        }
        return job;
    }

    /// The one data input, whatever its name.
    private static ObjectNode input(ObjectNode given) {
        List<Map.Entry<String, JsonNode>> data =
                given.path("inputData").properties().stream().toList();
        String dataset = given.path("dataset").asString("");
        if (data.isEmpty() && !dataset.isEmpty()) {
            return Json.object().put("jobInputType", "uri_folder").put("uri", dataset);
        }
        if (data.size() != 1) {
            throw new Problem.Invalid(
                    "A model's batch job takes one input, a file or a folder; " + data.size() + " are given.",
                    "properties.inputData");
        }
        String name = data.getFirst().getKey();
        JsonNode port = data.getFirst().getValue();
        String type = type(port.path("jobInputType").asString("UriFolder"));
        String uri = port.path("uri").asString("");
        if (!type.equals("uri_file") && !type.equals("uri_folder") || uri.isEmpty()) {
            throw new Problem.Invalid(
                    "Input '" + name + "' of a model's batch job is a UriFile or UriFolder with a 'uri', not '"
                            + port.path("jobInputType").asString("") + "'."
                            + (type.equals("mltable") ? " A deployment of a pipeline component takes MLTables." : ""),
                    "properties.inputData." + name);
        }
        return Json.object().put("jobInputType", type).put("uri", uri);
    }

    private static @Nullable String output(ObjectNode given) {
        for (JsonNode output : given.path("outputData").values()) {
            String uri = output.path("uri").asString("");
            if (!uri.isEmpty()) {
                return uri;
            }
        }
        JsonNode dataset = given.path("outputDataset");
        String datastore = dataset.path("datastoreId").asString("");
        String path = dataset.path("path").asString("");
        if (path.isEmpty() || path.startsWith("azureml:")) {
            return path.isEmpty() ? null : path;
        }
        String name = datastore.substring(datastore.lastIndexOf('/') + 1).replace("azureml:", "");
        return "azureml://datastores/" + (name.isEmpty() ? "workspaceblobstore" : name) + "/paths/" + path;
    }

    private ObjectNode pipeline(Workspace workspace, BatchDeployment deployment, ObjectNode given) {
        Component component = components.get(workspace, deployment.component());
        ObjectNode job = Json.object();
        ObjectNode inputs = job.putObject("inputs");
        ObjectNode outputs = job.putObject("outputs");
        Optional<Job> source = source(workspace, component);
        if (source.isPresent()) {
            ObjectNode made = source.get().properties();
            job.set("jobs", made.path("jobs"));
            made.path("inputs").properties().forEach(port -> inputs.set(port.getKey(), port.getValue()));
            made.path("outputs")
                    .properties()
                    .forEach(port -> outputs.putObject(port.getKey())
                            .put(
                                    "jobOutputType",
                                    port.getValue().path("jobOutputType").asString("uri_folder")));
        } else {
            job.set("jobs", component.spec().path("jobs"));
        }
        component.inputs().forEach((name, port) -> {
            if (port.defaultValue() != null) {
                inputs.putObject(name).put("jobInputType", "literal").put("value", port.defaultValue());
            }
        });
        component.outputs().forEach((name, port) -> outputs.putObject(name).put("jobOutputType", port.type()));
        Set<String> known = new TreeSet<>(component.inputs().keySet());
        known.addAll(inputs.propertyNames());
        for (Map.Entry<String, JsonNode> entry : given.path("inputData").properties()) {
            if (!known.contains(entry.getKey())) {
                throw new Problem.Invalid(
                        "The component of deployment '" + deployment.name() + "' has no input '" + entry.getKey()
                                + "'." + Nearest.hint(entry.getKey(), known)
                                + (known.isEmpty() ? "" : " It has: " + String.join(", ", known) + "."),
                        "properties.inputData." + entry.getKey());
            }
            inputs.set(entry.getKey(), port(entry.getValue(), "jobInputType"));
        }
        given.path("outputData").properties().forEach(output -> {
            if (outputs.get(output.getKey()) instanceof ObjectNode own) {
                own.setAll(port(output.getValue(), "jobOutputType"));
            }
        });
        job.set("settings", settings(deployment, given));
        return job;
    }

    /// The job that a component without steps of its own was made from.
    private Optional<Job> source(Workspace workspace, Component component) {
        String source = component.spec().path("sourceJobId").asString("");
        if (source.isEmpty() || !component.spec().path("jobs").isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(jobs.get(
                workspace, source.substring(source.lastIndexOf('/') + 1).replaceFirst("^azureml:", "")));
    }

    private static ObjectNode settings(BatchDeployment deployment, ObjectNode given) {
        JsonNode configuration = deployment.body().path("properties").path("deploymentConfiguration");
        ObjectNode settings = Json.object();
        configuration.path("settings").properties().forEach(setting -> {
            // Also spelled `ComponentDeployment.Settings.default_compute`.
            String name = setting.getKey().substring(setting.getKey().lastIndexOf('.') + 1);
            if (!setting.getValue().isNull()) {
                settings.set(name, setting.getValue());
            }
        });
        String compute = given.path("compute").path("target").asString("");
        if (!compute.isEmpty()) {
            settings.put("default_compute", compute);
        }
        return settings;
    }

    private static ObjectNode port(JsonNode given, String discriminator) {
        ObjectNode port = given.deepCopy().asObject();
        port.put(discriminator, type(port.path(discriminator).asString("literal")));
        return port;
    }

    /// `UriFolder`, `uriFolder` and `uri_folder` are one.
    private static String type(String given) {
        return switch (given.toLowerCase(Locale.ROOT).replace("_", "")) {
            case "urifile" -> "uri_file";
            case "urifolder" -> "uri_folder";
            case "mltable" -> "mltable";
            case "mlflowmodel" -> "mlflow_model";
            case "custommodel" -> "custom_model";
            case "tritonmodel" -> "triton_model";
            default -> "literal";
        };
    }

    private static String text(JsonNode holder, String field, String otherwise) {
        String value = holder.path(field).asString("");
        return value.isEmpty() ? otherwise : value;
    }
}
