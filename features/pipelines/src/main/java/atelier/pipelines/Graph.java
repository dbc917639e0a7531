package atelier.pipelines;

import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a pipeline job (REST `properties`) or a pipeline component says: steps and how data flows between
/// them.
///
/// @param nodes by name, each after all that it depends on
public record Graph(Map<String, Node> nodes) {
    public Graph {
        nodes = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
    }

    /// A flow of data; `from` is a node or `inputs`, `to` a node or `outputs`.
    public record Edge(String from, String fromPort, String to, String toPort) {}

    /// @throws Problem.Invalid `InvalidPipeline` when a step is bound to nothing or the steps go in a circle
    public static Graph of(ObjectNode properties) {
        Map<String, Node> nodes = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> job : properties.path("jobs").properties()) {
            nodes.put(job.getKey(), Node.of(job.getKey(), job.getValue()));
        }
        if (nodes.isEmpty()) {
            throw new Problem.Invalid("InvalidPipeline", "A pipeline needs at least one step in 'jobs'.", "jobs");
        }
        for (Node node : nodes.values()) {
            for (String needed : node.dependencies()) {
                if (!nodes.containsKey(needed)) {
                    throw new Problem.Invalid(
                            "InvalidPipeline",
                            "Step '" + node.name() + "' takes an output of step '" + needed
                                    + "', which the pipeline does not have." + Nearest.hint(needed, nodes.keySet()),
                            "jobs." + node.name());
                }
            }
        }
        return new Graph(sorted(nodes));
    }

    private static Map<String, Node> sorted(Map<String, Node> nodes) {
        Map<String, Node> sorted = new LinkedHashMap<>();
        for (String name : nodes.keySet()) {
            visit(name, nodes, sorted, new LinkedHashSet<>());
        }
        return sorted;
    }

    private static void visit(String name, Map<String, Node> nodes, Map<String, Node> sorted, Set<String> way) {
        if (sorted.containsKey(name)) {
            return;
        }
        if (!way.add(name)) {
            List<String> circle = new ArrayList<>(way);
            List<String> part = circle.subList(circle.indexOf(name), circle.size());
            throw new Problem.Invalid(
                    "InvalidPipeline",
                    "The steps go in a circle: " + String.join(" needs ", part) + " needs " + name + ".",
                    "jobs");
        }
        Node node = node(nodes, name);
        node.dependencies().forEach(needed -> visit(needed, nodes, sorted, way));
        way.remove(name);
        sorted.put(name, node);
    }

    private static Node node(Map<String, Node> nodes, String name) {
        Node node = nodes.get(name);
        if (node == null) {
            throw new IllegalArgumentException("No step " + name);
        }
        return node;
    }

    public Node node(String name) {
        return node(nodes, name);
    }

    public List<Edge> edges() {
        List<Edge> edges = new ArrayList<>();
        for (Node node : nodes.values()) {
            node.inputs().forEach((port, binding) -> {
                switch (binding) {
                    case Binding.ParentInput(String input) -> edges.add(new Edge("inputs", input, node.name(), port));
                    case Binding.StepOutput(String step, String output) ->
                        edges.add(new Edge(step, output, node.name(), port));
                    case Binding.Text text ->
                        text.parentInputs().forEach(input -> edges.add(new Edge("inputs", input, node.name(), port)));
                    case Binding.Literal _, Binding.Data _ -> {}
                }
            });
            node.outputs().forEach((port, output) -> {
                String bound = output.parentOutput();
                if (bound != null) {
                    edges.add(new Edge(node.name(), port, "outputs", bound));
                }
            });
        }
        return edges;
    }
}
