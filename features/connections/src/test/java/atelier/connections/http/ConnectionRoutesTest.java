package atelier.connections.http;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.connections.ConnectionsFeature;
import atelier.kernel.Json;
import atelier.store.Database;
import atelier.testkit.CountingIds;
import atelier.testkit.SettableClock;
import atelier.testkit.TestDatabase;
import atelier.testkit.TestServer;
import atelier.vault.VaultFeature;
import atelier.web.Routes;
import atelier.workspace.WorkspaceFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionRoutesTest {
    @TempDir
    Path folder;

    private Database database;
    private TestServer server;
    private String base;

    @BeforeEach
    void start() {
        database = TestDatabase.sqlite(folder, "workspace", "vault", "connections");
        SettableClock clock = new SettableClock();
        CountingIds ids = new CountingIds();
        WorkspaceFeature workspaces = WorkspaceFeature.create(database, clock, ids, "test");
        base = workspaces.workspaces().ensure("sub", "group", "lab", "local").armId() + "/connections";
        var vault = VaultFeature.create(database, "ab".repeat(32), clock, ids).vault();
        server = TestServer.of(ConnectionsFeature.create(database, vault, workspaces.workspaces(), clock)
                .routes()
                .toArray(new Routes[0]));
    }

    @AfterEach
    void stop() {
        server.close();
        database.close();
    }

    private static final String GIT = """
            {"properties":{"category":"Git","authType":"PAT","target":"https://example.org/x.git",
             "credentials":{"pat":"s3cret"},"metadata":{"a":"b"}}}""";

    @Test
    void secretsAreAnsweredByListSecretsAlone() throws IOException {
        var made = server.send("PUT", base + "/git-one", GIT);
        assertThat(made.statusCode()).isEqualTo(200);
        for (String body : new String[] {
            made.body(), server.get(base + "/git-one").body(), server.get(base).body()
        }) {
            assertThat(body).contains("\"authType\":\"PAT\"").doesNotContain("s3cret");
        }
        var secrets = server.send("POST", base + "/git-one/listsecrets", "");
        assertThat(Json.parse(secrets.body()).at("/properties/credentials/pat").asString())
                .isEqualTo("s3cret");
        assertThat(secrets.headers().firstValue("Cache-Control")).hasValue("no-store");
        // Sealed in the vault's table, and in no file of the database in clear.
        String kept = database.read(handle -> handle.createQuery("SELECT sealed FROM vault_secret")
                .mapTo(String.class)
                .one());
        assertThat(kept).isNotEmpty().doesNotContain("s3cret");
        try (var files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("s3cret");
            }
        }
    }

    @Test
    void aListIsNarrowedByCategory() {
        server.send("PUT", base + "/git-one", GIT);
        server.send("PUT", base + "/feed", GIT.replace("\"Git\"", "\"PythonFeed\""));
        assertThat(Json.parse(server.get(base).body()).at("/value")).hasSize(2);
        assertThat(Json.parse(server.get(base + "?category=git").body()).at("/value"))
                .hasSize(1);
    }

    @Test
    void badBodiesNameTheirField() {
        for (var wrong : Map.of(
                        "{}",
                        "properties",
                        "{\"properties\":{}}",
                        "properties.category",
                        GIT.replace("\"PAT\"", "\"PAD\""),
                        "properties.authType",
                        GIT.replace("{\"pat\":\"s3cret\"}", "[]"),
                        "properties.credentials",
                        GIT.replace("{\"a\":\"b\"}", "1"),
                        "properties.metadata")
                .entrySet()) {
            var answer = server.send("PUT", base + "/git-one", wrong.getKey());
            assertThat(answer.statusCode()).as(wrong.getKey()).isEqualTo(400);
            assertThat(Json.parse(answer.body()).at("/error/target").asString()).isEqualTo(wrong.getValue());
        }
        assertThat(server.send("PUT", base + "/%20", GIT).statusCode()).isEqualTo(400);
        assertThat(server.get(base + "/git-one").statusCode()).isEqualTo(404);
        assertThat(server.delete(base + "/git-one").statusCode()).isEqualTo(204);
    }
}
