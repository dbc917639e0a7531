package atelier.sweeps.internal;

import atelier.kernel.Json;
import atelier.sweeps.Objective;
import atelier.sweeps.Sweep;
import atelier.sweeps.Trials;
import atelier.sweeps.Trials.Trial;
import atelier.sweeps.Values;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// From hyperparameters to the job that tries them.
final class TrialJobs {
    private TrialJobs() {}

    /// What a sampler sees of a trial.
    static Sampler.Tried tried(Trial trial, Objective objective) {
        double best = objective.best(trial.points());
        return new Sampler.Tried(
                trial.parameters(),
                objective.maximize() || Double.isNaN(best) ? best : -best,
                trial.job().isFinal(),
                trial.job().isFinal() && !trial.job().status().equals("Completed"));
    }

    /// REST properties of the trial's job.
    static ObjectNode body(Sweep plan, String experiment, ObjectNode sweep, String name, ObjectNode parameters) {
        ObjectNode job = Json.object()
                .put("jobType", "Command")
                .put("displayName", name)
                .put("experimentName", experiment)
                .put("command", plan.command(parameters));
        for (String field : List.of("codeId", "environmentId", "distribution", "resources")) {
            copy(plan.trial(), field, job);
        }
        for (String field : List.of("computeId", "inputs", "identity", "queueSettings", "resources")) {
            if (!job.hasNonNull(field)) {
                copy(sweep, field, job);
            }
        }
        job.set("outputs", outputs(sweep.path("outputs")));
        ObjectNode variables = job.putObject("environmentVariables");
        plan.trial()
                .path("environmentVariables")
                .properties()
                .forEach(variable -> variables.set(variable.getKey(), variable.getValue()));
        Map<String, String> flat = Values.flat(parameters);
        flat.forEach((parameter, value) -> variables.put("AZUREML_SWEEP_" + parameter, value));
        ObjectNode tags = job.putObject("tags").put(Trials.PARAMETERS, parameters.toString());
        flat.forEach((parameter, value) -> tags.put("hyperparam_" + parameter, value));
        job.putObject("properties").put(Trials.PARAMETERS, parameters.toString());
        return job;
    }

    private static void copy(JsonNode from, String field, ObjectNode to) {
        if (from.hasNonNull(field)) {
            to.set(field, from.get(field));
        }
    }

    /// Every trial keeps its outputs in a place of its own; the best one's are copied to where the sweep's are asked to
    /// go, and only they are registered.
    private static ObjectNode outputs(JsonNode given) {
        ObjectNode outputs = Json.object();
        given.properties().forEach(field -> {
            ObjectNode output = field.getValue() instanceof ObjectNode object ? object.deepCopy() : Json.object();
            output.remove(List.of("assetName", "assetVersion", "description"));
            if (!output.path("uri").asString("").contains("${{name}}")) {
                output.remove("uri");
            }
            outputs.set(field.getKey(), output);
        });
        return outputs;
    }
}
