package atelier.pipelines.internal;

import atelier.environments.Environments;
import atelier.kernel.Json;
import atelier.pipelines.Component;
import atelier.pipelines.Node;
import atelier.pipelines.StepKind;
import atelier.workspace.Workspace;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A step whose input is cut into mini-batches (YAML v2 parallel components; reference azureml-wire.md, Appendix A).
/// What the step says goes before what its component says.
final class ParallelStep implements StepKind {
    private static final List<String> FIELDS = List.of(
            "input_data",
            "mini_batch_size",
            "partition_keys",
            "max_concurrency_per_instance",
            "error_threshold",
            "mini_batch_error_threshold",
            "logging_level");
    private static final List<String> GROUPS = List.of("task", "retry_settings", "resources");

    private final Environments environments;

    ParallelStep(Environments environments) {
        this.environments = environments;
    }

    @Override
    public String type() {
        return "parallel";
    }

    @Override
    public void validate(Workspace workspace, Node node, Component component) {
        String environment = component.reference("environment");
        if (environment == null) {
            throw PipelineCheck.invalid(
                    "The component of step '" + node.name() + "' names no environment.",
                    "jobs." + node.name() + ".task.environment");
        }
        environments.resolve(workspace, environment);
        JsonNode task = component.spec().path("task");
        if (task.path("entry_script").asString("").isBlank()
                && task.path("model").asString("").isBlank()) {
            throw PipelineCheck.invalid(
                    "The component of step '" + node.name() + "' has no task.entry_script.",
                    "jobs." + node.name() + ".task.entry_script");
        }
    }

    @Override
    public void complete(Step step, ObjectNode job) {
        JsonNode spec = step.component().spec();
        JsonNode settings = step.settings();
        job.put("jobType", "Parallel");
        job.set("environmentVariables", CommandStep.variables(step));
        CommandStep.limits(job, settings);
        for (String field : FIELDS) {
            JsonNode value = given(settings.path(field));
            value = value.isNull() ? given(spec.path(field)) : value;
            if (!value.isNull()) {
                job.set(field, value);
            }
        }
        for (String group : GROUPS) {
            ObjectNode merged = Json.object();
            for (JsonNode holder : List.of(spec.path(group), settings.path(group))) {
                for (Map.Entry<String, JsonNode> entry : holder.properties()) {
                    if (!entry.getValue().isNull()) {
                        merged.set(entry.getKey(), entry.getValue());
                    }
                }
            }
            job.set(group, merged);
        }
    }

    private static JsonNode given(JsonNode value) {
        return value.isMissingNode() ? Json.MAPPER.nullNode() : value;
    }
}
