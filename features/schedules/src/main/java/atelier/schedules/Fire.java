package atelier.schedules;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One entry of a schedule's history: a job was, or should have been, submitted.
///
/// @param number counts from 1 in a schedule
/// @param scheduledFor the time that was due; later than that by [#firedAt()] when the server was down
/// @param manual asked for by somebody, not by the clock
/// @param job name of the job
public record Fire(
        String workspaceId,
        String schedule,
        long number,
        Instant scheduledFor,
        Instant firedAt,
        boolean manual,
        String job,
        Status status,
        @Nullable String errorCode,
        @Nullable String errorMessage) {
    /// What became of it.
    public enum Status {
        /// Decided and durable; the job is being submitted, or will be after a restart.
        SUBMITTING,
        /// There is a job.
        SUBMITTED,
        /// The job was refused; the error says why. The schedule goes on.
        FAILED
    }

    public Fire submitted() {
        return new Fire(
                workspaceId, schedule, number, scheduledFor, firedAt, manual, job, Status.SUBMITTED, null, null);
    }

    public Fire failed(String code, String message) {
        return new Fire(
                workspaceId, schedule, number, scheduledFor, firedAt, manual, job, Status.FAILED, code, message);
    }
}
