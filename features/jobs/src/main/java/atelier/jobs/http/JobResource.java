package atelier.jobs.http;

import atelier.jobs.Jobs.Job;
import atelier.kernel.Json;
import atelier.workspace.Arm;
import atelier.workspace.Workspace;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A job as `{ws}/jobs/{name}` shows it (specification machinelearningservices/…/mfe.json, JobBase).
final class JobResource {
    private JobResource() {}

    static ObjectNode of(Workspace workspace, Job job, String baseUrl) {
        ObjectNode properties = job.properties().deepCopy();
        properties
                .put("jobType", job.type())
                .put("status", job.status())
                .put("displayName", job.displayName())
                .put("experimentName", job.experimentName())
                .put("isArchived", job.archived());
        if (job.type().equals("Parallel")) {
            parallel(properties);
        }
        if (job.parent() != null) {
            properties.put("parentJobName", job.parent());
        }
        time(properties, "startTimeUtc", job.startedAt());
        time(properties, "endTimeUtc", job.endedAt());
        objectAt(properties, "tags");
        objectAt(properties, "inputs");
        objectAt(properties, "outputs");
        ObjectNode more = objectAt(properties, "properties");
        time(more, "StartTimeUtc", job.startedAt());
        time(more, "EndTimeUtc", job.endedAt());
        ObjectNode services = objectAt(properties, "services");
        services.set("Tracking", service("Tracking", baseUrl + "/mlflow/v1.0" + workspace.armId()));
        services.set(
                "Studio", service("Studio", baseUrl + "/studio/jobs/" + job.name() + "?wsid=" + workspace.armId()));
        if (job.errorCode() != null) {
            properties.set("error", Json.object().put("code", job.errorCode()).put("message", job.errorMessage()));
        }
        Instant ended = job.endedAt();
        return Arm.resource(
                workspace.armId() + "/jobs/" + job.name(),
                job.name(),
                "jobs",
                properties,
                job.createdBy(),
                job.createdAt(),
                ended == null ? job.createdAt() : ended);
    }

    /// The specification names no parallel job, and azure-ai-ml refuses to read a type that it does not know. It
    /// is shown as the command job that runs it, with its own fields beside.
    private static void parallel(ObjectNode properties) {
        JsonNode task = properties.path("task");
        String script = task.path("entry_script").asString("");
        String arguments = task.path("program_arguments").asString("");
        properties
                .put("jobType", "Command")
                .put("command", script.isEmpty() ? "" : ("python " + script + " " + arguments).strip());
        properties.put("environmentId", bare(task.path("environment")));
        properties.put("codeId", bare(task.path("code")));
        objectAt(properties, "properties").put("azureml.jobType", "parallel");
    }

    /// A step names an asset as `azureml:` and its id; a job by its id alone.
    private static @Nullable String bare(JsonNode reference) {
        String text = reference.asString("");
        return text.isEmpty() ? null : text.startsWith("azureml:/") ? text.substring("azureml:".length()) : text;
    }

    private static ObjectNode service(String type, String endpoint) {
        ObjectNode service = Json.object().put("jobServiceType", type).put("endpoint", endpoint);
        return service.putNull("port").putNull("status").putNull("errorMessage");
    }

    private static void time(ObjectNode node, String field, @Nullable Instant at) {
        if (at != null) {
            node.put(field, Arm.time(at));
        }
    }

    /// The SDK reads these without looking whether they are null.
    private static ObjectNode objectAt(ObjectNode node, String field) {
        JsonNode there = node.get(field);
        if (there instanceof ObjectNode object) {
            return object;
        }
        return node.putObject(field);
    }
}
