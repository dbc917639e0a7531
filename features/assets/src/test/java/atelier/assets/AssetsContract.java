package atelier.assets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.kernel.Json;
import atelier.kernel.Page;
import atelier.kernel.Problem;
import atelier.store.Database;
import atelier.testkit.CountingIds;
import atelier.testkit.SettableClock;
import atelier.testkit.TestServer;
import atelier.workspace.Workspace;
import atelier.workspace.WorkspaceFeature;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

abstract class AssetsContract {
    private final SettableClock clock = new SettableClock();
    private Database database;
    private Assets assets;
    private Workspace lab;
    private Workspace other;

    abstract Database open();

    @BeforeEach
    void start() {
        database = open();
        WorkspaceFeature workspaces = WorkspaceFeature.create(database, clock, new CountingIds(), "test");
        lab = workspaces.workspaces().ensure("sub", "group", "lab", "local");
        other = workspaces.workspaces().ensure("sub", "group", "other", "local");
        assets = AssetsFeature.create(database, workspaces.workspaces(), clock).assets();
    }

    @AfterEach
    void stop() {
        database.close();
    }

    private Asset put(String name, String version, ObjectNode properties) {
        clock.tick(Duration.ofSeconds(1));
        return assets.put(lab, "data", name, version, properties, TestServer.USER);
    }

    private static ObjectNode uri(String uri) {
        return Json.object().put("dataUri", uri);
    }

    @Test
    void latestIsTheNewestMadeAndNextCountsWholeNumbersOnly() {
        put("d", "7", uri("a"));
        put("d", "beta", uri("b"));
        put("d", "2", uri("c"));
        assertThat(assets.latest(lab, "data", "d").orElseThrow().version()).isEqualTo("2");
        assertThat(assets.nextVersion(lab, "data", "d")).isEqualTo("8");
        assertThat(assets.nextVersion(lab, "data", "new")).isEqualTo("1");
    }

    @Test
    void aVersionsContentIsFixedButDescriptionAndTagsChange() {
        put("d", "1", uri("a"));
        assertThatThrownBy(() -> put("d", "1", uri("b")))
                .isInstanceOf(Problem.Conflict.class)
                .hasMessageContaining("dataUri");
        Asset changed = put("d", "1", uri("a").put("description", "patients"));
        assertThat(changed.properties().path("description").asString()).isEqualTo("patients");
        assertThat(changed.modifiedAt()).isAfter(changed.createdAt());
    }

    @Test
    void whatAJobBringsAlongIsReplaced() {
        put("azureml_anonymous", "hash", uri("a").put("isAnonymous", true));
        Asset second = put("azureml_anonymous", "hash", uri("b").put("isAnonymous", true));
        assertThat(second.properties().path("dataUri").asString()).isEqualTo("b");
    }

    @Test
    void anArchivedVersionIsHiddenButFoundByName() {
        put("d", "1", uri("a"));
        put("d", "1", uri("a").put("isArchived", true));
        assertThat(assets.names(lab, "data", false)).isEmpty();
        assertThat(assets.names(lab, "data", true)).hasSize(1);
        assertThat(assets.latest(lab, "data", "d")).isEmpty();
        assertThat(assets.find(lab, "data", "d", "1")).isPresent();
    }

    @Test
    void versionsComeInPagesNewestFirst() {
        for (int i = 1; i <= 5; i++) {
            put("d", Integer.toString(i), uri("a"));
        }
        Page<Asset> first = assets.versions(lab, "data", "d", false, null, 2);
        Page<Asset> second = assets.versions(lab, "data", "d", false, first.next(), 2);
        Page<Asset> third = assets.versions(lab, "data", "d", false, second.next(), 2);
        assertThat(first.items()).extracting(Asset::version).containsExactly("5", "4");
        assertThat(second.items()).extracting(Asset::version).containsExactly("3", "2");
        assertThat(third.items()).extracting(Asset::version).containsExactly("1");
        assertThat(third.next()).isNull();
    }

    @Test
    void codeIsFoundByItsHashWhateverItsName() {
        ObjectNode code = Json.object();
        code.set("properties", Json.object().put("hash_sha256", "abc"));
        assets.put(lab, "codes", "some-guid", "1", code, TestServer.USER);
        assertThat(assets.withProperty(lab, "codes", "hash_sha256", "abc"))
                .extracting(Asset::name)
                .containsExactly("some-guid");
        assertThat(assets.withProperty(other, "codes", "hash_sha256", "abc")).isEmpty();
    }

    @Test
    void aReferenceThatLeadsNowhereNamesTheNearest() {
        put("diabetes-data", "1", uri("a"));
        assertThat(assets.resolve(lab, "data", "azureml:diabetes-data@latest").version())
                .isEqualTo("1");
        assertThat(assets.resolve(lab, "data", lab.armId() + "/data/diabetes-data/versions/1")
                        .name())
                .isEqualTo("diabetes-data");
        assertThatThrownBy(() -> assets.resolve(lab, "data", "azureml:diabetis-data:1"))
                .isInstanceOf(Problem.NotFound.class)
                .hasMessageContaining("Did you mean 'diabetes-data'?");
        assertThatThrownBy(() -> assets.resolve(other, "data", "azureml:diabetes-data:1"))
                .isInstanceOf(Problem.NotFound.class);
    }

    @Test
    void aDeletedVersionIsGone() {
        put("d", "1", uri("a"));
        assertThat(assets.delete(lab, "data", "d", "1")).isTrue();
        assertThat(assets.delete(lab, "data", "d", "1")).isFalse();
        assertThat(assets.find(lab, "data", "d", "1")).isEmpty();
    }
}
