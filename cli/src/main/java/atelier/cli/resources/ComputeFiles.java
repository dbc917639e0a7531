package atelier.cli.resources;

import atelier.cli.yaml.Fields;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Compute YAML (`amlCompute`, `computeInstance`, `kubernetesCompute`) to REST.
public final class ComputeFiles {
    private static final String DEFAULT_SIZE = "STANDARD_DS3_V2";
    private static final Map<String, String> TYPES =
            Map.of("amlcompute", "AmlCompute", "computeinstance", "ComputeInstance", "kubernetes", "Kubernetes");

    private ComputeFiles() {}

    /// The body of the PUT; the type is matched in any case, as `az ml` does.
    public static ObjectNode body(YamlFile file, String location) {
        String given = file.text("type", "").toLowerCase(Locale.ROOT);
        if (given.isEmpty()) {
            throw file.error("", "a compute needs 'type': amlcompute, computeinstance or kubernetes.");
        }
        Fields.oneOf(file, "/type", given, List.of("amlcompute", "computeinstance", "kubernetes"));
        ObjectNode body = Json.object();
        body.put("location", file.text("location", location));
        ObjectNode outer = body.putObject("properties");
        outer.put("computeType", TYPES.get(given));
        if (file.root().has("description")) {
            outer.put("description", file.text("description", ""));
        }
        outer.put("disableLocalAuth", !file.root().has("ssh_settings"));
        switch (given) {
            case "amlcompute" -> cluster(file, outer.putObject("properties"));
            case "computeinstance" -> instance(file, outer.putObject("properties"));
            default -> kubernetes(file, outer);
        }
        if (file.root().path("tags").isObject()) {
            body.set("tags", file.root().path("tags"));
        }
        identity(file, body);
        return body;
    }

    private static void cluster(YamlFile file, ObjectNode properties) {
        properties.put("vmSize", file.text("size", DEFAULT_SIZE)).put("osType", "Linux");
        String tier = file.text("tier", "dedicated");
        Fields.oneOf(
                file,
                "/tier",
                tier.toLowerCase(Locale.ROOT).replace("lowpriority", "low_priority"),
                List.of("dedicated", "low_priority"));
        properties.put("vmPriority", tier.toLowerCase(Locale.ROOT).startsWith("low") ? "LowPriority" : "Dedicated");
        ObjectNode scale = properties.putObject("scaleSettings");
        long min = whole(file, "min_instances", 0);
        long max = whole(file, "max_instances", 1);
        if (min > max) {
            throw file.error(
                    "/min_instances", "'min_instances' is " + min + ", more than 'max_instances', " + max + ".");
        }
        scale.put("maxNodeCount", max).put("minNodeCount", min);
        scale.put("nodeIdleTimeBeforeScaleDown", "PT" + whole(file, "idle_time_before_scale_down", 120) + "S");
        JsonNode open = file.root().path("ssh_public_access_enabled");
        properties.put(
                "remoteLoginPortPublicAccess",
                open.isMissingNode() ? "NotSpecified" : open.asBoolean(false) ? "Enabled" : "Disabled");
        properties.put(
                "enableNodePublicIp", file.root().path("enable_node_public_ip").asBoolean(true));
        subnet(file, properties);
    }

    private static void instance(YamlFile file, ObjectNode properties) {
        properties.put("vmSize", file.text("size", DEFAULT_SIZE)).put("applicationSharingPolicy", "Shared");
        properties.put("enableSSO", file.root().path("enable_sso").asBoolean(true));
        properties.put(
                "enableNodePublicIp", file.root().path("enable_node_public_ip").asBoolean(true));
        if (file.root().has("idle_time_before_shutdown_minutes")) {
            properties.put("idleTimeBeforeShutdown", "PT" + whole(file, "idle_time_before_shutdown_minutes", 0) + "M");
        } else if (file.root().has("idle_time_before_shutdown")) {
            properties.put("idleTimeBeforeShutdown", file.text("idle_time_before_shutdown", ""));
        }
        subnet(file, properties);
    }

    private static void kubernetes(YamlFile file, ObjectNode outer) {
        outer.put("resourceId", file.text("resource_id", ""));
        outer.putObject("properties").put("namespace", file.text("namespace", "default"));
    }

    private static void subnet(YamlFile file, ObjectNode properties) {
        String subnet = file.root().at("/network_settings/subnet").asString("");
        if (!subnet.isEmpty()) {
            properties.putObject("subnet").put("id", subnet);
        }
    }

    private static void identity(YamlFile file, ObjectNode body) {
        JsonNode given = file.root().path("identity");
        if (!given.isObject()) {
            return;
        }
        String type = given.path("type").asString("").toLowerCase(Locale.ROOT).replace("_", "");
        Fields.oneOf(file, "/identity/type", type, List.of("systemassigned", "userassigned"));
        ObjectNode identity = body.putObject("identity");
        identity.put("type", type.equals("systemassigned") ? "SystemAssigned" : "UserAssigned");
        for (JsonNode each : given.path("user_assigned_identities")) {
            ObjectNode users = identity.path("userAssignedIdentities") instanceof ObjectNode known
                    ? known
                    : identity.putObject("userAssignedIdentities");
            users.putObject(each.isObject() ? each.path("resource_id").asString("") : each.asString(""));
        }
    }

    private static long whole(YamlFile file, String field, long absent) {
        JsonNode given = file.root().path(field);
        if (given.isMissingNode() || given.isNull()) {
            return absent;
        }
        if (!given.isIntegralNumber() || given.asLong() < 0) {
            throw file.error("/" + field, "'" + field + "' needs a whole number, not " + Json.write(given) + ".");
        }
        return given.asLong();
    }
}
