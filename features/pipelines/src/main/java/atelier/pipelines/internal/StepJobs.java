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
import atelier.pipelines.StepKind;
import atelier.workspace.Workspace;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Turns a step into the job that does it.
final class StepJobs {
    /// Components say a mode as YAML does, jobs as the specification's InputDeliveryMode does; clients read the latter
    /// only.
    private static final Map<String, String> MODES = Map.of(
            "ro_mount", "ReadOnlyMount",
            "rw_mount", "ReadWriteMount",
            "mount", "ReadOnlyMount",
            "download", "Download",
            "direct", "Direct",
            "eval_mount", "EvalMount",
            "eval_download", "EvalDownload");

    private static final Set<String> DATA = Set.of("uri_file", "uri_folder");
    private final PipelineTools tools;

    StepJobs(PipelineTools tools) {
        this.tools = tools;
    }

    /// REST properties of the step's job.
    ///
    /// @param done jobs of the steps that are completed, by step
    ObjectNode properties(Workspace workspace, Job pipeline, Node node, Component component, Map<String, Job> done) {
        Settings settings = Settings.of(pipeline.properties());
        StepKind kind = tools.kinds().of(node, component);
        JsonNode given = ParentValues.in(node.settings(), pipeline.properties().path("inputs"));
        ObjectNode job = Json.object()
                .put("displayName", node.name())
                .put("experimentName", pipeline.experimentName())
                .put("componentId", node.component());
        job.set("inputs", inputs(pipeline, node, component, done, kind.ownInputs(node)));
        job.set("outputs", outputs(workspace, pipeline, node, component, settings));
        if (given.path("tags").isObject()) {
            job.set("tags", given.get("tags"));
        }
        ObjectNode properties = job.putObject("properties");
        given.path("properties").properties().forEach(more -> properties.set(more.getKey(), more.getValue()));
        String root = Binding.first(pipeline.properties().path("properties"), "azureml.rootrunid");
        properties
                .put("azureml.rootrunid", root == null ? pipeline.name() : root)
                .put("azureml.pipelinerunid", pipeline.name())
                .put("azureml.nodeName", node.name())
                .put("azureml.moduleName", component.displayName());
        String compute = Binding.first(given, "computeId", "compute");
        if (compute != null || settings.compute() != null) {
            job.put("computeId", compute != null ? compute : settings.compute());
        }
        kind.complete(new StepKind.Step(workspace, pipeline, node, component, given), job);
        return job;
    }

    private static ObjectNode inputs(
            Job pipeline, Node node, Component component, Map<String, Job> done, Set<String> own) {
        ObjectNode inputs = Json.object();
        component.inputs().forEach((name, port) -> {
            if (own.contains(name)) {
                return;
            }
            Binding binding = node.inputs().get(name);
            ObjectNode input = binding == null ? null : input(pipeline, node, name, port, binding, done);
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
            Job pipeline, Node node, String own, Port port, Binding binding, Map<String, Job> done) {
        JsonNode given = pipeline.properties().path("inputs");
        return switch (binding) {
            case Binding.Literal(String value) -> value(port, value, null);
            case Binding.Text(String template) -> value(port, ParentValues.text(template, given), null);
            case Binding.Data(String type, String uri, String mode) -> typed(data(port, uri, mode), type);
            case Binding.ParentInput(String name) -> {
                JsonNode input = given.path(name);
                if (!PipelineCheck.given(input)) {
                    yield null;
                }
                String mode = mode(node, own);
                String uri = Binding.first(input, "uri");
                yield uri != null
                        ? typed(data(port, uri, mode), Binding.first(input, "jobInputType"))
                        : value(port, Expressions.literal(input.path("value")), mode);
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
                yield data(port, uri, mode(node, own));
            }
        };
    }

    /// How a step wants one of its inputs; null for as its component says.
    private static @Nullable String mode(Node node, String input) {
        return Binding.first(node.settings().path("inputs").path(input), "mode");
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
                .put("mode", MODES.getOrDefault(chosen.toLowerCase(Locale.ROOT), chosen));
    }

    /// What is given says what it is: a file given where a folder may be is a file to the command.
    private static ObjectNode typed(ObjectNode input, @Nullable String type) {
        boolean data = !input.path("jobInputType").asString("").equals("literal");
        if (data && type != null && DATA.contains(type)) {
            input.put("jobInputType", type);
        }
        return input;
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
