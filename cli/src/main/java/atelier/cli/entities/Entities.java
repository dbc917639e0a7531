package atelier.cli.entities;

import atelier.kernel.Json;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// REST resources as the entities of YAML v2, as azure-ai-ml's `_to_dict` gives them to `az ml`.
public final class Entities {
    private Entities() {}

    /// A container of versions, as lists of assets have them.
    public static ObjectNode container(JsonNode rest) {
        return new Shape(rest)
                .common()
                .copy("latest_version", "latestVersion")
                .copy("type", "dataType")
                .made();
    }

    public static ObjectNode data(JsonNode rest) {
        return new Shape(rest)
                .versioned("data")
                .copy("type", "dataType")
                .copy("path", "dataUri")
                .made();
    }

    public static ObjectNode environment(JsonNode rest) {
        Shape shape = new Shape(rest).versioned("environments");
        shape.copy("image", "image").copy("os_type", "osType");
        JsonNode conda = shape.properties().path("condaFile");
        if (conda.isString()) {
            shape.put("conda_file", conda(conda.asString()));
        }
        JsonNode build = shape.properties().path("build");
        if (build.isObject()) {
            ObjectNode made = Json.object();
            made.set("path", build.path("contextUri"));
            made.set("dockerfile_path", build.path("dockerfilePath"));
            shape.put("build", made);
        }
        JsonNode system = shape.made().path("os_type");
        return shape.put("os_type", system.asString("").toLowerCase(java.util.Locale.ROOT))
                .nested("inference_config", "inferenceConfig")
                .made();
    }

    private static JsonNode conda(String text) {
        try {
            return Json.yaml(text);
        } catch (atelier.kernel.Problem notYaml) {
            return Json.tree(text);
        }
    }

    public static ObjectNode model(JsonNode rest) {
        return new Shape(rest)
                .versioned("models")
                .copy("type", "modelType")
                .copy("path", "modelUri")
                .copy("flavors", "flavors")
                .copy("job_name", "jobName")
                .copy("stage", "stage")
                .made();
    }

    /// A component is printed as its own YAML, with what the server knows of it.
    public static ObjectNode component(JsonNode rest) {
        Shape shape = new Shape(rest).versioned("components");
        JsonNode spec = shape.properties().path("componentSpec");
        for (var field : spec.properties()) {
            if (!field.getKey().equals("_source") && !shape.made().has(field.getKey())) {
                shape.put(field.getKey(), field.getValue());
            }
        }
        return shape.put("display_name", spec.path("display_name")).made();
    }

    private static final Map<String, String> COMPUTES = Map.of(
            "AmlCompute",
            "amlcompute",
            "ComputeInstance",
            "computeinstance",
            "Kubernetes",
            "kubernetes",
            "VirtualMachine",
            "virtualmachine",
            "SynapseSpark",
            "synapsespark");

    public static ObjectNode compute(JsonNode rest) {
        Shape shape = new Shape(rest);
        JsonNode outer = shape.properties();
        JsonNode inner = outer.path("properties");
        String type = outer.path("computeType").asString("");
        ObjectNode made = shape.made();
        made.set("name", rest.path("name"));
        shape.id().copy("description", "description").put("tags", rest.path("tags"));
        made.put("type", COMPUTES.getOrDefault(type, type.toLowerCase(java.util.Locale.ROOT)));
        shape.put("location", rest.path("location"))
                .copy("provisioning_state", "provisioningState")
                .copy("created_on", "createdOn")
                .put("size", inner.path("vmSize"))
                .put("state", inner.path("state"));
        JsonNode scale = inner.path("scaleSettings");
        if (scale.isObject()) {
            shape.put("min_instances", scale.path("minNodeCount"))
                    .put("max_instances", scale.path("maxNodeCount"))
                    .put("idle_time_before_scale_down", Shape.seconds(scale.path("nodeIdleTimeBeforeScaleDown")));
            String priority = inner.path("vmPriority").asString("");
            shape.put("tier", priority.isEmpty() ? "" : Shape.word(priority));
        }
        if (rest.path("identity").isObject()) {
            shape.put("identity", identity(rest.path("identity")));
        }
        if (inner.path("applications").isArray()) {
            shape.put("services", Shape.snake(inner.path("applications")));
        }
        return made;
    }

    static JsonNode identity(JsonNode rest) {
        ObjectNode identity = (ObjectNode) Shape.snake(rest);
        identity.put("type", Shape.word(rest.path("type").asString("")));
        return identity;
    }

    public static ObjectNode workspace(JsonNode rest) {
        Shape shape = new Shape(rest);
        shape.made().set("name", rest.path("name"));
        String[] parts = rest.path("id").asString("").split("/");
        shape.id()
                .put("location", rest.path("location"))
                .put("resource_group", parts.length > 4 ? parts[4] : "")
                .copy("display_name", "friendlyName")
                .copy("description", "description")
                .copy("discovery_url", "discoveryUrl")
                .copy("mlflow_tracking_uri", "mlFlowTrackingUri")
                .copy("storage_account", "storageAccount")
                .copy("container_registry", "containerRegistry")
                .copy("key_vault", "keyVault")
                .copy("application_insights", "applicationInsights")
                .copy("hbi_workspace", "hbiWorkspace")
                .copy("public_network_access", "publicNetworkAccess")
                .copy("image_build_compute", "imageBuildCompute")
                .copy("provisioning_state", "provisioningState")
                .put("tags", rest.path("tags"));
        if (rest.path("identity").isObject()) {
            shape.put("identity", identity(rest.path("identity")));
        }
        return shape.made();
    }

    public static ObjectNode datastore(JsonNode rest) {
        Shape shape = new Shape(rest);
        shape.made().set("name", rest.path("name"));
        shape.id()
                .copy("description", "description")
                .tags()
                .word("type", "datastoreType")
                .copy("account_name", "accountName")
                .copy("container_name", "containerName")
                .copy("file_share_name", "fileShareName")
                .copy("filesystem", "filesystem")
                .copy("store_name", "storeName")
                .copy("endpoint", "endpoint")
                .copy("protocol", "protocol")
                .copy("is_default", "isDefault");
        shape.put("credentials", Json.object());
        return shape.made();
    }

    public static ObjectNode endpoint(JsonNode rest) {
        Shape shape = new Shape(rest);
        shape.made().set("name", rest.path("name"));
        shape.id()
                .copy("description", "description")
                .tags()
                .put("location", rest.path("location"))
                .word("auth_mode", "authMode")
                .copy("provisioning_state", "provisioningState")
                .copy("scoring_uri", "scoringUri")
                .copy("openapi_uri", "swaggerUri")
                .copy("traffic", "traffic")
                .copy("mirror_traffic", "mirrorTraffic")
                .copy("compute", "compute")
                .nested("defaults", "defaults");
        String access = shape.properties().path("publicNetworkAccess").asString("");
        shape.put("public_network_access", access.toLowerCase(java.util.Locale.ROOT));
        JsonNode auth = shape.made().path("auth_mode");
        if (auth.isString()) {
            shape.put(
                    "auth_mode",
                    auth.asString().replace("amltoken", "aml_token").replace("aadtoken", "aad_token"));
        }
        if (rest.path("identity").isObject()) {
            shape.put("identity", identity(rest.path("identity")));
        }
        return shape.made();
    }

    public static ObjectNode deployment(JsonNode rest) {
        Shape shape = new Shape(rest);
        JsonNode properties = shape.properties();
        shape.made().set("name", rest.path("name"));
        String[] parts = rest.path("id").asString("").split("/");
        shape.put("endpoint_name", parts.length > 3 ? parts[parts.length - 3] : "");
        shape.id().copy("description", "description").tags();
        String kind = properties.path("endpointComputeType").asString("");
        shape.put("type", kind.toLowerCase(java.util.Locale.ROOT));
        JsonNode model = properties.path("model");
        shape.put(
                        "model",
                        Shape.reference(model.isObject() ? model.path("assetId").asString("") : model.asString("")))
                .put(
                        "environment",
                        Shape.reference(properties.path("environmentId").asString("")))
                .put("compute", Shape.reference(properties.path("compute").asString("")));
        JsonNode code = properties.path("codeConfiguration");
        if (code.isObject()) {
            ObjectNode made = Json.object();
            made.put("code", Shape.reference(code.path("codeId").asString("")));
            made.set("scoring_script", code.path("scoringScript"));
            shape.put("code_configuration", made);
        }
        shape.copy("environment_variables", "environmentVariables")
                .copy("app_insights_enabled", "appInsightsEnabled")
                .copy("instance_type", "instanceType")
                .put("instance_count", rest.path("sku").path("capacity"))
                .copy("provisioning_state", "provisioningState")
                .nested("scale_settings", "scaleSettings")
                .copy("model_mount_path", "modelMountPath")
                .copy("mini_batch_size", "miniBatchSize")
                .copy("error_threshold", "errorThreshold")
                .copy("max_concurrency_per_instance", "maxConcurrencyPerInstance")
                .copy("logging_level", "loggingLevel")
                .word("output_action", "outputAction")
                .copy("output_file_name", "outputFileName")
                .nested("resources", "resources");
        seconds(shape, "retry_settings", "retrySettings");
        seconds(shape, "liveness_probe", "livenessProbe");
        seconds(shape, "readiness_probe", "readinessProbe");
        JsonNode requests = properties.path("requestSettings");
        if (requests.isObject()) {
            ObjectNode made = Json.object();
            made.set("request_timeout_ms", Shape.millis(requests.path("requestTimeout")));
            made.set("max_concurrent_requests_per_instance", requests.path("maxConcurrentRequestsPerInstance"));
            made.set("max_queue_wait_ms", Shape.millis(requests.path("maxQueueWait")));
            shape.put("request_settings", made);
        }
        return shape.made();
    }

    private static void seconds(Shape shape, String yaml, String field) {
        JsonNode given = shape.properties().path(field);
        if (given.isObject()) {
            ObjectNode made = (ObjectNode) Shape.snake(given);
            made.properties().forEach(each -> each.setValue(Shape.seconds(each.getValue())));
            shape.put(yaml, made);
        }
    }

    public static ObjectNode schedule(JsonNode rest) {
        Shape shape = new Shape(rest);
        JsonNode properties = shape.properties();
        shape.made().set("name", rest.path("name"));
        shape.id()
                .copy("display_name", "displayName")
                .copy("description", "description")
                .tags()
                .copy("is_enabled", "isEnabled")
                .copy("provisioning_state", "provisioningState")
                .created();
        JsonNode trigger = properties.path("trigger");
        ObjectNode made = (ObjectNode) Shape.snake(trigger);
        if (made.remove("trigger_type") instanceof JsonNode type) {
            made.put("type", Shape.word(type.asString("")));
        }
        if (made.path("frequency").isString()) {
            made.put("frequency", Shape.word(made.path("frequency").asString("")));
        }
        shape.put("trigger", made);
        JsonNode action = properties.path("action");
        JsonNode job = action.path("jobDefinition");
        if (job.isObject()) {
            ObjectNode envelope = Json.object();
            envelope.set("properties", job);
            ObjectNode entity = Jobs.entity(envelope);
            entity.remove("name");
            shape.put("create_job", entity);
        }
        return shape.made();
    }

    public static ObjectNode connection(JsonNode rest) {
        Shape shape = new Shape(rest);
        shape.made().set("name", rest.path("name"));
        return shape.id()
                .word("type", "category")
                .copy("target", "target")
                .copy("metadata", "metadata")
                .put(
                        "credentials",
                        Json.object()
                                .put(
                                        "type",
                                        Shape.word(shape.properties()
                                                .path("authType")
                                                .asString(""))))
                .created()
                .made();
    }

    public static ObjectNode registry(JsonNode rest) {
        Shape shape = new Shape(rest);
        shape.made().set("name", rest.path("name"));
        return shape.id()
                .put("location", rest.path("location"))
                .put("tags", rest.path("tags"))
                .copy("public_network_access", "publicNetworkAccess")
                .copy("mlflow_registry_uri", "mlFlowRegistryUri")
                .copy("discovery_url", "discoveryUrl")
                .made();
    }
}
