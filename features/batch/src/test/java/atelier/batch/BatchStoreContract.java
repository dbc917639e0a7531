package atelier.batch;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.batch.internal.SqlBatchStore;
import atelier.kernel.Json;
import atelier.store.Database;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every database must do for [BatchStore].
abstract class BatchStoreContract {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private Database database;
    private BatchStore store;

    abstract Database database();

    @BeforeEach
    void open() {
        database = database();
        store = new SqlBatchStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static BatchEndpoint endpoint(String name, @Nullable String deployment, long version) {
        return new BatchEndpoint(
                "w", name, Json.object().put("location", "local"), deployment, version, "ann", NOW, NOW);
    }

    private static BatchDeployment deployment(String endpoint, String name, long version) {
        return new BatchDeployment(
                "w", endpoint, name, Json.object().put("location", "local"), "/c/1", version, "ann", NOW, NOW);
    }

    @Test
    void anEndpointIsFoundWholeInAnyCase() {
        assertThat(store.add(endpoint("Churn", null, 1))).isTrue();
        assertThat(store.find("w", "cHURN")).contains(endpoint("Churn", null, 1));
        assertThat(store.find("other", "Churn")).isEmpty();
    }

    @Test
    void aNameIsAddedOnce() {
        store.add(endpoint("Churn", null, 1));
        assertThat(store.add(endpoint("churn", null, 1))).isFalse();
    }

    @Test
    void anEndpointIsReplacedOnlyInTheVersionThatWasRead() {
        store.add(endpoint("churn", null, 1));
        assertThat(store.replace(endpoint("churn", "blue", 2))).isTrue();
        assertThat(store.replace(endpoint("churn", "green", 2))).isFalse();
        assertThat(store.find("w", "churn")).contains(endpoint("churn", "blue", 2));
    }

    @Test
    void listsAreByName() {
        store.add(endpoint("two", null, 1));
        store.add(endpoint("One", null, 1));
        store.add(deployment("two", "green", 1));
        store.add(deployment("two", "Blue", 1));
        assertThat(store.list("w")).extracting(BatchEndpoint::name).containsExactly("One", "two");
        assertThat(store.list("w", "TWO")).extracting(BatchDeployment::name).containsExactly("Blue", "green");
    }

    @Test
    void aDeploymentIsReplacedOnlyInTheVersionThatWasRead() {
        assertThat(store.add(deployment("churn", "blue", 1))).isTrue();
        assertThat(store.add(deployment("churn", "BLUE", 1))).isFalse();
        assertThat(store.replace(deployment("churn", "blue", 2))).isTrue();
        assertThat(store.replace(deployment("churn", "blue", 2))).isFalse();
        assertThat(store.find("w", "churn", "Blue")).contains(deployment("churn", "blue", 2));
    }

    @Test
    void anEndpointGoesWithItsDeployments() {
        store.add(endpoint("churn", null, 1));
        store.add(deployment("churn", "blue", 1));
        store.add(deployment("other", "blue", 1));
        assertThat(store.delete("w", "Churn")).isTrue();
        assertThat(store.delete("w", "churn")).isFalse();
        assertThat(store.list("w", "churn")).isEmpty();
        assertThat(store.list("w", "other")).hasSize(1);
    }

    @Test
    void aDeploymentThatGoesIsNoDefaultAnyMore() {
        store.add(endpoint("churn", "Blue", 1));
        store.add(deployment("churn", "Blue", 1));
        store.add(deployment("churn", "green", 1));
        assertThat(store.delete("w", "churn", "green")).isTrue();
        assertThat(store.find("w", "churn").orElseThrow().defaultDeployment()).isEqualTo("Blue");
        assertThat(store.delete("w", "churn", "blue")).isTrue();
        assertThat(store.find("w", "churn")).contains(endpoint("churn", null, 2));
    }
}
