package atelier.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.kernel.Json;
import atelier.kernel.Problem;
import atelier.store.Database;
import atelier.testkit.CountingIds;
import atelier.testkit.SettableClock;
import atelier.testkit.TestServer;
import atelier.vault.VaultFeature;
import atelier.workspace.Workspace;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

abstract class ConnectionsContract {
    private final Workspace lab = new Workspace("w1", "sub", "group", "lab", "local", Instant.EPOCH);
    private final Workspace other = new Workspace("w2", "sub", "group", "other", "local", Instant.EPOCH);
    private Database database;
    private Connections connections;

    abstract Database open();

    @BeforeEach
    void start() {
        database = open();
        SettableClock clock = new SettableClock();
        var vault = VaultFeature.create(database, "ab".repeat(32), clock, new CountingIds())
                .vault();
        connections =
                new Connections(database, new atelier.connections.internal.SqlConnections(database), vault, clock);
    }

    @AfterEach
    void stop() {
        database.close();
    }

    private static ObjectNode openai(String key) {
        ObjectNode properties = Json.object()
                .put("category", "azureopenai")
                .put("authType", "ApiKey")
                .put("target", "https://example.org/");
        properties.set("credentials", Json.object().put("key", key));
        return properties;
    }

    @Test
    void credentialsAreKeptApartFromTheConnection() {
        connections.put(lab, "Ai-One", openai("s3cret"), TestServer.USER);
        Connection got = connections.get(lab, "ai-one");
        assertThat(got.name()).isEqualTo("Ai-One");
        assertThat(got.category()).isEqualTo("AzureOpenAI");
        assertThat(got.properties().has("credentials")).isFalse();
        assertThat(connections
                        .credentials(lab, "AI-ONE")
                        .orElseThrow()
                        .path("key")
                        .asString())
                .isEqualTo("s3cret");
        assertThat(connections.find(other, "ai-one")).isEmpty();
        String row = database.read(handle -> handle.createQuery("SELECT properties FROM connection")
                .mapTo(String.class)
                .one());
        assertThat(row).doesNotContain("s3cret");
    }

    @Test
    void whatWasReadMayBeSentBackWithoutLosingItsCredentials() {
        connections.put(lab, "ai", openai("s3cret"), TestServer.USER);
        ObjectNode again = connections.get(lab, "ai").properties().deepCopy();
        again.set("credentials", Json.object().putNull("key"));
        connections.put(lab, "ai", again.put("target", "https://other.example.org/"), TestServer.USER);
        assertThat(connections.credentials(lab, "ai")).isPresent();
        connections.patch(lab, "ai", Json.object().put("isSharedToAll", true), TestServer.USER);
        assertThat(connections.credentials(lab, "ai")).isPresent();
        connections.put(lab, "ai", again.put("authType", "AAD"), TestServer.USER);
        assertThat(connections.credentials(lab, "ai")).isEmpty();
        assertThat(connections.delete(lab, "ai")).isTrue();
        assertThat(connections.delete(lab, "ai")).isFalse();
    }

    @Test
    void aMistypedCategoryIsRefusedWithTheNearest() {
        assertThatThrownBy(() -> connections.put(lab, "ai", openai("x").put("category", "AzureOpenA"), TestServer.USER))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("Did you mean 'AzureOpenAI'?");
        assertThat(connections.list(lab)).isEmpty();
    }
}
