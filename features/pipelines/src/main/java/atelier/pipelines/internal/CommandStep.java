package atelier.pipelines.internal;

import atelier.environments.Environments;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.pipelines.Component;
import atelier.pipelines.Node;
import atelier.pipelines.StepKind;
import atelier.workspace.Workspace;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A step that runs a command component.
final class CommandStep implements StepKind {
    private final Environments environments;

    CommandStep(Environments environments) {
        this.environments = environments;
    }

    @Override
    public String type() {
        return "command";
    }

    @Override
    public void validate(Workspace workspace, Node node, Component component) {
        String where = "jobs." + node.name();
        String environment = component.reference("environment");
        if (environment == null) {
            throw PipelineCheck.invalid("The component of step '" + node.name() + "' names no environment.", where);
        }
        environments.resolve(workspace, environment);
        if (component.spec().path("command").asString("").isBlank()) {
            throw PipelineCheck.invalid("The component of step '" + node.name() + "' has no command.", where);
        }
        distribution(component, node.settings());
    }

    @Override
    public void complete(Step step, ObjectNode job) {
        Component component = step.component();
        JsonNode settings = step.settings();
        job.put("jobType", "Command")
                .put("command", component.spec().path("command").asString(""))
                .put("environmentId", component.reference("environment"));
        String code = component.reference("code");
        if (code != null) {
            job.put("codeId", code);
        }
        job.set("environmentVariables", variables(step));
        limits(job, settings);
        resources(job, component, settings);
        ObjectNode distribution = distribution(component, settings);
        if (!distribution.isEmpty()) {
            job.set("distribution", distribution);
        }
        for (String kept : List.of("identity", "services")) {
            if (settings.path(kept).isObject()) {
                job.set(kept, settings.get(kept));
            }
        }
    }

    /// The component's and the step's, the step's word last.
    static ObjectNode variables(Step step) {
        ObjectNode variables = Json.object();
        for (JsonNode some : List.of(
                step.component().spec().path("environment_variables"),
                step.settings().path("environment_variables"),
                step.settings().path("environmentVariables"))) {
            some.properties().forEach(variable -> variables.set(variable.getKey(), variable.getValue()));
        }
        return variables;
    }

    static void limits(ObjectNode job, JsonNode settings) {
        JsonNode timeout = settings.path("limits").path("timeout");
        if (timeout.isNumber() || timeout.asString("").matches("\\d+")) {
            job.putObject("limits").put("timeout", "PT" + timeout.asString() + "S");
        } else if (!timeout.asString("").isEmpty()) {
            job.putObject("limits").put("timeout", timeout.asString());
        }
    }

    private static void resources(ObjectNode job, Component component, JsonNode settings) {
        ObjectNode resources = job.putObject("resources").put("instanceCount", 1);
        for (JsonNode some : List.of(component.spec().path("resources"), settings.path("resources"))) {
            some.properties().forEach(field -> {
                if (!field.getValue().isNull()) {
                    resources.set(camel(field.getKey()), field.getValue());
                }
            });
        }
        JsonNode count = resources.path("instanceCount");
        if (count.isString()) {
            try {
                resources.put(
                        "instanceCount", Integer.parseInt(count.asString("").strip()));
            } catch (NumberFormatException e) {
                throw new Problem.Invalid(
                        "InvalidPipeline",
                        "resources.instance_count must be a whole number, not '" + count.asString("") + "'.",
                        "resources.instance_count");
            }
        }
    }

    /// Component's and step's, the step's word last, in REST's names.
    private static ObjectNode distribution(Component component, JsonNode settings) {
        ObjectNode merged = Json.object();
        for (JsonNode some : List.of(component.spec().path("distribution"), settings.path("distribution"))) {
            some.properties().forEach(field -> {
                if (!field.getValue().isNull()) {
                    String name = camel(field.getKey());
                    merged.set(name.equals("type") ? "distributionType" : name, field.getValue());
                }
            });
        }
        return merged;
    }

    private static String camel(String snake) {
        StringBuilder camel = new StringBuilder();
        for (int i = 0; i < snake.length(); i++) {
            char c = snake.charAt(i);
            boolean up = i > 0 && snake.charAt(i - 1) == '_';
            if (c != '_') {
                camel.append(up ? Character.toUpperCase(c) : c);
            }
        }
        return camel.toString();
    }
}
