package atelier.pipelines.internal;

import atelier.jobs.Expressions;
import atelier.jobs.Jobs.Job;
import atelier.jobs.OutputUris;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.pipelines.Binding;
import atelier.pipelines.Component;
import atelier.pipelines.Component.Port;
import atelier.pipelines.Node;
import atelier.pipelines.Node.NodeOutput;
import atelier.workspace.Workspace;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Turns a step into the job that does it.
final class StepJobs {
    private final PipelineTools tools;

    StepJobs(PipelineTools tools) {
        this.tools = tools;
    }

    /// REST properties of the step's job.
    ///
    /// @param done jobs of the steps that are completed, by step
    ObjectNode properties(Workspace workspace, Job pipeline, Node node, Component component, Map<String, Job> done) {
        Settings settings = Settings.of(pipeline.properties());
        ObjectNode job = Json.object()
                .put(
                        "jobType",
                        switch (component.type()) {
                            case "pipeline" -> "Pipeline";
                            case "parallel" -> "Parallel";
                            default -> "Command";
                        })
                .put("displayName", node.name())
                .put("experimentName", pipeline.experimentName())
                .put("componentId", node.component());
        job.set("inputs", inputs(pipeline, node, component, done));
        job.set("outputs", outputs(workspace, pipeline, node, component, settings));
        job.putObject("properties")
                .put("azureml.pipelinerunid", pipeline.name())
                .put("azureml.nodeName", node.name())
                .put("azureml.moduleName", component.displayName());
        String compute = Binding.first(node.settings(), "computeId", "compute");
        if (compute != null || settings.compute() != null) {
            job.put("computeId", compute != null ? compute : settings.compute());
        }
        if (component.type().equals("pipeline")) {
            job.set("jobs", component.spec().path("jobs"));
            ObjectNode inherited = job.putObject("settings");
            inherited.put("default_compute", settings.compute()).put("default_datastore", settings.datastore());
            inherited
                    .put("continue_on_step_failure", settings.continueOnFailure())
                    .put("force_rerun", settings.forceRerun());
            return job;
        }
        if (!component.type().equals("parallel")) {
            job.put("command", component.spec().path("command").asString(""))
                    .put("environmentId", component.reference("environment"));
            String code = component.reference("code");
            if (code != null) {
                job.put("codeId", code);
            }
        }
        ObjectNode variables = Json.object();
        for (JsonNode some : List.of(
                component.spec().path("environment_variables"),
                node.settings().path("environment_variables"),
                node.settings().path("environmentVariables"))) {
            some.properties().forEach(variable -> variables.set(variable.getKey(), variable.getValue()));
        }
        job.set("environmentVariables", variables);
        limits(job, node);
        if (component.type().equals("parallel")) {
            ParallelStep.add(job, node, component, pipeline.properties().path("inputs"));
        }
        return job;
    }

    private static void limits(ObjectNode job, Node node) {
        JsonNode timeout = node.settings().path("limits").path("timeout");
        if (timeout.isNumber()) {
            job.putObject("limits").put("timeout", "PT" + timeout.asString() + "S");
        } else if (!timeout.asString("").isEmpty()) {
            job.putObject("limits").put("timeout", timeout.asString());
        }
        JsonNode resources = node.settings().path("resources");
        int instances = resources
                .path("instance_count")
                .asInt(resources.path("instanceCount").asInt(1));
        job.putObject("resources").put("instanceCount", instances);
    }

    private static ObjectNode inputs(Job pipeline, Node node, Component component, Map<String, Job> done) {
        ObjectNode inputs = Json.object();
        component.inputs().forEach((name, port) -> {
            Binding binding = node.inputs().get(name);
            ObjectNode input = binding == null ? null : input(pipeline, node, port, binding, done);
            if (input == null && port.defaultValue() != null) {
                input = value(port, port.defaultValue(), null);
            }
            if (input != null) {
                inputs.set(name, input);
            }
        });
        return inputs;
    }

    private static @Nullable ObjectNode input(
            Job pipeline, Node node, Port port, Binding binding, Map<String, Job> done) {
        JsonNode given = pipeline.properties().path("inputs");
        return switch (binding) {
            case Binding.Literal(String value) -> value(port, value, null);
            case Binding.Text(String template) ->
                value(
                        port,
                        Expressions.replace(
                                template,
                                name -> Expressions.literal(given.path(name.substring("parent.inputs.".length()))
                                        .path("value"))),
                        null);
            case Binding.Data(String _, String uri, String mode) -> data(port, uri, mode);
            case Binding.ParentInput(String name) -> {
                JsonNode input = given.path(name);
                if (!PipelineCheck.given(input)) {
                    yield null;
                }
                String mode = Binding.first(node.settings().path("inputs").path(name), "mode");
                String uri = Binding.first(input, "uri");
                yield uri != null ? data(port, uri, mode) : value(port, Expressions.literal(input.path("value")), mode);
            }
            case Binding.StepOutput(String step, String output) -> {
                Job maker = done.get(step);
                String uri = maker == null
                        ? null
                        : Binding.first(maker.properties().path("outputs").path(output), "uri");
                if (uri == null) {
                    throw new Problem.Conflict(
                            "OutputMissing",
                            "Step '" + step + "' has left no output '" + output + "' for step '" + node.name() + "'.");
                }
                yield data(port, uri, null);
            }
        };
    }

    /// A literal; where data is wanted, its address.
    private static ObjectNode value(Port port, String value, @Nullable String mode) {
        return port.data()
                ? data(port, value, mode)
                : Json.object().put("jobInputType", "literal").put("value", value);
    }

    /// Data of the port's type; an address where text is wanted.
    private static ObjectNode data(Port port, String uri, @Nullable String mode) {
        if (!port.data()) {
            return Json.object().put("jobInputType", "literal").put("value", uri);
        }
        String chosen = mode != null ? mode : port.mode() != null ? port.mode() : "ReadOnlyMount";
        return Json.object()
                .put("jobInputType", port.type())
                .put("uri", uri)
                .put("mode", chosen.equalsIgnoreCase("direct") ? "Direct" : chosen);
    }

    private ObjectNode outputs(Workspace workspace, Job pipeline, Node node, Component component, Settings settings) {
        ObjectNode outputs = Json.object();
        component.outputs().forEach((name, port) -> {
            NodeOutput bound = node.outputs().get(name);
            ObjectNode output = outputs.putObject(name).put("jobOutputType", port.type());
            String uri = bound == null ? null : bound.uri();
            if (bound != null && bound.parentOutput() != null) {
                uri = parentUri(workspace, pipeline, bound.parentOutput(), port.type());
            } else if (uri == null && settings.datastore() != null) {
                uri = tools.uris().uriOf(workspace, settings.datastore(), "azureml/${{name}}/${{output_name}}");
            }
            if (uri != null) {
                output.put("uri", uri);
            }
            if (bound != null && bound.asset() != null) {
                output.put("assetName", bound.asset());
                if (bound.assetVersion() != null) {
                    output.put("assetVersion", bound.assetVersion());
                }
            }
        });
        return outputs;
    }

    /// Where an output of the pipeline is kept.
    String parentUri(Workspace workspace, Job pipeline, String output, String portType) {
        JsonNode given = pipeline.properties().path("outputs").path(output);
        String type = Binding.first(given, "jobOutputType");
        return OutputUris.of(
                tools.uris(),
                workspace,
                pipeline.name(),
                output,
                type == null ? portType : type,
                Binding.first(given, "uri"));
    }
}
