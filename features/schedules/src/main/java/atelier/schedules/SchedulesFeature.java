package atelier.schedules;

import atelier.jobs.Jobs;
import atelier.schedules.http.ScheduleRoutes;
import atelier.schedules.internal.Firing;
import atelier.schedules.internal.SchedulesService;
import atelier.schedules.internal.SqlScheduleStore;
import atelier.store.Database;
import atelier.web.Routes;
import atelier.workspace.Operations;
import atelier.workspace.Workspaces;
import java.time.InstantSource;
import java.util.List;

/// The schedules feature, wired. Nothing fires before [#start()].
///
/// @param routes what the gateway mounts
public record SchedulesFeature(Schedules schedules, Firing firing, List<Routes> routes) implements AutoCloseable {
    public static SchedulesFeature create(
            Database database, Workspaces workspaces, Operations operations, Jobs jobs, InstantSource clock) {
        SqlScheduleStore store = new SqlScheduleStore(database);
        Firing firing = new Firing(store, jobs, workspaces, clock);
        Schedules schedules = new SchedulesService(store, jobs, firing, clock);
        return new SchedulesFeature(
                schedules, firing, List.of(new ScheduleRoutes(schedules, workspaces, operations, clock).routes()));
    }

    /// Takes up what an earlier run of the server left and fires from then on; after jobs were taken up.
    public void start() {
        firing.start();
    }

    @Override
    public void close() {
        firing.close();
    }
}
