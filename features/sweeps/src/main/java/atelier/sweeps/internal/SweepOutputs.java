package atelier.sweeps.internal;

import atelier.jobs.Jobs.Job;
import atelier.jobs.Jobs.JobContext;
import atelier.jobs.OutputCopies;
import atelier.jobs.OutputUris;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.sweeps.Objective;
import atelier.sweeps.Trials.Trial;
import atelier.sweeps.Values;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The outputs of a sweep are those of its best trial: copied to where the sweep's are asked to go, so that they stay
/// when trials are deleted and `azureml://jobs/<sweep>/outputs/…` leads to them.
record SweepOutputs(SweepTools tools, Workspace workspace, Job job, JobContext context) {
    /// What Azure ML says of the best trial in the sweep's properties.
    ObjectNode best(Trial trial, Objective objective) {
        return Json.object()
                .put("best_child_run_id", trial.job().name())
                .put("score", Values.text(Json.tree(objective.best(trial.points()))))
                .put("best_metric_status", "Succeeded")
                .put("best_data_container_id", "dcid." + trial.job().name());
    }

    void keep(Trial best) {
        if (!(job.properties().path("outputs") instanceof ObjectNode given) || given.isEmpty()) {
            return;
        }
        ObjectNode outputs = given.deepCopy();
        for (Map.Entry<String, JsonNode> field :
                best.job().properties().path("outputs").properties()) {
            String name = field.getKey();
            String from = field.getValue().path("uri").asString("");
            String type = field.getValue().path("jobOutputType").asString("uri_folder");
            JsonNode asked = outputs.path(name);
            String uri = asked.path("uri").asString("");
            String to = OutputUris.of(tools.uris(), workspace, job.name(), name, type, uri.isEmpty() ? null : uri);
            copy(name, from, to);
            ObjectNode output = asked instanceof ObjectNode object ? object : outputs.putObject(name);
            output.put("jobOutputType", type).put("uri", to);
        }
        context.update(properties -> {
            properties.set("outputs", outputs);
            return properties;
        });
        tools.outputs().register(workspace, job.name(), outputs, context);
    }

    private void copy(String name, String from, String to) {
        if (from.isEmpty() || from.equals(to)) {
            return;
        }
        try {
            OutputCopies.copy(
                    tools.blobs(),
                    tools.uris().resolve(workspace, from),
                    tools.uris().resolve(workspace, to));
        } catch (IOException e) {
            throw new Problem.Unavailable(
                    "OutputsNotKept", "Output '" + name + "' of the sweep could not be kept: " + e.getMessage(), e);
        }
    }
}
