package atelier.jobs;

import atelier.kernel.Caller;
import atelier.workspace.Workspace;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The verbs of jobs.
public interface Jobs {
    /// Accepts a job as Azure ML's REST `properties` ({"jobType":"Command",…}); validates, stores, queues.
    ///
    /// @param parent name of the pipeline or sweep job this is a child of
    Job submit(Workspace workspace, String name, ObjectNode properties, @Nullable String parent, Caller caller);

    Optional<Job> find(Workspace workspace, String name);

    List<Job> children(Workspace workspace, String parent);

    /// Asks for the end of a job and of its children; the state becomes CancelRequested, then Canceled.
    void cancel(Workspace workspace, String name, Caller caller);

    /// Makes a job type known (pipelines, sweeps, …): the other modules' way in.
    void register(JobKind kind);

    /// Called on every change of a job's state, after it is durable.
    void onChange(java.util.function.Consumer<Job> listener);

    /// What a job type does.
    interface JobKind {
        /// Azure's discriminator, e.g. `Pipeline`.
        String type();

        /// Checks the properties before anything is stored; throws [atelier.kernel.Problem.Invalid] naming the field.
        void validate(Workspace workspace, ObjectNode properties);

        /// Runs the job; on its own virtual thread. Called again after a server restart for a job that had started
        /// (`resumed` true): it must go on where it was, never doing a thing twice.
        Outcome run(Workspace workspace, Job job, boolean resumed, JobContext context) throws InterruptedException;
    }

    /// What a running kind may ask for.
    interface JobContext {
        /// Whether cancellation was asked for.
        boolean cancelRequested();

        /// Sets the state (Preparing, Running, Finalizing) durably.
        void state(String status);

        /// Replaces the job's properties durably (resolved inputs, services, reuse facts).
        void update(java.util.function.UnaryOperator<ObjectNode> change);

        /// Adds a line to the job's own log `logs/azureml/executionlogs.txt`.
        void log(String line);
    }

    /// How a job ended.
    sealed interface Outcome {
        record Completed() implements Outcome {}

        /// @param code Azure's error code, e.g. `UserError`
        record Failed(String code, String message) implements Outcome {}

        record Canceled() implements Outcome {}
    }

    /// @param status Azure's name: NotStarted, Queued, Preparing, Starting, Running, Finalizing, CancelRequested,
    ///     Completed,
    ///     Failed, Canceled, NotResponding
    /// @param properties REST properties as accepted, plus what the server added
    record Job(
            String workspaceId,
            String name,
            String type,
            String status,
            String displayName,
            String experimentName,
            @Nullable String parent,
            ObjectNode properties,
            @Nullable String errorCode,
            @Nullable String errorMessage,
            String createdBy,
            Instant createdAt,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            boolean archived) {
        public boolean isFinal() {
            return switch (status) {
                case "Completed", "Failed", "Canceled", "NotResponding" -> true;
                default -> false;
            };
        }
    }
}
