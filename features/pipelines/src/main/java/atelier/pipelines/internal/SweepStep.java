package atelier.pipelines.internal;

import atelier.jobs.Expressions;
import atelier.kernel.Json;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import atelier.pipelines.Component;
import atelier.pipelines.Node;
import atelier.pipelines.StepKind;
import atelier.sweeps.Sweep;
import atelier.sweeps.SweepForm;
import atelier.workspace.Workspace;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Sweep steps: the trial's component takes its hyperparameters as inputs.
final class SweepStep implements StepKind {
    private static final String INPUT = "inputs.";

    private final CommandStep command;

    SweepStep(CommandStep command) {
        this.command = command;
    }

    @Override
    public String type() {
        return "sweep";
    }

    /// The trials' values come from the search space.
    @Override
    public Set<String> ownInputs(Node node) {
        return Set.copyOf(SweepForm.searchSpace(node.settings()).propertyNames());
    }

    @Override
    public void validate(Workspace workspace, Node node, Component component) {
        String where = "jobs." + node.name();
        if (!component.type().equals("command")) {
            throw PipelineCheck.invalid(
                    "The trial of sweep step '" + node.name() + "' is a " + component.type()
                            + " component; it must be a command component.",
                    where + ".trial");
        }
        command.validate(workspace, node, component);
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
            Sweep.of(body(node.settings(), component));
        } catch (Problem.Invalid e) {
            throw new Problem.Invalid(e.code(), "Step '" + node.name() + "': " + e.message(), where + "." + e.target());
        }
    }

    @Override
    public void complete(Step step, ObjectNode job) {
        command.complete(step, job);
        ObjectNode sweep = body(step.settings(), step.component());
        ObjectNode trial = (ObjectNode) sweep.get("trial");
        for (String field : List.of("environmentId", "codeId", "environmentVariables", "resources", "distribution")) {
            if (job.hasNonNull(field)) {
                trial.set(field, job.remove(field));
            }
        }
        job.remove(List.of("command", "limits"));
        job.setAll(sweep);
        job.put("jobType", "Sweep");
    }

    private static ObjectNode body(JsonNode settings, Component component) {
        ObjectNode sweep = SweepForm.rest(settings);
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
