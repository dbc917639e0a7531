package atelier.compute;

import atelier.compute.http.CapacityRoutes;
import atelier.compute.http.ComputeRoutes;
import atelier.compute.internal.LocalProcesses;
import atelier.compute.internal.SqlComputes;
import atelier.store.Database;
import atelier.web.Routes;
import atelier.workspace.Operations;
import atelier.workspace.Workspaces;
import java.time.InstantSource;
import java.util.List;

/// The compute feature, wired.
///
/// @param routes what the gateway mounts
public record ComputeFeature(Processes processes, Computes computes, Slots slots, List<Routes> routes) {
    /// @param slots how many jobs run at the same time; the number of processors is a good start
    public static ComputeFeature create(
            Database database, Workspaces workspaces, Operations operations, InstantSource clock, int slots) {
        SqlComputes computes = new SqlComputes(database, clock, slots);
        Slots shared = new Slots(slots);
        return new ComputeFeature(
                new LocalProcesses(),
                computes,
                shared,
                List.of(
                        new ComputeRoutes(computes, workspaces, operations).routes(),
                        new CapacityRoutes(computes, workspaces, shared).routes()));
    }
}
