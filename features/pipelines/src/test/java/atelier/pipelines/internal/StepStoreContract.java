package atelier.pipelines.internal;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.kernel.Json;
import atelier.pipelines.internal.StepStore.StepRun;
import atelier.store.Database;
import atelier.testkit.SettableClock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

abstract class StepStoreContract {
    private final SettableClock clock = new SettableClock();
    private Database database;
    private StepStore store;

    abstract Database open();

    @BeforeEach
    void start() {
        database = open();
        store = new SqlStepStore(database, clock);
    }

    @AfterEach
    void stop() {
        database.close();
    }

    private void starting(String job, String key) {
        clock.tick(Duration.ofSeconds(1));
        store.starting(new StepRun("w", job, key, "train", "trainer", Map.of("code", key), Json.object(), false));
    }

    @Test
    void onlyCompletedRunsAreFoundNewestFirst() {
        ObjectNode outputs = Json.object().put("out", "x");
        for (String job : new String[] {"one", "two", "three"}) {
            starting(job, "k");
        }
        store.completed("w", "one", outputs);
        store.completed("w", "two", outputs);
        assertThat(store.withKey("w", "k")).extracting(StepRun::job).containsExactly("two", "one");
        assertThat(store.withKey("w", "k").getFirst().outputs()).isEqualTo(outputs);
        assertThat(store.withKey("w", "other")).isEmpty();
        assertThat(store.withKey("elsewhere", "k")).isEmpty();
    }

    @Test
    void theLatestRunOfAStepTellsWhatItWasMadeOf() {
        starting("one", "k1");
        store.completed("w", "one", Json.object());
        starting("two", "k2");
        store.completed("w", "two", Json.object());
        assertThat(store.latest("w", "train", "trainer").orElseThrow().parts()).isEqualTo(Map.of("code", "k2"));
        assertThat(store.latest("w", "train", "another")).isEmpty();
    }

    @Test
    void aStepThatStartsAgainAfterACrashIsOne() {
        starting("one", "k1");
        starting("one", "k2");
        assertThat(store.find("w", "one").orElseThrow().key()).isEqualTo("k2");
        assertThat(store.find("w", "one").orElseThrow().completed()).isFalse();
    }
}
