package atelier.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.kernel.Problem;
import atelier.store.Database;
import atelier.testkit.CountingIds;
import atelier.testkit.SettableClock;
import atelier.workspace.Workspace;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class VaultContract {
    private static final String KEY = "0123456789abcdef".repeat(4);
    private final Workspace lab = new Workspace("w1", "sub", "group", "lab", "local", Instant.EPOCH);
    private final Workspace other = new Workspace("w2", "sub", "group", "other", "local", Instant.EPOCH);
    private final CountingIds ids = new CountingIds();
    private Database database;
    private Vault vault;

    abstract Database open();

    @BeforeEach
    void start() {
        database = open();
        vault = vault(KEY);
    }

    @AfterEach
    void stop() {
        database.close();
    }

    private Vault vault(String key) {
        return VaultFeature.create(database, key, new SettableClock(), ids).vault();
    }

    @Test
    void aSecretComesBackToItsWorkspaceOnly() {
        vault.put(lab, "a/b", "pässword");
        vault.put(lab, "a/b", "newer");
        assertThat(vault.get(lab, "a/b")).contains("newer");
        assertThat(vault.get(other, "a/b")).isEmpty();
        assertThat(vault.delete(lab, "a/b")).isTrue();
        assertThat(vault.delete(lab, "a/b")).isFalse();
        assertThat(vault.get(lab, "a/b")).isEmpty();
    }

    @Test
    void theDatabaseHoldsNoClearTextAndEqualSecretsLookDifferent() {
        vault.put(lab, "one", "same-secret");
        vault.put(lab, "two", "same-secret");
        List<String> rows = database.read(handle -> handle.createQuery("SELECT sealed FROM vault_secret")
                .mapTo(String.class)
                .list());
        assertThat(rows).hasSize(2).doesNotHaveDuplicates();
        assertThat(rows).allSatisfy(row -> assertThat(row).doesNotContain("same-secret"));
    }

    @Test
    void aSecretDoesNotOpenInAnotherPlaceOrWithAnotherKey() {
        vault.put(lab, "one", "secret");
        database.useTransaction(
                handle -> handle.execute("INSERT INTO vault_secret (workspace_id, name, sealed, modified_at)"
                        + " SELECT workspace_id, 'moved', sealed, modified_at FROM vault_secret"));
        assertThatThrownBy(() -> vault.get(lab, "moved"))
                .isInstanceOf(Problem.Unavailable.class)
                .hasMessageContaining("does not open");
        assertThatThrownBy(() -> vault("f".repeat(64)).get(lab, "one")).isInstanceOf(Problem.Unavailable.class);
    }
}
