package atelier.batch.internal;

import atelier.datasets.DataUris;
import atelier.datasets.Location;
import atelier.jobs.Jobs.Job;
import atelier.jobs.Jobs.JobContext;
import atelier.jobs.Jobs.JobKind;
import atelier.jobs.Jobs.Outcome;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.models.Models;
import atelier.models.Models.ModelVersion;
import atelier.storage.Blob;
import atelier.storage.BlobPath;
import atelier.storage.Blobs;
import atelier.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A parallel job: one command, the engine of mini-batches, in the job's own environment. So it is queued, found again
/// after a crash, canceled and kept as command jobs are.
public final class ParallelKind implements JobKind {
    private static final int LARGEST_MLTABLE = 1 << 20;
    private final JobKind command;
    private final Path driver;
    private final Models models;
    private final DataUris uris;
    private final Blobs blobs;
    private final int processors;

    public ParallelKind(JobKind command, Path driver, Models models, DataUris uris, Blobs blobs, int processors) {
        this.command = command;
        this.driver = driver;
        this.models = models;
        this.uris = uris;
        this.blobs = blobs;
        this.processors = processors;
    }

    @Override
    public String type() {
        return "Parallel";
    }

    @Override
    public void validate(Workspace workspace, ObjectNode properties) {
        command.validate(workspace, translated(workspace, ParallelPlan.of(properties, processors), null));
    }

    @Override
    public Outcome run(Workspace workspace, Job job, boolean resumed, JobContext context) throws InterruptedException {
        ParallelPlan plan = ParallelPlan.of(job.properties(), processors);
        // A resumed job may find its process, which has all it needs; only a new one reads the table's description.
        JsonNode table = plan.table() ? table(workspace, plan) : null;
        return command.run(workspace, as(job, translated(workspace, plan, table)), resumed, context);
    }

    @Override
    public void ended(Workspace workspace, Job job) {
        command.ended(workspace, job);
    }

    private ObjectNode translated(Workspace workspace, ParallelPlan plan, @Nullable JsonNode table) {
        String reference = plan.model();
        if (reference == null) {
            return plan.command(driver.toString(), table, "", "");
        }
        ModelVersion model = models.resolve(workspace, reference);
        String path = model.location().path();
        String leaf = path.isEmpty() ? "model" : path.substring(path.lastIndexOf('/') + 1);
        return plan.command(driver.toString(), table, model.type(), leaf);
    }

    private JsonNode table(Workspace workspace, ParallelPlan plan) {
        String uri = plan.inputPort().path("uri").asString("");
        Location file = uris.resolve(workspace, uri).child("MLTable");
        BlobPath path = new BlobPath(file.container(), file.path());
        Optional<Blob> blob = blobs.find(path);
        if (blob.isEmpty()) {
            throw new Problem.Invalid(
                    "InputNotFound",
                    "Input '" + plan.input() + "' is an MLTable, but there is no file 'MLTable' at " + uri + ".",
                    "inputs." + plan.input());
        }
        try (InputStream in = blobs.open(path)) {
            JsonNode table = Json.yaml(new String(in.readNBytes(LARGEST_MLTABLE), StandardCharsets.UTF_8));
            if (!table.isObject()) {
                throw new Problem.Invalid(
                        "InvalidMLTable", "The MLTable at " + uri + " is not a YAML object.", "inputs." + plan.input());
            }
            return table;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Job as(Job job, ObjectNode properties) {
        return new Job(
                job.workspaceId(),
                job.name(),
                job.type(),
                job.status(),
                job.displayName(),
                job.experimentName(),
                job.parent(),
                properties,
                job.errorCode(),
                job.errorMessage(),
                job.createdBy(),
                job.createdAt(),
                job.startedAt(),
                job.endedAt(),
                job.archived());
    }
}
