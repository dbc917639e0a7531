package atelier.jobs.internal;

import atelier.datasets.DataUris;
import atelier.datasets.Location;
import atelier.experiments.Runs;
import atelier.jobs.Jobs.Job;
import atelier.kernel.Caller;
import atelier.storage.Blobs;
import atelier.workspace.Workspace;
import atelier.workspace.Workspaces;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// What goes along with a job: its MLflow run, its folder, its kept logs.
public final class JobBackground {
    private static final Logger LOG = LoggerFactory.getLogger(JobBackground.class);
    private final Path folders;
    private final Runs runs;
    private final Workspaces workspaces;
    private final StoredJobLogs logs;
    private final Blobs blobs;
    private final DataUris uris;

    public JobBackground(
            Path folders, Runs runs, Workspaces workspaces, StoredJobLogs logs, Blobs blobs, DataUris uris) {
        this.folders = folders;
        this.runs = runs;
        this.workspaces = workspaces;
        this.logs = logs;
        this.blobs = blobs;
        this.uris = uris;
    }

    Workspace workspace(Job job) {
        return workspaces.byId(job.workspaceId());
    }

    JobFolder folder(Job job) {
        return JobFolder.of(folders, job.workspaceId(), job.name());
    }

    void created(Workspace workspace, Job job, Caller caller) {
        runs.createForJob(
                workspace, job.experimentName(), job.name(), job.displayName(), job.parent(), tags(job), caller);
        if (job.isFinal()) {
            ended(job);
        }
    }

    void changed(Workspace workspace, Job job) {
        Map<String, String> tags = tags(job);
        if (!tags.isEmpty()) {
            runs.setTags(workspace, job.name(), tags);
        }
    }

    private static Map<String, String> tags(Job job) {
        Map<String, String> tags = new HashMap<>();
        for (Map.Entry<String, JsonNode> tag : job.properties().path("tags").properties()) {
            tags.put(tag.getKey(), tag.getValue().asString(""));
        }
        return tags;
    }

    void advanced(Job job) {
        if (job.status().equals("Running")) {
            runs.setStatus(workspace(job), job.name(), "RUNNING", null);
        }
    }

    void ended(Job job) {
        String status = switch (job.status()) {
            case "Completed" -> "FINISHED";
            case "Canceled" -> "KILLED";
            default -> "FAILED";
        };
        runs.setStatus(workspace(job), job.name(), status, job.endedAt());
    }

    /// Copies the logs to the storage account; false when that failed, and the folder must stay.
    boolean keepLogs(Job job) {
        try {
            logs.keep(workspace(job), job.name());
            return true;
        } catch (IOException | RuntimeException e) {
            LOG.error("The logs of job {} could not be kept; they stay in {}", job.name(), folder(job), e);
            return false;
        }
    }

    void removeFolder(Job job) {
        try {
            folder(job).delete();
        } catch (IOException e) {
            LOG.warn("The folder of job {} could not be removed", job.name(), e);
        }
    }

    /// Removes folders that a crash left behind after their job had ended, once their logs are kept.
    void sweep(java.util.function.BiFunction<Workspace, String, java.util.Optional<Job>> find) {
        for (Workspace workspace : workspaces.list()) {
            Path all = folders.resolve(workspace.id());
            if (!Files.isDirectory(all)) {
                continue;
            }
            try (DirectoryStream<Path> left = Files.newDirectoryStream(all)) {
                for (Path folder : left) {
                    java.util.Optional<Job> job =
                            find.apply(workspace, folder.getFileName().toString());
                    if (job.isEmpty() || job.get().isFinal() && keepLogs(job.get())) {
                        new JobFolder(folder).delete();
                    }
                }
            } catch (IOException e) {
                LOG.warn("Old job folders could not be removed", e);
            }
        }
    }

    /// Frees what a deleted job had in the storage account.
    void deleted(Workspace workspace, Job job) {
        Location artifacts = uris.runArtifacts(workspace, job.name());
        blobs.deletePrefix(artifacts.container(), artifacts.path() + "/");
        for (String output : job.properties().path("outputs").propertyNames()) {
            Location location = uris.jobOutput(workspace, job.name(), output);
            blobs.deletePrefix(location.container(), location.path() + "/");
        }
    }
}
