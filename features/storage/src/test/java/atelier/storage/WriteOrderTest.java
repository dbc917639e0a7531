package atelier.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import atelier.storage.internal.SqlBlobStore;
import atelier.store.ContentFiles;
import atelier.store.Database;
import atelier.testkit.CountingIds;
import atelier.testkit.SettableClock;
import atelier.testkit.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
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

/// A store that fails at one step: whatever the step, the account is as it was, in rows and in files.
class WriteOrderTest {
    private static final BlobPath A = new BlobPath("lab", "a");

    @TempDir
    Path folder;

    private Database database;
    private String failing = "";
    private boolean seenOnDisk;
    private StorageFeature storage;

    @BeforeEach
    void open() throws IOException {
        database = TestDatabase.sqlite(folder, "storage");
        BlobStore real = new SqlBlobStore(database);
        BlobStore faulty = (BlobStore) Proxy.newProxyInstance(
                BlobStore.class.getClassLoader(), new Class<?>[] {BlobStore.class}, (_, method, arguments) -> {
                    if (method.getName().equals("save")) {
                        seenOnDisk = files() > 0;
                    }
                    if (method.getName().equals(failing)) {
                        throw new IllegalStateException("the database fails at " + failing);
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        storage = StorageFeature.create(
                database,
                faulty,
                new ContentFiles(folder.resolve("content"), new CountingIds()),
                new SettableClock(),
                new CountingIds());
        storage.blobs().ensureContainer("lab");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private long files() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("content"))) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    private void put(String text) throws IOException {
        storage.blobs().put(A, new ByteArrayInputStream(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)), null);
    }

    @Test
    void theBytesAreOnDiskBeforeTheRow() throws IOException {
        put("1");
        assertThat(seenOnDisk).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"holdContainer", "lock", "save", "replaceSegments", "removeBlocks"})
    void aFirstWriteThatFailsLeavesNothing(String step) throws IOException {
        failing = step;
        assertThatThrownBy(() -> put("1")).hasMessageContaining(step);
        failing = "";
        assertThat(storage.blobs().find(A)).isEmpty();
        assertThat(files()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"save", "replaceSegments", "removeBlocks"})
    void anOverwriteThatFailsLeavesWhatWasThere(String step) throws IOException {
        put("before");
        failing = step;
        assertThatThrownBy(() -> put("after")).hasMessageContaining(step);
        failing = "";
        try (var in = storage.blobs().open(A)) {
            assertThat(in.readAllBytes()).asString().isEqualTo("before");
        }
        assertThat(files()).isEqualTo(1);
    }

    @Test
    void aDeleteThatFailsLeavesWhatWasThere() throws IOException {
        put("before");
        failing = "remove";
        assertThatThrownBy(() -> storage.blobs().delete(A)).hasMessageContaining("remove");
        failing = "";
        assertBlobIsThere();
    }

    @ParameterizedTest
    @ValueSource(strings = {"removeBelow", "deleteContainer"})
    void aDeleteOfTheContainerThatFailsLeavesWhatWasThere(String step) throws IOException {
        put("before");
        failing = step;
        assertThatThrownBy(() -> storage.containers().delete("lab", Conditions.NONE))
                .hasMessageContaining(step);
        failing = "";
        assertBlobIsThere();
    }

    private void assertBlobIsThere() throws IOException {
        try (var in = storage.blobs().open(A)) {
            assertThat(in.readAllBytes()).asString().isEqualTo("before");
        }
    }

    @Test
    void aBlockThatFailsLeavesNothing() throws IOException {
        failing = "saveBlock";
        assertThatThrownBy(() -> storage.blocks().stage(A, "MQ==", new ByteArrayInputStream(new byte[3]), null))
                .hasMessageContaining("saveBlock");
        failing = "";
        assertThat(files()).isZero();
        assertThat(storage.blobs().list("lab", "", null, 9).items()).isEqualTo(List.of());
    }
}
