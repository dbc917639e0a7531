package atelier.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.compute.internal.SqlComputes;
import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.store.Database;
import atelier.testkit.SettableClock;
import atelier.testkit.TestServer;
import atelier.workspace.Workspace;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

abstract class ComputesContract {
    private final Workspace lab = new Workspace("w1", "sub", "group", "lab", "local", Instant.EPOCH);
    private Database database;
    private Computes computes;

    abstract Database open();

    @BeforeEach
    void start() {
        database = open();
        computes = new SqlComputes(database, new SettableClock(), 2);
    }

    @AfterEach
    void stop() {
        database.close();
    }

    private Compute put(String name, String type) {
        ObjectNode properties = Json.object().put("computeType", type);
        properties.set("properties", Json.object().put("vmSize", "STANDARD_DS3_V2"));
        return computes.put(lab, name, new Computes.Draft(properties, Json.object(), Json.object()), TestServer.USER);
    }

    @Test
    void theDefaultComputeIsThereUntilItIsDeleted() {
        assertThat(computes.list(lab)).extracting(Compute::name).containsExactly("cpu-cluster");
        assertThat(computes.delete(lab, "CPU-cluster")).isTrue();
        assertThat(computes.list(lab)).isEmpty();
        assertThat(computes.delete(lab, "cpu-cluster")).isFalse();
        put("cpu-cluster", "AmlCompute");
        assertThat(computes.find(lab, "cpu-cluster")).isPresent();
    }

    @Test
    void aComputeIsChangedInPlaceAndFoundInAnyCase() {
        put("Aml-Cluster", "AmlCompute");
        put("aml-cluster", "AmlCompute");
        assertThat(computes.list(lab)).extracting(Compute::name).containsExactly("cpu-cluster", "Aml-Cluster");
        assertThat(computes.find(lab, "AML-CLUSTER")).isPresent();
    }

    @Test
    void onlyInstancesAreStopped() {
        put("me", "ComputeInstance");
        assertThat(computes.state(lab, "me", "Stopped").state()).isEqualTo("Stopped");
        assertThatThrownBy(() -> computes.state(lab, "cpu-cluster", "Stopped")).isInstanceOf(Problem.Conflict.class);
    }

    @Test
    void aJobMayNameAComputeInEachForm() {
        for (String known : new String[] {
            lab.armId() + "/computes/cpu-cluster",
            "azureml:cpu-cluster",
            "local",
            "serverless",
            "azureml:serverless",
            ""
        }) {
            assertThatCode(() -> computes.requireKnown(lab, known)).doesNotThrowAnyException();
        }
        assertThatThrownBy(() -> computes.requireKnown(lab, "cpu-clustr"))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("Did you mean 'cpu-cluster'?");
    }

    @Test
    void namesAndTypesAreChecked() {
        assertThatThrownBy(() -> put("-x", "AmlCompute")).isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> put("x1", "AmlComput"))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("Did you mean 'AmlCompute'?");
        put("me", "ComputeInstance");
        assertThatThrownBy(() -> put("ME", "AmlCompute")).isInstanceOf(Problem.Conflict.class);
    }

    @Test
    void noJobRunsOnAStoppedInstanceOrElsewhere() {
        put("me", "ComputeInstance");
        assertThatCode(() -> computes.requireKnown(lab, "me")).doesNotThrowAnyException();
        computes.state(lab, "me", "Stopped");
        assertThatThrownBy(() -> computes.requireKnown(lab, "azureml:me"))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("Stopped");
        ObjectNode attached = Json.object().put("computeType", "Kubernetes").put("resourceId", "/subscriptions/s/x");
        computes.put(
                lab,
                "k8s",
                new Computes.Draft(attached, Json.object(), Json.object().put("type", "SystemAssigned")),
                TestServer.USER);
        assertThat(computes.find(lab, "k8s")
                        .orElseThrow()
                        .identity()
                        .path("type")
                        .asString())
                .isEqualTo("SystemAssigned");
        assertThatThrownBy(() -> computes.requireKnown(lab, "k8s"))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("attached");
    }
}
