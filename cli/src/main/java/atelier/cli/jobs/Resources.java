package atelier.cli.jobs;

import atelier.cli.yaml.Fields;
import atelier.cli.yaml.YamlFile;
import atelier.kernel.Json;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `limits`, `resources`, `distribution` and `identity` of a command job.
final class Resources {
    private static final Fields LIMITS = Fields.of("limits", "timeout");
    private static final Fields RESOURCES = Fields.of(
            "resources", "instance_count instance_type properties locations shm_size max_instance_count docker_args");
    private static final Fields DISTRIBUTION = Fields.of(
                    "a distribution", "type process_count_per_instance parameter_server_count worker_count")
            .required("type");
    private static final Map<String, String> DISTRIBUTIONS =
            Map.of("pytorch", "PyTorch", "mpi", "Mpi", "tensorflow", "TensorFlow");
    private static final Map<String, String> IDENTITIES = Map.of(
            "aml_token", "AMLToken",
            "user_identity", "UserIdentity",
            "managed", "Managed",
            "managed_identity", "Managed",
            "user", "UserIdentity");

    private Resources() {}

    static void put(YamlFile file, ObjectNode properties) {
        if (file.root().has("limits")) {
            LIMITS.check(file, "/limits");
            ObjectNode limits = properties.putObject("limits").put("jobLimitsType", "Command");
            JsonNode timeout = file.root().at("/limits/timeout");
            if (!timeout.isMissingNode()) {
                limits.put(
                        "timeout",
                        java.time.Duration.ofSeconds(whole(file, "/limits/timeout", timeout))
                                .toString());
            }
        }
        if (file.root().has("resources")) {
            RESOURCES.check(file, "/resources");
            ObjectNode resources = properties.putObject("resources");
            resources.put("instanceCount", 1).putObject("properties");
            JsonNode given = file.root().path("resources");
            if (given.has("instance_count")) {
                resources.put("instanceCount", whole(file, "/resources/instance_count", given.path("instance_count")));
            }
            copy(given, "instance_type", resources, "instanceType");
            copy(given, "shm_size", resources, "shmSize");
            copy(given, "docker_args", resources, "dockerArgs");
            copy(given, "properties", resources, "properties");
        }
        if (file.root().has("distribution")) {
            DISTRIBUTION.check(file, "/distribution");
            JsonNode given = file.root().path("distribution");
            String type = given.path("type").asString("");
            Fields.oneOf(file, "/distribution/type", type, List.copyOf(DISTRIBUTIONS.keySet()));
            ObjectNode distribution = properties.putObject("distribution");
            distribution.put("distributionType", DISTRIBUTIONS.get(type));
            copy(given, "process_count_per_instance", distribution, "processCountPerInstance");
            copy(given, "parameter_server_count", distribution, "parameterServerCount");
            copy(given, "worker_count", distribution, "workerCount");
        }
        identity(file, properties);
    }

    static void identity(YamlFile file, ObjectNode properties) {
        if (file.root().has("identity")) {
            String type = file.root().at("/identity/type").asString("");
            Fields.oneOf(file, "/identity/type", type, List.copyOf(IDENTITIES.keySet()));
            properties.putObject("identity").put("identityType", IDENTITIES.get(type));
        }
    }

    private static void copy(JsonNode from, String field, ObjectNode into, String name) {
        if (from.has(field)) {
            into.set(name, from.path(field));
        }
    }

    private static long whole(YamlFile file, String pointer, JsonNode value) {
        if (!value.isIntegralNumber() || value.asLong() < 1) {
            throw file.error(pointer, "'" + Json.write(value) + "' is not a whole number above zero.");
        }
        return value.asLong();
    }
}
