package atelier.pipelines.internal;

import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import atelier.pipelines.Binding;
import atelier.pipelines.Component;
import atelier.pipelines.Component.Port;
import atelier.pipelines.Graph;
import atelier.pipelines.Node;
import atelier.pipelines.Node.NodeOutput;
import atelier.workspace.Workspace;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Checks a pipeline before anything runs: every port exists and is given something, every name leads
/// somewhere.
final class PipelineCheck {
    private static final int DEEPEST = 8;
    private final PipelineTools tools;

    PipelineCheck(PipelineTools tools) {
        this.tools = tools;
    }

    void check(Workspace workspace, ObjectNode properties) {
        Set<String> inputs = new TreeSet<>();
        properties.path("inputs").properties().forEach(input -> {
            if (!input.getValue().isNull()) {
                inputs.add(input.getKey());
            }
        });
        Set<String> outputs = new TreeSet<>(properties.path("outputs").propertyNames());
        Settings settings = Settings.of(properties);
        tools.computes().requireKnown(workspace, settings.compute());
        if (settings.datastore() != null) {
            tools.uris().resolve(workspace, tools.uris().uriOf(workspace, settings.datastore(), "azureml/x"));
        }
        check(
                workspace,
                properties,
                new Around(inputs, optional(workspace, properties), properties.path("inputs"), 0),
                outputs);
        Graph graph = Graph.of(properties);
        alone(graph, settings.first(), "on_init");
        alone(graph, settings.last(), "on_finalize");
        if (settings.first() != null && settings.first().equals(settings.last())) {
            throw invalid(
                    "Step '" + settings.first() + "' is both 'on_init' and 'on_finalize'; it runs once.",
                    "settings.on_finalize");
        }
    }

    /// Inputs that a pipeline made of a component may lack.
    private Set<String> optional(Workspace workspace, ObjectNode properties) {
        String component = Binding.first(properties, "componentId", "component");
        if (component == null) {
            return Set.of();
        }
        try {
            return optional(tools.components().get(workspace, Component.bare(component)));
        } catch (Problem.NotFound _) {
            // A component may be gone; the job has its steps.
            return Set.of();
        }
    }

    private static Set<String> optional(Component component) {
        Set<String> optional = new HashSet<>();
        component.inputs().forEach((name, port) -> {
            if (port.optional()) {
                optional.add(name);
            }
        });
        return optional;
    }

    /// A step that runs before or after all others neither takes from another nor gives to one.
    private static void alone(Graph graph, @Nullable String step, String setting) {
        if (step == null) {
            return;
        }
        if (!graph.nodes().containsKey(step)) {
            throw invalid(
                    "'" + setting + "' names step '" + step + "', which the pipeline does not have."
                            + Nearest.hint(step, graph.nodes().keySet()),
                    "settings." + setting);
        }
        boolean needed = graph.nodes().values().stream()
                .anyMatch(node -> node.dependencies().contains(step));
        if (needed || !graph.node(step).dependencies().isEmpty()) {
            throw invalid(
                    "Step '" + step + "' is '" + setting + "' and must not be connected with other steps.",
                    "settings." + setting);
        }
    }

    /// What is around the steps of a pipeline.
    ///
    /// @param inputs names of the pipeline's inputs
    /// @param optional names of those that may be missing
    /// @param values the literal ones, as far as they are known
    private record Around(Set<String> inputs, Set<String> optional, JsonNode values, int depth) {}

    private void check(Workspace workspace, ObjectNode properties, Around around, Set<String> outputs) {
        if (around.depth() > DEEPEST) {
            throw invalid("Pipelines are nested more than " + DEEPEST + " deep.", "jobs");
        }
        Graph graph = Graph.of(properties);
        Map<String, Component> components = new HashMap<>();
        graph.nodes().forEach((name, node) -> components.put(name, component(workspace, node)));
        Set<String> bound = new HashSet<>();
        for (Node node : graph.nodes().values()) {
            Component component = components.get(node.name());
            if (component == null) {
                continue;
            }
            Set<String> own = tools.kinds().of(node, component).ownInputs(node);
            inputs(node, component, components, around.inputs(), around.optional(), own);
            outputs(node, component, outputs, bound);
            step(workspace, node, component, around);
        }
        for (String output : outputs) {
            if (!bound.contains(output)) {
                throw invalid(
                        "No step makes the pipeline's output '" + output + "': bind one with ${{parent.outputs."
                                + output + "}}.",
                        "outputs." + output);
            }
        }
    }

    private Component component(Workspace workspace, Node node) {
        Component component = tools.components().get(workspace, node.component());
        tools.kinds().of(node, component);
        return component;
    }

    private void step(Workspace workspace, Node node, Component component, Around around) {
        ParentValues.requireKnown(node, around.inputs(), around.optional());
        JsonNode settings = ParentValues.in(node.settings(), around.values());
        tools.computes().requireKnown(workspace, Binding.first(settings, "computeId", "compute"));
        if (component.type().equals(PipelineStep.TYPE)) {
            Around inside = new Around(
                    component.inputs().keySet(),
                    optional(component),
                    ParentValues.below(node, component, around.values()),
                    around.depth() + 1);
            check(workspace, component.spec(), inside, component.outputs().keySet());
            return;
        }
        tools.kinds().of(node, component).validate(workspace, node, component);
    }

    private static void inputs(
            Node node,
            Component component,
            Map<String, Component> components,
            Set<String> given,
            Set<String> optionalParents,
            Set<String> own) {
        String where = "jobs." + node.name() + ".inputs";
        for (Map.Entry<String, Binding> entry : node.inputs().entrySet()) {
            Port port = component.inputs().get(entry.getKey());
            if (port == null) {
                throw invalid(
                        "Step '" + node.name() + "' is given an input '" + entry.getKey()
                                + "' that its component does not have."
                                + names(entry.getKey(), component.inputs().keySet()),
                        where);
            }
            switch (entry.getValue()) {
                case Binding.ParentInput(String input) -> parent(node, input, given, port, component, optionalParents);
                case Binding.Text text ->
                    text.parentInputs().forEach(input -> parent(node, input, given, port, component, optionalParents));
                case Binding.StepOutput(String step, String output) -> {
                    Component maker = components.get(step);
                    if (maker == null || !maker.outputs().containsKey(output)) {
                        throw invalid(
                                "Step '" + node.name() + "' takes output '" + output + "' of step '" + step
                                        + "', which has none of that name."
                                        + names(
                                                output,
                                                maker == null
                                                        ? Set.of()
                                                        : maker.outputs().keySet()),
                                where);
                    }
                    if (!port.data()) {
                        throw invalid(
                                "Input '" + entry.getKey() + "' of step '" + node.name() + "' is a " + port.type()
                                        + "; it cannot take the output of another step.",
                                where);
                    }
                }
                case Binding.Literal _, Binding.Data _ -> {}
            }
        }
        component.inputs().forEach((name, port) -> {
            if (!port.optional()
                    && !own.contains(name)
                    && port.defaultValue() == null
                    && !node.inputs().containsKey(name)) {
                throw invalid("Step '" + node.name() + "' is not given its input '" + name + "'.", where);
            }
        });
    }

    private static void parent(
            Node node, String input, Set<String> given, Port port, Component component, Set<String> optionalParents) {
        boolean mayMiss = port.optional() || port.defaultValue() != null || optionalParents.contains(input);
        if (!given.contains(input) && !mayMiss) {
            throw invalid(
                    "Step '" + node.name() + "' (" + component.displayName() + ") takes the pipeline's input '" + input
                            + "', which is not given." + names(input, given),
                    "inputs." + input);
        }
    }

    private static void outputs(Node node, Component component, Set<String> outputs, Set<String> bound) {
        String where = "jobs." + node.name() + ".outputs";
        for (Map.Entry<String, NodeOutput> entry : node.outputs().entrySet()) {
            if (!component.outputs().containsKey(entry.getKey())) {
                throw invalid(
                        "Step '" + node.name() + "' binds an output '" + entry.getKey()
                                + "' that its component does not have."
                                + names(entry.getKey(), component.outputs().keySet()),
                        where);
            }
            String parent = entry.getValue().parentOutput();
            if (parent == null) {
                continue;
            }
            if (!outputs.contains(parent)) {
                throw invalid(
                        "Step '" + node.name() + "' is bound to the pipeline's output '" + parent
                                + "', which the pipeline does not have." + names(parent, outputs),
                        where);
            }
            if (!bound.add(parent)) {
                throw invalid("Two steps are bound to the pipeline's output '" + parent + "'.", where);
            }
        }
    }

    private static String names(String wrong, Collection<String> known) {
        return Nearest.hint(wrong, known)
                + (known.isEmpty() ? " It has none." : " It has: " + String.join(", ", new TreeSet<>(known)) + ".");
    }

    static Problem invalid(String message, String target) {
        return new Problem.Invalid("InvalidPipeline", message, target);
    }

    /// Whether a JSON value is there at all.
    static boolean given(JsonNode node) {
        return !node.isMissingNode() && !node.isNull();
    }
}
