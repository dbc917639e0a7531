package atelier.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.kernel.Ids;
import atelier.kernel.Problem;
import atelier.store.ContentFiles;
import atelier.store.Database;
import atelier.testkit.SettableClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The verbs on real rows and real files, on each database.
abstract class BlobAccountContract {
    private static final BlobPath A = new BlobPath("lab", "a");

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private Database database;
    private StorageFeature storage;
    private BlobAccount blobs;

    abstract Database database();

    @BeforeEach
    void open() throws IOException {
        database = database();
        storage = StorageFeature.create(
                database, new ContentFiles(folder.resolve("content"), Ids.random()), clock, Ids.random());
        blobs = storage.account();
        blobs.ensureContainer("lab");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private Blob put(BlobPath path, String text) {
        try {
            return blobs.put(path, bytes(text), null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Blob put(BlobPath path, String text, Conditions conditions) throws IOException {
        return blobs.put(
                path, bytes(text), new Upload(ContentHeaders.of("text/plain"), Map.of(), conditions, null), -1);
    }

    private String text(BlobPath path) throws IOException {
        try (InputStream in = blobs.open(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void stage(BlobPath path, String id, String text) throws IOException {
        storage.blocks().stage(path, id, bytes(text), null);
    }

    private Blob commit(BlobPath path, String... ids) {
        List<BlockRef> list =
                Stream.of(ids).map(id -> new BlockRef(BlockRef.From.LATEST, id)).toList();
        return storage.blocks().commit(path, list, Upload.of(null));
    }

    private long files() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("content"))) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    @Test
    void aBlobComesBackWhole() throws IOException {
        Blob blob = put(new BlobPath("lab", "data/p.csv"), "1,2");
        assertThat(text(blob.path())).isEqualTo("1,2");
        assertThat(blob.contentType()).isEqualTo("text/csv");
        assertThat(blobs.find(blob.path())).contains(blob);
    }

    @Test
    void overwritingAndDeletingFreeTheBytes() throws IOException {
        Blob first = put(A, "1");
        clock.tick(Duration.ofSeconds(5));
        Blob second = put(A, "22");
        assertThat(files()).isEqualTo(1);
        assertThat(second.etag()).isNotEqualTo(first.etag());
        assertThat(second.createdAt()).isEqualTo(first.createdAt());
        assertThat(blobs.delete(A)).isTrue();
        assertThat(blobs.delete(A)).isFalse();
        assertThat(files()).isZero();
    }

    @Test
    void aDownloadUnderWayEndsWellWhenTheBlobIsReplacedAndThenItsBytesAreFreed() throws IOException {
        put(A, "first");
        try (InputStream in = blobs.open(A)) {
            assertThat(in.read()).isEqualTo('f');
            put(A, "second");
            blobs.delete(A);
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("irst");
        }
        assertThat(files()).isZero();
    }

    @Test
    void aBlobInAMissingContainerIsNotKept() throws IOException {
        assertThatThrownBy(() -> put(new BlobPath("nowhere", "a"), "1"))
                .isInstanceOfSatisfying(
                        Problem.NotFound.class, p -> assertThat(p.code()).isEqualTo("ContainerNotFound"));
        assertThat(files()).isZero();
    }

    @Test
    void aBodyThatBreaksOffKeepsNothing() throws IOException {
        InputStream torn = new InputStream() {
            private int left = 1000;

            @Override
            public int read() throws IOException {
                if (left-- > 0) {
                    return 'x';
                }
                throw new IOException("torn");
            }
        };
        put(A, "before");
        assertThatThrownBy(() -> blobs.put(A, torn, null)).hasMessage("torn");
        assertThat(text(A)).isEqualTo("before");
        assertThat(files()).isEqualTo(1);
    }

    @Test
    void aWrongMd5KeepsNothing() throws IOException {
        Upload upload =
                new Upload(ContentHeaders.of("text/plain"), Map.of(), Conditions.NONE, "AAAAAAAAAAAAAAAAAAAAAA==");
        assertThatThrownBy(() -> blobs.put(A, bytes("1"), upload, -1))
                .isInstanceOfSatisfying(
                        Problem.Invalid.class, p -> assertThat(p.code()).isEqualTo("Md5Mismatch"));
        assertThat(blobs.find(A)).isEmpty();
        assertThat(files()).isZero();
    }

    @Test
    void whatAnOuterTransactionRollsBackIsAsItWas() throws IOException {
        put(A, "before");
        put(new BlobPath("lab", "b"), "b");
        assertThatThrownBy(() -> database.useTransaction(_ -> {
                    put(A, "after");
                    blobs.delete(new BlobPath("lab", "b"));
                    blobs.deletePrefix("lab", "");
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");
        assertThat(text(A)).isEqualTo("before");
        assertThat(text(new BlobPath("lab", "b"))).isEqualTo("b");
        assertThat(files()).isEqualTo(2);
    }

    @Test
    void oneOfManyRacingWritersWins() throws Exception {
        List<Boolean> won = race(16, i -> {
            try {
                put(A, "writer " + i, Conditions.ABSENT);
                return true;
            } catch (Problem.AlreadyExists e) {
                return false;
            }
        });
        assertThat(won).containsOnlyOnce(true);
        assertThat(files()).isEqualTo(1);
    }

    @Test
    void racingOverwritesLeaveOneBlobAndNoOrphan() throws Exception {
        race(16, i -> put(A, "writer " + i).size() > 0);
        assertThat(text(A)).startsWith("writer ");
        assertThat(files()).isEqualTo(1);
    }

    @Test
    void readersNeverSeeAMixOfTwoVersions() throws Exception {
        writeInTwoBlocks("0000");
        race(6, i -> {
            for (int round = 0; round < 20; round++) {
                if (i == 0) {
                    writeInTwoBlocks(Integer.toString(round % 10).repeat(4));
                } else {
                    assertThat(text(A)).hasSize(8).matches("(.)\\1*");
                }
            }
            return true;
        });
        assertThat(files()).isEqualTo(2);
    }

    private void writeInTwoBlocks(String half) throws IOException {
        stage(A, "MQ==", half);
        stage(A, "Mg==", half);
        commit(A, "MQ==", "Mg==");
    }

    private interface Racer {
        boolean run(int number) throws Exception;
    }

    private static List<Boolean> race(int racers, Racer racer) throws InterruptedException, ExecutionException {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            IntStream.range(0, racers).forEach(i -> tasks.add(() -> racer.run(i)));
            List<Boolean> results = new ArrayList<>();
            for (Future<Boolean> future : pool.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        }
    }

    @Test
    void aBlobOfBlocksIsReadAcrossTheirBorders() throws IOException {
        stage(A, "MQ==", "abc");
        stage(A, "Mg==", "defg");
        stage(A, "Mw==", "unused");
        assertThat(commit(A, "Mg==", "MQ==", "Mg==").size()).isEqualTo(11);
        assertThat(text(A)).isEqualTo("defgabcdefg");
        try (InputStream in = blobs.open(A, 3, 6)) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("gabcde");
        }
        assertThat(files()).isEqualTo(2);
    }

    @Test
    void aNewListKeepsCommittedBlocksAndFreesTheRest() throws IOException {
        stage(A, "MQ==", "old");
        stage(A, "Mg==", "gone");
        commit(A, "MQ==", "Mg==");
        stage(A, "Mw==", "new");
        commit(A, "MQ==", "Mw==");
        assertThat(text(A)).isEqualTo("oldnew");
        assertThat(files()).isEqualTo(2);
        assertThat(storage.blocks().blocks(A).uncommitted()).isEmpty();
    }

    @Test
    void aListWithAnUnknownBlockChangesNothing() throws IOException {
        stage(A, "MQ==", "1");
        assertThatThrownBy(() -> commit(A, "MQ==", "Mg=="))
                .isInstanceOfSatisfying(
                        Problem.Invalid.class, p -> assertThat(p.code()).isEqualTo("InvalidBlockList"));
        assertThat(blobs.find(A)).isEmpty();
        assertThat(storage.blocks().blocks(A).uncommitted()).hasSize(1);
        assertThatThrownBy(() -> stage(A, "MTIz", "other length"))
                .isInstanceOfSatisfying(
                        Problem.Invalid.class, p -> assertThat(p.code()).isEqualTo("InvalidBlobOrBlock"));
        assertThat(files()).isEqualTo(1);
    }

    @Test
    void writingWholeForgetsStagedBlocks() throws IOException {
        stage(A, "MQ==", "1");
        put(A, "whole");
        assertThat(storage.blocks().blocks(A).uncommitted()).isEmpty();
        assertThat(files()).isEqualTo(1);
    }

    @Test
    void aListingRollsFoldersUpAndPagesOverThem() {
        for (String name : List.of("a/1", "a/2", "b", "c/1", "c/d/2", "é/x")) {
            put(new BlobPath("lab", name), name);
        }
        List<String> pages = new ArrayList<>();
        String marker = null;
        do {
            Listing page = blobs.list("lab", "", "/", marker, 2);
            pages.add(page.entries().stream()
                    .map(entry -> switch (entry) {
                        case Listing.Item(Blob blob) -> blob.path().name();
                        case Listing.Prefix(String name) -> name;
                    })
                    .toList()
                    .toString());
            marker = page.next();
        } while (marker != null);
        assertThat(pages).containsExactly("[a/, b]", "[c/, é/]");
        assertThat(blobs.list("lab", "c/", null, 10).items()).hasSize(2);
    }

    @Test
    void aContainerGoesWithItsBytes() throws IOException {
        put(A, "1");
        stage(new BlobPath("lab", "b"), "MQ==", "2");
        storage.containers().delete("lab", Conditions.NONE);
        assertThat(files()).isZero();
        assertThatThrownBy(() -> blobs.get(A)).hasMessageContaining("container does not exist");
    }

    @Test
    void theSweepFreesOrphansAndStaleBlocksOnly() throws IOException {
        put(A, "kept");
        stage(new BlobPath("lab", "b"), "MQ==", "waits");
        Path orphan = folder.resolve("content/00/" + "0".repeat(32));
        Files.createDirectories(orphan.getParent());
        Files.writeString(orphan, "left by a crash");
        assertThat(storage.sweep(Instant.EPOCH)).isZero();
        assertThat(storage.sweep(Instant.now().plusSeconds(60))).isEqualTo(2);
        assertThat(orphan).doesNotExist();
        assertThat(text(A)).isEqualTo("kept");
        assertThat(files()).isEqualTo(1);
    }

    @Test
    void deletingBelowAPrefixFreesTheBytes() throws IOException {
        put(new BlobPath("lab", "run/1"), "1");
        put(new BlobPath("lab", "run/2"), "2");
        put(new BlobPath("lab", "runner"), "3");
        assertThat(blobs.deletePrefix("lab", "run/")).isEqualTo(2);
        assertThat(blobs.deletePrefix("nowhere", "")).isZero();
        assertThat(files()).isEqualTo(1);
    }
}
