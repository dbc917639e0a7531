package atelier.pipelines.internal;

import atelier.jobs.Expressions;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.pipelines.Component;
import atelier.pipelines.Node;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A step whose input is cut into mini-batches (YAML v2 parallel components; reference azureml-wire.md, Appendix A).
/// What the step says goes before what its component says.
final class ParallelStep {
    private static final List<String> FIELDS = List.of(
            "input_data",
            "mini_batch_size",
            "partition_keys",
            "max_concurrency_per_instance",
            "error_threshold",
            "mini_batch_error_threshold",
            "logging_level");
    private static final List<String> GROUPS = List.of("task", "retry_settings", "resources");

    private ParallelStep() {}

    static void check(Node node, Component component) {
        JsonNode task = component.spec().path("task");
        if (task.path("entry_script").asString("").isBlank()
                && task.path("model").asString("").isBlank()) {
            throw new Problem.Invalid(
                    "InvalidPipeline",
                    "The component of step '" + node.name() + "' has no task.entry_script.",
                    "jobs." + node.name() + ".task.entry_script");
        }
    }

    /// Adds what makes a job of type `Parallel`.
    ///
    /// @param pipelineInputs the pipeline's inputs, whose literals may stand for numbers
    static void add(ObjectNode job, Node node, Component component, JsonNode pipelineInputs) {
        for (String field : FIELDS) {
            JsonNode value = given(node.settings().path(field));
            value = value.isNull() ? given(component.spec().path(field)) : value;
            if (!value.isNull()) {
                job.set(field, filled(value, pipelineInputs));
            }
        }
        for (String group : GROUPS) {
            ObjectNode merged = Json.object();
            for (JsonNode holder :
                    List.of(component.spec().path(group), node.settings().path(group))) {
                for (Map.Entry<String, JsonNode> entry : holder.properties()) {
                    if (!entry.getValue().isNull()) {
                        merged.set(entry.getKey(), filled(entry.getValue(), pipelineInputs));
                    }
                }
            }
            job.set(group, merged);
        }
    }

    /// What decides the result beside code, environment, variables and inputs.
    static String identity(ObjectNode job) {
        ObjectNode parts = Json.object();
        for (String field : FIELDS) {
            parts.set(field, given(job.path(field)));
        }
        ObjectNode task = job.path("task") instanceof ObjectNode given ? given.deepCopy() : Json.object();
        task.remove(List.of("code", "environment"));
        parts.set("task", task);
        return Json.write(parts);
    }

    private static JsonNode given(JsonNode value) {
        return value.isMissingNode() ? Json.MAPPER.nullNode() : value;
    }

    private static JsonNode filled(JsonNode value, JsonNode pipelineInputs) {
        if (!value.isString() || !value.stringValue().contains("parent.inputs.")) {
            return value;
        }
        String text = Expressions.replace(value.stringValue(), name -> {
            String input = name.startsWith("parent.inputs.") ? name.substring("parent.inputs.".length()) : "";
            return input.isEmpty()
                    ? "${{" + name + "}}"
                    : Expressions.literal(pipelineInputs.path(input).path("value"));
        });
        return Json.MAPPER.valueToTree(text);
    }
}
