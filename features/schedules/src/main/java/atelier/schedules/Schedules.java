package atelier.schedules;

import atelier.kernel.Caller;
import atelier.kernel.Page;
import atelier.workspace.Workspace;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The verbs of schedules.
public interface Schedules {
    /// Properties of every job that a schedule submitted; it has the tag [atelier.jobs.Jobs#SCHEDULE_TAG] too.
    String NAME_PROPERTY = "azureml.scheduleName";

    /// [Fire#number()].
    String FIRE_PROPERTY = "azureml.scheduleFire";

    /// The time of the trigger, ISO 8601.
    String TIME_PROPERTY = "azureml.scheduleTime";

    /// `Schedule` or `Manual`.
    String TRIGGER_PROPERTY = "azureml.scheduleTrigger";

    /// Makes a schedule, or changes one; `isEnabled` is true unless it says otherwise.
    ///
    /// @param properties Azure's REST `properties`
    /// @throws atelier.kernel.Problem.Invalid naming the field
    /// @throws atelier.kernel.Problem.Unsupported `ScheduleActionNotSupported` for actions other than `CreateJob`
    Put put(Workspace workspace, String name, ObjectNode properties, Caller caller);

    Optional<Schedule> find(Workspace workspace, String name);

    /// @throws atelier.kernel.Problem.NotFound `ResourceNotFound`
    Schedule get(Workspace workspace, String name);

    /// By name.
    ///
    /// @param enabled true: enabled ones, false: disabled ones, null: all
    Page<Schedule> list(Workspace workspace, @Nullable Boolean enabled, @Nullable String marker, int max);

    /// Removes a schedule and its history; its jobs stay. False when there is none.
    ///
    /// @throws atelier.kernel.Problem.Conflict `ScheduleEnabled` when it is enabled
    boolean delete(Workspace workspace, String name);

    /// Submits a job now, outside the plan.
    ///
    /// @param time what the job takes as its trigger time
    /// @throws atelier.kernel.Problem why the job was refused; the history has it too
    Fire trigger(Workspace workspace, String name, Instant time);

    /// What it did, newest first; the newest thousand are kept.
    Page<Fire> history(Workspace workspace, String name, @Nullable String marker, int max);

    /// @param created false when it existed
    record Put(Schedule schedule, boolean created) {}
}
