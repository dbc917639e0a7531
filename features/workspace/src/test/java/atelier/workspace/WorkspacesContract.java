package atelier.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.kernel.Problem;
import atelier.store.Database;
import atelier.testkit.CountingIds;
import atelier.testkit.SettableClock;
import atelier.workspace.internal.SqlOperations;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class WorkspacesContract {
    private Database database;
    private WorkspaceFeature feature;

    abstract Database open();

    @BeforeEach
    void start() {
        database = open();
        feature = WorkspaceFeature.create(database, new SettableClock(), new CountingIds(), "test");
    }

    @AfterEach
    void stop() {
        database.close();
    }

    @Test
    void aWorkspaceIsFoundInAnyCaseAndMadeOnce() {
        Workspace made = feature.workspaces().ensure("sub", "Group", "Lab", "local");
        assertThat(feature.workspaces().ensure("sub", "group", "lab", "local")).isEqualTo(made);
        assertThat(feature.workspaces().get("SUB", "GROUP", "LAB")).isEqualTo(made);
        assertThat(feature.workspaces().list()).containsExactly(made);
    }

    @Test
    void anotherGroupsWorkspaceIsNotFoundAndItsNameIsTaken() {
        feature.workspaces().ensure("sub", "group", "lab", "local");
        assertThatThrownBy(() -> feature.workspaces().get("sub", "other", "lab"))
                .isInstanceOf(Problem.NotFound.class);
        assertThatThrownBy(() -> feature.workspaces().ensure("sub", "other", "lab", "local"))
                .isInstanceOf(Problem.AlreadyExists.class);
    }

    @Test
    void anOperationEndsOnce() {
        Workspace lab = feature.workspaces().ensure("sub", "group", "lab", "local");
        SqlOperations operations = (SqlOperations) feature.operations();
        String operation = operations.start(lab, lab.armId() + "/onlineEndpoints/e");
        operations.fail(operation, new Problem.Invalid("BadModel", "no such model", null));
        operations.succeed(operation);
        SqlOperations.Stored stored = operations.find(lab, operation).orElseThrow();
        assertThat(stored.status()).isEqualTo("Failed");
        assertThat(stored.errorMessage()).isEqualTo("no such model");
    }

    @Test
    void aPurgeTakesTheRowsOfTheWorkspaceAndNoOthers() {
        Workspace lab = feature.workspaces().ensure("sub", "group", "lab", "local");
        Workspace other = feature.workspaces().ensure("sub", "group", "other", "local");
        String gone = feature.operations().start(lab, lab.armId());
        String kept = feature.operations().start(other, other.armId());
        feature.resources().delete("sub", "group", "lab", false);
        assertThat(feature.workspaces().list()).containsExactly(other);
        assertThat(feature.workspaces().byId(lab.id())).isEqualTo(lab);
        assertThat(feature.resources().deleted()).hasSize(1);
        feature.resources().delete("sub", "group", "lab", true);
        SqlOperations operations = (SqlOperations) feature.operations();
        assertThat(operations.find(gone)).isEmpty();
        assertThat(operations.find(kept)).isPresent();
        assertThatThrownBy(() -> feature.workspaces().byId(lab.id())).isInstanceOf(Problem.NotFound.class);
    }

    @Test
    void aDeploymentAndAGroupAreKept() {
        feature.groups()
                .put("Sub", "Group", "local", atelier.kernel.Json.object().put("a", "b"));
        assertThat(feature.groups().get("sub", "group").tags().path("a").asString())
                .isEqualTo("b");
        feature.groups().put("sub", "GROUP", "elsewhere", atelier.kernel.Json.object());
        ResourceGroup group = feature.groups().get("sub", "group");
        assertThat(group.name()).isEqualTo("Group");
        assertThat(group.location()).isEqualTo("local");
        assertThat(group.tags()).isEmpty();
        assertThat(feature.groups().subscriptions()).containsExactly("Sub");
        DeploymentStore deployments = new atelier.workspace.internal.SqlDeployments(database);
        java.time.Instant at = java.time.Instant.ofEpochMilli(5);
        Deployment failed = new Deployment(
                "sub",
                "group",
                "D",
                "Failed",
                atelier.kernel.Json.object(),
                java.util.List.of("/a"),
                atelier.kernel.Json.object().put("code", "X"),
                at,
                at);
        deployments.put(failed);
        assertThat(deployments.find("sub", "group", "d")).contains(failed);
        assertThat(deployments.list("sub", "group")).containsExactly(failed);
    }
}
