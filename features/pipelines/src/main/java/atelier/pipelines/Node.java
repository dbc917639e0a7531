package atelier.pipelines;

import atelier.jobs.Expressions;
import atelier.jobs.Jobs;
import atelier.kernel.Problem;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A step of a pipeline.
///
/// @param type `command`, `pipeline`, … ([StepKinds]); empty when only the component tells
/// @param component reference of its component (a sweep's `trial`)
/// @param settings the step as it was given: compute, limits, resources, environment variables
public record Node(
        String name,
        String type,
        String component,
        Map<String, Binding> inputs,
        Map<String, NodeOutput> outputs,
        JsonNode settings) {
    private static final Set<String> CONTROL = new TreeSet<>(Set.of("do_while", "if_else", "parallel_for"));

    public Node {
        inputs = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        outputs = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }

    /// @param parentOutput the output of the pipeline this becomes, or null
    /// @param uri where to keep it, or null
    /// @param asset name to register it under, or null
    public record NodeOutput(
            @Nullable String parentOutput,
            @Nullable String type,
            @Nullable String uri,
            @Nullable String mode,
            @Nullable String asset,
            @Nullable String assetVersion) {}

    static Node of(String name, JsonNode given) {
        String where = "jobs." + name;
        String component = Binding.first(given, "componentId", "component");
        if (component == null) {
            // What a sweep tries.
            JsonNode trial = given.path("trial");
            component =
                    trial.isObject() ? Binding.first(trial, "componentId", "component") : Binding.first(given, "trial");
        }
        if (component == null) {
            String type = given.path("type").asString("");
            if (CONTROL.contains(type)) {
                throw new Problem.Unsupported(
                        "StepTypeNotSupported",
                        "Step '" + name + "' is of type '" + type + "': control flow nodes ("
                                + String.join(", ", CONTROL)
                                + ") are not run by this server. Steps that name a component are.");
            }
            if (!Jobs.instead(type).isEmpty()) {
                throw new Problem.Unsupported(
                        "StepTypeNotSupported",
                        "Step '" + name + "' is of type '" + type + "', which this server does not run."
                                + Jobs.instead(type));
            }
            throw new Problem.Invalid("InvalidPipeline", "Step '" + name + "' has no component.", where);
        }
        Map<String, Binding> inputs = new LinkedHashMap<>();
        given.path("inputs").properties().forEach(input -> {
            if (!input.getValue().isNull()) {
                onCompute(input.getValue(), where + ".inputs." + input.getKey());
                inputs.put(input.getKey(), Binding.of(input.getValue(), where + ".inputs." + input.getKey()));
            }
        });
        Map<String, NodeOutput> outputs = new LinkedHashMap<>();
        given.path("outputs").properties().forEach(output -> {
            if (!output.getValue().isNull()) {
                onCompute(output.getValue(), where + ".outputs." + output.getKey());
                outputs.put(output.getKey(), output(output.getValue(), where + ".outputs." + output.getKey()));
            }
        });
        return new Node(name, given.path("type").asString(""), component, inputs, outputs, given);
    }

    /// As for command jobs: data is brought to the step's own folder.
    private static void onCompute(JsonNode port, String where) {
        String path = Binding.first(port, "pathOnCompute", "path_on_compute");
        if (path != null) {
            throw new Problem.Invalid(
                    "PathOnComputeNotSupported",
                    "'" + where + "' asks for the path '" + path + "' on the compute: steps share this machine, so that"
                            + " data is brought to the step's own folder alone. Take 'path_on_compute' out; the command"
                            + " has ${{inputs.<name>}} and ${{outputs.<name>}}.",
                    where + ".path_on_compute");
        }
    }

    private static NodeOutput output(JsonNode given, String where) {
        String text = given.isObject() ? Binding.first(given, "value", "path", "uri") : given.asString("");
        String expression = text == null ? null : Expressions.whole(text);
        String type = Binding.first(given, "job_output_type", "jobOutputType");
        if (type == null && !given.path("type").asString("").equals("literal")) {
            type = Binding.first(given, "type");
        }
        String asset = Binding.first(given, "assetName", "asset_name", "name");
        String version = Binding.first(given, "assetVersion", "asset_version", "version");
        String mode = Binding.first(given, "mode");
        if (expression == null) {
            return new NodeOutput(null, type, text == null || text.isEmpty() ? null : text, mode, asset, version);
        }
        if (!expression.startsWith("parent.outputs.")) {
            throw new Problem.Invalid(
                    "InvalidExpression",
                    where + ": '" + text + "' is not understood; an output becomes ${{parent.outputs.<name>}}.",
                    where);
        }
        return new NodeOutput(expression.substring("parent.outputs.".length()), type, null, mode, asset, version);
    }

    /// Names of the steps it takes outputs of.
    public Set<String> dependencies() {
        Set<String> needed = new TreeSet<>();
        inputs.values().forEach(binding -> {
            if (binding instanceof Binding.StepOutput(String step, String _)) {
                needed.add(step);
            }
        });
        return needed;
    }
}
