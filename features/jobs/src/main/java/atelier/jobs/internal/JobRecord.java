package atelier.jobs.internal;

import atelier.jobs.JobState;
import atelier.jobs.Jobs.Job;
import atelier.kernel.Caller;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/// A job as it is kept.
///
/// @param version grows with each change; a change is kept only when the version is still the one that was
///     read
/// @param owner the server run that works on it
/// @param host the data folder of that server: its processes are there
public record JobRecord(Job job, long version, Caller creator, String owner, String host) {
    public JobState state() {
        String code = job.errorCode();
        String message = job.errorMessage();
        return JobState.of(job.status(), code == null ? "" : code, message == null ? "" : message);
    }

    JobRecord with(JobState state, Instant now) {
        boolean failed = state instanceof JobState.Failed;
        Instant started = job.startedAt();
        if (started == null && state instanceof JobState.Running) {
            started = now;
        }
        Instant ended = state instanceof JobState.Ended ? now : null;
        return new JobRecord(
                new Job(
                        job.workspaceId(),
                        job.name(),
                        job.type(),
                        state.status(),
                        job.displayName(),
                        job.experimentName(),
                        job.parent(),
                        job.properties(),
                        failed ? ((JobState.Failed) state).code() : null,
                        failed ? ((JobState.Failed) state).message() : null,
                        job.createdBy(),
                        job.createdAt(),
                        started,
                        ended,
                        job.archived()),
                version,
                creator,
                owner,
                host);
    }

    JobRecord with(ObjectNode properties, String displayName, boolean archived) {
        return new JobRecord(
                new Job(
                        job.workspaceId(),
                        job.name(),
                        job.type(),
                        job.status(),
                        displayName,
                        job.experimentName(),
                        job.parent(),
                        properties,
                        job.errorCode(),
                        job.errorMessage(),
                        job.createdBy(),
                        job.createdAt(),
                        job.startedAt(),
                        job.endedAt(),
                        archived),
                version,
                creator,
                owner,
                host);
    }
}
