package atelier.jobs;

import atelier.kernel.Caller;
import atelier.kernel.Page;
import atelier.workspace.Workspace;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The verbs of jobs.
public interface Jobs {
    /// What to do instead of a job or step of a type that Azure has and this server has not; begins with a space,
    /// empty for all others.
    static String instead(String type) {
        return switch (type.toLowerCase(java.util.Locale.ROOT)) {
            case "automl" ->
                " Automated machine learning is not a part of this server. Write the training as a command job, for"
                        + " example with scikit-learn, and let a sweep job try its algorithms and parameters: give it"
                        + " the same 'primary_metric' and limits (docs/sweeps.md).";
            case "spark" ->
                " There is no Apache Spark here. A command job may bring pyspark in its environment and run it on this"
                        + " machine.";
            default -> "";
        };
    }

    /// Tag of a job that a schedule submitted; its value is the schedule's name.
    String SCHEDULE_TAG = "azureml.scheduleName";

    /// Accepts a job as Azure ML's REST `properties` ({"jobType":"Command",…}); validates, stores, queues.
    ///
    /// @param parent name of the pipeline or sweep job this is a child of
    /// @throws atelier.kernel.Problem.AlreadyExists `JobExists`
    Job submit(Workspace workspace, String name, ObjectNode properties, @Nullable String parent, Caller caller);

    /// Checks a job as [#submit] does, and keeps nothing: for what submits it later (trials of a sweep, schedules).
    ///
    /// @throws atelier.kernel.Problem.Invalid naming the field
    void check(Workspace workspace, ObjectNode properties);

    /// Keeps a job that needs no work because its outcome is known already (a reused step).
    Job record(
            Workspace workspace,
            String name,
            ObjectNode properties,
            @Nullable String parent,
            Outcome outcome,
            Caller caller);

    Optional<Job> find(Workspace workspace, String name);

    /// @throws atelier.kernel.Problem.NotFound `ResourceNotFound`
    Job get(Workspace workspace, String name);

    /// Oldest first.
    List<Job> children(Workspace workspace, String parent);

    /// Jobs without a parent, newest first.
    Page<Job> list(Workspace workspace, Filter filter, @Nullable String marker, int max);

    /// The states a job went through, oldest first.
    List<Change> history(Workspace workspace, String name);

    /// Changes what may change after submission: `displayName`, `description`, `tags`, `properties`,
    /// `isArchived`.
    ///
    /// @throws atelier.kernel.Problem.Conflict `UserError` when it asks for another job than the one of that
    /// name
    Job change(Workspace workspace, String name, ObjectNode properties, Caller caller);

    /// Asks for the end of a job and of its children; the state becomes CancelRequested, then Canceled.
    /// A job that has ended is left as it is.
    void cancel(Workspace workspace, String name, Caller caller);

    /// Removes a job that has ended, its children, and the bytes of their logs, artifacts and outputs.
    ///
    /// @throws atelier.kernel.Problem.Conflict when it still runs
    void delete(Workspace workspace, String name, Caller caller);

    /// Makes a job type known (pipelines, sweeps, …): the other modules' way in.
    void register(JobKind kind);

    /// Called on every change of a job's state, after it is durable.
    void onChange(Consumer<Job> listener);

    /// What a list is narrowed to; null means any.
    ///
    /// @param archived true: only archived ones, false: only others
    /// @param tag `key` or `key=value`
    record Filter(
            @Nullable Boolean archived,
            @Nullable String type,
            @Nullable String tag,
            @Nullable String experiment,
            @Nullable Scheduled scheduled) {
        public static final Filter ACTIVE = new Filter(false, null, null, null);

        public Filter(
                @Nullable Boolean archived, @Nullable String type, @Nullable String tag, @Nullable String experiment) {
            this(archived, type, tag, experiment, null);
        }
    }

    /// Whether a job came from a schedule.
    ///
    /// @param yes submitted by a schedule, or not
    /// @param schedule the one schedule that is meant; null for any
    record Scheduled(boolean yes, @Nullable String schedule) {}

    /// A job was in this state from then on.
    record Change(String status, Instant at) {}

    /// What a job type does.
    interface JobKind {
        /// Azure's discriminator, e.g. `Pipeline`.
        String type();

        /// The properties as they are kept: what they only refer to and may change or go later is put in. Called
        /// before [#validate].
        ///
        /// @throws atelier.kernel.Problem.Invalid naming the field
        default ObjectNode accept(Workspace workspace, ObjectNode properties) {
            return properties;
        }

        /// Checks the properties before anything is stored; throws [atelier.kernel.Problem.Invalid] naming
        /// the field.
        void validate(Workspace workspace, ObjectNode properties);

        /// Runs the job; on its own virtual thread. Called again after a server restart for a job that had
        /// not ended
        /// (`resumed` true, whether it had started or not): it must go on where it was, never doing a
        /// thing twice.
        Outcome run(Workspace workspace, Job job, boolean resumed, JobContext context) throws InterruptedException;

        /// After the end is durable and the logs are kept: what was only for the run can go.
        default void ended(Workspace workspace, Job job) {}
    }

    /// What a running kind may ask for.
    interface JobContext {
        /// Whether cancellation was asked for.
        boolean cancelRequested();

        /// Runs `action` when cancellation is asked for, or now when it was; it must not block.
        void onCancel(Runnable action);

        /// Sets the state (Queued, Preparing, Starting, Running, Finalizing) durably; without effect once
        /// cancellation
        /// was asked for.
        void state(String status);

        /// Replaces the job's properties durably (resolved inputs, services, reuse facts).
        void update(UnaryOperator<ObjectNode> change);

        /// Adds a line to the job's own log `logs/azureml/executionlogs.txt`.
        void log(String line);

        /// Adds a line to another of the job's logs, such as `azureml-logs/hyperdrive.txt`.
        void log(String log, String line);

        /// Who submitted the job: children are submitted in this name.
        Caller caller();
    }

    /// How a job ended.
    sealed interface Outcome {
        record Completed() implements Outcome {}

        /// @param code Azure's error code, e.g. `UserError`
        record Failed(String code, String message) implements Outcome {}

        record Canceled() implements Outcome {}
    }

    /// @param status Azure's name: NotStarted, Queued, Preparing, Starting, Running, Finalizing,
    ///     CancelRequested,
    ///     Completed, Failed, Canceled, NotResponding
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
