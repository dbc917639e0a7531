package atelier.pipelines.internal;

import atelier.assets.Asset;
import atelier.assets.AssetReference;
import atelier.kernel.Json;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import atelier.pipelines.Binding;
import atelier.pipelines.Component;
import atelier.pipelines.Component.Port;
import atelier.workspace.Workspace;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A pipeline job that names a pipeline component (`componentId`) and has no `jobs` of its own gets the component's
/// steps, defaults and outputs when it is accepted. Versions of components stay what they are, but they can be deleted,
/// and `@latest` moves: a job goes on being what it was.
final class PipelineOfComponent {
    private final PipelineTools tools;

    PipelineOfComponent(PipelineTools tools) {
        this.tools = tools;
    }

    /// @throws Problem.Invalid when it is no pipeline component, or is given a port that it does not have
    ObjectNode accept(Workspace workspace, ObjectNode properties) {
        String given = Binding.first(properties, "componentId", "component");
        if (given == null || !properties.path("jobs").isEmpty()) {
            return properties;
        }
        String reference = Component.bare(given);
        Asset asset = tools.assets().resolve(workspace, "components", reference);
        Component component =
                Component.of(asset.name(), asset.version(), asset.properties().path("componentSpec"));
        if (!component.type().equals(PipelineStep.TYPE)) {
            throw PipelineCheck.invalid(
                    "Component '" + asset.name() + "' is a " + component.type()
                            + " component; a pipeline job runs a pipeline component. Make it a step in 'jobs'.",
                    "componentId");
        }
        ObjectNode job = properties.deepCopy();
        job.remove("component");
        job.put("componentId", pinned(workspace, asset, reference));
        ObjectNode inputs = object(job, "inputs");
        ObjectNode outputs = object(job, "outputs");
        JsonNode made = madeOf(workspace, component);
        // First what is too much: a word that is spelt wrong is one that is missing, too.
        known(component, "input", names(component.inputs(), made.path("inputs")), inputs);
        known(component, "output", names(component.outputs(), made.path("outputs")), outputs);
        job.set("jobs", made.path("jobs").deepCopy());
        asBefore(made, inputs, outputs);
        component.inputs().forEach((name, port) -> input(component, name, port, inputs));
        component.outputs().forEach((name, port) -> {
            if (!hasPort(outputs, name)) {
                outputs.putObject(name).put("jobOutputType", port.type());
            }
        });
        return job;
    }

    /// The version that was found, wherever the reference led.
    private static String pinned(Workspace workspace, Asset asset, String reference) {
        return AssetReference.registry(reference)
                .map(registry -> "azureml://registries/" + registry + "/components/" + asset.name() + "/versions/"
                        + asset.version())
                .orElseGet(() -> workspace.armId() + "/components/" + asset.name() + "/versions/" + asset.version());
    }

    /// What has the steps: the component, or the job that it was made of (`sourceJobId`), which also has what it was
    /// given.
    private JsonNode madeOf(Workspace workspace, Component component) {
        String source = component.spec().path("sourceJobId").asString("");
        if (!component.spec().path("jobs").isEmpty()) {
            return Json.object().set("jobs", component.spec().path("jobs"));
        }
        if (source.isEmpty()) {
            throw PipelineCheck.invalid(
                    "Pipeline component '" + component.displayName() + "' has no steps in 'jobs'.", "componentId");
        }
        return tools.jobs()
                .get(workspace, source.substring(source.lastIndexOf('/') + 1).replaceFirst("^azureml:", ""))
                .properties();
    }

    /// What is not given is what the job had; its outputs go to places of their own.
    private static void asBefore(JsonNode made, ObjectNode inputs, ObjectNode outputs) {
        made.path("inputs").properties().forEach(input -> {
            if (!hasPort(inputs, input.getKey())) {
                inputs.set(input.getKey(), input.getValue().deepCopy());
            }
        });
        made.path("outputs").properties().forEach(output -> {
            if (!hasPort(outputs, output.getKey())) {
                outputs.putObject(output.getKey())
                        .put(
                                "jobOutputType",
                                output.getValue().path("jobOutputType").asString("uri_folder"));
            }
        });
    }

    private static void input(Component component, String name, Port port, ObjectNode inputs) {
        if (hasPort(inputs, name)) {
            return;
        }
        inputs.remove(name);
        String initial = port.defaultValue();
        if (initial != null) {
            inputs.putObject(name)
                    .put("jobInputType", port.data() ? port.type() : "literal")
                    .put(port.data() ? "uri" : "value", initial);
        } else if (!port.optional()) {
            throw PipelineCheck.invalid(
                    "Pipeline component '" + component.displayName() + "' needs its input '" + name + "' ("
                            + port.type() + "), which is not given.",
                    "inputs." + name);
        }
    }

    private static Set<String> names(Map<String, Port> ports, JsonNode made) {
        Set<String> names = new TreeSet<>(ports.keySet());
        names.addAll(made.propertyNames());
        return names;
    }

    private static void known(Component component, String what, Set<String> names, JsonNode given) {
        for (Map.Entry<String, JsonNode> port : given.properties()) {
            if (!names.contains(port.getKey()) && !port.getValue().isNull()) {
                throw PipelineCheck.invalid(
                        "Pipeline component '" + component.displayName() + "' has no " + what + " '" + port.getKey()
                                + "'." + Nearest.hint(port.getKey(), names)
                                + (names.isEmpty() ? " It has none." : " It has: " + String.join(", ", names) + "."),
                        what + "s." + port.getKey());
            }
        }
    }

    private static boolean hasPort(JsonNode ports, String name) {
        return PipelineCheck.given(ports.path(name));
    }

    private static ObjectNode object(ObjectNode job, String field) {
        return job.get(field) instanceof ObjectNode there ? there : job.putObject(field);
    }
}
