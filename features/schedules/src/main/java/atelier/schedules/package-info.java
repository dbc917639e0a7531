/// Jobs that are submitted by the clock: schedules with a cron expression or a recurrence, as Azure Machine Learning
/// has them. [atelier.schedules.Schedules] are the verbs, [atelier.schedules.Trigger] is the arithmetic of time.
@NullMarked
package atelier.schedules;

import org.jspecify.annotations.NullMarked;
