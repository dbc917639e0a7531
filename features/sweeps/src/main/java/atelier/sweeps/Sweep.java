package atelier.sweeps;

import atelier.jobs.Expressions;
import atelier.kernel.Nearest;
import atelier.kernel.Problem;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a sweep job says (REST `SweepJob`, specification machinelearningservices/…/mfe.json).
///
/// @param trial the command of every trial: `command`, `codeId`, `environmentId`, `environmentVariables`, …
/// @param policy null for none
public record Sweep(
        ObjectNode trial,
        SearchSpace space,
        Sampling sampling,
        Objective objective,
        Limits limits,
        @Nullable EarlyTermination policy) {
    private static final String PREFIX = "search_space.";

    /// @throws Problem.Invalid naming the field and what is allowed
    public static Sweep of(JsonNode properties) {
        if (!(Fields.get(properties, "trial") instanceof ObjectNode trial)
                || trial.path("command").asString("").isBlank()) {
            throw Fields.invalid("trial.command", "A sweep needs a 'trial' with the command that every trial runs.");
        }
        Sampling sampling = Sampling.of(Fields.get(properties, "samplingAlgorithm"));
        SearchSpace space = SearchSpace.of(Fields.get(properties, "searchSpace"), sampling.logbase());
        if (sampling instanceof Sampling.Grid) {
            space.requireChoices();
        }
        Sweep sweep = new Sweep(
                trial,
                space,
                sampling,
                Objective.of(Fields.get(properties, "objective")),
                Limits.of(Fields.get(properties, "limits")),
                EarlyTermination.of(Fields.get(properties, "earlyTermination")));
        sweep.checkExpressions();
        return sweep;
    }

    private void checkExpressions() {
        Set<String> known = space.parameters().members().keySet();
        for (String name : Expressions.names(trial.path("command").asString(""), PREFIX)) {
            boolean found = known.stream().anyMatch(one -> name.equals(one) || name.startsWith(one + "."));
            if (!found) {
                throw Fields.invalid(
                        "trial.command",
                        "The command uses '${{" + PREFIX + name + "}}', but the search space has no '" + name + "'."
                                + Nearest.hint(name, known) + " It has: " + String.join(", ", new TreeSet<>(known))
                                + ".");
            }
        }
    }

    /// The command with its hyperparameters filled in. A member that the alternative taken does not have is empty text.
    public String command(ObjectNode parameters) {
        var values = Values.flat(parameters);
        return Expressions.replace(trial.path("command").asString(""), expression -> {
            if (!expression.startsWith(PREFIX)) {
                return "${{" + expression + "}}";
            }
            return values.getOrDefault(expression.substring(PREFIX.length()), "");
        });
    }
}
