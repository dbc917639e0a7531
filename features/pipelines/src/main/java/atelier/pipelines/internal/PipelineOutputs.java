package atelier.pipelines.internal;

import atelier.jobs.Jobs.Job;
import atelier.jobs.Jobs.JobContext;
import atelier.jobs.OutputCopies;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.pipelines.Graph;
import atelier.pipelines.Node;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// The outputs of a pipeline: a step that ran wrote them in their place; those of a reused step are copied
/// there.
final class PipelineOutputs {
    private final PipelineTools tools;
    private final StepJobs stepJobs;

    PipelineOutputs(PipelineTools tools, StepJobs stepJobs) {
        this.tools = tools;
        this.stepJobs = stepJobs;
    }

    void keep(Workspace workspace, Job job, Graph graph, Map<String, Job> steps, JobContext context) {
        ObjectNode outputs =
                job.properties().path("outputs") instanceof ObjectNode given ? given.deepCopy() : Json.object();
        for (Node node : graph.nodes().values()) {
            Job step = steps.get(node.name());
            if (step == null) {
                continue;
            }
            node.outputs().forEach((port, output) -> {
                String bound = output.parentOutput();
                if (bound != null) {
                    keep(workspace, job, step, port, bound, outputs);
                }
            });
        }
        if (outputs.isEmpty()) {
            return;
        }
        context.update(properties -> {
            properties.set("outputs", outputs);
            return properties;
        });
        tools.outputs().register(workspace, job.name(), outputs, context);
    }

    private void keep(Workspace workspace, Job job, Job step, String port, String bound, ObjectNode outputs) {
        String type = step.properties()
                .path("outputs")
                .path(port)
                .path("jobOutputType")
                .asString("uri_folder");
        String from = step.properties().path("outputs").path(port).path("uri").asString("");
        String to = stepJobs.parentUri(workspace, job, bound, type);
        if (!from.equals(to)) {
            try {
                OutputCopies.copy(
                        tools.blobs(),
                        tools.uris().resolve(workspace, from),
                        tools.uris().resolve(workspace, to));
            } catch (IOException e) {
                throw new Problem.Unavailable(
                        "OutputsNotKept",
                        "Output '" + bound + "' of the pipeline could not be kept: " + e.getMessage(),
                        e);
            }
        }
        ObjectNode output = outputs.path(bound) instanceof ObjectNode kept ? kept : outputs.putObject(bound);
        if (!output.hasNonNull("jobOutputType")) {
            output.put("jobOutputType", type);
        }
        output.put("uri", to);
    }
}
