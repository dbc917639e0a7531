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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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

    private List<String> names(ListView view) {
        return assets.names(lab, "data", view, null, 100).items().stream()
                .map(AssetName::name)
                .toList();
    }

    private Page<Asset> versions(@Nullable String marker) {
        return assets.versions(lab, "data", "d", AssetQuery.page(ListView.ACTIVE, marker, 2));
    }

    private List<String> found(AssetQuery query) {
        return assets.versions(lab, "data", "d", query).items().stream()
                .map(Asset::version)
                .toList();
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
        assertThat(names(ListView.ACTIVE)).isEmpty();
        assertThat(names(ListView.ALL)).hasSize(1);
        assertThat(assets.latest(lab, "data", "d")).isEmpty();
        assertThat(assets.find(lab, "data", "d", "1")).isPresent();
    }

    @Test
    void versionsComeInPagesNewestFirst() {
        for (int i = 1; i <= 5; i++) {
            put("d", Integer.toString(i), uri("a"));
        }
        Page<Asset> first = versions(null);
        Page<Asset> second = versions(first.next());
        Page<Asset> third = versions(second.next());
        assertThat(first.items()).extracting(Asset::version).containsExactly("5", "4");
        assertThat(second.items()).extracting(Asset::version).containsExactly("3", "2");
        assertThat(third.items()).extracting(Asset::version).containsExactly("1");
        assertThat(third.next()).isNull();
    }

    @Test
    void aVersionListShowsActiveArchivedOrAll() {
        put("d", "1", uri("a"));
        put("d", "2", uri("a").put("isArchived", true));
        put("d", "3", uri("a"));
        assertThat(found(AssetQuery.page(ListView.ACTIVE, null, 9))).containsExactly("3", "1");
        assertThat(found(AssetQuery.page(ListView.ARCHIVED, null, 9))).containsExactly("2");
        assertThat(found(AssetQuery.page(ListView.ALL, null, 9))).containsExactly("3", "2", "1");
    }

    @Test
    void versionsAreFoundByTagsPropertiesAndStage() {
        put("d", "1", tagged("year", "2024").put("stage", "Production"));
        put("d", "2", tagged("year", "2025"));
        put("d", "3", uri("a"));
        put("d", "4", uri("a").set("properties", Json.object().put("it's \"odd\"", "x")));
        assertThat(found(where(Map.of("year", ""), Map.of(), null))).containsExactly("2", "1");
        assertThat(found(where(Map.of("year", "2024"), Map.of(), null))).containsExactly("1");
        assertThat(found(where(Map.of(), Map.of("it's \"odd\"", "x"), null))).containsExactly("4");
        assertThat(found(where(Map.of(), Map.of(), "production"))).containsExactly("1");
    }

    private static ObjectNode tagged(String key, String value) {
        return uri("a").set("tags", Json.object().put(key, value));
    }

    private static AssetQuery where(Map<String, String> tags, Map<String, String> properties, @Nullable String stage) {
        return new AssetQuery(ListView.ALL, false, tags, properties, stage, null, 9);
    }

    @Test
    void oldestFirstIsPagedToo() {
        for (int i = 1; i <= 3; i++) {
            put("d", Integer.toString(i), uri("a"));
        }
        AssetQuery first = new AssetQuery(ListView.ALL, true, Map.of(), Map.of(), null, null, 2);
        Page<Asset> page = assets.versions(lab, "data", "d", first);
        assertThat(page.items()).extracting(Asset::version).containsExactly("1", "2");
        assertThat(found(new AssetQuery(ListView.ALL, true, Map.of(), Map.of(), null, page.next(), 2)))
                .containsExactly("3");
    }

    @Test
    void namesComeInPagesAndByView() {
        for (String name : List.of("a", "b", "c", "d", "e")) {
            put(name, "1", uri("a"));
        }
        put("a", "2", uri("a"));
        assets.archive(lab, "data", "c", true);
        Page<AssetName> first = assets.names(lab, "data", ListView.ACTIVE, null, 2);
        Page<AssetName> second = assets.names(lab, "data", ListView.ACTIVE, first.next(), 2);
        assertThat(first.items()).extracting(AssetName::name).containsExactly("a", "e");
        assertThat(second.items()).extracting(AssetName::name).containsExactly("d", "b");
        assertThat(second.next()).isNull();
        assertThat(names(ListView.ARCHIVED)).containsExactly("c");
        assertThat(names(ListView.ALL)).containsExactly("a", "e", "d", "c", "b");
        assertThatThrownBy(() -> assets.names(lab, "data", ListView.ALL, "x", 2))
                .isInstanceOf(Problem.Invalid.class);
    }

    @Test
    void archivingANameArchivesItsVersionsAndRestoringBringsThemBack() {
        put("d", "1", uri("a"));
        put("d", "2", uri("a"));
        assertThat(assets.archive(lab, "data", "d", true)).isTrue();
        assertThat(assets.find(lab, "data", "d", "1").orElseThrow().archived()).isTrue();
        assertThat(assets.name(lab, "data", "d").orElseThrow().archived()).isTrue();
        assertThat(assets.archive(lab, "data", "d", false)).isTrue();
        assertThat(assets.latest(lab, "data", "d").orElseThrow().version()).isEqualTo("2");
        assertThat(assets.archive(lab, "data", "nothing", true)).isFalse();
    }

    @Test
    void anArchivedLatestGivesWayToTheNewestActive() {
        put("d", "1", uri("a"));
        put("d", "2", uri("a"));
        put("d", "2", uri("a").put("isArchived", true));
        assertThat(assets.latest(lab, "data", "d").orElseThrow().version()).isEqualTo("1");
        assertThat(assets.name(lab, "data", "d").orElseThrow().next()).isEqualTo("3");
    }

    @Test
    void whatAJobBringsAlongIsNotListed() {
        put("azureml_anonymous", "hash", uri("a").put("isAnonymous", true));
        assertThat(names(ListView.ALL)).isEmpty();
        assertThat(assets.name(lab, "data", "azureml_anonymous")).isPresent();
    }

    @Test
    void aNameHasWordsOfItsOwn() {
        AssetName made = assets.describe(
                lab, "data", "d", new AssetName.Words("patients", Json.object().put("k", "v"), null), TestServer.USER);
        assertThat(made.latest()).isEmpty();
        assertThat(made.next()).isEqualTo("1");
        put("d", "1", uri("a"));
        AssetName kept = assets.name(lab, "data", "d").orElseThrow();
        assertThat(kept.words().description()).isEqualTo("patients");
        assertThat(kept.words().properties()).isNull();
        assertThat(kept.latest()).isPresent();
    }

    @Test
    void aNumberIsNotGivenTwiceWhileTheNameLives() {
        put("d", "1", uri("a"));
        put("d", "2", uri("a"));
        assets.delete(lab, "data", "d", "2");
        assertThat(assets.nextVersion(lab, "data", "d")).isEqualTo("3");
        assertThat(assets.delete(lab, "data", "d")).extracting(Asset::version).containsExactly("1");
        assertThat(assets.nextVersion(lab, "data", "d")).isEqualTo("1");
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
    void anIdOfAnotherWorkspaceIsRefused() {
        put("d", "1", uri("a"));
        assertThatThrownBy(() -> assets.resolve(lab, "data", other.armId() + "/data/d/versions/1"))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("'other'");
        assertThat(assets.resolve(
                                lab, "data", "azureml://locations/local/workspaces/" + lab.id() + "/data/d/versions/1")
                        .version())
                .isEqualTo("1");
        assertThatThrownBy(() -> assets.resolve(lab, "data", lab.armId() + "/data/d/labels/newest"))
                .hasMessageContaining("'latest'");
    }

    @Test
    void aDeletedVersionIsGone() {
        put("d", "1", uri("a"));
        assertThat(assets.delete(lab, "data", "d", "1")).isTrue();
        assertThat(assets.delete(lab, "data", "d", "1")).isFalse();
        assertThat(assets.find(lab, "data", "d", "1")).isEmpty();
    }
}
