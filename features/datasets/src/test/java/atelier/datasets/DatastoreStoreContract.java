package atelier.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.datasets.internal.SqlDatastoreStore;
import atelier.datasets.internal.SqlProfileStore;
import atelier.store.Database;
import atelier.testkit.SettableClock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every database must do for [DatastoreStore] and [ProfileStore].
abstract class DatastoreStoreContract {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private Database database;
    private DatastoreStore store;

    abstract Database database();

    @BeforeEach
    void open() {
        database = database();
        store = new SqlDatastoreStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static Datastore datastore(String name, String container) {
        return new Datastore(
                name,
                Datastore.Type.AZURE_FILE,
                container,
                "acct",
                "what \"it\" is",
                Map.of("a", "ü"),
                Datastore.Details.of("AccountKey"),
                false,
                "ann",
                NOW,
                NOW);
    }

    @Test
    void whatWasPutIsFoundInAnyCaseAndWhole() {
        store.put("w", datastore("Training_Data", "training"), null);
        assertThat(store.find("w", "TRAINING_data")).contains(datastore("Training_Data", "training"));
        assertThat(store.find("other", "training_data")).isEmpty();
    }

    @Test
    void puttingAgainReplaces() {
        store.put("w", datastore("x", "one"), null);
        store.put("w", datastore("X", "two"), null);
        assertThat(store.list("w")).extracting(Datastore::container).isEqualTo(List.of("two"));
    }

    @Test
    void aSecretStaysUntilAnotherIsGiven() {
        store.put("w", datastore("x", "one"), "sealed");
        store.put("w", datastore("X", "two"), null);
        assertThat(store.secret("w", "x")).contains("sealed");
        store.put("w", datastore("x", "one"), "other");
        assertThat(store.secret("w", "x")).contains("other");
        assertThat(store.secret("w", "y")).isEmpty();
    }

    @Test
    void theDefaultIsKeptAndForgotten() {
        assertThat(store.defaultName("w")).isEmpty();
        store.makeDefault("w", "x");
        store.makeDefault("w", "y");
        assertThat(store.defaultName("w")).contains("y");
        store.makeDefault("w", null);
        assertThat(store.defaultName("w")).isEmpty();
    }

    @Test
    void deletingTellsWhetherItWasThere() {
        store.put("w", datastore("x", "one"), null);
        assertThat(store.delete("w", "X")).isTrue();
        assertThat(store.delete("w", "x")).isFalse();
    }

    @Test
    void theFirstProfileOfAContentStays() {
        ProfileStore profiles = new SqlProfileStore(database, new SettableClock());
        Profile first = new Profile(
                2,
                List.of(new Profile.Column(
                        "a", "integer", 0, 2, 1, 2, 1.5, 0.7, 1.2, 1.5, 1.7, List.of(new Profile.Bin(1, 2, 2)), null)),
                false,
                5,
                "a.csv",
                10);
        profiles.put("k", first);
        profiles.put("k", new Profile(9, List.of(), false, 1, "b.csv", 1));
        assertThat(profiles.find("k")).contains(first);
        assertThat(profiles.find("other")).isEmpty();
    }
}
