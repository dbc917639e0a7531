package atelier.cli.endpoints;

import atelier.cli.CliError;
import atelier.cli.assets.Assets;
import atelier.cli.assets.Common;
import atelier.cli.assets.ComponentAssets;
import atelier.cli.assets.EnvironmentAssets;
import atelier.cli.assets.ModelAssets;
import atelier.cli.http.Waiting;
import atelier.cli.yaml.Fields;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import atelier.kernel.Names;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Online endpoints and deployments (`managedOnlineEndpoint`, `managedOnlineDeployment`) to REST.
public final class EndpointFiles {
    private static final Fields ENDPOINT = Fields.of(
                    "an online endpoint",
                    "$schema id name description tags provisioning_state properties auth_mode scoring_uri location"
                            + " openapi_uri identity traffic kind mirror_traffic public_network_access type")
            .required("name");
    private static final Fields DEPLOYMENT = Fields.of(
                    "an online deployment",
                    "$schema name endpoint_name description id tags properties model code_configuration environment"
                            + " environment_variables app_insights_enabled scale_settings request_settings"
                            + " liveness_probe readiness_probe provisioning_state instance_count type model_mount_path"
                            + " instance_type data_collector egress_public_network_access private_network_connection"
                            + " creation_context")
            .required("name", "endpoint_name");
    private static final Fields CODE =
            Fields.of("code_configuration", "$schema code scoring_script").required("code", "scoring_script");
    private static final Fields REQUESTS =
            Fields.of("request_settings", "request_timeout_ms max_concurrent_requests_per_instance max_queue_wait_ms");
    private static final Fields PROBE =
            Fields.of("a probe", "period initial_delay timeout success_threshold failure_threshold path scheme method");
    private static final Map<String, String> AUTH =
            Map.of("key", "Key", "aml_token", "AMLToken", "aad_token", "AADToken");

    private final Assets assets;
    private final Waiting waiting;

    public EndpointFiles(Assets assets, Waiting waiting) {
        this.assets = assets;
        this.waiting = waiting;
    }

    private String path(String endpoint) {
        return assets.api().workspace() + "/onlineEndpoints/" + endpoint;
    }

    public JsonNode createEndpoint(YamlFile file) {
        ENDPOINT.check(file, "");
        String name = Names.endpoint(file.text("name", ""));
        String auth = Fields.oneOf(
                file, "/auth_mode", file.text("auth_mode", "key"), List.of("key", "aml_token", "aad_token"));
        ObjectNode properties = Json.object();
        Common.describe(file, properties);
        JsonNode tags = properties.remove("tags");
        properties.put("authMode", AUTH.get(auth)).put("publicNetworkAccess", "Enabled");
        ObjectNode traffic = properties.putObject("traffic");
        file.root().path("traffic").properties().forEach(entry -> traffic.set(entry.getKey(), entry.getValue()));
        ObjectNode body = tracked(properties, tags);
        body.putObject("identity").put("type", "SystemAssigned");
        return assets.api().run("PUT", path(name), body, waiting);
    }

    /// Shares of the requests in percent, by deployment: `blue=90 green=10`.
    public static ObjectNode shares(String option, List<String> shares) {
        ObjectNode traffic = Json.object();
        for (String share : shares) {
            String[] parts = share.split("=", 2);
            if (parts.length != 2 || !parts[1].matches("\\d{1,3}") || Integer.parseInt(parts[1]) > 100) {
                throw new CliError(option + " needs DEPLOYMENT=PERCENT, not '" + share + "'.");
            }
            traffic.put(parts[0], Integer.parseInt(parts[1]));
        }
        return traffic;
    }

    /// A resource that was got, as it is put again: without what only the server says.
    public static ObjectNode again(JsonNode known) {
        ObjectNode body = Json.object();
        for (String field : new String[] {"location", "tags", "identity", "sku", "kind"}) {
            if (known.path(field).isObject() || known.path(field).isString()) {
                body.set(field, known.path(field));
            }
        }
        ObjectNode properties = ((ObjectNode) known.path("properties")).deepCopy();
        properties.remove(List.of("provisioningState", "scoringUri", "swaggerUri", "openapiUri"));
        body.set("properties", properties);
        return body;
    }

    /// Shares the requests of an endpoint.
    public JsonNode traffic(String endpoint, ObjectNode traffic) {
        ObjectNode body = again(show(endpoint));
        ((ObjectNode) body.path("properties")).set("traffic", traffic);
        return assets.api().run("PUT", path(endpoint), body, waiting);
    }

    public JsonNode show(String endpoint) {
        return assets.api()
                .find(path(endpoint))
                .orElseThrow(() -> new CliError("There is no online endpoint '" + endpoint + "'."));
    }

    public JsonNode createDeployment(YamlFile file, boolean allTraffic, boolean atOnce) {
        DEPLOYMENT.check(file, "");
        String endpoint = Names.endpoint(file.text("endpoint_name", ""));
        String name = Names.endpoint(file.text("name", ""));
        show(endpoint);
        ObjectNode properties = Json.object();
        Common.describe(file, properties);
        JsonNode tags = properties.remove("tags");
        properties.put("endpointComputeType", "Managed");
        properties.put("instanceType", file.text("instance_type", "Standard_DS3_v2"));
        properties.put(
                "appInsightsEnabled", file.root().path("app_insights_enabled").asBoolean(false));
        properties.putObject("scaleSettings").put("scaleType", "Default");
        if (file.root().has("model")) {
            properties.put("model", new ModelAssets(assets).reference(file, "/model", endpoint + "-model"));
        }
        if (file.root().has("environment")) {
            properties.put("environmentId", new EnvironmentAssets(assets).reference(file, "/environment"));
        }
        code(file, properties);
        JsonNode variables = file.root().path("environment_variables");
        properties.set("environmentVariables", variables.isObject() ? Common.texts(variables) : Json.object());
        requests(file, properties);
        probe(file, "liveness_probe", "livenessProbe", properties);
        probe(file, "readiness_probe", "readinessProbe", properties);
        ObjectNode body = tracked(properties, tags);
        body.putObject("sku")
                .put("name", "Default")
                .put("capacity", file.root().path("instance_count").asInt(1));
        String place = path(endpoint) + "/deployments/" + name;
        if (atOnce && !allTraffic) {
            return assets.api().start("PUT", place, body);
        }
        JsonNode deployed = assets.api().run("PUT", place, body, waiting);
        if (allTraffic) {
            traffic(endpoint, Json.object().put(name, 100));
        }
        return deployed;
    }

    private ObjectNode tracked(ObjectNode properties, JsonNode tags) {
        ObjectNode body = Json.object();
        body.put("location", "local");
        body.set("tags", tags.isObject() ? tags : Json.object());
        body.set("properties", properties);
        return body;
    }

    private void code(YamlFile file, ObjectNode properties) {
        if (file.root().has("code_configuration")) {
            CODE.check(file, "/code_configuration");
            properties
                    .putObject("codeConfiguration")
                    .put("codeId", new ComponentAssets(assets).code(file, "/code_configuration/code"))
                    .put(
                            "scoringScript",
                            file.root().at("/code_configuration/scoring_script").asString(""));
        }
    }

    private static void requests(YamlFile file, ObjectNode properties) {
        JsonNode given = file.root().path("request_settings");
        if (given.isMissingNode()) {
            return;
        }
        REQUESTS.check(file, "/request_settings");
        ObjectNode settings = properties.putObject("requestSettings");
        if (given.has("request_timeout_ms")) {
            settings.put("requestTimeout", millis(given.path("request_timeout_ms")));
        }
        if (given.has("max_queue_wait_ms")) {
            settings.put("maxQueueWait", millis(given.path("max_queue_wait_ms")));
        }
        if (given.has("max_concurrent_requests_per_instance")) {
            settings.set("maxConcurrentRequestsPerInstance", given.path("max_concurrent_requests_per_instance"));
        }
    }

    private static void probe(YamlFile file, String field, String name, ObjectNode properties) {
        JsonNode given = file.root().path(field);
        if (given.isMissingNode()) {
            return;
        }
        PROBE.check(file, "/" + field);
        ObjectNode probe = properties.putObject(name);
        Map<String, String> seconds = Map.of("period", "period", "initial_delay", "initialDelay", "timeout", "timeout");
        seconds.forEach((from, to) -> {
            if (given.has(from)) {
                probe.put(to, "PT" + given.path(from).asLong() + "S");
            }
        });
        Map<String, String> counts =
                Map.of("success_threshold", "successThreshold", "failure_threshold", "failureThreshold");
        counts.forEach((from, to) -> {
            if (given.has(from)) {
                probe.set(to, given.path(from));
            }
        });
    }

    private static String millis(JsonNode value) {
        return java.time.Duration.ofMillis(value.asLong()).toString();
    }
}
