package atelier.experiments;

import atelier.datasets.Location;
import atelier.workspace.Workspace;
import java.util.List;

/// Who else needs artifacts, asked before they are deleted for good.
@FunctionalInterface
public interface FilesInUse {
    /// @param place below it, and who needs it: `version 3 of model 'churn'`
    record Use(Location place, String by) {
        /// Whether `other` is this place or below it.
        public boolean holds(Location other) {
            return other.container().equals(place.container())
                    && (other.path().equals(place.path()) || other.path().startsWith(place.path() + "/"));
        }
    }

    /// What is needed at or below a folder.
    List<Use> below(Workspace workspace, Location folder);
}
