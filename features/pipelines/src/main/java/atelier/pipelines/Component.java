package atelier.pipelines;

import atelier.jobs.Expressions;
import atelier.kernel.Problem;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A component: what a step runs and what goes in and out (YAML v2 command and pipeline components; reference
/// azureml-wire.md, Appendix A).
///
/// @param name of the asset; `azureml_anonymous` when it has none of its own
/// @param type `command`, `parallel` or `pipeline`
public record Component(
        String name,
        String version,
        String type,
        String displayName,
        Map<String, Port> inputs,
        Map<String, Port> outputs,
        boolean deterministic,
        ObjectNode spec) {
    private static final Set<String> DATA =
            Set.of("uri_file", "uri_folder", "mltable", "mlflow_model", "custom_model", "triton_model");

    /// @param type `uri_file`, …, or `string`, `number`, `integer`, `boolean`
    /// @param defaultValue as commands get it, or null
    public record Port(
            String type,
            boolean optional,
            @Nullable String defaultValue,
            @Nullable String mode) {
        public boolean data() {
            return DATA.contains(type);
        }
    }

    /// @throws Problem.Invalid `InvalidComponent`
    public static Component of(String name, String version, JsonNode given) {
        if (!(given instanceof ObjectNode spec)) {
            throw new Problem.Invalid(
                    "InvalidComponent", "Component '" + name + "' needs an object 'componentSpec'.", "componentSpec");
        }
        String type = spec.path("type").asString("command");
        String label = spec.path("display_name").asString("");
        boolean named = !name.equals("azureml_anonymous");
        return new Component(
                name,
                version,
                type,
                label.isEmpty() ? (named ? name : spec.path("name").asString(name)) : label,
                ports(spec.path("inputs")),
                ports(spec.path("outputs")),
                spec.path("is_deterministic").asBoolean(true),
                spec);
    }

    private static Map<String, Port> ports(JsonNode given) {
        Map<String, Port> ports = new LinkedHashMap<>();
        given.properties().forEach(field -> {
            JsonNode port = field.getValue();
            JsonNode initial = port.path("default");
            ports.put(
                    field.getKey(),
                    new Port(
                            port.isObject() ? port.path("type").asString("uri_folder") : port.asString("uri_folder"),
                            port.path("optional").asBoolean(false)
                                    || port.path("optional").asString("").equalsIgnoreCase("true"),
                            initial.isMissingNode() || initial.isNull() ? null : Expressions.literal(initial),
                            Binding.first(port, "mode")));
        });
        return ports;
    }

    /// A field of the specification that names an asset; `azureml:` in front of an ARM id is taken off.
    public @Nullable String reference(String field) {
        JsonNode holder = type.equals("parallel") ? spec.path("task") : spec;
        String value = holder.path(field).asString("");
        if (value.isEmpty()) {
            return null;
        }
        return bare(value);
    }

    /// A reference with `azureml:` in front of an ARM id taken off.
    public static String bare(String value) {
        return value.startsWith("azureml:/") && !value.startsWith("azureml://")
                ? value.substring("azureml:".length())
                : value;
    }
}
