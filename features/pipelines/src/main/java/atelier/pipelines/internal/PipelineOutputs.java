package atelier.pipelines.internal;

import atelier.datasets.Location;
import atelier.jobs.Jobs.Job;
import atelier.jobs.Jobs.JobContext;
import atelier.kernel.Json;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.pipelines.Graph;
import atelier.pipelines.Node;
import atelier.storage.Blob;
import atelier.storage.BlobPath;
import atelier.storage.Blobs;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The outputs of a pipeline: a step that ran wrote them in their place; those of a reused step are copied
/// there.
final class PipelineOutputs {
    private static final int PAGE = 1000;
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
                copy(tools.uris().resolve(workspace, from), tools.uris().resolve(workspace, to));
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

    private void copy(Location from, Location to) throws IOException {
        Blobs blobs = tools.blobs();
        blobs.ensureContainer(to.container());
        Optional<Blob> file = blobs.find(new BlobPath(from.container(), from.path()));
        if (file.isPresent()) {
            copy(file.get(), new BlobPath(to.container(), to.path()));
            return;
        }
        String prefix = from.path() + "/";
        @Nullable String marker = null;
        do {
            Page<Blob> page = blobs.list(from.container(), prefix, marker, PAGE);
            for (Blob blob : page.items()) {
                String name = blob.path().name().substring(prefix.length());
                copy(blob, new BlobPath(to.container(), to.child(name).path()));
            }
            marker = page.next();
        } while (marker != null);
    }

    private void copy(Blob blob, BlobPath to) throws IOException {
        try (InputStream in = tools.blobs().open(blob.path())) {
            tools.blobs().put(to, in, blob.contentType());
        }
    }
}
