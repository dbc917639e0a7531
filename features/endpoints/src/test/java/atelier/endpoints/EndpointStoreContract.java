package atelier.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.endpoints.internal.SqlEndpointStore;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.store.Database;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every database must do for [EndpointStore].
abstract class EndpointStoreContract {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final EndpointKeys KEYS = new EndpointKeys("primary-key-0123456", "secondary-key-01234");
    private Database database;
    private EndpointStore store;

    abstract Database database();

    @BeforeEach
    void open() {
        database = database();
        store = new SqlEndpointStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static OnlineEndpoint endpoint(String name, int blue) {
        return new OnlineEndpoint(
                "w",
                name,
                AuthMode.KEY,
                new Traffic(new TreeMap<>(Map.of("blue", blue, "green", 100 - blue))),
                Json.object().put("location", "local"),
                false,
                "ann",
                NOW,
                NOW);
    }

    private static Deployment deployment(String endpoint, String name) {
        return new Deployment(
                "w",
                endpoint,
                name,
                Json.object().put("kind", "Managed"),
                new DeploymentState.Creating("op"),
                null,
                1,
                "ann",
                NOW,
                NOW);
    }

    @Test
    void anEndpointIsFoundWholeAndItsKeysApart() {
        store.put(endpoint("churn", 90), KEYS);
        assertThat(store.find("w", "churn")).contains(endpoint("churn", 90));
        assertThat(store.keys("w", "churn")).contains(KEYS);
        assertThat(store.find("other", "churn")).isEmpty();
    }

    @Test
    void changingAnEndpointKeepsItsKeys() {
        store.put(endpoint("churn", 90), KEYS);
        store.put(endpoint("churn", 10), new EndpointKeys("another-key-0123456", "another-key-6543210"));
        assertThat(store.list("w")).isEqualTo(List.of(endpoint("churn", 10)));
        assertThat(store.keys("w", "churn")).contains(KEYS);
    }

    @Test
    void aDeploymentChangesByCompareAndSet() {
        Deployment first = deployment("churn", "blue");
        assertThat(store.add(first)).isTrue();
        assertThat(store.add(first)).isFalse();
        ServingPlan plan =
                new ServingPlan("g1", List.of("python", "-u"), Map.of("A", "1"), "/f", 5000, Probe.DEFAULT, null);
        Deployment done = first.succeed(plan, NOW.plusSeconds(1));
        assertThat(store.replace(done)).isTrue();
        assertThat(store.replace(first.fail(new Problem.Invalid("late"), NOW))).isFalse();
        assertThat(store.findDeployment("w", "churn", "blue")).contains(done);
    }

    @Test
    void everyStateIsKept() {
        Deployment at = deployment("churn", "blue");
        store.add(at);
        at = at.fail(new Problem.Invalid("ModelBroken", "it \"broke\"", null), NOW);
        store.replace(at);
        assertThat(store.findDeployment("w", "churn", "blue")).contains(at);
        at = at.change(Json.object(), "op2", NOW);
        store.replace(at);
        assertThat(store.findDeployment("w", "churn", "blue")).contains(at);
        at = at.goingAway("op3", NOW);
        store.replace(at);
        assertThat(store.allDeployments()).isEqualTo(List.of(at));
    }

    @Test
    void anEndpointGoesWithItsDeployments() {
        store.put(endpoint("churn", 100), KEYS);
        store.add(deployment("churn", "blue"));
        store.add(deployment("other", "blue"));
        store.delete("w", "churn");
        assertThat(store.find("w", "churn")).isEmpty();
        assertThat(store.listDeployments("w", "churn")).isEmpty();
        assertThat(store.listDeployments("w", "other")).hasSize(1);
    }
}
