package atelier.compute;

import atelier.kernel.Json;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Checks what a compute is made of (specification machinelearningservices/…/machineLearningServices.json, Compute).
public final class ComputeRules {
    /// Computes of this machine.
    public static final String CLUSTER = "AmlCompute";
    /// A person's machine, which is started and stopped.
    public static final String INSTANCE = "ComputeInstance";

    private static final List<String> TYPES = List.of(
            CLUSTER,
            INSTANCE,
            "Kubernetes",
            "VirtualMachine",
            "SynapseSpark",
            "DataFactory",
            "Databricks",
            "HDInsight",
            "DataLakeAnalytics");
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,30}[A-Za-z0-9]");
    private static final Duration SHORTEST_IDLE = Duration.ofMinutes(15);
    private static final Duration LONGEST_IDLE = Duration.ofDays(3);
    private static final int MOST_NODES = 65_000;

    private ComputeRules() {}

    /// Whether a definition stands for a machine elsewhere; it is kept, and no job runs there.
    public static boolean isAttached(String type) {
        return !type.equals(CLUSTER) && !type.equals(INSTANCE);
    }

    /// @throws Problem.Invalid naming the rule
    public static void name(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new Problem.Invalid(
                    "InvalidName",
                    "'" + (name.length() <= 80 ? name : name.substring(0, 77) + "...")
                            + "' is not allowed. A compute name has 2 to 32 letters, digits and '-', starts with a"
                            + " letter and does not end with '-'.",
                    "name");
        }
    }

    /// The REST properties, checked, with Azure's spelling and defaults; secrets are left out, nothing here needs them.
    ///
    /// @throws Problem.Invalid naming the field
    public static ObjectNode check(ObjectNode given) {
        ObjectNode kept = given.deepCopy();
        String type = word(given.path("computeType"), TYPES, "properties.computeType");
        kept.put("computeType", type);
        JsonNode description = given.path("description");
        if (description.isContainer()) {
            throw new Problem.Invalid("'description' must be text.", "properties.description");
        }
        JsonNode inner = given.path("properties");
        if (!inner.isObject() && !inner.isMissingNode() && !inner.isNull()) {
            throw new Problem.Invalid("'properties' must be an object.", "properties.properties");
        }
        ObjectNode properties = inner instanceof ObjectNode object ? object.deepCopy() : Json.object();
        switch (type) {
            case CLUSTER -> cluster(properties);
            case INSTANCE -> instance(properties);
            default -> attached(type, given, properties);
        }
        kept.set("properties", properties);
        return kept;
    }

    private static void cluster(ObjectNode properties) {
        size(properties);
        JsonNode priority = properties.path("vmPriority");
        properties.put(
                "vmPriority",
                absent(priority)
                        ? "Dedicated"
                        : word(priority, List.of("Dedicated", "LowPriority"), "properties.properties.vmPriority"));
        JsonNode system = properties.path("osType");
        properties.put(
                "osType",
                absent(system) ? "Linux" : word(system, List.of("Linux", "Windows"), "properties.properties.osType"));
        if (properties.get("userAccountCredentials") instanceof ObjectNode account) {
            account.remove(List.of("adminUserPassword"));
        }
        String at = "properties.properties.scaleSettings";
        JsonNode scale = properties.path("scaleSettings");
        if (absent(scale)) {
            properties.set("scaleSettings", Json.object().put("minNodeCount", 0).put("maxNodeCount", 1));
            return;
        }
        if (!(scale instanceof ObjectNode settings)) {
            throw new Problem.Invalid("'scaleSettings' must be an object.", at);
        }
        int least = nodes(settings, "minNodeCount", 0, at);
        int most = nodes(settings, "maxNodeCount", Integer.MIN_VALUE, at);
        if (most < least) {
            throw new Problem.Invalid(
                    "InvalidScaleSettings",
                    "The greatest number of nodes (" + most + ") is below the least (" + least + ").",
                    at + ".maxNodeCount");
        }
        settings.put("minNodeCount", least).put("maxNodeCount", most);
        duration(settings, "nodeIdleTimeBeforeScaleDown", at, Duration.ZERO, Duration.ofDays(30));
    }

    private static void instance(ObjectNode properties) {
        size(properties);
        duration(properties, "idleTimeBeforeShutdown", "properties.properties", SHORTEST_IDLE, LONGEST_IDLE);
        JsonNode sharing = properties.path("applicationSharingPolicy");
        if (!absent(sharing)) {
            properties.put(
                    "applicationSharingPolicy",
                    word(sharing, List.of("Shared", "Personal"), "properties.properties.applicationSharingPolicy"));
        }
        List.of("state", "errors", "lastOperation", "createdBy").forEach(properties::remove);
    }

    private static void attached(String type, ObjectNode given, ObjectNode properties) {
        if (type.equals("Kubernetes") || type.equals("VirtualMachine") || type.equals("SynapseSpark")) {
            if (given.path("resourceId").asString("").isEmpty()) {
                throw new Problem.Invalid(
                        "An attached compute needs 'resourceId', the ARM id of what it stands for.",
                        "properties.resourceId");
            }
        }
        if (properties.get("administratorAccount") instanceof ObjectNode account) {
            account.remove(List.of("password", "privateKeyData"));
        }
        properties.remove("databricksAccessToken");
    }

    private static void size(ObjectNode properties) {
        String size = properties.path("vmSize").asString("");
        if (size.isEmpty()) {
            throw new Problem.Invalid(
                    "MissingVmSize",
                    "A compute needs 'vmSize', such as Standard_DS3_v2; `LOCAL` is this machine.",
                    "properties.properties.vmSize");
        }
        VmSize.check(size, "properties.properties.vmSize");
    }

    private static int nodes(ObjectNode settings, String field, int otherwise, String at) {
        JsonNode value = settings.path(field);
        if (absent(value) && otherwise != Integer.MIN_VALUE) {
            return otherwise;
        }
        boolean whole = value.isIntegralNumber() && value.canConvertToInt();
        if (!whole || value.intValue() < 0 || value.intValue() > MOST_NODES) {
            throw new Problem.Invalid(
                    "InvalidScaleSettings",
                    "'" + field + "' must be a whole number from 0 to " + MOST_NODES + ".",
                    at + "." + field);
        }
        return value.intValue();
    }

    private static void duration(ObjectNode settings, String field, String at, Duration least, Duration most) {
        JsonNode value = settings.path(field);
        if (absent(value)) {
            return;
        }
        try {
            Duration time = Duration.parse(value.asString(""));
            if (time.compareTo(least) >= 0 && time.compareTo(most) <= 0) {
                return;
            }
        } catch (DateTimeParseException e) {
            // Said below, with the form that is expected.
        }
        throw new Problem.Invalid(
                "InvalidIdleTime",
                "'" + field + "' is a time such as PT30M, from " + least + " to " + most + ".",
                at + "." + field);
    }

    private static boolean absent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static String word(JsonNode value, List<String> words, String target) {
        String given = value.asString("");
        return words.stream()
                .filter(word -> word.toLowerCase(Locale.ROOT).equals(given.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new Problem.Invalid(
                        "'" + (given.length() <= 80 ? given : given.substring(0, 77) + "...")
                                + "' is not allowed here; it is one of " + String.join(", ", words) + "."
                                + Nearest.hint(given, words),
                        target));
    }
}
