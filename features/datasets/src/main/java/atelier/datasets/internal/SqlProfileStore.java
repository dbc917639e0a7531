package atelier.datasets.internal;

import atelier.datasets.Profile;
import atelier.datasets.ProfileStore;
import atelier.kernel.Json;
import atelier.store.Database;
import java.time.InstantSource;
import java.util.Optional;

/// Table `data_profile`.
public final class SqlProfileStore implements ProfileStore {
    private final Database database;
    private final InstantSource clock;

    public SqlProfileStore(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public Optional<Profile> find(String contentKey) {
        return database.read(handle -> handle.createQuery("SELECT profile FROM data_profile WHERE content_key = ?")
                        .bind(0, contentKey)
                        .mapTo(String.class)
                        .findOne())
                .map(text -> Json.read(text, Profile.class));
    }

    @Override
    public void put(String contentKey, Profile profile) {
        database.useTransaction(handle -> handle.execute(
                "INSERT INTO data_profile (content_key, profile, created_at) VALUES (?, ?, ?)"
                        + " ON CONFLICT (content_key) DO NOTHING",
                contentKey,
                Json.write(profile),
                clock.millis()));
    }
}
