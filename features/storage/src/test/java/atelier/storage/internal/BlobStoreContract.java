package atelier.storage.internal;

import static org.assertj.core.api.Assertions.assertThat;

import atelier.storage.Blob;
import atelier.storage.BlobPath;
import atelier.storage.BlobStore;
import atelier.storage.Container;
import atelier.storage.Segment;
import atelier.store.Database;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every [BlobStore] does.
abstract class BlobStoreContract {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final byte[] START = new byte[0];
    private Database database;
    private BlobStore store;

    abstract Database database();

    @BeforeEach
    void open() {
        database = database();
        store = new SqlBlobStore(database);
        store.insertContainer(new Container("lab", "\"0x1\"", Map.of("a", "ü"), NOW));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static BlobPath path(String name) {
        return new BlobPath("lab", name);
    }

    private static Blob blob(String name, String etag) {
        return new Blob(
                path(name),
                etag,
                3,
                "text/csv",
                "gzip",
                "de",
                "inline",
                "no-cache",
                "bWQ1",
                Map.of("k", "v"),
                NOW,
                NOW);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private List<String> names(String prefix, String from, int max) {
        return store.range("lab", prefix, utf8(from), max).stream()
                .map(blob -> blob.path().name())
                .toList();
    }

    @Test
    void aContainerComesBackAsItWentAndOnlyOnce() {
        assertThat(store.container("lab")).contains(new Container("lab", "\"0x1\"", Map.of("a", "ü"), NOW));
        assertThat(store.insertContainer(new Container("lab", "\"0x2\"", Map.of(), NOW)))
                .isFalse();
        assertThat(store.container("lab").orElseThrow().etag()).isEqualTo("\"0x1\"");
    }

    @Test
    void containersAreInOrdinalOrder() {
        for (String name : List.of("lab2", "lab-1", "other")) {
            store.insertContainer(new Container(name, "\"0x1\"", Map.of(), NOW));
        }
        assertThat(store.containers("lab", "", 10).stream().map(Container::name))
                .containsExactly("lab", "lab-1", "lab2");
        assertThat(store.containers("", "lab-1", 2).stream().map(Container::name))
                .containsExactly("lab-1", "lab2");
    }

    @Test
    void aBlobComesBackAsItWentAndIsReplaced() {
        store.save(blob("a", "\"0x1\""));
        store.save(blob("a", "\"0x2\""));
        assertThat(store.find(path("a"))).contains(blob("a", "\"0x2\""));
        assertThat(store.find(path("A"))).isEmpty();
    }

    @Test
    void namesAreInTheOrderOfTheirBytes() {
        for (String name : List.of("é", "z", "Z", "a-b", "a/b", "ab", "a", "😀", "a b")) {
            store.save(blob(name, "\"0x1\""));
        }
        assertThat(names("", "", 100)).containsExactly("Z", "a", "a b", "a-b", "a/b", "ab", "z", "é", "😀");
        assertThat(names("a", "a-", 2)).containsExactly("a-b", "a/b");
        assertThat(names("a/", "", 9)).containsExactly("a/b");
    }

    @Test
    void aPrefixIsTextNotAPattern() {
        store.save(blob("a%b_c", "\"0x1\""));
        store.save(blob("axbyc", "\"0x1\""));
        assertThat(names("a%", "", 9)).containsExactly("a%b_c");
        assertThat(names("a_", "", 9)).isEmpty();
    }

    @Test
    void segmentsKeepTheirOrder() {
        List<Segment> segments =
                List.of(new Segment("c2", 2, "Mg=="), new Segment("c1", 1, "MQ=="), new Segment("c2", 2, "Mg=="));
        store.replaceSegments(path("a"), List.of(new Segment("c0", 9, null)));
        store.replaceSegments(path("a"), segments);
        assertThat(store.segments(path("a"))).isEqualTo(segments);
        assertThat(store.holds("c1")).isTrue();
        assertThat(store.holds("c0")).isFalse();
    }

    @Test
    void aStagedBlockIsReplacedByOneOfTheSameId() {
        store.saveBlock(path("a"), new Segment("c1", 1, "MQ=="), NOW);
        store.saveBlock(path("a"), new Segment("c2", 2, "MQ=="), NOW);
        store.saveBlock(path("b"), new Segment("c3", 3, "MQ=="), NOW);
        assertThat(store.blocks(path("a"))).containsExactly(new Segment("c2", 2, "MQ=="));
        assertThat(store.holds("c1")).isFalse();
        assertThat(store.holds("c3")).isTrue();
    }

    @Test
    void oldBlocksAreForgotten() {
        store.saveBlock(path("a"), new Segment("old", 1, "MQ=="), NOW.minusSeconds(10));
        store.saveBlock(path("a"), new Segment("new", 1, "Mg=="), NOW);
        assertThat(store.removeBlocksStagedBefore(NOW)).containsExactly("old");
        assertThat(store.blocks(path("a"))).containsExactly(new Segment("new", 1, "Mg=="));
    }

    @Test
    void removingBelowAPrefixLeavesItsNeighbours() {
        for (String name : List.of("a", "a/1", "a/2", "a0", "b")) {
            store.save(blob(name, "\"0x1\""));
            store.replaceSegments(path(name), List.of(new Segment("of " + name, 3, null)));
        }
        store.saveBlock(path("a/3"), new Segment("staged", 1, "MQ=="), NOW);
        BlobStore.Removed removed = store.removeBelow("lab", "a/");
        assertThat(removed.blobs()).isEqualTo(2);
        assertThat(removed.contents()).containsExactlyInAnyOrder("of a/1", "of a/2", "staged");
        assertThat(names("", "", 9)).containsExactly("a", "a0", "b");
    }

    @Test
    void aContainerGoesWhenItIsEmpty() {
        store.save(blob("a", "\"0x1\""));
        store.remove(path("a"));
        store.deleteContainer("lab");
        assertThat(store.container("lab")).isEmpty();
        assertThat(store.range("lab", "", START, 9)).isEmpty();
    }
}
