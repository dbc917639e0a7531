package atelier.pipelines.internal;

import atelier.jobs.Expressions;
import atelier.kernel.Json;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import atelier.pipelines.Component;
import atelier.pipelines.Node;
import atelier.sweeps.Sweep;
import atelier.sweeps.SweepForm;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Sweep steps: the trial's component takes its hyperparameters as inputs.
final class SweepSteps {
    private static final String INPUT = "inputs.";

    private SweepSteps() {}

    /// Whether a sweep step gives this input of its trial values of its search space.
    static boolean searches(Node node, String input) {
        return node.sweep() && SweepForm.searchSpace(node.settings()).has(input);
    }

    /// Checks what the step says of its sweep; a problem's target starts with the step.
    static void check(Node node, Component component) {
        String where = "jobs." + node.name();
        Set<String> inputs = component.inputs().keySet();
        JsonNode settings = node.settings();
        for (String parameter : SweepForm.searchSpace(settings).propertyNames()) {
            if (!inputs.contains(parameter)) {
                throw new Problem.Invalid(
                        "InvalidPipeline",
                        "Step '" + node.name() + "' searches '" + parameter
                                + "', which is no input of its trial." + Nearest.hint(parameter, inputs) + " It has: "
                                + String.join(", ", new TreeSet<>(inputs)) + ".",
                        where + ".search_space." + parameter);
            }
        }
        try {
            Sweep.of(body(node, component));
        } catch (Problem.Invalid e) {
            throw new Problem.Invalid(e.code(), "Step '" + node.name() + "': " + e.message(), where + "." + e.target());
        }
    }

    /// The sweep job of a step.
    ///
    /// @param command the command job that the component alone would be
    static ObjectNode job(Node node, Component component, ObjectNode command) {
        ObjectNode sweep = body(node, component);
        ObjectNode trial = (ObjectNode) sweep.get("trial");
        for (String field : List.of("environmentId", "codeId", "environmentVariables", "resources", "distribution")) {
            if (command.hasNonNull(field)) {
                trial.set(field, command.remove(field));
            }
        }
        Set<String> searched = new TreeSet<>(sweep.path("searchSpace").propertyNames());
        if (command.get("inputs") instanceof ObjectNode inputs) {
            // Values of the component's own that the search space replaces.
            inputs.remove(searched);
        }
        command.remove(List.of("command", "limits"));
        command.setAll(sweep);
        return command.put("jobType", "Sweep");
    }

    private static ObjectNode body(Node node, Component component) {
        ObjectNode sweep = SweepForm.rest(node.settings());
        Set<String> searched = new TreeSet<>(sweep.path("searchSpace").propertyNames());
        String command = component.spec().path("command").asString("");
        sweep.set(
                "trial",
                Json.object()
                        .put(
                                "command",
                                Expressions.replace(
                                        command,
                                        expression -> expression.startsWith(INPUT)
                                                        && searched.contains(expression.substring(INPUT.length()))
                                                ? "${{search_space." + expression.substring(INPUT.length()) + "}}"
                                                : "${{" + expression + "}}")));
        return sweep;
    }
}
