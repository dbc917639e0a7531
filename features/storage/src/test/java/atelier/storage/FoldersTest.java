package atelier.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.kernel.Ids;
import atelier.kernel.Problem;
import atelier.store.ContentFiles;
import atelier.store.Database;
import atelier.testkit.SettableClock;
import atelier.testkit.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FoldersTest {
    @TempDir
    Path folder;

    private Database database;
    private Blobs blobs;
    private StorageFeature storage;

    @BeforeEach
    void open() throws IOException {
        database = TestDatabase.sqlite(folder, "storage");
        storage = StorageFeature.create(
                database, new ContentFiles(folder.resolve("content"), Ids.random()), new SettableClock(), Ids.random());
        blobs = storage.blobs();
        blobs.ensureContainer("lab");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void put(String name, String text) throws IOException {
        blobs.put(new BlobPath("lab", name), new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), null);
    }

    private static List<String> tree(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aFolderGoesUpAndComesBack() throws IOException {
        Path source = Files.createDirectories(folder.resolve("source/sub/é"));
        Files.writeString(source.resolve("b.txt"), "b");
        Files.writeString(folder.resolve("source/a.csv"), "1,2");
        assertThat(blobs.upload(folder.resolve("source"), "lab", "data")).isEqualTo(2);
        assertThat(blobs.list("lab", "", null, 9).items().stream()
                        .map(b -> b.path().name()))
                .containsExactly("data/a.csv", "data/sub/é/b.txt");
        Path target = folder.resolve("target");
        assertThat(blobs.download("lab", "data", target)).isEqualTo(2);
        assertThat(tree(target)).containsExactly("a.csv", "sub/é/b.txt");
        assertThat(target.resolve("a.csv")).hasContent("1,2");
    }

    @Test
    void aPrefixIsAFolderNotTheStartOfAName() throws IOException {
        put("run/a", "1");
        put("runner/a", "2");
        Path target = folder.resolve("target");
        assertThat(blobs.download("lab", "run", target)).isEqualTo(1);
        assertThat(target.resolve("a")).hasContent("1");
    }

    @Test
    void oneBlobOfThatNameIsOneFile() throws IOException {
        put("data/p.csv", "1");
        assertThat(blobs.download("lab", "data/p.csv", folder.resolve("target")))
                .isEqualTo(1);
        assertThat(folder.resolve("target/p.csv")).hasContent("1");
    }

    @Test
    void aBlobOfBlocksIsOneFile() throws IOException {
        BlobPath path = new BlobPath("lab", "d/blocks");
        for (String id : List.of("MQ==", "Mg==")) {
            storage.blocks().stage(path, id, new ByteArrayInputStream(id.getBytes(StandardCharsets.UTF_8)), null);
        }
        List<BlockRef> list = Stream.of("Mg==", "MQ==")
                .map(id -> new BlockRef(BlockRef.From.LATEST, id))
                .toList();
        storage.blocks().commit(path, list, Upload.of(null));
        blobs.download("lab", "d", folder.resolve("target"));
        assertThat(folder.resolve("target/blocks")).hasContent("Mg==MQ==");
    }

    @ParameterizedTest
    @ValueSource(strings = {"d/../../evil", "d/..", "d//etc/passwd", "d/./x", "d/a/../../x", "d//"})
    void namesThatWouldLeaveTheFolderAreRefused(String name) throws IOException {
        put(name, "evil");
        Path target = folder.resolve("deep/target");
        assertThatThrownBy(() -> blobs.download("lab", "d", target))
                .isInstanceOfSatisfying(
                        Problem.Invalid.class, p -> assertThat(p.code()).isEqualTo("InvalidResourceName"));
        assertThat(tree(folder.resolve("deep"))).isEmpty();
    }

    @Test
    void aLinkInTheTargetIsNotFollowed() throws IOException {
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Path target = Files.createDirectories(folder.resolve("target"));
        Files.createSymbolicLink(target.resolve("sub"), outside);
        Files.writeString(outside.resolve("f"), "untouched");
        Files.createSymbolicLink(target.resolve("f"), outside.resolve("f"));
        put("d/sub/x", "evil");
        assertThatThrownBy(() -> blobs.download("lab", "d", target)).isInstanceOf(Problem.Conflict.class);
        put("e/f", "new");
        blobs.download("lab", "e", target);
        assertThat(outside.resolve("f")).hasContent("untouched");
        assertThat(target.resolve("f")).hasContent("new");
        assertThat(tree(outside)).containsExactly("f");
    }

    @Test
    void aLinkOutOfTheSourceIsRefusedBeforeAnythingIsCopied() throws IOException {
        Path source = Files.createDirectories(folder.resolve("source"));
        Files.writeString(source.resolve("a"), "1");
        Files.writeString(folder.resolve("secret"), "secret");
        Files.createSymbolicLink(source.resolve("z"), folder.resolve("secret"));
        assertThatThrownBy(() -> blobs.upload(source, "lab", "d"))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessage("'z' is a link that leaves the folder.");
        assertThat(blobs.list("lab", "", null, 9).items()).isEmpty();
    }

    @Test
    void linksInsideTheSourceAreCopiedAndLoopsAreRefused() throws IOException {
        Path source = Files.createDirectories(folder.resolve("source/sub"));
        Files.writeString(source.resolve("a"), "1");
        Files.createSymbolicLink(folder.resolve("source/link"), Path.of("sub/a"));
        assertThat(blobs.upload(folder.resolve("source"), "lab", "d")).isEqualTo(2);
        Files.createSymbolicLink(source.resolve("up"), folder.resolve("source"));
        assertThatThrownBy(() -> blobs.upload(folder.resolve("source"), "lab", "e"))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("link to a folder that holds it");
    }

    @Test
    void aBlobThatIsFileAndFolderIsAClearConflict() throws IOException {
        put("d/a", "file");
        put("d/a/b", "below");
        assertThatThrownBy(() -> blobs.download("lab", "d", folder.resolve("target")))
                .isInstanceOf(Problem.Conflict.class);
    }

    @Test
    void anEmptyBlobWithASlashIsAFolder() throws IOException {
        put("d/empty/", "");
        blobs.download("lab", "d", folder.resolve("target"));
        assertThat(folder.resolve("target/empty")).isDirectory();
    }
}
