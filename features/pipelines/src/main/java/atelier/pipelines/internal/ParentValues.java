package atelier.pipelines.internal;

import atelier.jobs.Expressions;
import atelier.kernel.Json;
import atelier.kernel.Nearest;
import atelier.pipelines.Binding;
import atelier.pipelines.Component;
import atelier.pipelines.Node;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Literal inputs of a pipeline where its steps name them: `compute: ${{parent.inputs.x}}`, also inside of text and at
/// any depth of a step's settings.
final class ParentValues {
    private static final String PARENT = "parent.inputs.";
    private static final Set<String> BINDINGS = Set.of("inputs", "outputs");

    private ParentValues() {}

    /// A step's settings with values in place of names; its inputs and outputs are left to their bindings. A setting
    /// that is nothing but the name of an input that is not given is as if it had not been written.
    ///
    /// @param inputs of the pipeline, as REST has them: `{"x":{"value":…}}`
    static JsonNode in(JsonNode settings, JsonNode inputs) {
        if (!(settings.deepCopy() instanceof ObjectNode copy)) {
            return settings;
        }
        copy.propertyNames().stream()
                .filter(name -> !BINDINGS.contains(name))
                .toList()
                .forEach(name -> {
                    if (missing(copy.get(name), inputs)) {
                        copy.remove(name);
                    } else {
                        copy.set(name, replaced(copy.get(name), inputs));
                    }
                });
        return copy;
    }

    /// Text with values in place of names.
    static String text(String template, JsonNode inputs) {
        return Expressions.replace(
                template,
                name -> name.startsWith(PARENT)
                        ? Expressions.literal(
                                inputs.path(name.substring(PARENT.length())).path("value"))
                        : "${{" + name + "}}");
    }

    private static JsonNode replaced(JsonNode node, JsonNode inputs) {
        if (node.isString() && !Expressions.names(node.asString(), PARENT).isEmpty()) {
            return Json.MAPPER.getNodeFactory().stringNode(text(node.asString(), inputs));
        }
        if (node instanceof ObjectNode object) {
            ObjectNode copy = Json.object();
            object.properties().forEach(field -> {
                if (!missing(field.getValue(), inputs)) {
                    copy.set(field.getKey(), replaced(field.getValue(), inputs));
                }
            });
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = Json.array();
            array.forEach(item -> copy.add(replaced(item, inputs)));
            return copy;
        }
        return node;
    }

    private static boolean missing(JsonNode node, JsonNode inputs) {
        String name = node.isString() ? Expressions.whole(node.asString()) : null;
        return name != null
                && name.startsWith(PARENT)
                && !PipelineCheck.given(
                        inputs.path(name.substring(PARENT.length())).path("value"));
    }

    /// Every input that a step's settings name is there.
    ///
    /// @param given names of the inputs that the pipeline has
    /// @param optional names of those that may be missing
    static void requireKnown(Node node, Set<String> given, Set<String> optional) {
        node.settings().properties().forEach(setting -> {
            if (!BINDINGS.contains(setting.getKey())) {
                requireKnown(node, "jobs." + node.name() + "." + setting.getKey(), setting.getValue(), given, optional);
            }
        });
    }

    private static void requireKnown(
            Node node, String where, JsonNode setting, Set<String> given, Set<String> optional) {
        if (setting.isString()) {
            for (String input : Expressions.names(setting.asString(), PARENT)) {
                if (!given.contains(input) && !optional.contains(input)) {
                    throw PipelineCheck.invalid(
                            "Step '" + node.name() + "' names the pipeline's input '" + input
                                    + "', which is not given, in '" + where + "'." + Nearest.hint(input, given),
                            where);
                }
            }
        } else {
            for (Map.Entry<String, JsonNode> field : setting.properties()) {
                requireKnown(node, where + "." + field.getKey(), field.getValue(), given, optional);
            }
            if (setting.isArray()) {
                setting.forEach(item -> requireKnown(node, where, item, given, optional));
            }
        }
    }

    /// What a pipeline that is a step has as literal inputs, as far as that can be said before anything runs.
    ///
    /// @param inputs of the pipeline around it
    static ObjectNode below(Node node, Component component, JsonNode inputs) {
        ObjectNode below = Json.object();
        component.inputs().forEach((name, port) -> {
            Binding binding = node.inputs().get(name);
            String value = binding == null ? null : value(binding, inputs);
            if (value == null) {
                value = port.defaultValue();
            }
            if (value != null) {
                below.putObject(name).put("value", value);
            }
        });
        return below;
    }

    private static @Nullable String value(Binding binding, JsonNode inputs) {
        return switch (binding) {
            case Binding.Literal(String value) -> value;
            case Binding.Text(String template) -> text(template, inputs);
            case Binding.ParentInput(String name) -> {
                JsonNode value = inputs.path(name).path("value");
                yield PipelineCheck.given(value) ? Expressions.literal(value) : null;
            }
            case Binding.StepOutput _, Binding.Data _ -> null;
        };
    }
}
