package atelier.datasets;

import java.util.Optional;

/// The port of computed profiles. A key names content, so what is stored under it never changes.
public interface ProfileStore {
    Optional<Profile> find(String contentKey);

    /// Fine when it is there already.
    void put(String contentKey, Profile profile);
}
