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
}
