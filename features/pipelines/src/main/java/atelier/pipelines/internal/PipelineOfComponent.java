package atelier.pipelines.internal;

import atelier.assets.Asset;
import atelier.assets.AssetReference;
import atelier.jobs.Jobs.Job;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import atelier.pipelines.Binding;
import atelier.pipelines.Component;
import atelier.pipelines.Component.Port;
import atelier.workspace.Workspace;
import java.util.Map;
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
        job.set("jobs", steps(workspace, component, inputs, outputs));
        // First what is too much: a word that is spelt wrong is one that is missing, too.
        known(component, "input", component.inputs(), properties.path("inputs"), inputs);
        known(component, "output", component.outputs(), properties.path("outputs"), outputs);
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

    /// A component made of a job (`sourceJobId`) has that job's steps and what it was given.
    private JsonNode steps(Workspace workspace, Component component, ObjectNode inputs, ObjectNode outputs) {
        JsonNode own = component.spec().path("jobs");
        String source = component.spec().path("sourceJobId").asString("");
        if (!own.isEmpty()) {
            return own.deepCopy();
        }
        if (source.isEmpty()) {
            throw PipelineCheck.invalid(
                    "Pipeline component '" + component.displayName() + "' has no steps in 'jobs'.", "componentId");
        }
        Job made = tools.jobs()
                .get(workspace, source.substring(source.lastIndexOf('/') + 1).replaceFirst("^azureml:", ""));
        made.properties().path("inputs").properties().forEach(input -> {
            if (!hasPort(inputs, input.getKey())) {
                inputs.set(input.getKey(), input.getValue().deepCopy());
            }
        });
        made.properties().path("outputs").properties().forEach(output -> {
            if (!hasPort(outputs, output.getKey())) {
                outputs.putObject(output.getKey())
                        .put(
                                "jobOutputType",
                                output.getValue().path("jobOutputType").asString("uri_folder"));
            }
        });
        return made.properties().path("jobs").deepCopy();
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

    /// @param all those of the component and of the job that it was made of
    private static void known(
            Component component, String what, Map<String, Port> ports, JsonNode given, ObjectNode all) {
        boolean ofJob = component.spec().path("jobs").isEmpty();
        TreeSet<String> names = new TreeSet<>(ports.keySet());
        if (ofJob) {
            names.addAll(all.propertyNames());
        }
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
